from django.urls import URLPattern, URLResolver, path

from baiye.attendance.views import confirmations, door, passes

app_name = "attendance"
urlpatterns: list[URLPattern | URLResolver] = [
    path("passes/<int:seat_id>/", passes.show, name="pass"),
    path("passes/classes/<int:class_id>/", passes.sheet, name="pass-sheet"),
    path("door/", door.day, name="day"),
    path("door/<int:visit_id>/", door.visit, name="visit"),
    path("door/<int:visit_id>/counts/", door.counts, name="counts"),
    path("door/<int:visit_id>/marks/", door.marks, name="marks"),
    path("door/<int:visit_id>/marks/<uuid:mark_id>/voiding/", door.void, name="void"),
    path("door/<int:visit_id>/everyone/", door.roll_call, name="roll-call"),
    path("door/<int:visit_id>/seats/<int:seat_id>/", door.seat, name="seat"),
    path("door/<int:visit_id>/confirmation/", door.confirmation, name="confirmation"),
    path("confirmations/", confirmations.index, name="confirm-list"),
    path("confirmations/<int:visit_id>/schools/<int:unit_id>/", confirmations.sheet, name="confirm-sheet"),
]

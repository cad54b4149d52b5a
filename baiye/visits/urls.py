from django.urls import URLPattern, URLResolver, path

from baiye.visits.views import adults, lapses, visits

app_name = "visits"
urlpatterns: list[URLPattern | URLResolver] = [
    path("visits/", visits.visit_list, name="visit-list"),
    path("visits/new/", visits.visit_new, name="visit-new"),
    path("visits/<int:visit_id>/cancellation/", visits.cancellation, name="cancellation"),
    path("visits/<int:visit_id>/adults/", adults.adults, name="adults"),
    path("assignments/", adults.my_assignments, name="my-assignments"),
    path("assignments/<int:assignment_id>/ending/", adults.assignment_end, name="assignment-ending"),
    path("mentors/<int:mentor_id>/assignments/", adults.mentor_assignments, name="mentor-assignments"),
    path("endangered-visits/", lapses.lapse_list, name="lapse-list"),
]

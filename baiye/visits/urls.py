from django.urls import URLPattern, URLResolver, path

from baiye.visits.views import adults, calendars, lapses, moves, seats, visits

app_name = "visits"
urlpatterns: list[URLPattern | URLResolver] = [
    path("visits/", visits.visit_list, name="visit-list"),
    path("visits/new/", visits.visit_new, name="visit-new"),
    path("visits/<int:visit_id>/cancellation/", visits.cancellation, name="cancellation"),
    path("visits/<int:visit_id>/move/", moves.move, name="move"),
    path("visits/<int:visit_id>/calendar.ics", calendars.visit_calendar, name="visit-calendar"),
    path("visits/<int:visit_id>/adults/", adults.adults, name="adults"),
    path("visits/<int:visit_id>/seats/", seats.seats, name="seats"),
    path("seats/<int:seat_id>/move/", seats.seat_move, name="seat-move"),
    path("seats/<int:seat_id>/giving-up/", seats.seat_giving_up, name="seat-giving-up"),
    path("assignments/", adults.my_assignments, name="my-assignments"),
    path("assignments/<int:assignment_id>/ending/", adults.assignment_end, name="assignment-ending"),
    path("mentors/<int:mentor_id>/assignments/", adults.mentor_assignments, name="mentor-assignments"),
    path("my-calendar/", calendars.calendar, name="calendar"),
    path("my-calendar/links/", calendars.calendar_link_create, name="calendar-link-create"),
    path("my-calendar/links/ending/", calendars.calendar_link_end, name="calendar-link-ending"),
    path("calendars/<str:token>.ics", calendars.calendar_feed_of, name="calendar-feed"),
    path("endangered-visits/", lapses.lapse_list, name="lapse-list"),
]

from datetime import date

from django.urls import URLPattern, path, register_converter

from baiye.rounds.views import (
    classes,
    consents,
    homes,
    results,
    round_visits,
    rounds,
    runs,
    trips,
    verification,
    wishes,
)


class IsoDay:
    """A day in an address: 2026-11-28."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(IsoDay, "day")
app_name = "rounds"
ROUND = "rounds/<int:round_id>/"
RUN = f"{ROUND}runs/<uuid:run_id>/"
PUPIL = f"{ROUND}pupils/<int:pupil_id>/"
CLASS = f"{ROUND}classes/<int:class_id>/"
TRIP = f"{ROUND}trips/<int:class_id>/<day:day>/"

home_urls: list[URLPattern] = [
    path("home/", homes.home, name="home"),
    path("my-classes/", classes.teacher_home, name="teacher-home"),
]
round_urls: list[URLPattern] = [
    path("rounds/", rounds.round_list, name="round-list"),
    path("rounds/new/", rounds.round_create, name="round-create"),
    path(ROUND, rounds.round_detail, name="round"),
    path(f"{ROUND}phases/", rounds.phases, name="phases"),
    path(f"{ROUND}reminders/", rounds.reminder_create, name="reminder"),
    path(f"{ROUND}schools.xlsx", rounds.school_export, name="school-export"),
    path(f"{ROUND}visits/", round_visits.round_visits_page, name="round-visits"),
    path(f"{ROUND}visits/removal/", round_visits.removal, name="visit-removal"),
    path(f"{ROUND}hosts/<int:host_id>/visits/", round_visits.sittings, name="sittings"),
]
trip_urls: list[URLPattern] = [
    path(f"{ROUND}trips/", trips.trips, name="trips"),
    path(f"{ROUND}trips/filling/", trips.filling, name="trip-filling"),
    path(f"{ROUND}trips/clearing/", trips.clearing, name="trip-clearing"),
    path(TRIP, trips.trip, name="trip"),
    path(f"{TRIP}removal/", trips.trip_removal, name="trip-removal"),
    path("trips/<int:trip_id>/", trips.trip_sheet, name="trip-sheet"),
]
class_urls: list[URLPattern] = [
    path(CLASS, classes.school_class, name="class"),
    path(f"{CLASS}paper/", classes.paper_sheet, name="paper-sheet"),
    path(f"{PUPIL}paper/", classes.paper, name="paper"),
]
wish_urls: list[URLPattern] = [
    path(f"{PUPIL}courses/", wishes.courses, name="courses"),
    path(f"{PUPIL}wishes/", wishes.wishes, name="wishes"),
    path(f"{PUPIL}wishes/order/", wishes.wish_order, name="wish-order"),
    path(f"{PUPIL}wishes/<int:course_id>/", wishes.wish_create, name="wish"),
    path(f"{PUPIL}notice/", wishes.notice, name="notice"),
    path(f"{PUPIL}consents/", consents.consents, name="consents"),
]

run_urls: list[URLPattern] = [
    path(f"{ROUND}runs/", runs.run_create, name="run-create"),
    path(RUN, runs.run, name="run"),
    path(f"{RUN}export/", runs.run_export, name="run-export"),
    path(f"{RUN}discard/", runs.run_discard, name="run-discard"),
    path(f"{RUN}messages/", runs.run_message, name="run-message"),
    path(f"{RUN}proposal/", runs.proposal_create, name="proposal"),
    path(f"{RUN}proposal/withdrawal/", runs.proposal_withdraw, name="proposal-withdrawal"),
    path(f"{RUN}approval/", runs.approval, name="approval"),
    path(f"{ROUND}verification/", verification.verification, name="verification"),
    path(f"{ROUND}verification/<str:name>", verification.verification_file, name="verification-file"),
]
result_urls: list[URLPattern] = [
    path(f"{PUPIL}result/", results.result, name="result"),
    path(f"{PUPIL}appeal/", results.appeal_create, name="appeal"),
    path("appeals/", results.appeal_list, name="appeal-list"),
]
urlpatterns: list[URLPattern] = [
    *home_urls,
    *round_urls,
    *trip_urls,
    *class_urls,
    *wish_urls,
    *run_urls,
    *result_urls,
]

"""Class trips: by hand, automatically, taken back."""

import pytest
from django.core.exceptions import PermissionDenied

from baiye.core import clock
from baiye.core.models import Event, Message
from baiye.registry.models import Accreditation
from baiye.registry.tests.factories import AccreditationFactory
from baiye.rounds.actions import trips as actions
from baiye.rounds.models import Trip
from baiye.rounds.tests.factories import TripFactory, WishFactory, WishListFactory, district, school_day, sittings
from baiye.schools.tests.factories import PupilFactory, SchoolClassFactory, SchoolDayFactory

pytestmark = pytest.mark.django_db


def set_first(place, **fields):
    asked = {"school_class": place.school_class, "on": place.days[0], "host": place.hosts[0], "by": place.coordinator}
    return actions.set_trip(round=place.round, at=clock.now(), **(asked | fields))


def test_set_trip_sends_the_class_and_locks_the_day():
    place = district(phase="schedule", trips=False)

    for _ in range(2):
        trip = set_first(place, bus="沪A·示例", escorts="甲、乙")

    assert Trip.objects.get() == trip
    assert (trip.host, trip.on, trip.is_locked, trip.bus) == (place.hosts[0], place.days[0], True, "沪A·示例")
    assert Event.objects.filter(kind="trip.set").count() == 1


def test_set_trip_to_another_host_takes_the_place_of_the_first():
    place = district(phase="schedule", trips=False)
    sittings(place.round, place.hosts[1], place.days[0])
    set_first(place)

    set_first(place, host=place.hosts[1])

    assert [trip.host for trip in Trip.objects.all()] == [place.hosts[1]]


def test_set_trip_on_a_holiday_is_refused_and_leaves_nothing_behind():
    place = district(phase="schedule", trips=False)
    SchoolDayFactory(on=place.days[0], kind="holiday")

    with pytest.raises(actions.TripRefused, match="这天不上课"):
        set_first(place)

    assert not Trip.objects.exists()
    assert not Event.objects.filter(kind__startswith="trip").exists()


def test_set_trip_on_an_exam_day_of_the_grade_is_refused():
    place = district(phase="schedule", trips=False)
    grade = place.round.grade(place.days[0])
    SchoolDayFactory(on=place.days[0], kind="workday", blackout_grades=[grade])

    with pytest.raises(actions.TripRefused, match="有考试"):
        set_first(place)


def test_set_trip_without_seats_for_the_whole_class_is_refused():
    place = district(phase="schedule", trips=False, seats=1, pupils=3)

    with pytest.raises(actions.TripRefused, match="那天只剩 2 个名额，这个班有 3 人。"):
        set_first(place)


def test_set_trip_where_the_host_has_only_a_morning_is_refused():
    place = district(phase="schedule", trips=False)
    for visit in place.visits[:4]:
        if clock.local(visit.starts_at).hour >= 12:
            visit.round_visit.delete()

    with pytest.raises(actions.TripRefused, match="没有上下午都开的场次"):
        set_first(place)


def test_set_trip_to_a_host_whose_accreditation_has_lapsed_by_then_is_refused():
    place = district(phase="schedule", trips=False)
    Accreditation.objects.filter(host=place.hosts[0]).update(valid_until=clock.today())

    with pytest.raises(actions.TripRefused, match="不在认定有效期内"):
        set_first(place)


def test_set_trip_to_a_host_the_class_sees_already_is_refused():
    place = district(phase="schedule", trips=False)
    sittings(place.round, place.hosts[0], place.days[1])
    set_first(place)

    with pytest.raises(actions.TripRefused, match="另一天已经去这家基地"):
        set_first(place, on=place.days[1])


def test_set_trip_beyond_the_rounds_days_is_refused():
    place = district(phase="schedule")
    third = school_day(44)
    extra = TripFactory(round=place.round, school_class=SchoolClassFactory(school=place.school), on=third).host
    sittings(place.round, extra, third)

    with pytest.raises(actions.TripRefused, match="2 天已经排满"):
        set_first(place, on=third, host=extra)


def test_set_trip_of_a_class_of_another_grade_is_refused():
    place = district(phase="schedule", trips=False)
    other = SchoolClassFactory(school=place.school, entry_year=place.round.entry_year - 1)

    with pytest.raises(actions.TripRefused, match="这个班不在这一轮里。"):
        set_first(place, school_class=other)


def test_set_trip_on_a_day_with_a_trip_in_another_round_is_refused():
    place = district(phase="schedule", trips=False)
    TripFactory(school_class=place.school_class, on=place.days[0])

    with pytest.raises(actions.TripRefused, match="别的轮次"):
        set_first(place)


def test_set_trip_after_wishes_opened_needs_a_reason_and_tells_the_families():
    place = district(trips=False)
    with pytest.raises(actions.TripRefused, match="请写明原因"):
        set_first(place)

    trip = set_first(place, forced_because="基地停电")

    assert trip.forced_because == "基地停电"
    told = set(Message.objects.filter(kind="trip.moved").values_list("to", flat=True))
    assert told == {place.guardian.pk, place.pupil_user.pk}


def test_set_trip_bus_and_escorts_may_change_after_wishes_opened_without_a_word():
    place = district()

    trip = set_first(place, bus="沪B·示例")

    assert (trip.bus, trip.forced_because) == ("沪B·示例", "")
    assert not Message.objects.exists()


def test_set_trip_by_the_class_teacher_is_denied():
    place = district(phase="schedule", trips=False)

    with pytest.raises(PermissionDenied):
        set_first(place, by=place.teacher)

    assert not Trip.objects.exists()


def test_clear_trip_takes_it_back_once():
    place = district(phase="schedule")
    trip = place.round.trips.first()

    for _ in range(2):
        actions.clear_trip(trip=trip, by=place.coordinator, at=clock.now())

    assert Trip.objects.filter(round=place.round).count() == 1
    assert Event.objects.filter(kind="trip.cleared").count() == 1


def test_clear_trip_after_wishes_opened_without_a_reason_is_refused():
    place = district()

    with pytest.raises(actions.TripRefused, match="请写明原因"):
        actions.clear_trip(trip=place.round.trips.first(), by=place.coordinator, at=clock.now())

    assert Trip.objects.filter(round=place.round).count() == 2


def test_clear_trips_leaves_locked_ones():
    place = district(phase="schedule")
    locked = place.round.trips.first()
    Trip.objects.filter(pk=locked.pk).update(is_locked=True)

    assert actions.clear_trips(round=place.round, by=place.coordinator, at=clock.now()) == 1

    assert list(Trip.objects.all()) == [locked]


def test_clear_trips_after_wishes_opened_is_refused():
    place = district()

    with pytest.raises(actions.TripRefused, match="志愿已经开放"):
        actions.clear_trips(round=place.round, by=place.coordinator, at=clock.now())

    assert Trip.objects.filter(round=place.round).count() == 2


def test_fill_trips_gives_each_class_two_days_at_two_hosts():
    place = district(phase="schedule", trips=False)
    PupilFactory(school_class=SchoolClassFactory(school=place.school))

    for _ in range(2):
        plan = actions.fill_trips(round=place.round, by=place.coordinator, at=clock.now())

    trips = list(Trip.objects.filter(round=place.round).order_by("school_class", "on").values_list("on", "host"))
    both = list(zip(place.days, [host.pk for host in place.hosts], strict=True))
    assert trips == [*both, *both]
    assert plan.trips == ()
    assert Event.objects.filter(kind="trips.filled").count() == 1


def test_fill_trips_passes_over_holidays_and_lapsed_hosts():
    place = district(phase="schedule", trips=False)
    SchoolDayFactory(on=place.days[0], kind="holiday")
    Accreditation.objects.filter(host=place.hosts[1]).update(valid_until=clock.today())
    AccreditationFactory(host=place.hosts[1], valid_from=clock.today(), valid_until=clock.today())

    plan = actions.fill_trips(round=place.round, by=place.coordinator, at=clock.now())

    assert plan.trips == ()
    assert plan.missing == {place.school_class.pk: 2}


def test_fill_trips_after_wishes_opened_leaves_classes_that_have_wished():
    place = district(trips=False)
    new = SchoolClassFactory(school=place.school)
    PupilFactory(school_class=new)
    WishFactory(wish_list=WishListFactory(round=place.round, pupil=place.pupil), course=place.courses[0])

    plan = actions.fill_trips(round=place.round, by=place.coordinator, at=clock.now())

    assert {pk for pk, _place in plan.trips} == {new.pk}
    assert plan.missing == {place.school_class.pk: 2}


def test_fill_trips_without_visits_is_refused():
    place = district(phase="schedule", trips=False)
    place.round.round_visits.all().delete()

    with pytest.raises(actions.TripRefused, match="还没有可用的场次"):
        actions.fill_trips(round=place.round, by=place.coordinator, at=clock.now())

    assert not Event.objects.filter(kind__startswith="trip").exists()


def test_fill_trips_by_a_district_officer_is_denied():
    place = district(phase="schedule", trips=False)

    with pytest.raises(PermissionDenied):
        actions.fill_trips(round=place.round, by=place.officer, at=clock.now())

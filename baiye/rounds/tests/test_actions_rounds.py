"""Making a round, its phases, the visits put into it."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import DistrictFactory, GrantFactory
from baiye.catalogue.tests.factories import CourseVersionFactory
from baiye.core import clock
from baiye.core.models import Event
from baiye.registry.tests.factories import VenueFactory
from baiye.rounds.actions import rounds as actions
from baiye.rounds.models import Phase, Round, RoundVisit
from baiye.rounds.tests.factories import RoundFactory, district, school_day, spans
from baiye.visits.actions import VisitRefused
from baiye.visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return DistrictFactory()


@pytest.fixture
def coordinator(unit):
    return GrantFactory(role="coordinator", unit=unit).user


def test_make_round_keeps_its_rules_and_phases(unit, coordinator):
    phases = spans("prepare")

    made = actions.make_round(unit=unit, name="秋季", entry_year=2025, phases=phases, by=coordinator, wishes_max=3)

    assert (made.points, made.wishes_max, made.half_days, made.days) == ([100, 80, 65], 3, 4, 2)
    assert {p.kind: (p.starts_at, p.ends_at) for p in made.phases.all()} == phases
    assert Event.objects.filter(kind="round.made", object_id=str(made.pk)).count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"points": [100, 80]}, "每个志愿都要有分值：要 6 个，现在是 2 个。"),
        ({"points": [100, 80, 90, 50, 40, 30]}, "分值从第 1 志愿起只能持平或变小，最小是 1。"),
        ({"half_days": 5}, "半天数是 1–4，志愿数是 1–10。"),
        ({"policy": "first_come"}, "没有这条录取规则：first_come。"),
    ],
)
def test_make_round_with_rules_that_make_no_sense_is_refused(unit, coordinator, change, sentence):
    with pytest.raises(actions.RoundRefused, match=sentence):
        actions.make_round(unit=unit, name="秋季", entry_year=2025, phases=spans("prepare"), by=coordinator, **change)

    assert not Round.objects.exists()


def test_make_round_under_a_name_that_is_taken_is_refused(unit, coordinator):
    RoundFactory(unit=unit, name="秋季")

    with pytest.raises(actions.RoundRefused, match="已经有一轮叫「秋季」"):
        actions.make_round(unit=unit, name="秋季", entry_year=2025, phases=spans(), by=coordinator)


def test_make_round_by_a_district_officer_is_denied_and_leaves_nothing_behind(unit):
    officer = GrantFactory(role="district_officer", unit=unit).user

    with pytest.raises(PermissionDenied):
        actions.make_round(unit=unit, name="秋季", entry_year=2025, phases=spans(), by=officer)

    assert not Round.objects.exists()
    assert not Event.objects.filter(kind__startswith="round.").exists()


def test_set_phases_moves_them_once(unit, coordinator):
    round = RoundFactory(unit=unit, phases="prepare")
    later = {kind: (a + timedelta(days=1), b + timedelta(days=1)) for kind, (a, b) in spans("prepare").items()}

    for _ in range(2):
        actions.set_phases(round=round, phases=later, by=coordinator, at=clock.now())

    assert {p.kind: (p.starts_at, p.ends_at) for p in Phase.objects.filter(round=round)} == later
    assert Event.objects.filter(kind="round.phases_set").count() == 1


def test_set_phases_out_of_order_is_refused_and_keeps_the_old_ones(unit, coordinator):
    round, wrong = RoundFactory(unit=unit), spans()
    before = list(round.phases.values_list("starts_at", "ends_at"))
    wrong["place"] = (wrong["wish"][0], wrong["place"][1])

    with pytest.raises(actions.RoundRefused, match="「录取运算」要在「填志愿」结束以后开始。"):
        actions.set_phases(round=round, phases=wrong, by=coordinator, at=clock.now())

    assert list(round.phases.values_list("starts_at", "ends_at")) == before
    assert not Event.objects.filter(kind__startswith="round.").exists()


def test_set_phases_that_end_before_they_begin_is_refused(unit, coordinator):
    round, wrong = RoundFactory(unit=unit, phases="prepare"), spans("prepare")
    wrong["close"] = (wrong["close"][1], wrong["close"][0])

    with pytest.raises(actions.RoundRefused, match="「课时归档」的结束要晚于开始。"):
        actions.set_phases(round=round, phases=wrong, by=coordinator, at=clock.now())


def test_set_phases_without_one_is_refused(unit, coordinator):
    round, wrong = RoundFactory(unit=unit), spans()
    del wrong["close"]

    with pytest.raises(actions.RoundRefused, match="还缺日期：课时归档。"):
        actions.set_phases(round=round, phases=wrong, by=coordinator, at=clock.now())


def test_set_phases_does_not_move_a_running_deadline_into_the_past(unit, coordinator):
    round, wrong, now = RoundFactory(unit=unit), spans(), clock.now()
    wrong["wish"] = (wrong["wish"][0], now - timedelta(hours=1))

    with pytest.raises(actions.RoundRefused, match="截止时间不能改到现在之前"):
        actions.set_phases(round=round, phases=wrong, by=coordinator, at=now)


def test_set_phases_does_not_shut_wishes_that_have_opened(unit, coordinator):
    round, now = RoundFactory(unit=unit), clock.now()

    with pytest.raises(actions.RoundRefused, match="志愿已经开放，开始时间不能再改到以后。"):
        actions.set_phases(round=round, phases=spans("schedule"), by=coordinator, at=now)


def test_set_phases_by_another_districts_coordinator_is_denied(unit):
    stranger = GrantFactory(role="coordinator", unit=DistrictFactory()).user

    with pytest.raises(PermissionDenied):
        actions.set_phases(round=RoundFactory(unit=unit), phases=spans(), by=stranger, at=clock.now())


def half_days(place, days=1, **fields):
    version = CourseVersionFactory(course__host=place.hosts[0], minutes=120, **fields)
    venue = VenueFactory(host=place.hosts[0])
    return [
        actions.Sitting(version=version, venue=venue, on=school_day(50 + n), half=half, seats=24)
        for n in range(days)
        for half in ("am", "pm")
    ]


def test_put_visits_makes_one_for_each_half_day_once():
    place = district(phase="schedule")
    sittings = half_days(place)

    for _ in range(2):
        actions.put_visits(round=place.round, sittings=sittings, by=place.coordinator, at=clock.now())

    made = Visit.objects.filter(version=sittings[0].version).order_by("starts_at")
    assert [clock.local(visit.starts_at).time() for visit in made] == [time(9), time(13)]
    assert {visit.ends_at - visit.starts_at for visit in made} == {timedelta(minutes=160)}
    assert {(v.seats, v.organised_by, v.counts_as, v.credit_minutes) for v in made} == {
        (24, place.unit, "职业体验", 160)
    }
    assert RoundVisit.objects.filter(round=place.round, visit__in=made).count() == 2
    assert Event.objects.filter(kind="round.visits_put").count() == 1


def test_put_visits_for_another_grade_is_refused_and_leaves_nothing_behind():
    place = district(phase="schedule")
    before = Visit.objects.count()

    with pytest.raises(actions.RoundRefused, match="不对这个年级开放"):
        sittings = [*half_days(place), *half_days(place, grade_from=9, grade_to=9)]
        actions.put_visits(round=place.round, sittings=sittings, by=place.coordinator, at=clock.now())

    assert Visit.objects.count() == before
    assert not Event.objects.filter(kind__startswith="round.").exists()


def test_put_visits_beyond_the_venue_is_refused_and_leaves_nothing_behind():
    place = district(phase="schedule")
    before = RoundVisit.objects.count()
    fits, _second = half_days(place)
    too_many = actions.Sitting(version=fits.version, venue=fits.venue, on=fits.on, half="pm", seats=999)

    with pytest.raises(VisitRefused):
        actions.put_visits(round=place.round, sittings=[fits, too_many], by=place.coordinator, at=clock.now())

    assert RoundVisit.objects.count() == before


def test_put_visits_in_the_wrong_half_of_the_day_is_refused():
    place = district(phase="schedule")
    one = half_days(place)[0]
    late = actions.Sitting(version=one.version, venue=one.venue, on=one.on, half="am", seats=20, begins=time(14))

    with pytest.raises(actions.RoundRefused, match="上午场要在 12:00 前开始"):
        actions.put_visits(round=place.round, sittings=[late], by=place.coordinator, at=clock.now())


def test_put_visits_once_placement_has_begun_is_refused():
    place = district(phase="place", trips=False)

    with pytest.raises(actions.RoundRefused, match="场次不再增加"):
        actions.put_visits(round=place.round, sittings=half_days(place), by=place.coordinator, at=clock.now())


def test_put_visits_by_a_district_officer_is_denied():
    place = district(phase="schedule")

    with pytest.raises(PermissionDenied):
        actions.put_visits(round=place.round, sittings=half_days(place), by=place.officer, at=clock.now())


def test_take_out_visits_cancels_them():
    place = district(phase="schedule")

    actions.take_out_visits(
        round=place.round, visits=place.visits[:1], because="机床检修", by=place.coordinator, at=clock.now()
    )

    assert RoundVisit.objects.filter(round=place.round).count() == len(place.visits) - 1
    assert Visit.objects.get(pk=place.visits[0].pk).cancelled_because == "机床检修"


def test_take_out_visits_after_wishes_opened_is_refused():
    place = district()

    with pytest.raises(actions.RoundRefused, match="志愿已经开放，不能再撤下场次"):
        actions.take_out_visits(
            round=place.round, visits=place.visits, because="检修", by=place.coordinator, at=clock.now()
        )

    assert RoundVisit.objects.filter(round=place.round).count() == len(place.visits)


def test_take_out_visits_by_a_teacher_is_denied():
    place = district(phase="schedule")

    with pytest.raises(PermissionDenied):
        actions.take_out_visits(round=place.round, visits=place.visits, because="x", by=place.teacher, at=clock.now())

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from baiye.core.refusals import Refused
from baiye.schools import actions, queries
from baiye.schools.models import SchoolDay, Term
from baiye.schools.tests.factories import SchoolDayFactory, SchoolFactory, TermFactory
from baiye.schools.tests.people import centre, coordinator_of, events

pytestmark = pytest.mark.django_db
MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)


@pytest.fixture
def autumn():
    return TermFactory(name="2026 学年第一学期", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 15))


# ── set_term ──


def test_set_term_enters_a_term_and_moves_its_ends():
    by = centre()
    actions.set_term(name="秋", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 15), by=by)

    actions.set_term(name=" 秋 ", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 20), by=by)

    assert [(term.name, term.ends_on) for term in Term.objects.all()] == [("秋", date(2027, 1, 20))]
    assert events() == ["term.set", "term.set"]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "why"),
    [(date(2027, 2, 1), date(2027, 2, 1), "要晚于第一天"), (date(2027, 1, 15), date(2027, 6, 30), "日期重叠了")],
)
def test_set_term_that_cannot_be_is_refused_and_leaves_nothing_behind(autumn, starts_on, ends_on, why):
    with pytest.raises(Refused, match=why):
        actions.set_term(name="春", starts_on=starts_on, ends_on=ends_on, by=centre())

    assert Term.objects.get() == autumn
    assert events() == []


def test_set_term_by_a_school_is_denied():
    with pytest.raises(PermissionDenied):
        actions.set_term(name="春", starts_on=MONDAY, ends_on=SATURDAY, by=coordinator_of(SchoolFactory()))

    assert not Term.objects.exists()


# ── set_school_day, clear_school_day ──


def test_set_school_day_says_what_a_date_is_and_says_it_anew():
    by = centre()
    actions.set_school_day(on=SATURDAY, kind="holiday", by=by)

    actions.set_school_day(on=SATURDAY, kind="workday", acts_as=1, blackout_grades=[9, 9, 6], note=" 调休 ", by=by)

    day = SchoolDay.objects.get()
    assert (day.kind, day.acts_as, day.blackout_grades, day.note) == ("workday", 1, [6, 9], "调休")
    assert events() == ["school_day.set", "school_day.set"]


@pytest.mark.parametrize(
    ("fields", "why"), [({"kind": "holiday", "acts_as": 1}, "不用按星期几"), ({"kind": "fair"}, "请选")]
)
def test_set_school_day_that_cannot_be_is_refused(fields, why):
    with pytest.raises(Refused, match=why):
        actions.set_school_day(on=SATURDAY, by=centre(), **fields)

    assert not SchoolDay.objects.exists()


def test_set_school_day_by_a_school_is_denied():
    with pytest.raises(PermissionDenied):
        actions.set_school_day(on=SATURDAY, kind="workday", by=coordinator_of(SchoolFactory()))

    assert not SchoolDay.objects.exists()


def test_clear_school_day_lets_it_be_as_usual():
    day = SchoolDayFactory(on=MONDAY)

    actions.clear_school_day(day=day, by=centre())

    assert queries.is_school_day(MONDAY, 7)
    assert events() == ["school_day.cleared"]


def test_clear_school_day_by_a_school_is_denied():
    day = SchoolDayFactory(on=MONDAY)

    with pytest.raises(PermissionDenied):
        actions.clear_school_day(day=day, by=coordinator_of(SchoolFactory()))

    assert SchoolDay.objects.get() == day


# ── what the calendar says ──


def test_is_school_day_on_weekdays_of_a_term_alone(autumn):
    assert queries.is_school_day(MONDAY, 7) is True
    assert queries.is_school_day(SATURDAY, 7) is False
    assert queries.is_school_day(date(2027, 1, 18), 7) is False


def test_is_school_day_without_any_term_is_every_weekday():
    assert queries.is_school_day(MONDAY, 7) is True


def test_is_school_day_follows_holidays_workdays_and_exams(autumn):
    SchoolDayFactory(on=MONDAY, kind="holiday")
    SchoolDayFactory(on=SATURDAY, kind="workday", acts_as=1, blackout_grades=[9])

    assert queries.is_school_day(MONDAY, 7) is False
    assert queries.is_school_day(SATURDAY, 7) is True
    assert queries.is_school_day(SATURDAY, 9) is False


def test_school_days_say_which_weekday_each_acts_as(autumn, django_assert_num_queries):
    SchoolDayFactory(on=MONDAY, kind="holiday")
    SchoolDayFactory(on=SATURDAY, kind="workday", acts_as=1)

    with django_assert_num_queries(2):
        found = queries.school_days(MONDAY, date(2026, 11, 30), 7)

    assert {day.day: weekday for day, weekday in found.items()} == {24: 2, 25: 3, 26: 4, 27: 5, 28: 1, 30: 1}


def test_term_on_and_the_term_codes_end_with(autumn):
    assert queries.term_on(MONDAY) == autumn
    assert queries.term_on(date(2026, 8, 31)) is None
    assert queries.term_for_codes(date(2026, 8, 20)) == autumn
    assert queries.term_for_codes(date(2027, 1, 16)) is None


# ── what the database promises ──


def test_term_overlaps_no_other(autumn):
    with pytest.raises(IntegrityError, match="term_overlaps_no_other"), transaction.atomic():
        TermFactory(starts_on=autumn.ends_on, ends_on=date(2027, 6, 30))


def test_term_ends_after_it_begins():
    with pytest.raises(IntegrityError, match="term_ends_after_it_begins"), transaction.atomic():
        TermFactory(starts_on=MONDAY, ends_on=MONDAY)


@pytest.mark.parametrize(
    ("fields", "promise"),
    [
        ({"kind": "workday", "acts_as": 8}, "school_day_acts_as_a_weekday"),
        ({"kind": "holiday", "acts_as": 1}, "school_day_off_acts_as_nothing"),
    ],
)
def test_a_school_day_is_one_thing(fields, promise):
    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        SchoolDayFactory(on=MONDAY, **fields)

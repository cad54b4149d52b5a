import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import DistrictFactory, UserFactory
from baiye.catalogue.actions import series as actions
from baiye.catalogue.actions.series import SeriesContent, SeriesRefused
from baiye.catalogue.models import Series, SeriesStep
from baiye.catalogue.tests.factories import (
    CourseFactory,
    CourseVersionFactory,
    ReportedCourseFactory,
    SeriesFactory,
    SeriesStepFactory,
)
from baiye.catalogue.tests.test_actions import events, holder
from baiye.core import clock

pytestmark = pytest.mark.django_db
RAINBOW = SeriesContent("半马苏河 彩虹学院", "虹", "S", "四种职业")


def path(n):
    """A series of ``n`` published courses, and its coordinator."""
    series = SeriesFactory()
    for place in range(1, n + 1):
        SeriesStepFactory(series=series, place=place)
    return series, holder("coordinator", series.unit)


def order(series):
    return list(series.steps.order_by("place").values_list("pk", flat=True))


def test_make_series_gets_an_address_of_its_own_and_nobody_sees_it():
    unit = DistrictFactory()
    coordinator = holder("coordinator", unit)

    made = [actions.make_series(unit=unit, content=RAINBOW, by=coordinator) for _ in range(2)]

    assert [one.slug for one in made] == ["ban-ma-su-he-cai-hong-xue-yuan", "ban-ma-su-he-cai-hong-xue-yuan-2"]
    assert (made[0].published_at, events()) == (None, ["series.made"] * 2)


@pytest.mark.parametrize("role", ["district_officer", "agency_officer", "host_manager"])
def test_make_series_by_who_publishes_no_courses_is_denied(role):
    unit = DistrictFactory()

    with pytest.raises(PermissionDenied):
        actions.make_series(unit=unit, content=RAINBOW, by=holder(role, unit))

    assert not Series.objects.exists()


def test_edit_series_changes_its_words_and_keeps_its_address():
    series, coordinator = path(0)
    slug = series.slug

    actions.edit_series(series=series, content=RAINBOW, by=coordinator)

    assert (series.title, series.slug) == ("半马苏河 彩虹学院", slug)


def test_add_step_puts_published_courses_and_reports_at_the_end_once():
    series, coordinator = path(1)
    course, report = CourseVersionFactory().course, ReportedCourseFactory()

    added = actions.add_step(series=series, course=course, by=coordinator)
    again = actions.add_step(series=series, course=course, by=coordinator)
    last = actions.add_step(series=series, reported=report, note="听一讲", by=coordinator)

    assert (added, added.place, last.place, last.note) == (again, 2, 3, "听一讲")


def test_add_step_of_a_draft_a_retired_course_or_one_too_many_is_refused(monkeypatch):
    series, coordinator = path(0)
    retired = CourseVersionFactory(course__retired_at=clock.now(), course__retired_by=UserFactory()).course
    monkeypatch.setattr(actions, "MOST_STEPS", 1)

    for course in (CourseFactory(), retired):
        with pytest.raises(SeriesRefused, match="只有已经发布、没有下架的项目"):
            actions.add_step(series=series, course=course, by=coordinator)
    actions.add_step(series=series, course=CourseVersionFactory().course, by=coordinator)
    with pytest.raises(SeriesRefused, match="最多 1 站"):
        actions.add_step(series=series, course=CourseVersionFactory().course, by=coordinator)

    assert series.steps.count() == 1


def test_move_step_changes_places_and_stops_at_the_ends():
    series, coordinator = path(3)
    first, second, third = order(series)

    actions.move_step(step=SeriesStep.objects.get(pk=third), up=True, by=coordinator)
    actions.move_step(step=SeriesStep.objects.get(pk=first), up=True, by=coordinator)
    actions.move_step(step=SeriesStep.objects.get(pk=second), up=False, by=coordinator)

    assert order(series) == [first, third, second]
    actions.move_step(step=SeriesStep.objects.get(pk=first), up=False, by=coordinator)
    assert order(series) == [third, first, second]


def test_note_step_says_a_word():
    series, coordinator = path(1)

    actions.note_step(step=series.steps.get(), note=" 先看一看 ", by=coordinator)

    assert series.steps.get().note == "先看一看"


def test_remove_step_moves_those_after_it_up():
    series, coordinator = path(3)
    first, second, third = order(series)

    actions.remove_step(step=SeriesStep.objects.get(pk=first), by=coordinator)

    assert list(series.steps.values_list("pk", "place")) == [(second, 1), (third, 2)]


def test_publish_series_needs_two_courses_and_keeps_them():
    series, coordinator = path(1)
    with pytest.raises(SeriesRefused, match="至少要有 2 个已经发布的项目"):
        actions.publish_series(series=series, by=coordinator, at=clock.now())
    SeriesStepFactory(series=series, place=2)

    actions.publish_series(series=series, by=coordinator, at=clock.now())
    actions.publish_series(series=series, by=coordinator, at=clock.now())

    series.refresh_from_db()
    assert (series.published_by, events()) == (coordinator, ["series.published"])
    with pytest.raises(SeriesRefused, match="请先加一个，或先收回系列"):
        actions.remove_step(step=series.steps.get(place=1), by=coordinator)
    actions.take_back_series(series=series, by=coordinator)
    actions.take_back_series(series=series, by=coordinator)
    actions.remove_step(step=series.steps.get(place=1), by=coordinator)
    assert events() == ["series.published", "series.taken_back", "series.edited"]


def test_series_of_another_district_is_denied():
    series, _coordinator = path(2)
    other = holder("coordinator", DistrictFactory())
    step = series.steps.get(place=1)

    for act in (
        lambda: actions.add_step(series=series, reported=ReportedCourseFactory(), by=other),
        lambda: actions.move_step(step=step, up=False, by=other),
        lambda: actions.remove_step(step=step, by=other),
        lambda: actions.note_step(step=step, note="x", by=other),
        lambda: actions.publish_series(series=series, by=other, at=clock.now()),
        lambda: actions.take_back_series(series=series, by=other),
    ):
        with pytest.raises(PermissionDenied):
            act()

    assert (series.steps.count(), events()) == (2, [])

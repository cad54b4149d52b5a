"""Mentors, who is with a visit, what a lapse endangers, in a real browser: nobody shut out, one thread through."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.mentors.models import Mentor
from baiye.mentors.tests.factories import CheckFactory, SessionFactory, TitleFactory
from baiye.schools.tests.factories import PupilFactory
from baiye.visits import actions
from baiye.visits.actions import SeatRefused
from baiye.visits.models import Seat, Visit
from baiye.visits.tests.factories import SeatFactory, VisitFactory
from baiye.visits.tests.people import holder
from baiye.visits.tests.test_paths import end_appointment, ready_visit
from baiye.visits.tests.test_views_seats import Town
from tests.rig.browser import DESK, barriers, shut_nobody_out

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def some_of_everything():
    """A district's coordinator, with a visit endangered, a counsellor with a full page, a training."""
    visit = ready_visit()
    SeatFactory.create_batch(2, visit=visit)
    mentor = visit.assignments.get().mentor
    TitleFactory(mentor=mentor)
    mentor.evaluations.create(school_year=2025, verdict="excellent", text="讲得清楚，学生都动了手")
    end_appointment(visit)
    session = SessionFactory(training__unit=mentor.appointed_by)
    session.attendances.create(mentor=mentor)
    coordinator = holder("coordinator", visit.venue.host.unit.parent, mentor.appointed_by.parent)
    return coordinator, visit, mentor, session


def pages(visit, mentor, session):
    """The addresses of every page that is built here."""
    of = [reverse(f"mentors:{name}", args=[mentor.pk]) for name in ("mentor", "particulars", "check-new", "departure")]
    of += [reverse(f"mentors:{name}") for name in ("mentor-list", "mentor-new", "training-list", "training-new")]
    of += [reverse("mentors:training", args=[session.training_id]), reverse("mentors:attendance", args=[session.pk])]
    of += [reverse("visits:move", args=[visit.pk]), reverse("visits:calendar")]
    of += [reverse("visits:adults", args=[visit.pk]), reverse("visits:mentor-assignments", args=[mentor.pk])]
    return [*of, reverse("visits:lapse-list"), reverse("visits:visit-list")]


def test_pages_about_adults_shut_nobody_out_and_fit_a_phone(page_of):
    coordinator, visit, mentor, session = some_of_everything()

    shut_nobody_out(page_of(coordinator, DESK), pages(visit, mentor, session))


def test_a_guide_is_entered_checked_and_assigned_and_once_the_check_fails_no_seat_is_given(page_of):
    visit = VisitFactory()
    manager = holder("host_manager", visit.venue.host.unit)
    coordinator = holder("coordinator", visit.venue.host.unit.parent)
    host, centre = page_of(manager, DESK), page_of(coordinator, DESK)

    host.goto(reverse("mentors:mentor-list"))
    host.get_by_role("link", name="登记一位").first.click()
    host.get_by_label("姓名").fill("周师傅")
    host.get_by_label("基地带教").check()
    host.get_by_role("button", name="登记", exact=True).click()
    expect(host.get_by_text("还没有从业查询结果。请先查询并登记。")).to_be_visible()
    mentor = Mentor.objects.get()
    centre.goto(reverse("mentors:mentor", args=[mentor.pk]))
    centre.get_by_role("link", name="登记结果").click()
    centre.get_by_label("未发现限制从业的记录").check()
    centre.get_by_label("查询日期").fill(clock.today().isoformat())
    centre.get_by_role("button", name="登记结果").click()
    expect(centre.get_by_text("可以带教")).to_be_visible()
    host.goto(reverse("visits:adults", args=[visit.pk]))
    host.get_by_label("哪一位").select_option(str(mentor.pk))
    host.get_by_role("button", name="安排这一位").click()
    assert Visit.objects.get().guide == "周师傅"

    CheckFactory(mentor=mentor, checked_on=clock.today(), result="not_clear", checker=UserFactory())
    pupil = PupilFactory(school_class__school__unit__parent=visit.venue.host.unit.parent)
    with pytest.raises(SeatRefused, match="从业查询、聘任或培训"):
        actions.assign_seat(visit=visit, pupil=pupil, by=coordinator, at=clock.now())
    centre.goto("/visits/")
    centre.get_by_role("link", name="受影响的场次").last.click()
    expect(centre.get_by_text("周师傅：最近一次从业查询没有通过，不能接触学生。换一位。")).to_be_visible()


def test_a_seat_is_given_and_moved_by_hand_at_the_desk(page_of):
    town = Town()
    later = town.sitting(version=town.visit.version, starts_at=town.visit.starts_at + timedelta(days=1))
    town.pupil(name="林小满")
    page = page_of(town.coordinator, DESK)
    page.goto(reverse("visits:seats", args=[town.visit.pk]))

    field = page.get_by_role("combobox", name="哪位学生")
    field.press_sequentially("lxm")
    expect(page.get_by_role("option")).to_have_count(1)
    field.press("Enter")
    page.get_by_role("button", name="给名额").click()
    expect(page.get_by_role("rowheader", name="林小满")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("link", name="换场次 林小满").click()
    assert barriers(page) == []
    page.get_by_label("换到哪一场").select_option(str(later.pk))
    page.get_by_label("为什么").fill("换一天")
    page.get_by_role("button", name="换到那一场").click()

    expect(page.get_by_text("换好了，已告诉家里。")).to_be_visible()
    assert Seat.objects.get(given_up_at=None).visit == later

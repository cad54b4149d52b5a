"""Notices are opened: done, refused, denied, and nothing left behind."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.attendance.tests.factories import coordinator_of, events
from baiye.core import clock, jobs
from baiye.core.models import Message
from baiye.core.tests.factories import queued
from baiye.hours import actions
from baiye.hours.models import NoticeLine, PublicNotice
from baiye.hours.tests.factories import HourEntryFactory, NoticeLineFactory, school_of
from baiye.schools.tests.factories import GuardianshipFactory, PupilFactory

pytestmark = pytest.mark.django_db


def notice_for(pupil, **fields):
    today = clock.today()
    said = {"title": "公示", "starts_on": today, "ends_on": today + timedelta(days=14), "at": clock.now()}
    return actions.open_notice(school=school_of(pupil), **said | {"by": coordinator_of(pupil)} | fields)


def test_open_notice_shows_what_stands_and_was_never_shown_and_tells_families():
    entry = HourEntryFactory()
    guardian = GuardianshipFactory(pupil=entry.pupil).user
    HourEntryFactory()  # of another school

    notice = notice_for(entry.pupil)

    assert list(NoticeLine.objects.values_list("notice", "entry")) == [(notice.pk, entry.pk)]
    assert events() == ["notice.opened"]
    jobs.run_due()
    assert list(Message.objects.values_list("to", "subject")) == [(guardian.pk, "课时公示：公示")]


@pytest.mark.parametrize(
    ("starts", "ends", "sentence"),
    [(-1, 14, "公示从今天或以后开始"), (0, 3, "公示至少 5 个工作日")],
)
def test_open_notice_in_the_past_or_too_short_is_refused_and_leaves_nothing_behind(starts, ends, sentence):
    entry, today = HourEntryFactory(), clock.today()

    with pytest.raises(actions.HoursRefused, match=sentence):
        notice_for(entry.pupil, starts_on=today + timedelta(days=starts), ends_on=today + timedelta(days=ends))

    assert (PublicNotice.objects.count(), events(), queued()) == (0, [], [])


def test_open_notice_with_nothing_new_is_refused():
    entry = NoticeLineFactory().entry

    with pytest.raises(actions.HoursRefused, match="没有新的课时要公示"):
        notice_for(entry.pupil)


def test_open_notice_by_a_class_teacher_or_another_school_is_denied():
    entry = HourEntryFactory()

    with pytest.raises(PermissionDenied):
        notice_for(entry.pupil, by=coordinator_of(PupilFactory()))

    assert (PublicNotice.objects.count(), events()) == (0, [])

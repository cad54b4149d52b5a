"""The ledger's writes: done, refused, denied, and nothing left behind."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import UserFactory
from baiye.attendance.tests.factories import (
    MarkFactory,
    PastSeatFactory,
    attended_seat,
    confirmed_seat,
    coordinator_of,
    events,
    sign,
)
from baiye.core import clock, jobs
from baiye.core.models import Message
from baiye.core.tests.factories import queued
from baiye.hours import actions
from baiye.hours.models import HourEntry, NoticeLine, Objection, PublicNotice
from baiye.hours.tests.factories import HourEntryFactory, NoticeLineFactory, ObjectionFactory, officer_of, school_of
from baiye.schools.tests.factories import GuardianshipFactory, PupilFactory

pytestmark = pytest.mark.django_db


# ── enter_hours ──


def test_enter_hours_enters_what_is_earned_and_repeats_enter_nothing():
    seat = confirmed_seat()
    absent = PastSeatFactory(visit=seat.visit, pupil=PupilFactory(school_class=seat.pupil.school_class))

    assert (actions.enter_hours(visit=seat.visit, at=clock.now()), absent.hour_entries.count()) == (1, 0)
    assert actions.enter_hours(visit=seat.visit, at=clock.now()) == 0

    entry = HourEntry.objects.get()
    assert (entry.seat, entry.pupil, entry.minutes, entry.category) == (seat, seat.pupil, 160, "职业体验")
    assert events() == ["hours.entered"]


@pytest.mark.parametrize(("late_min", "entries"), [(15, 1), (16, 0)])
def test_enter_hours_for_who_came_late_enters_nothing(late_min, entries):
    seat = PastSeatFactory()
    MarkFactory(seat=seat, kind="in", at=seat.visit.starts_at + timedelta(minutes=late_min))
    MarkFactory(seat=seat, kind="out")
    sign(seat, "host")
    sign(seat, "school")

    assert actions.enter_hours(visit=seat.visit, at=clock.now()) == entries


def test_enter_hours_after_a_reversal_does_not_enter_again():
    objection = ObjectionFactory()
    actions.rule_on(objection=objection, upheld=True, ruling="查过", by=officer_of(objection.pupil), at=clock.now())

    assert actions.enter_hours(visit=objection.entry.seat.visit, at=clock.now()) == 0


def test_enter_hours_waits_for_a_second_look_at_late_marks():
    seat = attended_seat()
    sign(seat, "host")
    sign(seat, "school")
    late = attended_seat(visit=seat.visit, pupil=PupilFactory(school_class=seat.pupil.school_class))

    assert actions.enter_hours(visit=seat.visit, at=clock.now()) == 1
    sign(late, "host", 4)
    assert actions.enter_hours(visit=seat.visit, at=clock.now()) == 0
    sign(late, "school", 4)
    assert actions.enter_hours(visit=seat.visit, at=clock.now()) == 1


@pytest.mark.parametrize("count", [1, 4])
def test_enter_hours_of_takes_as_many_statements_for_four_visits_as_for_one(count, django_assert_num_queries):
    visits = [confirmed_seat().visit.pk for _ in range(count)]

    with django_assert_num_queries(9):  # savepoint ×2, visits, seats, facts, marks, confirmations, entries, events
        assert actions.enter_hours_of(visit_ids=visits, at=clock.now()) == count


def test_task_enters_the_hours_once_both_sides_confirmed():
    seat = confirmed_seat()
    jobs.later("hours.enter", visit_ids=[seat.visit_id])
    jobs.later("hours.enter", visit_ids=[seat.visit_id])

    jobs.run_due()

    assert HourEntry.objects.count() == 1


# ── open_notice ──


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


# ── object_to ──


def object_to(line, **fields):
    said = {"notice": line.notice, "pupil": line.entry.pupil, "entry": line.entry, "text": "那天没有去"}
    return actions.object_to(**said | {"at": clock.now()} | fields)


def test_object_to_a_line_by_the_guardian_is_kept_and_tells_who_rules():
    line = NoticeLineFactory()
    guardian = GuardianshipFactory(pupil=line.entry.pupil).user
    ruler = coordinator_of(line.entry.pupil)

    objection = object_to(line, by=guardian)

    assert (objection.entry, objection.made_by, events()) == (line.entry, guardian, ["objection.made"])
    jobs.run_due()
    assert list(Message.objects.values_list("to", flat=True)) == [ruler.pk]


def test_object_to_the_line_of_a_schoolmate_is_kept():
    line = NoticeLineFactory()
    mate = PupilFactory(school_class=line.entry.pupil.school_class)
    guardian = GuardianshipFactory(pupil=mate).user

    assert object_to(line, by=guardian).pupil == line.entry.pupil


def test_object_to_a_missing_line_of_a_schoolmate_is_denied():
    line = NoticeLineFactory()
    mate = PupilFactory(school_class=line.entry.pupil.school_class)
    guardian = GuardianshipFactory(pupil=mate).user

    with pytest.raises(PermissionDenied):
        object_to(line, entry=None, by=guardian)

    assert object_to(line, entry=None, pupil=mate, by=guardian).entry is None


@pytest.mark.parametrize("who", ["guardian", "teacher"])
def test_object_to_from_outside_the_school_is_denied_and_leaves_nothing_behind(who):
    line = NoticeLineFactory()
    stranger = GuardianshipFactory().user if who == "guardian" else UserFactory()

    with pytest.raises(PermissionDenied):
        object_to(line, by=stranger)

    assert (Objection.objects.count(), events(), queued()) == (0, [], [])


@pytest.mark.parametrize(("text", "sentence"), [("  ", "写一写哪里不对"), ("那天没有去", "您已经提过了")])
def test_object_to_without_words_or_twice_is_refused(text, sentence):
    line = NoticeLineFactory()
    guardian = GuardianshipFactory(pupil=line.entry.pupil).user
    ObjectionFactory(line=line, made_by=guardian)

    with pytest.raises(actions.HoursRefused, match=sentence):
        object_to(line, by=guardian, text=text)

    assert Objection.objects.count() == 1


def test_object_to_after_the_end_is_refused_to_families_and_open_to_the_school():
    line = NoticeLineFactory(ended=True)
    guardian = GuardianshipFactory(pupil=line.entry.pupil).user

    with pytest.raises(actions.HoursRefused, match="现在不在公示期内"):
        object_to(line, by=guardian)

    assert object_to(line, by=coordinator_of(line.entry.pupil)).ruled_at is None


def test_object_to_a_line_of_another_notice_is_refused():
    line, other = NoticeLineFactory(), NoticeLineFactory()

    with pytest.raises(actions.HoursRefused, match="不在这次公示里"):
        object_to(line, entry=other.entry, by=coordinator_of(line.entry.pupil))


# ── rule_on ──


def rule_on(objection, **fields):
    said = {"upheld": True, "ruling": "查过，那天确实没来", "at": clock.now()}
    actions.rule_on(objection=objection, **said | {"by": officer_of(objection.pupil)} | fields)


def test_rule_on_upheld_takes_the_line_back_and_tells_both():
    objection = ObjectionFactory()
    guardian = GuardianshipFactory(pupil=objection.pupil).user

    rule_on(objection)

    reversal = HourEntry.objects.get(reverses=objection.entry)
    assert (reversal.minutes, reversal.reason) == (-160, "查过，那天确实没来")
    assert events() == ["objection.ruled", "hours.turned"]
    jobs.run_due()
    assert set(Message.objects.values_list("to", flat=True)) == {guardian.pk, objection.made_by_id}


def test_rule_on_upheld_about_a_line_taken_back_gives_it_back():
    objection = ObjectionFactory()
    rule_on(objection)
    again = ObjectionFactory(line=objection.entry.notice_line)

    rule_on(again, ruling="签到单找到了")

    assert [entry.minutes for entry in HourEntry.objects.order_by("pk")] == [160, -160, 160]


def test_rule_on_dismissed_changes_no_hours():
    objection = ObjectionFactory()

    rule_on(objection, upheld=False)

    assert (HourEntry.objects.count(), objection.upheld, events()) == (1, False, ["objection.ruled"])


def test_rule_on_upheld_about_a_missing_line_goes_through_the_visits_again():
    objection = ObjectionFactory(entry=None)
    missing = confirmed_seat(pupil=objection.pupil, visit__starts_at=clock.now() - timedelta(days=3))

    rule_on(objection)
    jobs.run_due()

    assert HourEntry.objects.filter(seat=missing).exists()


def test_rule_on_upheld_revokes_the_certificate_over_it():
    line = NoticeLineFactory(ended=True)
    pupil = line.entry.pupil
    (certificate,) = actions.issue_certificates(school=school_of(pupil), by=coordinator_of(pupil), at=clock.now())
    objection = object_to(line, by=coordinator_of(pupil))

    rule_on(objection)

    certificate.refresh_from_db()
    assert (certificate.revoked_because, certificate.lines.get().released_at) == (
        "查过，那天确实没来",
        certificate.revoked_at,
    )


def test_rule_on_ones_own_objection_is_refused_and_leaves_nothing_behind():
    line = NoticeLineFactory()
    coordinator = coordinator_of(line.entry.pupil)
    objection = ObjectionFactory(line=line, made_by=coordinator)

    with pytest.raises(actions.HoursRefused, match="要由另一位老师来核对"):
        rule_on(objection, by=coordinator)

    objection.refresh_from_db()
    assert (objection.ruled_at, events(), queued()) == (None, [], [])


@pytest.mark.parametrize(("ruling", "sentence"), [(" ", "写下核对的结果和理由"), ("再来", "早先已经核对过了")])
def test_rule_on_without_words_or_twice_is_refused(ruling, sentence):
    objection = ObjectionFactory()
    rule_on(objection, upheld=False)

    with pytest.raises(actions.HoursRefused, match=sentence):
        rule_on(objection, ruling=ruling)


def test_rule_on_by_another_school_is_denied():
    with pytest.raises(PermissionDenied):
        rule_on(ObjectionFactory(), by=coordinator_of(PupilFactory()))

    assert events() == []

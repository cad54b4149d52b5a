"""Objections are made and ruled on: done, refused, denied, and nothing left behind."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import UserFactory
from baiye.attendance.tests.factories import confirmed_seat, coordinator_of, events
from baiye.core import clock, jobs
from baiye.core.models import Message
from baiye.core.tests.factories import queued
from baiye.hours import actions
from baiye.hours.models import HourEntry, Objection
from baiye.hours.tests.factories import NoticeLineFactory, ObjectionFactory, officer_of, school_of
from baiye.schools.tests.factories import GuardianshipFactory, PupilFactory

pytestmark = pytest.mark.django_db


def object_to(line, **fields):
    said = {"notice": line.notice, "pupil": line.entry.pupil, "entry": line.entry, "text": "那天没有去"}
    return actions.object_to(**said | {"at": clock.now()} | fields)


# ── object_to ──


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


def rule_on(objection, **fields):
    said = {"upheld": True, "ruling": "查过，那天确实没来", "at": clock.now()}
    actions.rule_on(objection=objection, **said | {"by": officer_of(objection.pupil)} | fields)


# ── rule_on ──


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

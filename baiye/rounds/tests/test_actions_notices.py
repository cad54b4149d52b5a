"""The safety notice, and reminders of what is still open."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.models import Notice
from baiye.core import clock
from baiye.core.models import Event, Message
from baiye.rounds.actions import notices, reminders, wishes
from baiye.rounds.models import NoticeRead
from baiye.rounds.tests.factories import district
from baiye.schools.tests.factories import GuardianshipFactory, SchoolClassFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return district()


def test_read_notice_is_noted_once_with_its_version(place):
    for _ in range(2):
        notices.read_notice(round=place.round, pupil=place.pupil, by=place.guardian, at=clock.now())

    read = NoticeRead.objects.get()
    assert (read.pupil, read.read_by, read.from_paper, read.notice.kind) == (
        place.pupil,
        place.guardian,
        False,
        "safety",
    )
    assert Event.objects.filter(kind="notice.read").count() == 1


@pytest.mark.parametrize("who", ["pupil_user", "teacher", "coordinator"])
def test_read_notice_by_anyone_but_a_guardian_is_denied(place, who):
    with pytest.raises(PermissionDenied):
        notices.read_notice(round=place.round, pupil=place.pupil, by=getattr(place, who), at=clock.now())

    assert not NoticeRead.objects.exists()


def test_read_notice_from_paper_is_for_the_teacher(place):
    notices.read_notice(round=place.round, pupil=place.pupil, by=place.teacher, at=clock.now(), from_paper=True)

    assert NoticeRead.objects.get().from_paper
    with pytest.raises(PermissionDenied):
        notices.read_notice(round=place.round, pupil=place.pupil, by=place.guardian, at=clock.now(), from_paper=True)


def test_read_notice_before_one_is_published_is_refused_and_leaves_nothing_behind(place):
    Notice.objects.filter(kind="safety").delete()

    with pytest.raises(notices.NoticeRefused, match="还没有发布"):
        notices.read_notice(round=place.round, pupil=place.pupil, by=place.guardian, at=clock.now())

    assert not NoticeRead.objects.exists()
    assert not Event.objects.filter(kind="notice.read").exists()


def test_record_notices_from_paper_for_several_counts_new_ones(place):
    notices.read_notice(round=place.round, pupil=place.pupil, by=place.guardian, at=clock.now())

    new = notices.record_notices(
        round=place.round, school_class=place.school_class, pupils=place.pupils, by=place.teacher, at=clock.now()
    )

    assert new == 1
    assert NoticeRead.objects.filter(from_paper=True).get().pupil == place.pupils[1]
    assert Event.objects.filter(kind="notice.read").count() == 2


def test_record_notices_of_another_class_is_denied(place):
    other = SchoolClassFactory(school=place.school)

    with pytest.raises(PermissionDenied):
        notices.record_notices(
            round=place.round, school_class=other, pupils=place.pupils, by=place.teacher, at=clock.now()
        )

    assert not NoticeRead.objects.exists()


def remind(place, pupils=None, at=None, **fields):
    asked = {"school_class": place.school_class, "by": place.teacher} | fields
    chosen = place.pupils if pupils is None else pupils
    return reminders.remind(round=place.round, pupils=chosen, at=at or clock.now(), **asked)


def test_remind_writes_to_guardian_and_pupil_once_a_day(place):
    now = clock.now()

    for at in (now, now, now + timedelta(days=1)):
        told = remind(place, at=at)

    assert told == 2
    assert Message.objects.count() == 4
    first = Message.objects.order_by("pk").first()
    assert first.subject == f"{place.round.name}：还有事没做完"
    assert first.body.startswith("志愿还没提交，安全告知书还没读。志愿在 ")


def test_remind_says_only_what_is_open(place):
    wishes.save_wishes(
        round=place.round, pupil=place.pupil, courses=place.courses[:1], by=place.guardian, at=clock.now()
    )
    wishes.submit_wishes(round=place.round, pupil=place.pupil, by=place.guardian, at=clock.now())

    remind(place, pupils=[place.pupil])

    assert set(Message.objects.values_list("body", flat=True)) == {"安全告知书还没读。"}


def test_remind_a_guardian_of_two_children_gives_one_message(place):
    GuardianshipFactory(user=place.guardian, pupil=place.pupils[1])

    remind(place)

    assert Message.objects.filter(to=place.guardian).count() == 1


def test_remind_who_is_done_is_refused_and_leaves_nothing_behind():
    place = district(phase="run")
    notices.read_notice(round=place.round, pupil=place.pupil, by=place.guardian, at=clock.now())

    with pytest.raises(reminders.ReminderRefused, match="都完成了"):
        remind(place, pupils=[place.pupil])

    assert not Message.objects.exists()
    assert not Event.objects.filter(kind="round.reminded").exists()


def test_remind_nobody_is_refused(place):
    with pytest.raises(reminders.ReminderRefused, match="先勾选"):
        remind(place, pupils=[])


def test_remind_by_a_guardian_is_denied(place):
    with pytest.raises(PermissionDenied):
        remind(place, by=place.guardian)


def test_remind_schools_writes_to_every_family_that_is_not_done(place):
    told = reminders.remind_schools(round=place.round, schools=[place.school], by=place.coordinator, at=clock.now())

    assert told == 2
    assert set(Message.objects.values_list("to", flat=True)) == {place.guardian.pk, place.pupil_user.pk}


def test_remind_schools_without_one_is_refused(place):
    with pytest.raises(reminders.ReminderRefused, match="先勾选要提醒的学校。"):
        reminders.remind_schools(round=place.round, schools=[], by=place.coordinator, at=clock.now())


def test_remind_schools_by_an_officer_is_denied(place):
    with pytest.raises(PermissionDenied):
        reminders.remind_schools(round=place.round, schools=[place.school], by=place.officer, at=clock.now())

"""What a pupil writes: done, refused, denied, and nothing left behind."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from baiye.accounts.tests.factories import UserFactory
from baiye.attendance.models import Mark
from baiye.attendance.tests.factories import PastSeatFactory, coordinator_of, events
from baiye.core import clock
from baiye.portfolio import actions
from baiye.portfolio.models import Reflection, StepRecord
from baiye.portfolio.tests.factories import ReflectionFactory, StepRecordFactory, visited_seat
from baiye.schools.tests.factories import ClassTeacherFactory, GuardianshipFactory, PupilFactory

pytestmark = pytest.mark.django_db


def reflect(seat, **fields):
    said = {"feelings": ["again", "hard"], "text": "揉面团比想的难", "steps": {"project": "揉了三次"}}
    return actions.reflect(seat=seat, at=clock.now(), **said | {"by": seat.pupil.user} | fields)


def written(seat):
    return dict(StepRecord.objects.filter(seat=seat).values_list("step", "text"))


def test_reflect_keeps_text_feelings_and_steps():
    seat = visited_seat()

    reflection = reflect(seat)

    assert (reflection.text, reflection.feelings) == ("揉面团比想的难", ["hard", "again"])
    assert (written(seat), events()) == ({"project": "揉了三次"}, ["reflection.written"])


def test_reflect_again_replaces_what_was_there():
    seat = visited_seat()
    reflect(seat)

    reflect(seat, text="第三次成功了", feelings=["made up"], steps={"culture": "面点有三百年", "project": " "})

    reflection = Reflection.objects.get()
    assert (reflection.text, reflection.feelings) == ("第三次成功了", [])
    assert written(seat) == {"culture": "面点有三百年"}


def test_reflect_on_the_steps_alone_keeps_no_reflection():
    seat = visited_seat()

    assert reflect(seat, text=" ") is None
    assert written(seat) == {"project": "揉了三次"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": "", "steps": {}}, "写一句也行"),
        ({"text": "打给我 13800138000"}, "里面好像有电话号码，先删掉再存"),
        ({"text": "证件 11010519491231002X 请收好"}, "里面好像有证件号码"),
        ({"steps": {"school": "我家在曹杨路 100 弄 3 号"}}, "里面好像有住址"),
    ],
)
def test_reflect_without_words_or_with_personal_data_is_refused_and_leaves_nothing_behind(fields, sentence):
    seat = visited_seat()

    with pytest.raises(actions.ReflectionRefused, match=sentence):
        reflect(seat, **fields)

    assert (Reflection.objects.count(), StepRecord.objects.count(), events()) == (0, 0, [])


def test_reflect_on_a_visit_one_did_not_come_to_is_refused():
    seat = PastSeatFactory(pupil=PupilFactory(user=UserFactory(kind="pupil")))

    with pytest.raises(actions.ReflectionRefused, match="去过以后再来写"):
        reflect(seat)


def test_reflect_after_the_mark_was_taken_back_is_refused():
    seat = visited_seat()
    Mark.objects.filter(seat=seat).update(voided_at=clock.now(), voided_by=UserFactory())

    with pytest.raises(actions.ReflectionRefused, match="去过以后再来写"):
        reflect(seat)


@pytest.mark.parametrize("who", ["guardian", "teacher", "coordinator", "another pupil"])
def test_reflect_by_anyone_but_the_pupil_is_denied_and_leaves_nothing_behind(who):
    seat = visited_seat()
    people = {
        "guardian": lambda: GuardianshipFactory(pupil=seat.pupil).user,
        "teacher": lambda: ClassTeacherFactory(school_class=seat.pupil.school_class).user,
        "coordinator": lambda: coordinator_of(seat.pupil),
        "another pupil": lambda: visited_seat().pupil.user,
    }

    with pytest.raises(PermissionDenied):
        reflect(seat, by=people[who]())

    assert (Reflection.objects.count(), events()) == (0, [])


@pytest.mark.parametrize(
    ("factory", "sentence"),
    [(ReflectionFactory, "reflection_says_something"), (StepRecordFactory, "step_record_says_something")],
)
def test_what_is_kept_says_something(factory, sentence):
    with pytest.raises(IntegrityError, match=sentence):
        factory(text="")


def test_a_step_is_written_once_a_seat():
    record = StepRecordFactory()

    with pytest.raises(IntegrityError, match="step_record_one_a_step"):
        StepRecordFactory(seat=record.seat)


def test_a_reflection_stands_once_a_seat():
    reflection = ReflectionFactory()

    with pytest.raises(IntegrityError, match="seat_id"):
        ReflectionFactory(seat=reflection.seat)

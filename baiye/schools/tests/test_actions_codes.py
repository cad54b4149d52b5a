from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.core.models import Event
from baiye.core.refusals import Refused
from baiye.schools import actions, codes, queries
from baiye.schools.models import ClassTeacher, Pupil, PupilCode
from baiye.schools.tests.factories import (
    ClassTeacherFactory,
    PupilCodeFactory,
    PupilFactory,
    SchoolClassFactory,
    TermFactory,
)
from baiye.schools.tests.people import coordinator_of, events, guardian_of, teacher_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class():
    return SchoolClassFactory()


def live():
    return PupilCode.objects.filter(revoked_at=None)


# ── the codes themselves ──


def test_make_code_uses_only_what_cannot_be_mistaken():
    made = "".join(codes.make_code() for _n in range(500))

    assert set(made) == set(codes.ALPHABET)
    assert not set(made) & set("0O1IL")


@pytest.mark.parametrize("typed", ["5C3K92QF", "5c3k 92qf", " 5C3K-92QF ", "５Ｃ３Ｋ９２ＱＦ"])
def test_normal_code_takes_what_people_type(typed):
    assert codes.normal_code(typed) == "5C3K92QF"


@pytest.mark.parametrize("typed", ["", "5C3K92Q", "5C3K92QF2", "5C3K92Q0", "5C3K92QO", "5C3K92Q码"])
def test_normal_code_refuses_what_can_be_none(typed):
    assert codes.normal_code(typed) == ""


# ── issue_codes ──


def test_issue_codes_gives_everyone_here_a_code_until_the_terms_end(school_class):
    term = TermFactory()
    second, first = (
        PupilFactory(school_class=school_class, name="周"),
        PupilFactory(school_class=school_class, name="陈"),
    )
    PupilFactory(school_class=school_class, left_on=clock.today())
    PupilFactory()

    issued = actions.issue_codes(school_class=school_class, by=teacher_of(school_class), at=clock.now())

    assert [pupil for pupil, _code in issued] == [first, second]
    assert [queries.find_code(codes.digest(code), clock.today()).pupil for _pupil, code in issued] == [first, second]
    assert set(live().values_list("expires_on", flat=True)) == {term.ends_on}
    assert events() == ["codes.issued"]


def test_issue_codes_keeps_no_code_in_clear(school_class):
    TermFactory()
    PupilFactory(school_class=school_class)

    ((_pupil, code),) = actions.issue_codes(
        school_class=school_class, by=coordinator_of(school_class.school), at=clock.now()
    )

    assert code not in str(list(PupilCode.objects.values())) + str(list(Event.objects.values()))


def test_issue_codes_again_ends_the_old_ones(school_class):
    TermFactory()
    pupil = PupilFactory(school_class=school_class)
    by = teacher_of(school_class)
    ((_pupil, old),) = actions.issue_codes(school_class=school_class, by=by, at=clock.now())

    actions.issue_codes(school_class=school_class, by=by, at=clock.now())

    assert queries.find_code(codes.digest(old), clock.today()) is None
    assert live().get().pupil == pupil


def test_issue_codes_from_an_older_page_is_refused_and_leaves_the_codes(school_class):
    TermFactory()
    PupilFactory(school_class=school_class)
    by, seen = teacher_of(school_class), queries.last_issue(school_class)
    actions.issue_codes(school_class=school_class, by=by, at=clock.now(), seen=seen)
    before = live().get()

    with pytest.raises(Refused, match="刚刚已经发过一次"):
        actions.issue_codes(school_class=school_class, by=by, at=clock.now(), seen=seen)

    assert live().get() == before


def test_issue_codes_without_a_term_is_refused_and_leaves_nothing_behind(school_class):
    old = PupilCodeFactory(pupil__school_class=school_class)

    with pytest.raises(Refused, match="还没有设置这个学期"):
        actions.issue_codes(school_class=school_class, by=teacher_of(school_class), at=clock.now())

    assert live().get() == old
    assert events() == []


def test_issue_codes_in_a_holiday_last_to_the_end_of_the_next_term(school_class):
    PupilFactory(school_class=school_class)
    TermFactory(starts_on=clock.today() - timedelta(90), ends_on=clock.today() - timedelta(1))
    coming = TermFactory(starts_on=clock.today() + timedelta(20), ends_on=clock.today() + timedelta(120))

    actions.issue_codes(school_class=school_class, by=teacher_of(school_class), at=clock.now())

    assert live().get().expires_on == coming.ends_on


def test_issue_codes_for_another_class_is_denied_and_leaves_nothing_behind(school_class):
    TermFactory()
    pupil = PupilFactory(school_class=school_class)

    for other in (teacher_of(SchoolClassFactory(school=school_class.school)), guardian_of(pupil)):
        with pytest.raises(PermissionDenied):
            actions.issue_codes(school_class=school_class, by=other, at=clock.now())

    assert not PupilCode.objects.exists()
    assert events() == []


# ── reissue_code ──


def test_reissue_code_changes_one_pupils_code_alone(school_class):
    TermFactory()
    pupil, other = (
        PupilCodeFactory(pupil__school_class=school_class).pupil,
        PupilCodeFactory(pupil__school_class=school_class),
    )

    code = actions.reissue_code(pupil=pupil, by=teacher_of(school_class), at=clock.now())

    assert queries.find_code(codes.digest(code), clock.today()).pupil == pupil
    assert live().get(pupil=other.pupil) == other
    assert events() == ["code.reissued"]


def test_reissue_code_of_a_leaver_is_refused(school_class):
    TermFactory()
    pupil = PupilFactory(school_class=school_class, left_on=clock.today())

    with pytest.raises(Refused, match="已经转出"):
        actions.reissue_code(pupil=pupil, by=teacher_of(school_class), at=clock.now())

    assert not PupilCode.objects.exists()


def test_reissue_code_by_the_pupil_is_denied(school_class):
    TermFactory()
    pupil = PupilFactory(school_class=school_class, user=UserFactory(kind="pupil"))

    with pytest.raises(PermissionDenied):
        actions.reissue_code(pupil=pupil, by=pupil.user, at=clock.now())

    assert not PupilCode.objects.exists()


# ── find_code ──


def test_find_code_opens_to_the_last_day_and_not_after():
    code = PupilCodeFactory(expires_on=clock.today())

    assert queries.find_code(code.digest, clock.today()) == code
    assert queries.find_code(code.digest, clock.today() + timedelta(1)) is None


def test_find_code_of_a_leaver_opens_nothing():
    code = PupilCodeFactory(pupil__left_on=clock.today())

    assert queries.find_code(code.digest, clock.today()) is None


# ── class teachers and leavers ──


def test_appoint_teacher_holds_from_today(school_class):
    user = UserFactory()

    actions.appoint_teacher(
        school_class=school_class, user=user, by=coordinator_of(school_class.school), at=clock.now()
    )

    assert queries.teachers_of(school_class, clock.today()) == [user]
    assert "class_teacher" in user.roles
    assert events() == ["class_teacher.appointed"]


def test_appoint_teacher_twice_is_refused(school_class):
    user = teacher_of(school_class)

    with pytest.raises(Refused, match="已经是这个班的班主任"):
        actions.appoint_teacher(
            school_class=school_class, user=user, by=coordinator_of(school_class.school), at=clock.now()
        )

    assert ClassTeacher.objects.count() == 1


def test_appoint_teacher_of_a_guardian_is_refused(school_class):
    with pytest.raises(Refused, match="教职工账号"):
        actions.appoint_teacher(
            school_class=school_class,
            user=UserFactory(kind="guardian"),
            by=coordinator_of(school_class.school),
            at=clock.now(),
        )

    assert not ClassTeacher.objects.exists()


def test_appoint_teacher_by_the_class_teacher_is_denied(school_class):
    with pytest.raises(PermissionDenied):
        actions.appoint_teacher(
            school_class=school_class, user=UserFactory(), by=teacher_of(school_class), at=clock.now()
        )

    assert ClassTeacher.objects.count() == 1


def test_end_teacher_ends_at_once_and_twice_is_no_error(school_class):
    teacher, by = ClassTeacherFactory(school_class=school_class), coordinator_of(school_class.school)

    for _time in range(2):
        actions.end_teacher(teacher=teacher, by=by, at=clock.now())

    assert not queries.classes_for(teacher.user).exists()
    assert events() == ["class_teacher.ended"]


def test_end_teacher_by_another_schools_coordinator_is_denied(school_class):
    teacher = ClassTeacherFactory(school_class=school_class)

    with pytest.raises(PermissionDenied):
        actions.end_teacher(teacher=teacher, by=coordinator_of(SchoolClassFactory().school), at=clock.now())

    assert queries.teachers_of(school_class, clock.today()) == [teacher.user]


def test_mark_left_keeps_the_file_and_ends_the_code(school_class):
    pupil = PupilCodeFactory(pupil__school_class=school_class).pupil

    actions.mark_left(pupil=pupil, by=coordinator_of(school_class.school), at=clock.now())

    assert Pupil.objects.get().left_on == clock.today()
    assert not live().exists()
    assert events() == ["pupil.left"]


def test_mark_left_twice_is_refused(school_class):
    pupil = PupilFactory(school_class=school_class, left_on=clock.today())

    with pytest.raises(Refused, match="已经转出"):
        actions.mark_left(pupil=pupil, by=coordinator_of(school_class.school), at=clock.now())

    assert events() == []


def test_mark_left_by_the_class_teacher_is_denied(school_class):
    pupil = PupilFactory(school_class=school_class)

    with pytest.raises(PermissionDenied):
        actions.mark_left(pupil=pupil, by=teacher_of(school_class), at=clock.now())

    assert Pupil.objects.get().left_on is None


# ── what the database promises ──


def test_pupil_code_one_live_each():
    code = PupilCodeFactory()

    with pytest.raises(IntegrityError, match="pupil_code_one_live_each"), transaction.atomic():
        PupilCodeFactory(pupil=code.pupil)


def test_class_teacher_held_once():
    teacher = ClassTeacherFactory()

    with pytest.raises(IntegrityError, match="class_teacher_held_once"), transaction.atomic():
        ClassTeacherFactory(user=teacher.user, school_class=teacher.school_class)


def test_pupil_left_after_joining():
    with pytest.raises(IntegrityError, match="pupil_left_after_joining"), transaction.atomic():
        PupilFactory(joined_on=clock.today(), left_on=clock.today() - timedelta(1))


def test_school_class_once_and_numbered_from_one(school_class):
    with pytest.raises(IntegrityError, match="school_class_once"), transaction.atomic():
        SchoolClassFactory(school=school_class.school, entry_year=school_class.entry_year, number=school_class.number)
    with pytest.raises(IntegrityError, match="school_class_number_from_one"), transaction.atomic():
        SchoolClassFactory(number=0)

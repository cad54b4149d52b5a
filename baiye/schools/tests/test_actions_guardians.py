import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.core.refusals import Refused
from baiye.schools import actions, queries
from baiye.schools.models import GuardianContact, GuardianRequest, Guardianship
from baiye.schools.tests.factories import (
    GuardianContactFactory,
    GuardianRequestFactory,
    GuardianshipFactory,
    PupilFactory,
    SchoolClassFactory,
)
from baiye.schools.tests.people import coordinator_of, events, guardian_of, teacher_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pupil():
    return PupilFactory()


# ── add_contact, remove_contact ──


@pytest.mark.parametrize("who", ["guardian", "teacher", "coordinator"])
def test_add_contact_vouches_for_a_phone(pupil, who):
    by = {
        "guardian": lambda: guardian_of(pupil),
        "teacher": lambda: teacher_of(pupil.school_class),
        "coordinator": lambda: coordinator_of(pupil.school_class.school),
    }[who]()

    contact = actions.add_contact(pupil=pupil, name=" 王芳 ", phone="154 0000 0002", by=by)

    assert (contact.name, contact.phone, contact.added_by) == ("王芳", "15400000002", by)
    assert events() == ["guardian_contact.added"]


@pytest.mark.parametrize(
    ("name", "phone", "why"), [("王芳", "1540000000", "手机号少了 1 位"), (" ", "15400000002", "请填这位监护人的姓名")]
)
def test_add_contact_that_cannot_be_is_refused(pupil, name, phone, why):
    with pytest.raises(Refused, match=why):
        actions.add_contact(pupil=pupil, name=name, phone=phone, by=guardian_of(pupil))

    assert not GuardianContact.objects.exists()


def test_add_contact_that_is_there_is_refused_and_stays_the_rosters(pupil):
    GuardianContactFactory(pupil=pupil, number="15400000002")

    with pytest.raises(Refused, match="已经在孩子名下"):
        actions.add_contact(pupil=pupil, name="王芳", phone="15400000002", by=guardian_of(pupil))

    assert GuardianContact.objects.get().added_by is None


def test_add_contact_by_strangers_and_the_pupil_is_denied(pupil):
    pupil.user = UserFactory(kind="pupil")
    pupil.save()

    for stranger in (pupil.user, guardian_of(PupilFactory()), teacher_of(SchoolClassFactory())):
        with pytest.raises(PermissionDenied):
            actions.add_contact(pupil=pupil, name="王芳", phone="15400000002", by=stranger)

    assert not GuardianContact.objects.exists()


def test_remove_contact_takes_back_what_someone_added(pupil):
    by = guardian_of(pupil)
    contact = GuardianContactFactory(pupil=pupil, added_by=by)

    actions.remove_contact(contact=contact, by=by)

    assert not GuardianContact.objects.exists()
    assert events() == ["guardian_contact.removed"]


def test_remove_contact_of_the_roster_is_refused(pupil):
    with pytest.raises(Refused, match="来自学校名册"):
        actions.remove_contact(contact=GuardianContactFactory(pupil=pupil), by=guardian_of(pupil))

    assert GuardianContact.objects.count() == 1


def test_remove_contact_by_a_stranger_is_denied(pupil):
    contact = GuardianContactFactory(pupil=pupil, added_by=guardian_of(pupil))

    with pytest.raises(PermissionDenied):
        actions.remove_contact(contact=contact, by=guardian_of(PupilFactory()))

    assert GuardianContact.objects.count() == 1


# ── answer_request ──


@pytest.mark.parametrize("who", ["guardian", "teacher"])
def test_answer_request_lets_a_second_guardian_in(pupil, who):
    first, asked = guardian_of(pupil), GuardianRequestFactory(pupil=pupil)
    by = first if who == "guardian" else teacher_of(pupil.school_class)

    actions.answer_request(request=asked, agreed=True, by=by, at=clock.now())

    assert queries.guardians_of([pupil.pk]) == {pupil.pk: [first, asked.user]}
    assert Guardianship.objects.get(user=asked.user).made_by == by
    assert events() == ["guardianship.made", "guardian_request.answered"]


def test_answer_request_with_no_lets_nobody_in(pupil):
    first, asked = guardian_of(pupil), GuardianRequestFactory(pupil=pupil)

    actions.answer_request(request=asked, agreed=False, by=first, at=clock.now())

    assert queries.guardians_of([pupil.pk]) == {pupil.pk: [first]}
    assert GuardianRequest.objects.get().agreed is False


def test_answer_request_twice_is_no_error_and_another_answer_is_refused(pupil):
    first, asked = guardian_of(pupil), GuardianRequestFactory(pupil=pupil)
    actions.answer_request(request=asked, agreed=False, by=first, at=clock.now())

    actions.answer_request(request=asked, agreed=False, by=first, at=clock.now())
    with pytest.raises(Refused, match="已经有人答复过了"):
        actions.answer_request(request=asked, agreed=True, by=first, at=clock.now())

    assert Guardianship.objects.count() == 1
    assert events() == ["guardian_request.answered"]


def test_answer_request_of_ones_own_is_refused(pupil):
    asked = GuardianRequestFactory(pupil=pupil, user=guardian_of(pupil))

    with pytest.raises(Refused, match="另一位监护人或班主任"):
        actions.answer_request(request=asked, agreed=True, by=asked.user, at=clock.now())

    assert GuardianRequest.objects.get().answered_at is None


def test_answer_request_by_strangers_and_the_asker_is_denied(pupil):
    asked = GuardianRequestFactory(pupil=pupil)

    for stranger in (asked.user, guardian_of(PupilFactory()), teacher_of(SchoolClassFactory())):
        with pytest.raises(PermissionDenied):
            actions.answer_request(request=asked, agreed=True, by=stranger, at=clock.now())

    assert not Guardianship.objects.filter(pupil=pupil).exists()


# ── end_guardianship ──


def test_end_guardianship_of_ones_own_ends_at_once(pupil):
    guardianship = GuardianshipFactory(pupil=pupil)

    for _time in range(2):
        if queries.pupils_for(guardianship.user).exists():
            actions.end_guardianship(guardianship=guardianship, by=guardianship.user, at=clock.now())

    assert not queries.pupils_for(guardianship.user).exists()
    assert events() == ["guardianship.ended"]


def test_end_guardianship_by_the_class_teacher_twice_is_no_error(pupil):
    guardianship, by = GuardianshipFactory(pupil=pupil), teacher_of(pupil.school_class)

    for _time in range(2):
        actions.end_guardianship(guardianship=guardianship, by=by, at=clock.now())

    assert queries.guardians_of([pupil.pk]) == {pupil.pk: []}
    assert events() == ["guardianship.ended"]


def test_end_guardianship_of_another_guardian_is_denied(pupil):
    first, second = GuardianshipFactory(pupil=pupil), guardian_of(pupil)

    with pytest.raises(PermissionDenied):
        actions.end_guardianship(guardianship=first, by=second, at=clock.now())

    assert len(queries.guardians_of([pupil.pk])[pupil.pk]) == 2


def test_make_guardianship_on_the_day_it_was_ended_holds_again(pupil):
    guardianship, by = GuardianshipFactory(pupil=pupil, from_on=clock.today()), teacher_of(pupil.school_class)
    actions.end_guardianship(guardianship=guardianship, by=by, at=clock.now())

    actions.make_guardianship(user=guardianship.user, pupil=pupil, made_by=by, at=clock.now())

    assert queries.guardians_of([pupil.pk]) == {pupil.pk: [guardianship.user]}


# ── what the database promises ──


def test_guardianship_held_once(pupil):
    guardianship = GuardianshipFactory(pupil=pupil)

    with pytest.raises(IntegrityError, match="guardianship_held_once"), transaction.atomic():
        GuardianshipFactory(pupil=pupil, user=guardianship.user, from_on=clock.today())


def test_guardianship_never_by_a_pupil(pupil):
    with pytest.raises(IntegrityError, match="guardianship_never_by_a_pupil"), transaction.atomic():
        GuardianshipFactory(pupil=pupil, user=UserFactory(kind="pupil"))


def test_guardian_contact_once(pupil):
    GuardianContactFactory(pupil=pupil, number="15400000002")

    with pytest.raises(IntegrityError, match="guardian_contact_once"), transaction.atomic():
        GuardianContactFactory(pupil=pupil, number="15400000002")


def test_guardian_request_open_once(pupil):
    asked = GuardianRequestFactory(pupil=pupil)

    with pytest.raises(IntegrityError, match="guardian_request_open_once"), transaction.atomic():
        GuardianRequestFactory(pupil=pupil, user=asked.user)


@pytest.mark.parametrize(
    ("model", "change", "promise"),
    [
        (Guardianship, {"ended_at": clock.now()}, "guardianship_ended_by_whom_and_when"),
        (GuardianRequest, {"agreed": True}, "guardian_request_answered_by_whom_and_when"),
    ],
)
def test_an_end_names_whom_and_when(pupil, model, change, promise):
    GuardianshipFactory(pupil=pupil)
    GuardianRequestFactory(pupil=pupil)

    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        model.objects.update(**change)

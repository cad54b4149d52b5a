"""Guardians sign in by phone: the first at once, a second when someone agrees."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.core.models import Delivery, Message
from baiye.core.refusals import Refused
from baiye.schools import actions, queries, sign_in
from baiye.schools.models import GuardianContact, GuardianRequest, Guardianship
from baiye.schools.tests.factories import GuardianContactFactory, GuardianshipFactory, PupilFactory
from baiye.schools.tests.people import events, guardian_of, teacher_of
from baiye.schools.tests.phones import HERE, prove, send

pytestmark = pytest.mark.django_db


# ── the first guardian ──


def test_prove_phone_makes_the_first_guardian():
    contact = GuardianContactFactory(name="林建国", number="15400000001")

    proof = prove(contact, send(contact))

    assert (proof.user.kind, proof.user.name, proof.user.phone) == ("guardian", "林建国", "15400000001")
    assert (proof.pupil, proof.waits) == (contact.pupil, False)
    assert queries.guardians_of([contact.pupil_id]) == {contact.pupil_id: [proof.user]}
    assert events() == ["guardianship.made", "guardian.signed_in"]


def test_prove_phone_of_two_children_makes_one_user():
    first, second = GuardianContactFactory(number="15400000001"), GuardianContactFactory(number="15400000001")

    one, two = prove(first, send(first)), prove(second, send(second))

    assert one.user == two.user
    assert set(queries.children_of(one.user)) == {first.pupil, second.pupil}


def test_prove_phone_never_signs_in_staff_with_the_same_phone():
    contact = GuardianContactFactory(number="15400000001")
    staff = UserFactory(phone_blind=contact.phone_blind)

    assert prove(contact, send(contact)).user != staff


# ── a second guardian ──


def test_prove_phone_of_a_second_guardian_asks_the_first_and_the_teacher():
    contact = GuardianContactFactory(pupil__name="林小满")
    first, teacher = guardian_of(contact.pupil), teacher_of(contact.pupil.school_class)

    proof = prove(contact, send(contact))
    prove(contact, send(contact))

    asked = GuardianRequest.objects.get()
    assert (proof.waits, asked.user, asked.answered_at) == (True, proof.user, None)
    assert queries.guardians_of([contact.pupil_id]) == {contact.pupil_id: [first]}
    assert not queries.children_of(proof.user).exists()
    assert {message.to for message in Message.objects.all()} == {first, teacher}
    assert Message.objects.filter(to=first).get().subject == "有人想成为林小满的监护人，请答复"


def test_prove_phone_of_a_second_guardian_who_was_agreed_to_goes_in():
    contact = GuardianContactFactory()
    first = guardian_of(contact.pupil)
    prove(contact, send(contact))
    actions.answer_request(request=GuardianRequest.objects.get(), agreed=True, by=first, at=clock.now())

    proof = prove(contact, send(contact))

    assert proof.waits is False
    assert len(queries.guardians_of([contact.pupil_id])[contact.pupil_id]) == 2


def test_prove_phone_that_the_first_guardian_added_goes_in_at_once():
    pupil = PupilFactory()
    first = guardian_of(pupil)
    contact = actions.add_contact(pupil=pupil, name="王芳", phone="15400000002", by=first)

    proof = prove(contact, send(contact))

    assert proof.waits is False
    assert Guardianship.objects.get(user=proof.user).made_by == first


def test_prove_phone_of_someone_whose_guardianship_was_ended_asks_again():
    contact = GuardianContactFactory()
    proof = prove(contact, send(contact))
    actions.end_guardianship(
        guardianship=Guardianship.objects.get(), by=teacher_of(contact.pupil.school_class), at=clock.now()
    )

    again = prove(contact, send(contact))

    assert (again.waits, again.user) == (True, proof.user)
    assert queries.guardians_of([contact.pupil_id]) == {contact.pupil_id: []}


# ── a guardian who was here before ──


def test_send_to_guardian_finds_the_contact_by_phone_alone():
    contact = GuardianContactFactory(number="15400000001")
    prove(contact, send(contact))
    connection.cursor().execute("DELETE FROM core_throttle")

    assert sign_in.send_to_guardian(phone="154 0000 0001", address=HERE, at=clock.now()) == contact


def test_send_to_guardian_of_an_unknown_phone_sends_nothing_and_says_nothing():
    GuardianContactFactory(number="15400000001")

    assert sign_in.send_to_guardian(phone="15400000001", address=HERE, at=clock.now()) is None
    assert not Delivery.objects.exists()


def test_send_to_guardian_whose_phone_left_the_roster_sends_nothing():
    contact = GuardianContactFactory(number="15400000001")
    prove(contact, send(contact))
    Delivery.objects.all().delete()
    contact.delete()

    assert sign_in.send_to_guardian(phone="15400000001", address=HERE, at=clock.now()) is None
    assert not Delivery.objects.exists()


def test_send_to_guardian_of_a_wrong_number_says_what_is_wrong():
    with pytest.raises(Refused, match="手机号少了 1 位"):
        sign_in.send_to_guardian(phone="1540000000", address=HERE, at=clock.now())


# ── at the same moment, and who counts ──


@pytest.mark.slow
def test_two_phones_at_the_same_moment_make_one_first_guardian(own_database):
    pupil = PupilFactory()
    contacts = [GuardianContactFactory(pupil=pupil), GuardianContactFactory(pupil=pupil)]
    typed = [send(contact) for contact in contacts]
    start, proofs = threading.Barrier(2), []

    def go(contact, code):
        start.wait()
        proofs.append(prove(contact, code))
        connection.close()

    threads = [threading.Thread(target=go, args=pair) for pair in zip(contacts, typed, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(proof.waits for proof in proofs) == [False, True]
    assert Guardianship.objects.count() == 1


def test_guardians_of_counts_the_active_alone():
    pupil = PupilFactory()
    GuardianshipFactory(pupil=pupil, user__is_active=False)
    GuardianshipFactory(pupil=pupil, to_on=clock.today() - timedelta(1))

    assert queries.guardians_of([pupil.pk]) == {pupil.pk: []}
    assert GuardianContact.objects.count() == 0

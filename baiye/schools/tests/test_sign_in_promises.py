"""Signing in at the same moment, and what the database promises of codes and guardians."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from baiye.core import clock, jobs
from baiye.core.models import Delivery
from baiye.core.refusals import Refused
from baiye.schools import actions, queries
from baiye.schools.models import GuardianContact, Guardianship, PhoneCode
from baiye.schools.tests.factories import (
    GuardianContactFactory,
    GuardianshipFactory,
    PupilFactory,
)
from baiye.schools.tests.people import prove, send

pytestmark = pytest.mark.django_db


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


@pytest.mark.slow
def test_one_code_used_twice_at_the_same_moment_opens_once(own_database):
    contact = GuardianContactFactory()
    code = send(contact)
    start, results = threading.Barrier(4), []

    def go():
        start.wait()
        try:
            results.append(prove(contact, code).waits)
        except Refused:
            results.append("refused")
        connection.close()

    threads = [threading.Thread(target=go) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, results)) == ["False", "refused", "refused", "refused"]


@pytest.mark.slow
def test_tries_count_though_the_answer_is_a_refusal(own_database):
    contact = GuardianContactFactory()
    code = send(contact)
    wrong = "000000" if code != "000000" else "111111"

    with pytest.raises(Refused):
        prove(contact, wrong)

    assert PhoneCode.objects.get().tries == 1


def test_phone_code_five_tries():
    contact = GuardianContactFactory()
    send(contact)

    with pytest.raises(IntegrityError, match="phone_code_five_tries"), transaction.atomic():
        PhoneCode.objects.update(tries=6)


def test_phone_code_one_open_each():
    contact = GuardianContactFactory()
    send(contact)

    with pytest.raises(IntegrityError, match="phone_code_one_open_each"), transaction.atomic():
        PhoneCode.objects.create(contact=contact, digest="x", expires_at=clock.now())


def test_tidy_deletes_codes_a_day_after_they_ended():
    contact = GuardianContactFactory()
    send(contact)

    actions.tidy(at=clock.now() + timedelta(hours=23))
    assert PhoneCode.objects.count() == 1

    actions.tidy(at=clock.now() + timedelta(hours=25))
    assert not PhoneCode.objects.exists()


def test_a_code_is_delivered_by_the_queue():
    send(GuardianContactFactory())

    jobs.run_due()

    assert Delivery.objects.get().delivered_at is not None


def test_guardians_of_counts_the_active_alone():
    pupil = PupilFactory()
    GuardianshipFactory(pupil=pupil, user__is_active=False)
    GuardianshipFactory(pupil=pupil, to_on=clock.today() - timedelta(1))

    assert queries.guardians_of([pupil.pk]) == {pupil.pk: []}
    assert GuardianContact.objects.count() == 0

"""A code to a phone: sent sparingly, right once, five tries, ten minutes."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from baiye.accounts.models import User
from baiye.core import clock, crypto, jobs
from baiye.core.models import Delivery
from baiye.core.refusals import Refused
from baiye.schools import actions, codes, sign_in
from baiye.schools.models import Guardianship, PhoneCode
from baiye.schools.tests.factories import GuardianContactFactory
from baiye.schools.tests.phones import HERE, prove, send

pytestmark = pytest.mark.django_db


def test_send_phone_code_sends_six_digits_and_keeps_a_digest_alone():
    contact = GuardianContactFactory(number="15400000001")

    sign_in.send_phone_code(contact=contact, address=HERE, at=clock.now())

    delivery, kept = Delivery.objects.get(), PhoneCode.objects.get()
    code = delivery.body.split("验证码 ")[1][:6]
    assert crypto.decrypt(delivery.address) == "15400000001"
    assert (code.isdigit(), kept.digest) == (True, codes.phone_digest(contact.pk, code))
    assert kept.expires_at - kept.made_at == timedelta(minutes=10)


def test_send_phone_code_waits_a_minute_and_ends_the_code_before():
    contact = GuardianContactFactory()
    old = send(contact)

    with pytest.raises(Refused, match="请过 1 分钟再发"):
        sign_in.send_phone_code(contact=contact, address=HERE, at=clock.now())
    new = send(contact)

    assert PhoneCode.objects.count() == 1
    if old != new:
        with pytest.raises(Refused, match="验证码不对或已过期"):
            prove(contact, old)


def test_send_phone_code_five_times_an_hour_to_one_phone(monkeypatch):
    contact = GuardianContactFactory()
    monkeypatch.setattr(sign_in.throttle, "hit", lambda key, limit, per_s: "text phone" not in key)

    with pytest.raises(Refused, match="1 小时后再试"):
        sign_in.send_phone_code(contact=contact, address=HERE, at=clock.now())

    assert not PhoneCode.objects.exists()
    assert not Delivery.objects.exists()


def test_prove_phone_takes_a_code_once():
    contact = GuardianContactFactory()
    code = send(contact)
    prove(contact, code)

    with pytest.raises(Refused, match="验证码不对或已过期"):
        prove(contact, code)

    assert Guardianship.objects.count() == 1


def test_prove_phone_five_tries_then_not_even_the_right_code():
    contact = GuardianContactFactory()
    code = send(contact)
    wrong = "000000" if code != "000000" else "111111"
    for _try in range(5):
        with pytest.raises(Refused, match="验证码不对或已过期"):
            prove(contact, wrong)

    with pytest.raises(Refused, match="验证码不对或已过期"):
        prove(contact, code)

    assert PhoneCode.objects.get().tries == 5
    assert not Guardianship.objects.exists()


def test_prove_phone_after_ten_minutes_is_refused():
    contact = GuardianContactFactory()
    code = send(contact)

    with pytest.raises(Refused, match="验证码不对或已过期"):
        prove(contact, code, at=clock.now() + timedelta(minutes=10, seconds=1))

    assert not User.objects.filter(kind="guardian").exists()


def test_prove_phone_with_the_code_of_another_phone_is_refused():
    mine, other = GuardianContactFactory(), GuardianContactFactory()
    code = send(other)
    send(mine)
    PhoneCode.objects.filter(contact=mine).update(digest=PhoneCode.objects.get(contact=other).digest)

    with pytest.raises(Refused, match="验证码不对或已过期"):
        prove(mine, code)


@pytest.mark.parametrize("contact", [None])
def test_prove_phone_of_nobody_is_refused_in_the_same_words(contact):
    with pytest.raises(Refused, match="验证码不对或已过期"):
        prove(contact, "123456")


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

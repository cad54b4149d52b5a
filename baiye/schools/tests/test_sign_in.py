from datetime import timedelta

import pytest
from django.db import connection

from baiye.accounts.models import User
from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock, crypto
from baiye.core.models import Delivery, Message
from baiye.core.refusals import Refused
from baiye.schools import actions, codes, queries, sign_in
from baiye.schools.models import GuardianRequest, Guardianship, PhoneCode
from baiye.schools.tests.factories import (
    GuardianContactFactory,
    PupilCodeFactory,
    PupilFactory,
)
from baiye.schools.tests.people import HERE, events, guardian_of, prove, send, teacher_of

pytestmark = pytest.mark.django_db


# ── pupils ──


def test_sign_in_pupil_makes_a_user_of_their_own_once():
    code = PupilCodeFactory(text="5C3K92QF", pupil__name="林小满")

    first = sign_in.sign_in_pupil(text="5c3k 92qf", address=HERE, at=clock.now())
    second = sign_in.sign_in_pupil(text="5C3K92QF", address=HERE, at=clock.now())

    code.pupil.refresh_from_db()
    assert first == second == code.pupil.user
    assert (first.kind, first.name, first.has_usable_password()) == ("pupil", "林小满", False)
    assert events() == ["pupil.signed_in", "pupil.signed_in"]


@pytest.mark.parametrize(
    ("fields", "text", "why"),
    [
        ({}, "5C3K92Q2", "没有这个码"),
        ({}, "5C3K92Q0", "码是 8 位"),
        ({"expires_on": clock.today() - timedelta(1)}, "5C3K92QF", "没有这个码"),
        ({"revoked_at": clock.now()}, "5C3K92QF", "没有这个码"),
        ({"pupil__left_on": clock.today()}, "5C3K92QF", "没有这个码"),
        ({"pupil__user": "gone"}, "5C3K92QF", "已停用"),
    ],
)
def test_sign_in_pupil_with_a_code_that_opens_nothing_is_refused_and_leaves_nothing_behind(fields, text, why):
    if fields.get("pupil__user") == "gone":
        fields = {"pupil__user": UserFactory(kind="pupil", is_active=False)}
    PupilCodeFactory(text="5C3K92QF", **fields)
    before = User.objects.count()

    with pytest.raises(Refused, match=why):
        sign_in.sign_in_pupil(text=text, address=HERE, at=clock.now())

    assert User.objects.count() == before
    assert events() == []


def test_find_child_counts_tries_by_the_first_half_of_the_code_from_anywhere():
    PupilCodeFactory(text="5C3K92QF")
    for n in range(sign_in.TRIES_A_PREFIX):
        with pytest.raises(Refused, match="没有这个码"):
            sign_in.find_child(text=f"5C3K222{codes.ALPHABET[n]}", address=f"192.0.2.{n}", at=clock.now())

    with pytest.raises(Refused, match="试的次数太多了"):
        sign_in.find_child(text="5C3K92QF", address="192.0.2.99", at=clock.now())


def test_find_child_counts_tries_by_address(monkeypatch):
    monkeypatch.setattr(sign_in, "TRIES_AN_ADDRESS", 3)
    PupilCodeFactory(text="5C3K92QF")
    for letter in "ABC":
        with pytest.raises(Refused, match="没有这个码"):
            sign_in.find_child(text=f"{letter}2222222", address=HERE, at=clock.now())

    with pytest.raises(Refused, match="试的次数太多了"):
        sign_in.find_child(text="5C3K92QF", address=HERE, at=clock.now())
    assert sign_in.find_child(text="5C3K92QF", address="192.0.2.2", at=clock.now())


# ── one-time codes ──


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

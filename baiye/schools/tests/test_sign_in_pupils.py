"""Pupils sign in by the code on their card."""

from datetime import timedelta

import pytest

from baiye.accounts.models import User
from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.core.refusals import Refused
from baiye.schools import codes, sign_in
from baiye.schools.tests.factories import PupilCodeFactory
from baiye.schools.tests.people import events
from baiye.schools.tests.phones import HERE

pytestmark = pytest.mark.django_db


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

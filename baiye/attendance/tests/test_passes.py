"""The pass: short, signed, of nothing personal; its QR code is read back by another reader in the journeys."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baiye.attendance import passes
from baiye.visits.models import Seat


@given(st.integers(1, 2**40))
def test_read_gives_back_the_seat_of_its_token(pk):
    assert passes.read(passes.token(Seat(pk=pk))) == pk


@given(st.integers(1, 2**40))
def test_token_fits_the_smallest_qr_codes_in_capitals_and_digits(pk):
    token = passes.token(Seat(pk=pk))

    assert re.fullmatch(r"BY:[0-9A-Z]{1,8}:[A-Z2-7]{10}", token)


@given(st.integers(1, 10**6), st.integers(0, 17), st.sampled_from(passes.DIGITS))
def test_read_refuses_every_token_with_one_character_changed(pk, place, other):
    token = passes.token(Seat(pk=pk))
    place %= len(token)
    changed = token[:place] + other + token[place + 1 :]

    if changed != token:
        with pytest.raises(passes.PassRefused):
            passes.read(changed)


@pytest.mark.parametrize(
    "text", ["", "https://example.org", "BY:1", "BY::ABCDEFGHIJ", "BY:１:ABCDEFGHIJ", "BY:1:七二三四五六七八九十"]
)
def test_read_of_something_else_is_refused(text):
    with pytest.raises(passes.PassRefused):
        passes.read(text)


@pytest.mark.parametrize("said", ["7K3Q92", " 7k3 q92", "7K3-Q92", "７ｋ３Ｑ９２"])
def test_typed_takes_a_code_however_it_is_written(said):
    assert passes.typed(said) == "7K3Q92"

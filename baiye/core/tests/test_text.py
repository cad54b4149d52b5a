"""How names, numbers and times are written."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from baiye.core.templatetags.text import han_date, mask_name, mask_phone, mask_roll, thousands

AT = datetime(2026, 11, 28, 5, 30, tzinfo=UTC)  # 13:30 in Shanghai, a Saturday


@pytest.mark.parametrize(
    ("name", "masked"), [("", ""), ("林", "林"), ("林满", "林*"), ("林小满", "林*满"), ("欧阳小满", "欧**满")]
)
def test_mask_name_keeps_the_first_and_the_last(name, masked):
    assert mask_name(name) == masked


def test_mask_roll_keeps_kind_area_and_the_last_four():
    assert mask_roll("G310107201405061234") == "G310107********1234"


def test_mask_of_what_is_too_short_shows_nothing():
    assert (mask_roll("G3101"), mask_phone("1381234")) == ("*****", "*******")


def test_mask_phone_keeps_three_and_four():
    assert mask_phone("13812345678") == "138****5678"


def test_thousands_groups_numbers_and_leaves_words():
    assert (thousands(3842), thousands(87.4), thousands("—")) == ("3,842", "87.4", "—")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("", "11 月 28 日 周六 13:30"),
        ("full", "2026 年 11 月 28 日 周六 13:30"),
        ("day", "11 月 28 日 周六"),
        ("date", "2026 年 11 月 28 日"),
        ("short", "11.28"),
        ("weekday", "周六"),
        ("time", "13:30"),
    ],
)
def test_han_date_writes_the_time_of_shanghai(form, text):
    assert han_date(AT, form) == text


def test_han_date_of_a_day_has_no_time():
    assert (han_date(date(2026, 3, 1)), han_date(date(2026, 3, 1), "short")) == ("3 月 1 日 周日", "3.01")


def test_han_date_of_nothing_is_empty():
    assert han_date(None) == ""


def test_han_date_in_english():
    with translation.override("en"):
        assert (han_date(AT), han_date(date(2026, 11, 28))) == ("Sat 28 Nov 13:30", "Sat 28 Nov")


@pytest.mark.parametrize(
    ("end", "text"),
    [
        (datetime(2026, 11, 28, 8, 30, tzinfo=UTC), "11 月 28 日 周六 13:30–16:30"),
        (datetime(2026, 11, 29, 8, 30, tzinfo=UTC), "11 月 28 日 周六 13:30–11 月 29 日 周日 16:30"),
    ],
)
def test_han_range_names_the_second_day_only_where_there_is_one(end, text):
    assert Template("{% han_range start end %}").render(Context({"start": AT, "end": end})) == text


def test_han_time_tells_machines_the_moment():
    assert Template("{{ at|han_time:'time' }}").render(Context({"at": AT})) == (
        '<time datetime="2026-11-28T05:30:00+00:00">13:30</time>'
    )

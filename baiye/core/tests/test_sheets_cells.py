"""Cells as people fill them: wide digits, units, notes; each that means nothing says why."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.core.models import Upload
from baiye.core.sheets import cells, queries, uploads
from baiye.core.sheets.values import BadValue

KINDS = [("a", "甲类"), ("b", "乙类（含丙）")]


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (cells.line(20), " 曹杨路 １２３ 号（东门）\u200b", "曹杨路 123 号（东门）"),
        (cells.line(20), 12.0, "12"),
        (cells.prose(20), "一行\n 二行 ", "一行\n二行"),
        (cells.whole(1, 99), "３０ 人", 30),
        (cells.whole(1, 99), 30.0, 30),
        (cells.fen(99), "12.5 元", 1250),
        (cells.degrees(70, 140), "121.39512345", 121.395123),
        (cells.yes_or_no, "是", True),
        (cells.yes_or_no, False, False),
        (cells.one_of(KINDS), "乙类(含丙)", "b"),
        (cells.some_of(KINDS), "乙类（含丙）；甲类", ["a", "b"]),
        (cells.listed(9), "面点师、茶艺师，面点师", ["面点师", "茶艺师"]),
        (cells.phone, "+86 139-0000-1234", "13900001234"),
        (cells.email, "ａ@example.org", "a@example.org"),
    ],
)
def test_a_cell_is_read_as_it_is_meant(read, cell, value):
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell", "code"),
    [
        (cells.line(3), "四个字了", "too_long"),
        (cells.line(30), "3.1E+17", "counted_as_number"),
        (cells.whole(1, 9), "多", "no_number"),
        (cells.whole(1, 9), "NaN", "no_number"),
        (cells.whole(1, 9), 2.5, "not_whole"),
        (cells.whole(1, 9), 10, "out_of_range"),
        (cells.fen(9), "1.234", "not_fen"),
        (cells.yes_or_no, "也许", "yes_or_no"),
        (cells.one_of(KINDS), "丁类", "no_such_choice"),
        (cells.some_of(KINDS), "甲类、丁类", "no_such_choice"),
        (cells.phone, "1390000123", "no_phone"),
        (cells.phone, "1.39E+10", "counted_as_number"),
        (cells.email, "a@", "no_email"),
    ],
)
def test_a_cell_that_means_nothing_says_why(read, cell, code):
    with pytest.raises(BadValue) as bad:
        read(cell)

    assert bad.value.code == code


def upload(**fields):
    given = {"request": uuid.uuid4(), "kind": "hosts", "made_by": UserFactory(), "file_name": "表.xlsx"}
    return Upload.objects.create(**given | {"sha256": "0" * 64, "file_sealed": b"x"} | fields)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("upload_applied_only_when_checked_and_asked", {"file_sealed": b""}),
        ("upload_applied_only_when_checked_and_asked", {"file_sealed": b"", "checked_at": clock.now()}),
        ("upload_emptied_once_applied", {"checked_at": clock.now(), "asked_at": clock.now()}),
    ],
)
def test_an_upload_goes_in_only_as_it_should(name, fields):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        upload(applied_at=clock.now(), **fields)


@pytest.mark.django_db
def test_files_that_nobody_put_in_are_emptied_after_thirty_days():
    old = upload(made_at=clock.now() - timedelta(days=31))
    new = upload()

    assert uploads.tidy(at=clock.now()) == 1

    assert [bytes(queries.find_upload(each.pk).file_sealed) for each in (old, new)] == [b"", b"x"]

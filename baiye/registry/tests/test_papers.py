"""The official list, read back: its size, its pages, its words."""

import os
import re
import zlib
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import UserFactory
from baiye.core import typeset
from baiye.registry import papers
from baiye.registry.models import Accreditation, Host, Standard
from baiye.registry.queries.official import Lines
from baiye.registry.tests.factories import AccreditationFactory, HostFactory

DAY = date(2026, 11, 28)


def accreditations(count):
    from baiye.accounts.models import Unit

    standard = Standard(name="区级职业体验中心", version=1)
    for n in range(1, count + 1):
        host = Host(unit=Unit(name=f"示例单位{n}"), address=f"长寿路{n}号", street="长寿路街道")
        days = {"valid_from": date(2026, 1, 1), "valid_until": date(2028, 12, 31)}
        yield Accreditation(host=host, standard=standard, number=f"PT-2026-{n:03}", **days)


def inflated(pdf):
    """The PDF with its streams unpacked, where they are packed."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts)


def words_of(pdf):
    """The text of a PDF by its fonts' own tables from glyphs to characters."""
    opened = inflated(pdf)
    return {chr(int(code, 16)) for code in re.findall(rb"<[0-9A-F]{4}> <([0-9A-F]{4})>", opened)}


def keep_picture(found):
    """The first page as it looks, where BAIYE_PICTURES says so."""
    if folder := os.environ.get("BAIYE_PICTURES"):
        inputs = typeset.inputs(papers.shown(found, on=DAY, keeper=None))
        pages = typeset.compiler(papers.TEMPLATE).compile(format="png", ppi=110, sys_inputs=inputs)
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / "official-list.png").write_bytes(pages[0])


@pytest.mark.slow
def test_official_list_of_220_fills_about_ten_pages_of_a4():
    found = Lines(list(accreditations(220)), [])

    pdf = papers.official_list(found, on=DAY, keeper=None)

    keep_picture(found)
    opened = inflated(pdf)
    boxes = set(re.findall(rb"/MediaBox ?\[([^\]]+)\]", opened))
    assert [[round(float(n)) for n in box.split()] for box in boxes] == [[0, 0, 595, 842]]
    assert 9 <= len(re.findall(rb"/Type ?/Page\b(?!s)", opened)) <= 11
    assert set("普陀区职业体验单位名单教育局序号长寿路") <= words_of(pdf)


@pytest.mark.slow
def test_official_list_is_the_same_bytes_for_the_same_rows_and_names_the_body():
    found = Lines(list(accreditations(3)), [])

    assert papers.official_list(found, on=DAY, keeper=None) == papers.official_list(found, on=DAY, keeper=None)
    assert "撤" not in words_of(papers.official_list(found, on=DAY, keeper=None))


@pytest.mark.slow
@pytest.mark.django_db
def test_official_list_page_has_an_annex_of_what_ended_if_asked(client, monkeypatch):
    monkeypatch.setattr("baiye.core.throttle.hit", lambda *_, **__: True)  # it commits by itself
    AccreditationFactory(host=HostFactory(unit__name="甲馆"))
    AccreditationFactory(revoked_on=date(2026, 1, 1), revoked_by=UserFactory())

    plain = client.get(reverse("registry:official-list"))
    more = client.get(reverse("registry:official-list"), {"annex": 1})

    assert (plain["Content-Type"], plain.content[:5]) == ("application/pdf", b"%PDF-")
    assert [("撤" in words_of(each.content)) for each in (plain, more)] == [False, True]


@pytest.mark.django_db
def test_official_list_taken_too_often_leads_back_and_says_so(client, monkeypatch):
    monkeypatch.setattr("baiye.core.throttle.hit", lambda *_, **__: False)

    answer = client.get(reverse("registry:official-list"), follow=True)

    assert answer.redirect_chain == [(reverse("registry:host-list"), 302)]
    assert "取得太多了" in answer.text


def test_why_names_the_strongest_reason():
    given = next(iter(accreditations(1)))
    given.suspended_on = date(2026, 5, 1)
    assert papers._why(given, DAY) == "2026.05.01 暂停"

    given.revoked_on = date(2026, 6, 1)
    assert papers._why(given, DAY) == "2026.06.01 撤销"

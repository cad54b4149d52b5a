"""The certificate as a paper: the same bytes for the same row, and all that it says."""

import json
import re
import subprocess
import sys
import zlib

import pytest

from baiye.core import clock
from baiye.hours import papers
from baiye.hours.tests.factories import CertificateFactory, NoticeLineFactory

pytestmark = [pytest.mark.django_db]


def test_certificates_of_the_same_row_are_the_same_bytes():
    certificate = CertificateFactory()
    first = papers.certificates([certificate])

    papers.typeset.compiler.cache_clear()
    papers.qr.cache_clear()

    assert papers.certificates([certificate]) == first


def test_certificates_do_not_change_when_the_pupil_is_renamed():
    certificate = CertificateFactory()
    before = papers.certificates([certificate])

    certificate.pupil.name = "另一个名字"
    certificate.pupil.save(update_fields=["name"])
    certificate.refresh_from_db()

    assert papers.certificates([certificate]) == before


def test_certificates_of_a_class_have_a_page_each_and_both_fonts_inside():
    pdf = papers.certificates(CertificateFactory.create_batch(3))

    opened = inflated(pdf)
    assert pdf.startswith(b"%PDF-1.7")
    assert len(re.findall(rb"/Type ?/Page\b", opened)) == 3
    assert {b"NotoSerifSC" in opened, b"NotoSansSC" in opened} == {True}


def inflated(pdf):
    """The file with its compressed parts opened beside it."""
    parts = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return pdf + b"\n".join(parts)


def test_check_address_holds_nothing_of_the_pupil():
    certificate = CertificateFactory()

    assert papers.check_address(certificate) == f"https://baiye.example/check/{certificate.token}/"


def test_shown_fixes_what_is_printed():
    line = NoticeLineFactory(ended=True)
    visit = line.entry.seat.visit

    shown = papers.shown(line.entry.pupil, [line.entry], clock.today())

    assert shown["rows"] == [
        {
            "on": f"{clock.day_of(visit.starts_at):%Y.%m.%d}",
            "course": visit.version.title,
            "host": visit.venue.host.unit.name,
            "hours": 4,
            "category": "职业体验",
            "vocational": False,
        }
    ]
    assert (shown["hours"], shown["vocational"], shown["example"]) == (4, 0, False)
    assert (shown["name"], shown["school"]) == (line.entry.pupil.name, line.notice.school_unit.name)


@pytest.mark.slow
def test_certificates_are_the_same_bytes_in_another_process():
    certificate = CertificateFactory(token="12345678-1234-5678-1234-567812345678", issued_at="2026-11-20T02:00Z")
    certificate.refresh_from_db()
    code = """
import datetime, json, sys, uuid, django
django.setup()
from baiye.hours import papers
from baiye.hours.models import Certificate
row = json.load(sys.stdin)
row["issued_at"] = datetime.datetime.fromisoformat(row["issued_at"])
sys.stdout.buffer.write(papers.certificates([Certificate(**row | {"token": uuid.UUID(row["token"])})]))
"""
    row = {"number": certificate.number, "minutes": 160, "shows": certificate.shows}
    row |= {"issued_at": certificate.issued_at.isoformat(), "token": str(certificate.token)}
    environment = {"DJANGO_SETTINGS_MODULE": "baiye.config.settings", "PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin"}

    there = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(row).encode(), capture_output=True, check=True, env=environment
    )

    assert there.stdout == papers.certificates([certificate])

"""The certificate as a paper: what it shows is fixed in its row, and the PDF is a function of that row alone."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from baiye.core import clock, typeset
from baiye.core.qr import qr
from baiye.hours.models import MINUTES_A_CLASS_HOUR, Certificate, HourEntry
from baiye.schools.models import Pupil

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE = Path(__file__).parent / "templates" / "hours" / "certificate.typ"
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" rx="11" fill="#00655B"/>'
    '<g fill="none" stroke="#fff" stroke-width="3.7" stroke-linecap="square"><path d="M11.5 12.6h25"/>'
    '<path d="M24.6 13.5 22 19.4"/><path d="M14.6 20.4h18.8v17H14.6z"/></g>'
    '<path d="M16.5 29.4c2.6 0 2.6-2.6 5-2.6s2.5 2.6 5 2.6 2.4-2.6 5-2.6" fill="none" stroke="#FFB524"'
    ' stroke-width="3.5"/></svg>'
)


def shown(pupil: Pupil, lines: Sequence[HourEntry], on: date) -> dict[str, object]:
    """All that a certificate over ``lines`` (visit, version, host and notice loaded) prints, as it is on this day."""
    notices = sorted({(line.notice_line.notice.starts_on, line.notice_line.notice.ends_on) for line in lines})
    rows = []
    for line in lines:
        visit = line.seat.visit
        rows.append(
            {
                "on": f"{clock.day_of(visit.starts_at):%Y.%m.%d}",
                "course": visit.version.title,
                "host": visit.venue.host.unit.name,
                "hours": line.minutes // MINUTES_A_CLASS_HOUR,
                "category": line.category,
                "vocational": line.is_vocational,
            }
        )
    return {
        "name": pupil.name,
        "school": pupil.school_class.school.unit.name,
        "class": pupil.school_class.name(on),
        "rows": rows,
        "hours": sum(line.minutes for line in lines) // MINUTES_A_CLASS_HOUR,
        "vocational": sum(line.minutes for line in lines if line.is_vocational) // MINUTES_A_CLASS_HOUR,
        "notice": "；".join(f"{typeset.han(first)}至 {typeset.han(last)}" for first, last in notices),
        "issued": typeset.han(on),
        "site": settings.BAIYE_SITE_URL.rstrip("/"),
        "example": any(line.seat.visit.is_example for line in lines),
    }


def certificates(chosen: Sequence[Certificate]) -> bytes:
    """These certificates as one PDF, a page each; about 10 ms a page, the same bytes for the same rows."""
    pages = [_page(certificate) for certificate in chosen]
    return typeset.pdf(TEMPLATE, pages, at=max(certificate.issued_at for certificate in chosen), logo=LOGO)


def check_address(certificate: Certificate) -> str:
    """Where the paper is checked; nothing of the pupil stands in it."""
    return f"{certificate.shows['site']}/check/{certificate.token}/"


def _page(certificate: Certificate) -> "Mapping[str, object]":
    shows = certificate.shows
    days = [row["on"] for row in shows["rows"]]
    return {
        **shows,
        "number": certificate.number,
        "code": certificate.check_code,
        "first": _han_of(min(days)),
        "last": _han_of(max(days)),
        "times": len(days),
        "qr": _qr(check_address(certificate)),
    }


def _qr(text: str) -> str:
    drawn = qr(text)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{drawn.box}"><path d="{drawn.path}" fill="#000"/></svg>'


def _han_of(dotted: str) -> str:
    return typeset.han(date(*(int(part) for part in dotted.split("."))))

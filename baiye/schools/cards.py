"""Class cards: the code in figures and as a QR that fills it in, so that nobody must copy it."""

from collections.abc import Iterable
from dataclasses import dataclass

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from baiye.schools import codes
from baiye.schools.models import Pupil


@dataclass(frozen=True, slots=True)
class Card:
    """One card, while its code is still known."""

    pupil: Pupil
    code: str
    qr: SafeString


def sign_in_address() -> str:
    return f"{settings.BAIYE_SITE_URL.rstrip('/')}{reverse('schools:sign-in-pupil')}"


def cards(issued: Iterable[tuple[Pupil, str]]) -> list[Card]:
    """A card for each; the code stands behind # in the address, which no browser sends to a server or a log."""
    return [
        Card(pupil=pupil, code=codes.shown(code), qr=_qr(f"{sign_in_address()}#{code}")) for pupil, code in issued
    ]


def _qr(address: str) -> SafeString:
    drawn = segno.make(address, error="m").svg_inline(omitsize=True, border=2, svgclass="qr", lineclass=None)
    return mark_safe(drawn)  # noqa: S308  (lines and numbers alone)

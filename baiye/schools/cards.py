"""Class cards: the code in figures and as a QR that fills it in, so that nobody must copy it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from baiye.core.qr import Qr, qr
from baiye.schools import codes
from baiye.schools.models import Pupil


@dataclass(frozen=True, slots=True)
class Card:
    """One card, while its code is still known."""

    pupil: Pupil
    code: str
    qr: Qr


def sign_in_address() -> str:
    return f"{settings.BAIYE_SITE_URL.rstrip('/')}{reverse('schools:sign-in-pupil')}"


def cards(issued: Iterable[tuple[Pupil, str]]) -> list[Card]:
    """A card for each; the code stands behind # in the address, which no browser sends to a server or a log."""
    return [Card(pupil, codes.shown(code), qr(f"{sign_in_address()}#{code}")) for pupil, code in issued]

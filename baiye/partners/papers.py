"""The yearly letter to a host: thanks, and the account in figures. The PDF is a function of what it is given."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from django.conf import settings
from django.utils.translation import override

from baiye.core import typeset
from baiye.partners.models import Pledge
from baiye.partners.queries import Account, Kept
from baiye.registry.models import Host

TEMPLATE = Path(__file__).parent / "templates" / "partners" / "statement.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one letter says."""

    host: Host
    account: Account
    pledges: Sequence[Kept]
    first: date
    last: date
    on: date
    district: str


def letter(wanted: Letter) -> bytes:
    """The letter as PDF; the same bytes for the same figures and day."""
    return typeset.pdf(TEMPLATE, _said(wanted), at=datetime.combine(wanted.on, time(), tzinfo=UTC))


def letters(wanted: Sequence[Letter]) -> bytes:
    """All of them as a zip, a file a host."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for one in wanted:
            name = f"{one.host.unit.name}-{one.first:%Y%m%d}-{one.last:%Y%m%d}.pdf".replace("/", "_")
            entry = zipfile.ZipInfo(name, date_time=(one.on.year, one.on.month, one.on.day, 0, 0, 0))
            archive.writestr(entry, letter(one))
    return packed.getvalue()


def _said(wanted: Letter) -> Mapping[str, object]:
    account = wanted.account
    return {
        "host": wanted.host.unit.name,
        "example": wanted.host.unit.is_example,
        "district": wanted.district,
        "first": typeset.han(wanted.first),
        "last": typeset.han(wanted.last),
        "on": typeset.han(wanted.on),
        "visits": account.visits,
        "pupils": account.pupils,
        "attended": account.attended,
        "hours": account.class_hours,
        "published": account.published,
        "taken": account.taken,
        "unfilled": account.unfilled,
        "reasons": [
            ["录取后放弃，没有再补上", account.given_up],
            ["没有排进任何轮次", account.not_offered],
            ["填这个项目的人少于名额", account.few_wishes],
            ["填的人够，但去了更想去的项目，或那时来不了", account.elsewhere],
        ],
        "cancelled": account.cancelled,
        "pledges": [
            [
                _promised(one.pledge),
                one.pledge.quantity,
                "—" if one.published is None else one.published,
                "—" if one.used is None else one.used,
            ]
            for one in wanted.pledges
        ],
    }


def _promised(pledge: Pledge) -> str:
    """What was promised; the letter is a Chinese paper whatever language its reader's pages are in."""
    with override(settings.LANGUAGE_CODE):
        return pledge.title or str(pledge.get_kind_display())

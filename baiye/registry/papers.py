"""The official list as a paper, set like an official document (GB/T 9704: A4, margins, numbered pages)."""

from datetime import date, datetime, time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from baiye.accounts.models import Unit
from baiye.core import typeset
from baiye.registry.models import Accreditation
from baiye.registry.queries.official import Lines

TEMPLATE = Path(__file__).parent / "templates" / "registry" / "official_list.typ"


def official_list(found: Lines, *, on: date, keeper: Unit | None) -> bytes:
    """The list as PDF; the same bytes for the same rows and day."""
    midnight = datetime.combine(on, time(), timezone.get_default_timezone())
    return typeset.pdf(TEMPLATE, shown(found, on=on, keeper=keeper), at=midnight)


def shown(found: Lines, *, on: date, keeper: Unit | None) -> dict[str, object]:
    """What the list says."""
    district = settings.BAIYE_DISTRICT
    return {
        "title": f"{district}职业体验单位名单",
        "body": keeper.name if keeper else f"{district}教育局",
        "on": _han(on),
        "standards": sorted({str(each.standard) for each in found.held}),
        "held": [_row(each) for each in found.held],
        "ended": [{**_row(each), "why": _why(each, on)} for each in found.ended],
        "site": settings.BAIYE_SITE_URL.rstrip("/"),
    }


def _row(given: Accreditation) -> dict[str, str]:
    host, keeper = given.host, given.standard.keeper
    return {
        "name": host.unit.name,
        "address": "，".join(filter(None, [host.address, host.street])),
        "standard": given.standard.name,
        "keeper": keeper.name if keeper and keeper.kind == "agency" else f"{settings.BAIYE_DISTRICT}教育局",
        "number": given.number,
        "span": f"{given.valid_from:%Y.%m.%d}—{given.valid_until:%Y.%m.%d}",
    }


def _why(given: Accreditation, on: date) -> str:
    """What ended the accreditation, and when: the strongest of it."""
    if given.revoked_on is not None and given.revoked_on <= on:
        return f"{given.revoked_on:%Y.%m.%d} 撤销"
    if given.valid_until < on:
        return f"{given.valid_until:%Y.%m.%d} 到期"
    return f"{given.suspended_on:%Y.%m.%d} 暂停"


def _han(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"

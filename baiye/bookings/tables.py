"""The desk's figures and its Excel sheets, from rows that `queries.desk` has counted."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from baiye.bookings import rules
from baiye.core.shapes import Stat
from baiye.core.templatetags.text import han_date


def release_header() -> list[str]:
    """The columns of `releases`."""
    names = (_("名称"), _("由谁放号"), _("怎么给名额"), _("几时开放"), _("几时截止"), _("状态"), _("场次"), _("名额"))
    return [*names, _("已有"), _("待答复"), _("候补")]


def opening_header() -> list[str]:
    """The columns of `openings`."""
    names = (_("时间"), _("项目"), _("基地"), _("场地"), _("名额"), _("已有"), _("待答复"), _("还空"), _("候补"))
    return [*names, _("报名"), _("没来")]


def releases(found: Iterable[Any], at: datetime) -> Iterator[Sequence[object]]:
    """A row for each release of `find_releases`."""
    for one in found:
        state = rules.STATES[rules.state_of(one, at)] if one.published_at else _("草稿")
        yield (
            *(one.title, one.unit, rules.MODE_WORDS[one.mode], han_date(one.opens_at, "full")),
            *(han_date(one.closes_at, "full"), state, one.openings_n, one.seats, one.taken, one.offered, one.waiting),
        )


def openings(found: Iterable[Any]) -> Iterator[Sequence[object]]:
    """A row for each opening of `watched`."""
    for one in found:
        visit = one.visit
        yield (
            *(han_date(visit.starts_at, "full"), visit.version.title, visit.venue.host.unit, visit.venue.name),
            *(visit.seats, visit.taken, visit.offered, one.left, one.waiting, one.pressed, one.absent),
        )


def figures(found: Sequence[Any]) -> list[Stat]:
    """The sums over openings of `watched` that are not cancelled."""
    standing = [one for one in found if one.visit.cancelled_at is None]
    seats, taken = sum(one.visit.seats for one in standing), sum(one.visit.taken for one in standing)
    return [
        Stat(_("场次"), len(standing), unit=_("场")),
        Stat(_("名额"), seats, unit=_("个"), note=_("已有人 {n}").format(n=taken)),
        Stat(_("还空着"), sum(one.left for one in standing), unit=_("个")),
        Stat(_("等家长答复"), sum(one.visit.offered for one in standing), unit=_("个")),
        Stat(_("候补"), sum(one.waiting for one in standing), unit=_("人")),
        Stat(_("没来"), sum(one.absent for one in standing), unit=_("人次")),
    ]

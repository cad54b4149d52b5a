"""A run's figures as charts (d02): half-days by wish, and how the schools fared."""

from typing import Any

from django.utils.translation import gettext as _

from baiye.core.shapes import Column, IntervalRow, Stat
from baiye.rounds.models import Run
from baiye.rounds.policies import level_rows

BAND = 6.0  # percentage points round the district's share within which schools may differ


def charts(run: Run, school_names: dict[int, str]) -> dict[str, Any]:
    """Context for the top of the page; no query."""
    figures = run.figures
    ranks = [(int(rank), count) for rank, count in figures["rank_counts"].items()]
    district = _share(sum(row["first"] for row in figures["schools"]), figures["pupils"])
    intervals = [_interval(row, school_names, district) for row in figures["schools"]]
    outliers = [row for row in intervals if row.out]
    return {
        "stats": _stats(figures),
        "columns": [
            Column(_rank_label(rank), count, "main" if rank else "hot") for rank, count in sorted(ranks, key=_last_zero)
        ],
        "columns_sentence": _("录取到第 1 志愿 %(first)s 个半天，不在志愿里的 %(none)s 个半天，共 %(all)s 个半天。")
        % {"first": figures["rank_counts"]["1"], "none": figures["rank_counts"]["0"], "all": figures["filled"]},
        "intervals": sorted(intervals, key=lambda row: -row.value),
        "district_share": district,
        "band": BAND,
        "intervals_sentence": _("%(n)s 所学校中，%(out)s 所与全区相差超过随机误差和允许的差异。")
        % {"n": len(intervals), "out": len(outliers)},
        "outliers": outliers,
        "levels": level_rows(figures),
    }


def _stats(figures: dict[str, Any]) -> list[Stat]:
    share = _share(figures["rank_counts"]["1"], figures["filled"])
    return [
        Stat(_("排满的学生"), f"{figures['placed']:,}", _("人"), _("共 %s 人") % f"{figures['pupils']:,}"),
        Stat(_("半天用在第 1 志愿"), f"{share:.1f}", "%", _("每人要去几个半天，第 1 志愿只占其中一个")),
        Stat(_("总分"), f"{figures['objective']:,}", _("分"), _bound_note(figures["bound"])),
        Stat(
            _("离上限"),
            f"{figures['gap'] * 100:.3f}",
            "%",
            _("独立核对通过") if figures["verified"] else _("独立核对没通过"),
        ),
    ]


def _bound_note(bound: int | None) -> str:
    return _("证明的上限 %s 分") % f"{bound:,.0f}" if bound is not None else _("这条规则不按总分排")


def _interval(row: dict[str, Any], names: dict[int, str], district: float) -> IntervalRow:
    low, high = (bound * 100 for bound in row["interval"])
    out = high < district - BAND or low > district + BAND
    return IntervalRow(names.get(row["school"], ""), _share(row["first"], row["pupils"]), low, high, out)


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _rank_label(rank: int) -> str:
    return _("第 %d 志愿") % rank if rank else _("志愿外")


def _last_zero(row: tuple[int, int]) -> tuple[bool, int]:
    return row[0] == 0, row[0]

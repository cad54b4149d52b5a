"""Charts as inline SVG from the server: one hue, values at the end of the bar, a sentence, and the numbers as a table.

Each tag takes ``title``, ``note`` (unit, n, time) and ``sentence`` (what the chart says, read aloud instead of it).
"""

import math
from collections.abc import Mapping, Sequence

from django.template import Library
from django.utils.translation import gettext as _

from baiye.core.shapes import BarRow, Column, IntervalRow, ShareRow, Text

register = Library()

HEXAGON = ((0, -1), (0.866, -0.5), (0.866, 0.5), (0, 1), (-0.866, 0.5), (-0.866, -0.5))
LAST_NARROW = 0x2E7F  # Han and its punctuation begin after it
MOST_BOXES = 80  # more people than this in a queue are drawn as one bar


def ticks(highest: float, about: int = 4) -> list[int]:
    """Round numbers from 0 up to ``highest``, some ``about`` of them: 0, 500, 1000."""
    if highest <= 0:
        return [0]
    rough = highest / about
    power = 10 ** math.floor(math.log10(rough))
    step = max(1, int(next(power * nice for nice in (1, 2, 5, 10) if power * nice >= rough)))
    return list(range(0, int(highest) + 1, step))


def shortened(text: Text, letters: int) -> str:
    """What fits into the room of ``letters`` Han characters, with an ellipsis; the table has the whole."""
    whole = str(text)
    room = letters - (_room(whole) > letters)  # the ellipsis needs some, too
    fits = next((end for end in range(len(whole), 0, -1) if _room(whole[:end]) <= room), 0)
    return whole if fits == len(whole) else f"{whole[:fits].rstrip()}…"


def _room(text: str) -> float:
    """How many Han characters wide ``text`` is; others are about half as wide."""
    return sum(1 if ord(letter) > LAST_NARROW else 0.55 for letter in text)


@register.inclusion_tag("core/parts/chart_columns.html")
def columns_chart(
    rows: Sequence[Column], title: str, note: str = "", sentence: str = "", unit: str = ""
) -> dict[str, object]:
    """A histogram: who got which wish. Each column says its value and its share."""
    left, base, top, width = 40, 172, 34, 440
    total = sum(row.value for row in rows)
    highest = max((row.value for row in rows), default=0)
    scale = (base - top) / highest if highest else 0
    slot = (width - left) / max(len(rows), 1)
    columns = [
        {
            "x": round(left + slot * (i + 0.08), 1),
            "middle": round(left + slot * (i + 0.5), 1),
            "width": round(slot * 0.84, 1),
            "y": round(base - row.value * scale, 1),
            "height": round(row.value * scale, 1),
            "share": f"{round(100 * row.value / total)}%" if total else "",
            "row": row,
        }
        for i, row in enumerate(rows)
    ]
    lines = [{"y": round(base - tick * scale, 1), "text": f"{tick:,}"} for tick in ticks(highest)]
    table = [(row.label, f"{row.value:,}", column["share"]) for row, column in zip(rows, columns, strict=True)]
    figure = _figure(title, note, sentence, ("", unit or _("人数"), _("占比")), table)
    return figure | {"columns": columns, "lines": lines, "left": left, "base": base, "width": width}


@register.inclusion_tag("core/parts/chart_bars.html")
def bars_chart(
    rows: Sequence[BarRow], title: str, note: str = "", sentence: str = "", unit: str = "", limit_name: str = ""
) -> dict[str, object]:
    """Lying bars against a limit each: wishes and seats. Amber above one and a half of it, pale below one half."""
    left, width, step = 168, 700, 27
    highest = max((max(row.value, row.limit or 0) for row in rows), default=0)
    scale = (width - left) / highest if highest else 0
    bars = [
        {
            "y": step * i,
            "width": round(row.value * scale, 1),
            "limit_x": round(left + row.limit * scale, 1) if row.limit is not None else None,
            "text_x": round(left + max(row.value, row.limit or 0) * scale + 8, 1),
            "label": shortened(row.label, 11 if row.glyph else 13),
            "tone": row.tone or _tone(row),
            "row": row,
        }
        for i, row in enumerate(rows)
    ]
    height = step * len(rows)
    lines = [{"x": round(left + tick * scale, 1), "text": f"{tick:,}"} for tick in ticks(highest)]
    has_limit = any(row.limit is not None for row in rows)
    heads = ("", unit or _("人数"), *((limit_name or _("名额"),) if has_limit else ()))
    table = [
        (row.label, f"{row.value:,}", *((("" if row.limit is None else f"{row.limit:,}"),) if has_limit else ()))
        for row in rows
    ]
    figure = _figure(title, note, sentence, heads, table)
    return figure | {
        "bars": bars,
        "lines": lines,
        "left": left,
        "height": height,
        "has_limit": has_limit,
        "limit_name": limit_name or _("名额"),
    }


def _tone(row: BarRow) -> str:
    if not row.limit:
        return "main"
    ratio = row.value / row.limit
    return "hot" if ratio > 1.5 else "soft" if ratio < 0.5 else "main"


@register.inclusion_tag("core/parts/chart_intervals.html")
def intervals_chart(
    rows: Sequence[IntervalRow],
    title: str,
    middle: float,
    band: float,
    note: str = "",
    sentence: str = "",
    middle_label: str = "",
    unit: str = "",
) -> dict[str, object]:
    """Shares with their intervals against the district's line and the accepted band; a red diamond lies outside."""
    left, right, step, top = 116, 630, 21, 30
    low = math.floor(min([row.low for row in rows] + [middle - band]) / 10) * 10
    high = max(math.ceil(max([row.high for row in rows] + [middle + band]) / 10) * 10, low + 10)

    def at(percent: float) -> float:
        return round(left + (percent - low) / (high - low) * (right - left), 1)

    dots = [
        {"y": top + step * i, "x": at(row.value), "low": at(row.low), "high": at(row.high), "row": row}
        | {"label": shortened(row.label, 8), "text": f"{row.value:.1f}%"}
        for i, row in enumerate(rows)
    ]
    table = [(row.label, f"{row.value:.1f}%", f"{row.low:.1f}–{row.high:.1f}%") for row in rows]
    figure = _figure(title, note, sentence, ("", unit or _("占比"), _("95% 区间")), table)
    return figure | {
        "dots": dots,
        "middle": at(middle),
        "middle_text": f"{middle_label or _('全区')} {middle:g}%",
        "band_x": at(middle - band),
        "band_width": round(at(middle + band) - at(middle - band), 1),
        "bottom": top + step * len(rows),
        "height": top + step * len(rows) + 22,
        "axis": [(at(percent), f"{percent}%") for percent in range(low, high + 1, 10)],
    }


@register.inclusion_tag("core/parts/chart_shares.html")
def shares_chart(
    rows: Sequence[ShareRow],
    names: Sequence[Text],
    title: str,
    note: str = "",
    sentence: str = "",
    last_is_bad: bool = False,
) -> dict[str, object]:
    """Wholes cut into shares, one under the other: how the placing goes from round to round."""
    left, width = 92, 378
    tones = [*["main", "soft", "mid"][: len(names)], *["pale"] * (len(names) - 3)]
    if last_is_bad:
        tones[-1] = "bad"
    lines = [
        {"y": 40 * i, "label": shortened(row.label, 6), "parts": _parts(row, tones, left, width), "first": i == 0}
        for i, row in enumerate(rows)
    ]
    table = [(row.label, *(f"{part:,}" for part in row.parts)) for row in rows]
    figure = _figure(title, note, sentence, ("", *names), table)
    return figure | {"lines": lines, "height": 40 * len(rows), "legend": list(zip(names, tones, strict=True))}


def _parts(row: ShareRow, tones: Sequence[str], left: float, width: float) -> list[dict[str, object]]:
    total = sum(row.parts) or 1
    parts: list[dict[str, object]] = []
    x = left
    for part, tone in zip(row.parts, tones, strict=True):
        wide = part / total * width
        text = f"{round(100 * part / total)}%" if wide >= 28 else ""
        parts.append(
            {
                "x": round(x, 1),
                "width": round(max(wide - 1.5, 0), 1),
                "middle": round(x + wide / 2, 1),
                "tone": tone,
                "text": text,
            }
        )
        x += wide
    return parts


@register.inclusion_tag("core/parts/chart_queue.html")
def queue_chart(seats: int, people: int, place: int) -> dict[str, object]:
    """A queue as boxes: the seats, who stood in line, and where this one stood."""
    width = 320 / max(people, 1)
    boxed = people <= MOST_BOXES
    boxes = [
        {
            "x": round(width * i, 1),
            "tone": "hot" if i + 1 == place else "main" if i < seats else "pale",
            "mine": i + 1 == place,
        }
        for i in range(people if boxed else 0)
    ]
    edge = round(min(width * seats, 320), 1)
    mine = round(width * (place - 0.5), 1)
    sentence = _("名额 %(seats)s 个，%(people)s 人排队，你排第 %(place)s 位") % {
        "seats": seats,
        "people": people,
        "place": place,
    }
    return {
        "boxes": boxes,
        "boxed": boxed,
        "box": round(max(width - 1.6, width * 0.6), 1),
        "edge": edge,
        "mine": mine,
        "mine_text_x": min(max(mine, 24), 296),
        "together": _overlap(edge, mine),
        "seats": seats,
        "place": place,
        "sentence": sentence,
    }


def _overlap(edge: float, mine: float) -> bool:
    """Whether the words under the last seat and under one's own place would meet on one line."""
    words, own = 58.0, 26.0
    left = edge if edge < words else edge - words
    return left - own < min(max(mine, own), 320 - own) < left + words + own


@register.inclusion_tag("core/parts/chart_hexagon.html")
def hexagon(scores: Mapping[str, float], label: str) -> dict[str, object]:
    """Six interests, 0 to 1, on a hexagon; never without words beside it."""

    def corners(radii: Sequence[float]) -> str:
        return " ".join(f"{70 + x * r:.1f},{70 + y * r:.1f}" for (x, y), r in zip(HEXAGON, radii, strict=True))

    return {
        "label": label,
        "grid": [corners([radius] * 6) for radius in (16, 32, 48)],
        "area": corners([48 * min(max(scores.get(letter, 0), 0), 1) for letter in "RIASEC"]),
        "letters": [
            {"letter": letter, "x": round(70 + 60 * x, 1), "y": round(70 + 60 * y, 1), "text_y": round(74 + 60 * y, 1)}
            for letter, (x, y) in zip("RIASEC", HEXAGON, strict=True)
        ],
    }


def _figure(
    title: str, note: str, sentence: str, heads: Sequence[Text], table: Sequence[tuple[object, ...]]
) -> dict[str, object]:
    return {"title": title, "note": note, "sentence": sentence or title, "heads": heads, "table": table}

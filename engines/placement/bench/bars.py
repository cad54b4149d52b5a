"""What a run must reach: ratios to peers of the same run, and figures of its own.

Bars decide how the bench ends. What is ``watched`` beside them does not: small rounds are over in a tenth of a second,
of which what every run has to do takes most, so their ratios say little of a district's round.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

OURS, TWO_CORES, TRIPS = "ours", "ours, two cores", "ours, trips chosen"
FLOW, SIMPLEX, MILP = "OR-Tools SimpleMinCostFlow", "HiGHS LP simplex", "HiGHS MILP"
RSD, DRAFT = "serial dictatorship", "snake draft"
GROWTH = 1.15  # exponent of seconds in edges, at most
PROVED = {"D": ((1.0, 10.0), (0.1, 60.0)), "C": ((1.0, 90.0), (0.3, 360.0))}  # gaps in per cent, and seconds for each
MEGABYTES = {"D": 400.0, "C": 2048.0}
PLANNED = {"M": (3.0, 60.0), "D": (100.0, 600.0)}  # 150 classes: gap and seconds; 600 classes: an answer in time

Cells = dict[tuple[str, str, str], dict[str, Any]]
Bar = tuple[str, float | None, str, float]  # what, found (None: not reached), "<=" or ">=", limit


def bars(rows: list[dict[str, Any]], growth: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each bar whose cells were measured: what was found, the limit, whether it is kept, and whether it ``decides``."""
    cells = {(r["round"], r["size"], r["solver"]): r for r in rows if "seconds" in r}
    deciding = [*_single(cells), *_open(cells), *_beside_rules(cells), *_trips(cells), *_growth(growth)]
    return [*(_told(bar, decides=True) for bar in deciding), *(_told(bar, decides=False) for bar in _watched(cells))]


def _told(bar: Bar, *, decides: bool) -> dict[str, Any]:
    what, value, sign, limit = bar
    kept = value is not None and (value <= limit if sign == "<=" else value >= limit)
    found = None if value is None else round(value, 5)
    return {"bar": what, "found": found, "limit": f"{sign} {limit:g}", "kept": kept, "decides": decides}


def _single(cells: Cells) -> Iterator[Bar]:
    yield from _beside_flow(cells, "D")


def _beside_flow(cells: Cells, size: str) -> Iterator[Bar]:
    if (ours := cells.get(("single", size, OURS))) and (flow := cells.get(("single", size, FLOW))):
        yield f"single {size}: seconds to those of the flow", ours["seconds"] / flow["seconds"], "<=", 1.1
        yield f"single {size}: points to those of the flow", ours["points"] / flow["points"], ">=", 1.0


def _open(cells: Cells) -> Iterator[Bar]:
    if ours := cells.get(("open", "M", OURS)):
        yield "open M: proved gap, percent", ours["gap_percent"], "<=", 0.03
        if linear := cells.get(("open", "M", SIMPLEX)):
            yield "open M: seconds to those of the linear programme", ours["seconds"] / linear["seconds"], "<=", 1 / 5
    for size, proofs in PROVED.items():
        if ours := cells.get(("open", size, OURS)):
            for gap, seconds in proofs:  # the whole run counts, though such a gap was proved long before its end
                taken = ours["seconds"] if ours["gap_percent"] <= gap else None
                yield f"open {size}: seconds to a proved gap of {gap:g} %", taken, "<=", seconds
            yield f"open {size}: megabytes", ours["megabytes"], "<=", MEGABYTES[size]
    if (one := cells.get(("open", "C", OURS))) and (two := cells.get(("open", "C", TWO_CORES))):
        yield "open C: seconds of the wall with two cores to one", two["wall"] / one["wall"], "<=", 0.6
    if (ours := cells.get(("open", "D", OURS))) and "verify" in ours:
        yield "open D: seconds to verify", ours["verify"], "<=", 20.0


def _beside_rules(cells: Cells) -> Iterator[Bar]:
    if not (ours := cells.get(("open", "D", OURS))):
        return
    for peer, least in ((RSD, 1.15), (DRAFT, 1.06)):  # no rule can have 1.07 of the draft: the bound says so
        if other := cells.get(("open", "D", peer)):
            yield f"open D: points to those of {peer}", ours["points"] / other["points"], ">=", least
    if other := cells.get(("open", "D", RSD)):
        share = (100 - ours["wished_percent"]) / (100 - other["wished_percent"])
        yield "open D: half-days without a wish to those of serial dictatorship", share, "<=", 0.5
    yield "open D: pupils without a seat", ours["empty"], "<=", 0.0


def _trips(cells: Cells) -> Iterator[Bar]:
    for size, (gap, seconds) in PLANNED.items():
        if ours := cells.get(("plan", size, TRIPS)):
            classes = f"{ours['classes']:.0f} classes"
            taken = ours["wall"] if ours["gap_percent"] <= gap else None
            within = f" to a proved gap of {gap:g} %" if gap < 100 else ""
            yield f"trips of {classes}: seconds of the wall{within}", taken, "<=", seconds


def _growth(growth: list[dict[str, Any]]) -> Iterator[Bar]:
    for g in growth:
        if g["round"] != "open" or g["solver"] != OURS or g["from"] == "S":  # from S on it is the noise that grows
            continue
        for stage, exponent in {"all": g["exponent"], **g.get("stages", {})}.items():
            if exponent is not None:
                yield f"open {g['from']} to {g['to']}: exponent of {stage}", exponent, "<=", GROWTH


def _watched(cells: Cells) -> Iterator[Bar]:
    for size in ("S", "M"):
        yield from _beside_flow(cells, size)
    if (ours := cells.get(("open", "S", OURS))) and (best := cells.get(("open", "S", MILP))):
        yield "open S: points to the integer optimum", ours["points"] / best["points"], ">=", 0.9998
        yield "open S: seconds to those of the integer programme", ours["seconds"] / best["seconds"], "<=", 1 / 8

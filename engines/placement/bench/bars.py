"""What a run must reach: ratios to peers of the same run, and figures that do not depend on the machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

FLOW, SIMPLEX, MILP = "OR-Tools SimpleMinCostFlow", "HiGHS LP simplex", "HiGHS MILP"
RSD, DRAFT = "serial dictatorship", "snake draft"
Bar = tuple[str, float, str, float]  # what, found, "<=" or ">=", limit


def bars(rows: list[dict[str, Any]], growth: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each bar whose cells were measured: what was found, the limit, and whether it is kept."""
    cells = {(r["round"], r["size"], r["solver"]): r for r in rows if "seconds" in r}
    found = [*_against_peers(cells), *_alone(cells), *_growth(growth)]
    return [
        {
            "bar": what,
            "found": round(value, 5),
            "limit": f"{sign} {limit:g}",
            "kept": value <= limit if sign == "<=" else value >= limit,
        }
        for what, value, sign, limit in found
    ]


def _against_peers(cells: dict[tuple[str, str, str], dict[str, Any]]) -> Iterator[Bar]:
    for size in ("S", "M", "D"):
        if (ours := cells.get(("single", size, "ours"))) and (flow := cells.get(("single", size, FLOW))):
            yield f"single {size}: seconds to those of the flow", ours["seconds"] / flow["seconds"], "<=", 1.1
            yield f"single {size}: points to those of the flow", ours["points"] / flow["points"], ">=", 1.0
    if (ours := cells.get(("open", "S", "ours"))) and (best := cells.get(("open", "S", MILP))):
        yield "open S: points to the integer optimum", ours["points"] / best["points"], ">=", 0.9998
        yield "open S: seconds to those of the integer programme", ours["seconds"] / best["seconds"], "<=", 1 / 8
    if (ours := cells.get(("open", "M", "ours"))) and (linear := cells.get(("open", "M", SIMPLEX))):
        yield "open M: seconds to those of the linear programme", ours["seconds"] / linear["seconds"], "<=", 1 / 5
    if ours := cells.get(("open", "D", "ours")):
        for peer, least in ((RSD, 1.15), (DRAFT, 1.06)):  # no rule can have 1.07 of the draft: the bound says so
            if other := cells.get(("open", "D", peer)):
                yield f"open D: points to those of {peer}", ours["points"] / other["points"], ">=", least
        if other := cells.get(("open", "D", RSD)):
            share = (100 - ours["wished_percent"]) / (100 - other["wished_percent"])
            yield "open D: half-days without a wish to those of serial dictatorship", share, "<=", 0.5


def _alone(cells: dict[tuple[str, str, str], dict[str, Any]]) -> Iterator[Bar]:
    for size, gap in (("M", 0.03), ("D", 0.1)):
        if ours := cells.get(("open", size, "ours")):
            yield f"open {size}: proved gap, percent", ours["gap_percent"], "<=", gap
    if ours := cells.get(("open", "D", "ours")):
        yield "open D: seconds", ours["seconds"], "<=", 90.0
        yield "open D: megabytes", ours["megabytes"], "<=", 300.0
        yield "open D: pupils without a seat", ours["empty"], "<=", 0.0


def _growth(growth: list[dict[str, Any]]) -> Iterator[Bar]:
    limits = {("single", "M"): 1.6}
    for g in growth:
        if g["solver"] != "ours" or g["from"] == "S" or g["exponent"] is None:
            continue
        step = f"{g['round']} {g['from']} to {g['to']}"
        yield f"{step}: exponent of seconds in edges", g["exponent"], "<=", limits.get((g["round"], g["from"]), 1.2)
        prices = g.get("stages", {}).get("prices")
        if prices is not None:
            yield f"{step}: exponent of the prices", prices, "<=", 1.05

"""``repair.json``: what a repair did, in figures and in pupils."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baiye_placement.files import write_problem
from baiye_placement.placement import write_placement
from baiye_placement.repair_prices import SCALE

if TYPE_CHECKING:
    from baiye_placement.repair import Repaired

REPORT = "repair.json"


def figures(repaired: Repaired) -> dict[str, Any]:
    """Numbers alone: nobody is named."""
    return {
        "disturbed": len(repaired.disturbed),
        "disturbed_at_least": repaired.bound,
        "proved": repaired.proved,
        "hit": len(repaired.hit),
        "gained": len(repaired.gained),
        "losers": len(repaired.losers),
        "memory": sum(loser.memory for loser in repaired.losers),
        "half_days_before": repaired.half_days[0],
        "half_days_after": repaired.half_days[1],
        "points_before": repaired.points[0],
        "points_after": repaired.points[1],
        "unfilled_before": len(repaired.unfilled_before),
        "unfilled": len(repaired.placement.unfilled),
        "stay_home": len(repaired.stay_home),
        "closed": len(repaired.closed),
        "dropped_locks": len(repaired.dropped_locks),
        "in_play": repaired.in_play,
        "exact": repaired.exact,
    }


def report(repaired: Repaired) -> dict[str, Any]:
    """All that ``repair.json`` says; ``bound`` can be recomputed from the prices (see ``repair_prices``)."""
    return {
        "figures": figures(repaired),
        "hit": list(repaired.hit),
        "disturbed": list(repaired.disturbed),
        "gained": list(repaired.gained),
        "losers": [
            {
                "pupil": loser.pupil,
                "half_days_before": loser.half_days[0],
                "half_days_after": loser.half_days[1],
                "points_before": loser.points[0],
                "points_after": loser.points[1],
                "memory": loser.memory,
            }
            for loser in repaired.losers
        ],
        "unfilled": dict(repaired.placement.unfilled),
        "stay_home": list(repaired.stay_home),
        "closed": list(repaired.closed),
        "dropped_locks": [{"pupil": lock.pupil, "session": lock.session} for lock in repaired.dropped_locks],
        "bound": {"scale": SCALE, "prices": dict(repaired.prices), "half_day": repaired.hour},
    }


def write_repaired(repaired: Repaired, folder: Path | str) -> None:
    """Write the changed problem, its placement and the report into one folder."""
    write_problem(repaired.problem, folder)
    write_placement(repaired.placement, folder)
    text = json.dumps(report(repaired), ensure_ascii=False, sort_keys=True, indent=1)
    (Path(folder) / REPORT).write_text(text + "\n", encoding="utf-8", newline="")

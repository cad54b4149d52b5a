"""A plan as a folder: the problem with its trips chosen, a draft of the seats, and ``trips.json`` as proof."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baiye_placement.files import problem_sha256, write_problem
from baiye_placement.placement import write_placement
from baiye_placement.version import VERSION

if TYPE_CHECKING:
    from baiye_placement.trips.plan import Plan

TRIPS, DRAFT = "trips.json", "draft"


def plan_json(plan: Plan) -> dict[str, Any]:
    """What ``trips.json`` holds."""
    body: dict[str, Any] = {
        "offers_sha256": plan.offers_sha256,
        "problem_sha256": problem_sha256(plan.problem),
        "seats_sha256": plan.draft.certificate.seats_sha256,
        "value": plan.value,
        "bound": plan.bound,
        "dual": plan.dual,
        "scale": plan.scale,
        "gap": str(plan.gap),
        "prices": dict(plan.prices),
        "short": list(plan.short),
        "cut_short": plan.cut_short,
        "solver": f"baiye_placement {VERSION}",
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {**body, "digest": hashlib.sha256(text.encode()).hexdigest()}


def write_plan(plan: Plan, folder: Path | str) -> None:
    """Write the folder: it can be placed like any other, and checked against the one with the offers."""
    folder = Path(folder)
    write_problem(plan.problem, folder)
    write_placement(plan.draft, folder / DRAFT)
    text = json.dumps(plan_json(plan), ensure_ascii=False, sort_keys=True, indent=1)
    (folder / TRIPS).write_text(text + "\n", encoding="utf-8", newline="")

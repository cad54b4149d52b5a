"""Measure the choice of trips: its proved joint gap, and HiGHS on the aggregate model with as much time, in one run.

The aggregate model knows no seats: a class's trip is worth its pupils' best two wishes at the venue, and a venue's
half-day takes as many pupils as its sessions have seats. Pupils are then placed for the trips it chose.

Example: ``python engines/placement/bench/trips.py --pupils 6000 --seeds 1 2 3 --json``
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from typing import Any

import numpy as np
from baiye_placement import Problem, place, plan_trips, verify_plan
from baiye_placement.generate import generate
from baiye_placement.trips.classes import Classes, classes_of
from baiye_placement.trips.exact import Offers
from baiye_placement.trips.ground import compile_ground
from baiye_placement.trips.plan import with_plans


def main() -> None:
    """Print a table, or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pupils", type=int, default=6000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--no-peer", action="store_true", help="without HiGHS")
    parser.add_argument("--no-verify", action="store_true", help="without the independent check")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    plan_trips(generate(pupils=200, seed=0, shape="plan"), time_budget_s=2)  # compile before anything is timed
    rows = [measure(args, seed) for seed in args.seeds]
    medians = {name: statistics.median(row[name] for row in rows) for name in rows[0] if name != "seed"}
    result = {"pupils": args.pupils, "seconds": args.seconds, "runs": rows, "medians": medians}
    print(json.dumps(result) if args.json else table(rows, medians))


def measure(args: argparse.Namespace, seed: int) -> dict[str, Any]:
    """Figures of one fresh problem."""
    problem = generate(pupils=args.pupils, seed=seed, shape="plan")
    wall, cpu = time.monotonic(), time.process_time()
    plan = plan_trips(problem, time_budget_s=args.seconds)
    row: dict[str, Any] = {
        "seed": seed,
        "classes": len(problem.group_slots),
        "offers": len(problem.trips),
        "wall_seconds": round(time.monotonic() - wall, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "joint_gap_percent": round(100 * float(plan.gap), 3),
        "seats_gap_percent": round(100 * float(plan.draft.certificate.gap), 3),
        "short_pupils": len(plan.short),
        "first_wish_percent": round(100 * sum(1 in r for r in plan.draft.ranks.values()) / args.pupils, 1),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    if not args.no_verify:
        cpu = time.process_time()
        if violations := verify_plan(problem, plan):
            raise SystemExit(f"seed {seed}: {violations[0]}")
        row["verify_cpu_seconds"] = round(time.process_time() - cpu, 1)
    if not args.no_peer:
        points, gap = aggregate(problem, args.seconds)
        row["highs_joint_gap_percent"] = round(100 * (1 - points / plan.bound), 3)
        row["highs_own_gap_percent"] = gap
        row["points_by_highs"] = round(plan.value / points, 4)
    return row


def aggregate(problem: Problem, seconds: float) -> tuple[int, float]:
    """(points of a placement for the trips that HiGHS chose, less travel; its own gap in percent)."""
    classes = classes_of(problem)
    g = compile_ground(problem, classes)
    program = Offers(g)
    flat = [trip for name in classes.names for trip in classes.offers[name]]
    for c in np.flatnonzero(g.rest > 0).tolist():
        program.cover(c)
        for o in program.offers_of[c]:  # a venue twice would count the same wishes twice
            program.add(("once", c, flat[o].venue), -np.inf, 1.0, {o: 1.0})
    worth = {o: float(value) for o, value in enumerate(_best_two(problem, classes))}
    aims = program.program.open(whole=True)
    aims.highs.setOptionValue("mip_max_nodes", 1 << 30)
    found = aims.minimise([(o, -value) for o, value in worth.items()], seconds=seconds)
    if found is None:
        return 0, 100.0
    made = with_plans(problem, classes, program.plans(found.values))
    gap = round(100 * float(aims.highs.getInfo().mip_gap), 2)
    return place(made, time_budget_s=max(seconds / 4, 5), gap_target=0.001).points, gap


def _best_two(problem: Problem, classes: Classes) -> list[int]:
    """What each offer is worth to its class: its pupils' best wishes at the venue, one a half-day."""
    held = {(s.venue, s.project) for s in problem.sessions}
    worth = []
    for name in classes.names:
        by_venue: dict[str, list[list[int]]] = {}
        for pupil in classes.pupils[name]:
            for venue in {trip.venue for trip in classes.offers[name]}:
                ranks = zip(pupil.wishes, pupil.wish_ranks, strict=True)
                points = [problem.points[r - 1] * pupil.multiplier for wish, r in ranks if (venue, wish) in held]
                by_venue.setdefault(venue, []).append(sorted(points, reverse=True))
        worth += [sum(sum(points[: len(t.slots)]) for points in by_venue[t.venue]) for t in classes.offers[name]]
    return worth


def table(rows: list[dict[str, Any]], medians: dict[str, float]) -> str:
    """A line a figure, a column a run, the medians last."""
    lines = [
        [name, *(str(row[name]) for row in rows), f"{medians[name]:g}" if name in medians else ""] for name in rows[0]
    ]
    lines[0][-1] = "median"
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


if __name__ == "__main__":
    main()

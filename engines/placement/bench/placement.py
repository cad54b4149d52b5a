"""Measure placement against its floor: serial dictatorship, a snake draft and HiGHS's linear programme, in one run.

Example: ``python engines/placement/bench/placement.py --shape trips --pupils 6000 --seeds 1 2 3 --json``
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from baiye_placement import Problem, Pupil, Session, place, verify
from baiye_placement.arrays import compile_arrays
from baiye_placement.bundles import tables
from baiye_placement.exact import linear_optimum
from baiye_placement.generate import generate
from baiye_placement.lottery import lottery_order


def main() -> None:
    """Print a table, or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", choices=("open", "trips"), default="trips")
    parser.add_argument("--pupils", type=int, default=6000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--gap", type=float, default=0.0005)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--linear", action="store_true", help="also solve the linear programme with HiGHS (slow)")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    place(generate(pupils=30, seed=0, shape=args.shape))  # compile before anything is timed
    rows = [measure(args, seed) for seed in args.seeds]
    medians = {name: statistics.median(row[name] for row in rows) for name in rows[0] if name != "seed"}
    result = {"shape": args.shape, "pupils": args.pupils, "runs": rows, "medians": medians}
    print(json.dumps(result) if args.json else table(rows, medians))


def measure(args: argparse.Namespace, seed: int) -> dict[str, Any]:
    """Figures of one fresh problem."""
    problem = generate(pupils=args.pupils, seed=seed, shape=args.shape)
    began = time.process_time()
    placement = place(problem, time_budget_s=args.seconds, gap_target=args.gap)
    seconds = time.process_time() - began
    began = time.process_time()
    violations = verify(problem, placement)
    checked = time.process_time() - began
    if violations:
        raise SystemExit(f"seed {seed}: {violations[0]}")
    dictator, draft = serial_dictatorship(problem), snake_draft(problem)
    row = {
        "seed": seed,
        "seconds": round(seconds, 2),
        "gap_percent": round(100 * float(placement.certificate.gap), 4),
        "first_wish_percent": round(100 * sum(1 in r for r in placement.ranks.values()) / args.pupils, 1),
        "not_wished_percent": round(100 * placement.rank_vector[0] / sum(placement.rank_vector), 1),
        "points_by_dictatorship": round(placement.points / dictator, 4),
        "points_by_draft": round(placement.points / draft, 4),
        "verify_seconds": round(checked, 2),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    if args.linear:
        seconds_of_lp, optimum = linear_programme(problem)
        row["seconds_by_lp"] = round(seconds / seconds_of_lp, 4)
        row["below_lp_percent"] = round(100 * (1 - placement.points / optimum), 4)
    return row


def serial_dictatorship(problem: Problem) -> int:
    """Points when pupils choose all their half-days one after the other, by lottery."""
    return _choose(problem, ((name, problem.pupil_by_id[name].need) for name in lottery_order(problem)))


def snake_draft(problem: Problem) -> int:
    """Points when pupils choose one half-day each in turn, the order turned round after each turn."""
    order = lottery_order(problem)
    most = max((pupil.need for pupil in problem.pupils), default=0)
    return _choose(problem, ((name, 1) for turn in range(most) for name in (order[::-1] if turn % 2 else order)))


def _choose(problem: Problem, turns: Iterator[tuple[str, int]]) -> int:
    left = {session.id: session.capacity for session in problem.sessions}
    by_project: dict[str, list[Session]] = {}
    for session in problem.sessions:
        by_project.setdefault(session.project, []).append(session)
    busy: dict[str, set[int]] = {pupil.id: set() for pupil in problem.pupils}
    had: dict[str, set[str]] = {pupil.id: set() for pupil in problem.pupils}
    total = 0
    for name, count in turns:
        pupil = problem.pupil_by_id[name]
        for _ in range(count):
            found = _next(problem, pupil, by_project, left, busy[name], had[name])
            if found is None:
                break
            rank, session = found
            left[session.id] -= 1
            busy[name].add(session.slot)
            had[name].add(session.project)
            total += problem.points[rank - 1]
    return total


def _next(
    problem: Problem,
    pupil: Pupil,
    by_project: dict[str, list[Session]],
    left: dict[str, int],
    busy: set[int],
    had: set[str],
) -> tuple[int, Session] | None:
    for rank, project in zip(pupil.wish_ranks, pupil.wishes, strict=True):
        if project not in had:
            for session in by_project[project]:
                if left[session.id] and session.slot not in busy and problem.may_sit(pupil, session):
                    return rank, session
    return None


def linear_programme(problem: Problem) -> tuple[float, float]:
    """(processor seconds, optimum) of the linear relaxation in HiGHS."""
    a = compile_arrays(problem)
    began = time.process_time()
    optimum = linear_optimum(a, tables(a), np.zeros(len(problem.sessions), dtype=np.int64))
    return time.process_time() - began, optimum


def table(rows: list[dict[str, Any]], medians: dict[str, float]) -> str:
    """Aligned columns, the medians last."""
    names = list(rows[0])
    lines = [names, *([str(row[name]) for name in names] for row in rows)]
    lines.append(["median", *(f"{medians[name]:g}" for name in names[1:])])
    widths = [max(len(line[i]) for line in lines) for i in range(len(names))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


if __name__ == "__main__":
    main()

"""A city of 500,000 pupils: 16 districts of 31,250, each placed by one process; some are measured, all are reckoned.

``python engines/placement/bench/districts.py --measure 2 --processes 2 [--json]``

In Baiye a district's run is one job ``rounds.place`` of the queue in PostgreSQL; ``baiye worker --concurrency N``
takes N of them at a time, on as many machines as have a worker. Districts share nothing, so a city is a pool of such
jobs: this is the same pool without the database, whose part in a run is one read and one write of seats.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import resource
import statistics
import time
from typing import Any

DISTRICTS, PUPILS = 16, 31_250


def main() -> None:
    """Print what was measured, then what it means for all districts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measure", type=int, default=2, help="districts to place (default: %(default)s)")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--pupils", type=int, default=PUPILS, help="of one district (default: %(default)s)")
    parser.add_argument("--gap", type=float, default=0.001)
    parser.add_argument("--seconds", type=float, default=240.0, help="limit of one district")
    parser.add_argument("--seed", type=int, default=1, help="of the first district")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    jobs = [(args.pupils, args.seed + i, args.gap, args.seconds) for i in range(args.measure)]
    began = time.monotonic()
    with multiprocessing.get_context("spawn").Pool(args.processes, maxtasksperchild=1) as pool:
        rows = pool.starmap(place_district, jobs, chunksize=1)
    found = reckoned(rows, time.monotonic() - began, args.processes)
    print(json.dumps({"districts": rows, **found}) if args.json else text(rows, found))


def place_district(pupils: int, seed: int, gap: float, seconds: float) -> dict[str, Any]:
    """Place one invented district, as a job would."""
    from baiye_placement import place
    from baiye_placement.generate import generate

    place(generate(pupils=40, seed=0), time_budget_s=30)  # compiles, or loads what was compiled
    problem = generate(pupils=pupils, seed=seed)
    began, clock = time.process_time(), time.monotonic()
    placement = place(problem, time_budget_s=seconds, gap_target=gap)
    return {
        "seed": seed,
        "cpu_seconds": round(time.process_time() - began, 1),
        "seconds": round(time.monotonic() - clock, 1),
        "gap_percent": round(100 * float(placement.certificate.gap), 4),
        "unfilled_pupils": len(placement.unfilled),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def reckoned(rows: list[dict[str, Any]], seconds: float, processes: int) -> dict[str, Any]:
    """All districts from those measured: waves of ``processes`` at a time, each as long as the median one."""
    one = statistics.median(row["seconds"] for row in rows)
    return {
        "measured_seconds": round(seconds, 1),
        "processes": processes,
        "all_districts_seconds": round(math.ceil(DISTRICTS / processes) * one, 1),
        "all_districts_cpu_seconds": round(DISTRICTS * statistics.median(row["cpu_seconds"] for row in rows), 1),
        "megabytes_at_once": processes * max(row["megabytes"] for row in rows),
    }


def text(rows: list[dict[str, Any]], found: dict[str, Any]) -> str:
    """One line a district, then the reckoning."""
    lines = [", ".join(f"{name} {value}" for name, value in row.items()) for row in rows]
    lines += [f"{name}: {value}" for name, value in found.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()

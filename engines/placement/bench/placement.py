"""Measure placement beside every peer that can be installed, in one run on one pinned core, and print one table.

``make bench-placement`` or ``python engines/placement/bench/placement.py [--quick | --large] [--seeds 1 2 3] [--json]``

Every cell is a process of its own. Seconds are processor seconds from arrays in memory to the answer (ours: and its
certificate), compiling left out; megabytes are the peak of the process, making the round included. Figures are medians
over the seeds, which are drawn anew for each run and printed.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environments
import report
from bars import OURS, PLANNED, TRIPS, TWO_CORES

HERE = Path(__file__).parent
OWN = environments.python("")
SIZES = {"S": 1_000, "M": 6_000, "D": 24_000, "C": 120_000}


@dataclass(frozen=True)
class Peer:
    """A peer, the environment it lives in, and the largest size on which it answers in useful time."""

    name: str
    environment: str
    largest: str


SINGLE = (
    Peer("OR-Tools SimpleMinCostFlow", "", "C"),
    Peer("SciPy sparse LAPJV", "peers", "D"),
    Peer("SciPy dense assignment", "peers", "S"),
    Peer("HiGHS LP simplex", "", "M"),
    Peer("HiGHS LP interior point", "", "M"),
    Peer("networkx network_simplex", "peers", "S"),
    Peer("OR-Tools CP-SAT (40 s)", "", "S"),
    Peer("matching hospital-resident", "peers", "S"),
    Peer("serial dictatorship", "", "C"),
)
BUNDLE = (
    Peer("HiGHS MILP", "", "S"),
    Peer("HiGHS LP simplex", "", "M"),
    Peer("HiGHS LP interior point", "", "M"),
    Peer("OR-Tools CP-SAT (40 s)", "", "S"),
    Peer("serial dictatorship", "", "C"),
    Peer("snake draft", "", "C"),
    Peer("fairpyx round robin", "fairpyx", "S"),
    Peer("fairpyx serial dictatorship", "fairpyx", "S"),
    Peer("fairpyx iterated matching", "fairpyx", "S"),
)
ROUNDS: dict[str, tuple[Peer, ...]] = {"single": SINGLE, "open": BUNDLE, "plan": ()}
SLOW = {"OR-Tools CP-SAT (40 s)", "HiGHS LP interior point"}  # left out of --quick


def main() -> None:
    """Print the table, or one JSON object; end with 0 if every bar that decides is kept, else with 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="1,000 and 6,000 pupils, one seed, no slow peer, no trips")
    parser.add_argument(
        "--large", action="store_true", help="120,000 pupils too, on two cores as well, and 600 classes"
    )
    parser.add_argument("--sizes", nargs="+", choices=SIZES)
    parser.add_argument("--rounds", nargs="+", choices=ROUNDS)
    parser.add_argument("--seeds", type=int, nargs="+", help="default: three new ones (--quick: one)")
    parser.add_argument(
        "--gap", type=float, default=0.0003, help="proved gap at which ours ends (default: %(default)s)"
    )
    parser.add_argument("--seconds", type=float, default=300.0, help="limit of one cell (default: %(default)s)")
    parser.add_argument("--only", nargs="+", help="names of solvers to measure")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    args.sizes = args.sizes or ("S", "M") + (() if args.quick else ("D",)) + (("C",) if args.large else ())
    args.rounds = args.rounds or [shape for shape in ROUNDS if shape != "plan" or not args.quick]
    args.seeds = args.seeds or [secrets.randbelow(1_000_000) for _ in range(1 if args.quick else 3)]
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            measured(args, shape, size, Path(folder))
            for shape in args.rounds
            for size in SIZES
            if size in args.sizes
            if shape != "plan" or size == "M" or (size == "D" and args.large)
        ]
    result = report.result([row for part in rows for row in part], args.seeds)
    print(json.dumps(result, indent=1) if args.json else report.table(result))
    sys.exit(not all(bar["kept"] for bar in result["bars"] if bar["decides"]))


def measured(args: argparse.Namespace, shape: str, size: str, folder: Path) -> list[dict[str, Any]]:
    """One row for each solver on rounds of this shape and size."""
    answers: dict[str, list[dict[str, Any]]] = {}
    for seed in args.seeds:
        path, facts = folder / f"{shape}-{size}-{seed}.npz", {}
        if shape != "plan":  # of trips, the choice itself says how large the round is
            facts = cell(Cell(["write", shape, SIZES[size], seed, path]), args.seconds)
        for name, ask in _cells(args, shape, size, seed, path):
            print(f"\r{shape:<6} {size} {seed:<7} {name:<40}", end="", file=sys.stderr, flush=True)
            seconds = max(args.seconds, PLANNED["D"][1] if shape == "plan" else 0)
            answers.setdefault(name, []).append({**cell(ask, seconds + 60), **facts, "seed": seed})
        path.unlink(missing_ok=True)
    print(file=sys.stderr)
    return [{"round": shape, "size": size, "solver": name, **median(found)} for name, found in answers.items()]


@dataclass(frozen=True)
class Cell:
    """What one process is asked, by which interpreter (None: not installed), on how many cores."""

    ask: list[Any]
    interpreter: Path | None = OWN
    cores: int = 1


def _cells(args: argparse.Namespace, shape: str, size: str, seed: int, path: Path) -> Iterator[tuple[str, Cell]]:
    """The name of each solver, and what it is asked."""
    pupils = SIZES[size]
    if shape == "plan":
        yield TRIPS, Cell(["trips", pupils, seed, PLANNED[size][1]])
        return
    if not args.only or OURS in args.only:
        ask = ["ours", shape, pupils, seed, args.gap, args.seconds]
        yield OURS, Cell([*ask, 1])
        if (shape, size) == ("open", "C"):
            yield TWO_CORES, Cell([*ask, 2], cores=2)
    order = list(SIZES)
    for peer in ROUNDS[shape]:
        wanted = peer.name in args.only if args.only else not (args.quick and peer.name in SLOW)
        if wanted and order.index(size) <= order.index(peer.largest):
            yield peer.name, Cell(["peer", peer.name, path], environments.python(peer.environment))


def cell(of: Cell, seconds: float) -> dict[str, Any]:
    """What one process answers; ``failed`` says why there is no answer."""
    if of.interpreter is None:
        return {"failed": "not installed"}
    cores = sorted(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1))
    if len(cores) < of.cores:
        return {"failed": f"needs {of.cores} cores"}
    mine = ",".join(map(str, cores[-of.cores :]))
    environment = {**os.environ, "BENCH_CORES": mine, "PYTHONWARNINGS": "ignore"}
    ask = [str(part) for part in (of.interpreter, HERE / "cell.py", *of.ask)]
    try:
        done = subprocess.run(ask, capture_output=True, text=True, timeout=seconds, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return {"failed": f"no answer in {seconds:.0f} s"}
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["ended"])[-1][:100]}
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {"failed": f"not installed: {answer['absent']}"} if "absent" in answer else answer


def median(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Medians of all figures, the worst of what must not be, and every run."""
    good = [row for row in found if "failed" not in row]
    if not good:
        return {"failed": found[0]["failed"], "runs": found}
    row: dict[str, Any] = {"runs": found}
    for name, value in good[0].items():
        if isinstance(value, int | float) and not isinstance(value, bool) and name != "seed":
            row[name] = statistics.median(r[name] for r in good)
    if "stages" in good[0]:
        row["stages"] = {
            name: statistics.median(r["stages"].get(name, 0.0) for r in good) for name in good[0]["stages"]
        }
    row["broken"] = sorted({rule for r in good for rule in r["broken"]})
    if len(good) < len(found):
        row["unanswered"] = len(found) - len(good)
    return row


if __name__ == "__main__":
    main()

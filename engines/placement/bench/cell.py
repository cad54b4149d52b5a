"""One cell of the table, in a process of its own: one solver on one round, as one JSON object.

``cell.py write SHAPE PUPILS SEED MODEL.npz`` writes the round, ``cell.py ours SHAPE PUPILS SEED GAP SECONDS THREADS``
places it, ``cell.py trips PUPILS SEED SECONDS`` chooses trips, ``cell.py peer NAME MODEL.npz`` asks a peer. Seconds
are those of the processor, from arrays in memory to the answer (ours: and its certificate); importing, compiling and
making the round are left out. What the rows alone say, the arrays and the hash of the problem, is timed beside it, as
are writing the files and the independent check.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"
MOST_VERIFIED = 24_000  # pupils


def megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def write(shape: str, pupils: str, seed: str, path: str) -> dict[str, Any]:
    from baiye_placement.generate import generate
    from model import model_of

    model = model_of(generate(pupils=int(pupils), seed=int(seed), shape=shape))
    model.save(Path(path))
    return {"sessions": len(model.capacity), "edges": len(model.edge_session)}


class Stages:
    """Processor seconds by stage, from the progress that a placement tells; less what is timed ``outside``."""

    def __init__(self, outside: dict[str, list[float]]) -> None:
        self.seconds: dict[str, float] = {}
        self.outside = outside
        self.stage, self.since = "start", self.now()

    def now(self) -> float:
        return time.process_time() - sum(spent[0] for spent in self.outside.values())

    def __call__(self, stage: str, _done: float) -> None:
        now = self.now()
        self.seconds[self.stage] = self.seconds.get(self.stage, 0.0) + now - self.since
        self.stage, self.since = stage, now


def written(placement: Any) -> float:
    """Processor seconds for the files of the placement."""
    from baiye_placement import write_placement

    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        write_placement(placement, folder)
    return time.process_time() - began


def timed(function: Any) -> list[float]:
    """Where the seconds of ``function``, of the processor and of the wall, are gathered, whoever of ours calls it."""
    spent = [0.0, 0.0]

    def call(*args: Any, **more: Any) -> Any:
        began, clock = time.process_time(), time.monotonic()
        try:
            return function(*args, **more)
        finally:
            spent[0] += time.process_time() - began
            spent[1] += time.monotonic() - clock

    for name, module in list(sys.modules.items()):
        if name.startswith("baiye_placement") and getattr(module, function.__name__, None) is function:
            setattr(module, function.__name__, call)
    return spent


def ours(shape: str, pupils: str, seed: str, gap: str, seconds: str, threads: str) -> dict[str, Any]:
    from baiye_placement import arrays, files, place
    from baiye_placement.generate import generate

    place(generate(pupils=40, seed=0, shape=shape), time_budget_s=30)  # compiles
    problem = generate(pupils=int(pupils), seed=int(seed), shape=shape)
    before = megabytes()
    outside = {"arrays": timed(arrays.compile_arrays), "hash": timed(files.problem_sha256)}
    stages, began, clock = Stages(outside), time.process_time(), time.monotonic()
    budget, target = float(seconds), float(gap)
    placement = place(problem, time_budget_s=budget, gap_target=target, progress=stages, threads=int(threads))
    inside = sum(spent[0] for spent in outside.values())
    taken, wall = time.process_time() - began - inside, time.monotonic() - clock - sum(s[1] for s in outside.values())
    stages("end", 1.0)
    stages.seconds |= {name: spent[0] for name, spent in outside.items()} | {"files": written(placement)}
    certificate, n = placement.certificate, len(problem.pupils)
    peak = megabytes()
    return {
        "seconds": taken,
        "wall": wall,
        "points": placement.points,
        "bound": float(certificate.levels[-1].bound),
        "gap_percent": 100 * float(certificate.gap),
        "half_days_proved": certificate.proved_before,
        "wished_percent": 100 * (1 - placement.rank_vector[0] / max(1, sum(placement.rank_vector))),
        "first_percent": 100 * sum(1 in r for r in placement.ranks.values()) / n,
        "empty": sum(not held for held in placement.seats.values()),
        "megabytes": peak,
        "megabytes_before": before,
        "claims_percent": claims_percent(problem, placement),
        "stages": {name: round(value, 3) for name, value in stages.seconds.items()},
        "cut_short": certificate.cut_short,
        **checked(problem, placement),
    }


def checked(problem: Any, placement: Any) -> dict[str, Any]:
    """What the independent checker says, and how long it took; a city's round it would read for minutes."""
    from baiye_placement import verify

    if len(problem.pupils) > MOST_VERIFIED:
        return {"broken": []}
    began = time.process_time()
    broken = sorted({violation.code for violation in verify(problem, placement)})
    return {"verify": time.process_time() - began, "broken": broken}


def trips(pupils: str, seed: str, seconds: str) -> dict[str, Any]:
    """Trips chosen for a round of ``pupils``, and the proved gap of trips and seats together."""
    from baiye_placement import plan_trips
    from baiye_placement.generate import generate

    plan_trips(generate(pupils=200, seed=0, shape="plan"), time_budget_s=2)  # compiles
    problem = generate(pupils=int(pupils), seed=int(seed), shape="plan")
    before, began, clock = megabytes(), time.process_time(), time.monotonic()
    plan = plan_trips(problem, time_budget_s=float(seconds))
    return {
        "seconds": time.process_time() - began,
        "wall": time.monotonic() - clock,
        "points": plan.value,
        "bound": float(plan.bound),
        "gap_percent": 100 * float(plan.gap),
        "megabytes": megabytes(),
        "megabytes_before": before,
        "classes": len(problem.group_slots),
        "sessions": len(problem.sessions),
        "edges": len(problem.trips),
        "broken": [],
    }


def claims_percent(problem: Any, placement: Any) -> float:
    """Pupils with a claim (see ``model.claimants``)."""
    import numpy as np
    from model import claimants, model_of

    number = {p.id: i for i, p in enumerate(problem.pupils)}
    session = {s.id: i for i, s in enumerate(problem.sessions)}
    seats = [
        (number[p], session[s], problem.points[rank - 1] if rank else 0)
        for p, held in placement.seats.items()
        for s, rank in zip(held, placement.ranks[p], strict=True)
    ]
    return 100 * float(claimants(model_of(problem), *np.array(seats).reshape(-1, 3).T).mean())


def peer(name: str, path: str) -> dict[str, Any]:
    from flows import FLOWS
    from model import Model, judge
    from packages import PACKAGES
    from programmes import PROGRAMMES
    from rules import RULES

    solver = {**FLOWS, **RULES, **PROGRAMMES, **PACKAGES}[name]
    model = Model.load(Path(path))
    try:
        _warm(solver, model)
    except ImportError as error:
        return {"absent": str(error)}
    before, began = megabytes(), time.process_time()
    answer = solver(model)
    taken = time.process_time() - began
    answer = answer if isinstance(answer, dict) else {"edges": answer}
    judged = judge(model, answer.pop("edges")) if "edges" in answer else {"points": None, "broken": []}
    return {"seconds": taken, "megabytes": megabytes(), "megabytes_before": before, **judged, **answer}


def _warm(solver: Any, model: Any) -> None:
    """Solve a round of one pupil and one session, so that imports are paid before the clock starts."""
    import numpy as np

    one, ptr = np.ones(1, dtype=np.int64), np.array([0, 1])
    zero = np.zeros(1, dtype=np.int64)
    solver(type(model)(one, ptr, one, ptr, zero, one, zero, zero, one, zero))


def main() -> None:
    """Run the command named first, and print what it found."""
    if hasattr(os, "sched_setaffinity") and "BENCH_CORES" in os.environ:
        os.sched_setaffinity(0, {int(core) for core in os.environ["BENCH_CORES"].split(",")})
    command = {"write": write, "ours": ours, "trips": trips, "peer": peer}[sys.argv[1]]
    print(json.dumps(command(*sys.argv[2:])))


if __name__ == "__main__":
    main()

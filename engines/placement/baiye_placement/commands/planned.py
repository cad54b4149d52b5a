# ruff: noqa: PLC0415 - what needs the solver imports it when it is asked
"""What ``solve`` does first where trips are still only offered."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from baiye_placement.files import write_problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from baiye_placement.clock import Progress
    from baiye_placement.problem import Problem


def planned_first(problem: Problem, out: Path, seconds: float, progress: Progress, stop: Callable[[], bool]) -> Problem:
    """``problem`` with its open trips chosen, and written to ``out``/plan; itself where none are open."""
    if all(trip.chosen for trip in problem.trips):
        return problem
    from baiye_placement.clock import Clock
    from baiye_placement.trips.plan import planned

    made = planned(problem, Clock(time.monotonic() + seconds, progress, stop))
    if made is not problem:
        write_problem(made, out / "plan")
        print(f"\nthe trips chosen are in {out / 'plan'}: verify the placement against that folder", file=sys.stderr)
    return made

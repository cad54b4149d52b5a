# ruff: noqa: PLC0415 - the solver and its libraries are loaded by the first placement, not by the import
"""Places pupils: many half-days, wishes, fair ties, and a certificate that anyone can check.

Importing this package is cheap: the solver and its libraries are loaded by the first call of ``place``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baiye_placement.conflicts import Conflict, Relaxation, conflicts
from baiye_placement.explain import Reason, explain, explain_all
from baiye_placement.files import problem_sha256, read_problem, write_problem
from baiye_placement.memory import memory_after
from baiye_placement.placement import Certificate, Level, Placement, read_placement, write_placement
from baiye_placement.problem import Apart, Cap, Lock, Policy, Problem, ProblemError, Pupil, Session, Trip
from baiye_placement.repair import Repaired, repair
from baiye_placement.repair_changes import Changes
from baiye_placement.verify import Violation, verify, verify_folder
from baiye_placement.verify_trips import verify_plan, verify_plan_folder
from baiye_placement.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

    from baiye_placement.trips.plan import Plan


def place(
    problem: Problem,
    *,
    time_budget_s: float = 60.0,
    gap_target: float = 0.0005,
    progress: Callable[[str, float], None] | None = None,
    stop: Callable[[], bool] | None = None,
    seed: str | None = None,
    threads: int = 1,
) -> Placement:
    """The best placement found within the budgets (see ``baiye_placement.solve.place``)."""
    from baiye_placement import solve

    return solve.place(
        problem,
        time_budget_s=time_budget_s,
        gap_target=gap_target,
        progress=progress,
        stop=stop,
        seed=seed,
        threads=threads,
    )


def plan_trips(
    problem: Problem,
    *,
    time_budget_s: float = 60.0,
    gap_target: float = 0.0,
    progress: Callable[[str, float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Plan:
    """The best trips found within the budgets, out of those offered (see ``baiye_placement.trips.plan``)."""
    from baiye_placement.trips import plan

    return plan.plan_trips(problem, time_budget_s=time_budget_s, gap_target=gap_target, progress=progress, stop=stop)


__all__ = [
    "VERSION",
    "Apart",
    "Cap",
    "Certificate",
    "Changes",
    "Conflict",
    "Level",
    "Lock",
    "Placement",
    "Policy",
    "Problem",
    "ProblemError",
    "Pupil",
    "Reason",
    "Relaxation",
    "Repaired",
    "Session",
    "Trip",
    "Violation",
    "conflicts",
    "explain",
    "explain_all",
    "memory_after",
    "place",
    "plan_trips",
    "problem_sha256",
    "read_placement",
    "read_problem",
    "repair",
    "verify",
    "verify_folder",
    "verify_plan",
    "verify_plan_folder",
    "write_placement",
    "write_problem",
]

"""The four policies: from a case to seats and the levels that were reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baiye_placement.case import Outcome
from baiye_placement.dictator import by_dictatorship
from baiye_placement.floor import by_floor
from baiye_placement.ranks import by_rank

if TYPE_CHECKING:
    from baiye_placement.case import Case


def by_points(case: Case) -> Outcome:
    """Half-days first, then the most points."""
    best = case.optimiser(case.arrays.wish_points, case.problem.points[0], case.problem.locked_points)
    best.run()
    best.draw()
    return Outcome(best.seats.seat, (case.half_days(best), case.most_points(best)))


SOLVERS = {"floor": by_floor, "rank_maximal": by_rank, "points": by_points, "dictatorship": by_dictatorship}


def decide(case: Case) -> Outcome:
    """The outcome of the problem's own policy."""
    return SOLVERS[case.problem.policy.name](case)

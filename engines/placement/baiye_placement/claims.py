# mypy: disable-error-code="untyped-decorator"
"""What each unit may claim under policy ``floor``: the most points that it could have if it were alone in the round.

Points are the published ones: multipliers do not count, locked seats do. Tied pupils share one claim: their points are
summed, and the floor asks for their mean. A unit has a claim when each of its pupils wished enough: the wishes that can
be met make up as many half-days as the pupil needs and could have. So a short list buys no claim. Caps above 0 and
pupils who must be kept apart do not lower a claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.case import Case
from baiye_placement.clock import Clock
from baiye_placement.compiling import compiled
from baiye_placement.dual import POINTS_WHEN_FULL, worths
from baiye_placement.seated import worth_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from baiye_placement.arrays import Ints
    from baiye_placement.placement import Placement
    from baiye_placement.problem import Problem
    from baiye_placement.tables import Tables


@dataclass(frozen=True, slots=True, eq=False)
class Claims:
    """Points of units: ``alone`` is the most each could have, ``own`` the same where it has a claim, else 0."""

    plain: Ints  # (wishes,) points a half-day, without multipliers
    base: Ints  # points of locked seats
    alone: Ints
    own: Ints
    width: Ints

    @staticmethod
    def of(case: Case, t: Tables) -> Claims:
        """Claims of the units; ``t.need`` is what each could fill alone."""
        plain, base = case.wished @ case.points, case.locked @ case.points
        alone = worths(t._replace(wish_points=plain), POINTS_WHEN_FULL, np.zeros_like(t.capacity), 1) + base
        return Claims(plain, base, alone, np.where(_wished_enough(case, t), alone, 0), t.width)

    @property
    def top(self) -> int:
        """The floor at which every claim is met in full."""
        return int((-(-self.own // self.width)).max(initial=0))

    def at(self, floor: int) -> Ints:
        """What each unit must have when the floor is ``floor``."""
        return np.minimum(floor * self.width, self.own)

    def points(self, t: Tables, seat: Ints) -> Ints:
        """Points of each unit in ``seat``."""
        points = self.base.copy()
        _points_of(t._replace(wish_points=self.plain), seat, points)
        return points

    def floor(self, points: Ints) -> int:
        """The highest floor that ``points`` keep."""
        lacking = points < self.own
        return int((points[lacking] // self.width[lacking]).min(initial=self.top))


def points_of(problem: Problem, placement: Placement, name: str) -> int:
    """Published points that one pupil was given, multipliers aside."""
    seats = zip(placement.seats[name], placement.ranks[name], strict=True)
    return sum(problem.points[rank - 1] * len(problem.session_by_id[s].slots) for s, rank in seats if rank)


def claims_of(problem: Problem) -> tuple[list[tuple[str, ...]], Claims]:
    """Who sits together, and the claims of all units, in the same order."""
    case = Case(problem, 0.0, Clock(0.0))
    return case.arrays.members, Claims.of(case, case.tables)


def floor_of(problem: Problem, placement: Placement) -> int:
    """The floor that any placement keeps, whatever its policy."""
    members, claims = claims_of(problem)
    points = [sum(points_of(problem, placement, name) for name in unit) for unit in members]
    return claims.floor(np.array(points, dtype=np.int64))


def _wished_enough(case: Case, t: Tables) -> NDArray[np.bool_]:
    a, problem = case.arrays, case.problem
    longest = np.zeros(len(a.offer_ptr) - 1, dtype=np.int64)
    for f, (begin, end) in enumerate(zip(a.offer_ptr[:-1].tolist(), a.offer_ptr[1:].tolist(), strict=True)):
        longest[f] = t.bits[a.edge_mask[begin:end]].max(initial=0)
    enough = np.zeros(a.unit_count, dtype=np.bool_)
    for u, members in enumerate(a.members):
        held = case.held(u)
        span = range(*a.wish_ptr[u : u + 2].tolist())
        met = {**{int(a.wish_project[w]): int(longest[a.wish_offer[w]]) for w in span}, **held}
        wanted = int(t.need[u]) + sum(held.values())
        enough[u] = all(
            sum(met.get(case.project_number[project], 0) for project in problem.pupil_by_id[name].wishes) >= wanted
            for name in members
        )
    return enough


@compiled
def _points_of(t, seat, points):  # type: ignore[no-untyped-def]
    """Add to ``points`` what each unit's seats are worth."""
    for u in range(len(points)):
        for j in range(t.slot_ptr[u], t.slot_ptr[u + 1]):
            if seat[j] >= 0:
                project, first, last = t.project[seat[j]], t.wish_ptr[u], t.wish_ptr[u + 1]
                points[u] += worth_of(project, first, last, t.wish_project, t.wish_points)

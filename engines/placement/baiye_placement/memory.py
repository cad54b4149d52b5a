# ruff: noqa: PLC0415 - NumPy is loaded where it is needed
"""Fairness from round to round: what a placement still owes each pupil.

A pupil's *share* is how many hundredths of their own best they were given: 100 · points had // points that they could
have had if they were alone in the round, with a full set (published points, multipliers aside, locked seats included;
100 where nothing could be had; tied pupils share their sum). With ``median`` the lower median of all shares,

    memory after the round = memory before // 2 + max(0, median - share)

so that who fared worse than most is owed the difference, and an old debt halves with each round, whether it was of use
or not. In the next round memory goes before the draw: in the lottery's order (more memory first), and so in every tie
between equal claims, in whose turn it is under ``dictatorship``, and in who is lifted first where two are equally far
below a floor. It buys no points, and no claim against a pupil who wished more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baiye_placement.placement import Placement
    from baiye_placement.problem import Problem


def memory_after(problem: Problem, placement: Placement) -> dict[str, int]:
    """What each pupil is owed after the round, by id."""
    share = shares(problem, placement)
    median = sorted(share.values())[(len(share) - 1) // 2] if share else 0
    return {
        pupil.id: pupil.memory // 2 + max(0, median - share[pupil.id])
        for pupil in sorted(problem.pupils, key=lambda pupil: pupil.id)
    }


def shares(problem: Problem, placement: Placement) -> dict[str, int]:
    """Hundredths of their own best that pupils were given, by id."""
    from baiye_placement.claims import claims_of, points_of

    units, claims = claims_of(problem)
    found = {}
    for members, most in zip(units, claims.alone.tolist(), strict=True):
        had = sum(points_of(problem, placement, name) for name in members)
        found.update(dict.fromkeys(members, 100 * had // most if most else 100))
    return found

"""The page on what is not promised is true: its example is played."""

from __future__ import annotations

from baiye_placement import Policy, Problem, Pupil, Session, place

SESSIONS = (Session("B", "baking", "V", 1, 1), Session("D", "drones", "V", 1, 1))
BO = Pupil("bo", "7A", ("baking", "drones"), 1)


def seats(*anna: str, policy: str = "points") -> set[tuple[str, ...]]:
    """What Anna gets by each of many lotteries when she lists these wishes."""
    pupils = (Pupil("anna", "7A", anna, 1), BO)
    problem = Problem(SESSIONS, pupils, {"7A": (1,)}, (100, 80), Policy(policy))
    return {place(problem, seed=str(n)).seats["anna"] for n in range(8)}


def test_a_short_list_can_pay_where_points_are_maximised():
    assert seats("baking", "drones") == {("B",), ("D",)}  # the draw decides
    assert seats("baking") == {("B",)}


def test_a_short_list_does_not_pay_under_dictatorship():
    assert (
        seats("baking", policy="dictatorship") == seats("baking", "drones", policy="dictatorship") == {("B",), ("D",)}
    )

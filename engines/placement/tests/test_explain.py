"""Every reason is true when it is counted again from the problem and the seats."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from baiye_placement import (
    Cap,
    Placement,
    Policy,
    Problem,
    Pupil,
    Reason,
    Session,
    Trip,
    explain,
    explain_all,
    place,
)
from baiye_placement.explain import CODES
from baiye_placement.generate import generate
from baiye_placement.lottery import lottery_order
from baiye_placement.problem import POLICIES
from hypothesis import given, settings

from engines.placement.tests.tiny import tiny_problems


class Truth:
    """Says whether a reason is true, the slow way."""

    def __init__(self, problem: Problem, placement: Placement) -> None:
        self.problem, self.seats = problem, placement.seats
        self.load = Counter(session for held in self.seats.values() for session in held)
        self.number = {name: i + 1 for i, name in enumerate(lottery_order(problem))}

    def holds(self, reason: Reason) -> bool:
        return self._code_holds(reason) and self._cut_holds(reason)

    def _cut_holds(self, reason: Reason) -> bool:
        """Whether rank and number of the last one who got in are those of the sessions counted in ``seats``."""
        if "unwished" not in reason.facts:
            return reason.code in ("met", "not_offered", "stage", "barred")
        pupil = self.problem.pupil_by_id[reason.pupil]
        mine = [s for s in self.problem.sessions if s.project == reason.project and self.problem.may_sit(pupil, s)]
        return any(
            self._cut(some, reason)
            == {k: v for k, v in reason.facts.items() if k in ("cut_rank", "cut_number", "unwished")}
            for n in range(1, len(mine) + 1)
            for some in combinations(mine, n)
            if sum(s.capacity for s in some) == reason.facts["seats"]
        )

    def _cut(self, some: tuple[Session, ...], reason: Reason) -> dict[str, int]:
        names = [name for name, held in self.seats.items() for s in some if s.id in held]
        rank = {
            p.id: dict(zip(p.wishes, p.wish_ranks, strict=True)).get(reason.project, 0) for p in self.problem.pupils
        }
        last = max(((rank[name], self.number[name]) for name in names if rank[name]), default=None)
        cut = {"cut_rank": last[0], "cut_number": last[1]} if last else {}
        return cut | {"unwished": sum(not rank[name] for name in names)}

    def _code_holds(self, reason: Reason) -> bool:  # noqa: PLR0911
        pupil = self.problem.pupil_by_id[reason.pupil]
        mine = [s for s in self.problem.sessions if s.project == reason.project and self.problem.may_sit(pupil, s)]
        held = [self.problem.session_by_id[s] for s in self.seats[pupil.id]]
        ranks = dict(zip(pupil.wishes, pupil.wish_ranks, strict=True))
        locked = {lock.session for lock in self.problem.locks if lock.pupil == pupil.id}
        firm = [s for s in held if 0 < ranks.get(s.project, 0) <= reason.rank or s.id in locked]
        busy = {slot for s in firm for slot in s.slots}
        left = [s for s in mine if busy.isdisjoint(s.slots)]
        if reason.code == "met":
            return reason.facts["session"] in self.seats[pupil.id]
        if reason.project in {s.project for s in held}:
            return False
        if reason.code in ("not_offered", "stage", "barred"):
            return not mine
        if reason.code == "clash":
            named = [self.problem.session_by_id[row["session"]] for row in reason.facts["held"]]
            return bool(mine) and not left and all(s in firm for s in named)
        if reason.code in ("full", "lost_draw"):
            return self._full(reason, [s for s in left if self.load[s.id] or s.minimum <= 1])
        if reason.code == "closed":
            return all(self.load[s.id] == 0 and s.minimum > 1 for s in left)
        if reason.code == "balance":
            return any(self.load[s.id] < s.capacity for s in left)
        return reason.code in ("enough", "cap", "tied") and bool(mine)

    def _full(self, reason: Reason, left: list[Session]) -> bool:
        pupil = self.problem.pupil_by_id[reason.pupil]
        equal = [
            self.number[other.id]
            for other in self.problem.pupils
            if other.multiplier == pupil.multiplier
            and dict(zip(other.wishes, other.wish_ranks, strict=True)).get(reason.project) == reason.rank
            and any(s.id in self.seats[other.id] for s in left)
        ]
        wanted = [
            dict(zip(other.wishes, other.wish_ranks, strict=True))[reason.project]
            for other in self.problem.pupils
            if reason.project in other.wishes and any(self.problem.may_sit(other, s) for s in left)
        ]
        figures = reason.facts
        lost = bool(equal) and max(equal) < self.number[pupil.id]
        return (
            all(self.load[s.id] == s.capacity for s in left)
            and (reason.code == "lost_draw") == lost
            and figures["seats"] == sum(s.capacity for s in left)
            and figures["number"] == self.number[pupil.id]
            and (figures["wanted_first"], figures["wanted"]) == (wanted.count(1), len(wanted))
            and (not lost or figures["last_number"] == max(equal))
        )


@pytest.mark.slow
@settings(deadline=None, max_examples=50)
@given(tiny_problems(POLICIES))
def test_every_reason_is_true_when_it_is_counted_again(problem: Problem):
    placement = place(problem)
    truth = Truth(problem, placement)

    reasons = [reason for by_wish in explain_all(problem, placement).values() for reason in by_wish.values()]

    assert [reason for reason in reasons if not truth.holds(reason)] == []
    assert {reason.code for reason in reasons} <= set(CODES)


@pytest.mark.slow
def test_every_reason_in_a_school_is_true_and_no_seat_stays_free_for_one_who_would_gain():
    problem = generate(pupils=240, seed=4, shape="trips")
    placement = place(problem)
    truth = Truth(problem, placement)

    reasons = [reason for by_wish in explain_all(problem, placement).values() for reason in by_wish.values()]

    assert [reason for reason in reasons if not truth.holds(reason)] == []
    assert len(reasons) == 240 * 6
    assert {reason.code for reason in reasons} == {"met", "clash", "full", "lost_draw"}


def small(**changes: object) -> Problem:
    rows = {
        "sessions": (Session("A", "baking", "V1", 1, 1), Session("B", "drones", "V1", 1, 9)),
        "pupils": tuple(Pupil(f"p{i}", "7A", ("baking", "drones"), 1) for i in range(3)),
        "group_slots": {"7A": (1,)}, "points": (10, 5), "policy": Policy("points"),
    }  # fmt: skip
    return Problem(**{**rows, **changes})  # type: ignore[arg-type]


def test_explain_a_lost_draw_gives_the_numbers():
    problem = small()
    placement = place(problem)
    last = lottery_order(problem)[2]

    reason = explain(problem, placement, last, 1)

    assert reason.code == "lost_draw"
    assert dict(reason.facts) == {
        "wanted_first": 3, "wanted": 3, "seats": 1, "price": 5.0, "number": 3, "better": 0, "last_number": 1,
        "cut_rank": 1, "cut_number": 1, "unwished": 0, "more_seats": 2, "number_before": 1,
        "give_up": [2], "hours_lost": 0, "moved": 1, "worse": 1, "loss": 0,
    }  # fmt: skip
    assert explain(problem, placement, last, 2).code == "met"


@pytest.mark.parametrize(
    ("changes", "wish", "code"),
    [
        ({"caps": (Cap("p0", ("baking",), 0),)}, 1, "barred"),
        ({"sessions": (Session("A", "baking", "V2", 1, 1), Session("B", "drones", "V1", 1, 9)),
          "trips": (Trip("7A", (1,), "V1"),)}, 1, "not_offered"),
        ({"sessions": (Session("A", "baking", "V1", 1, 1, stages=frozenset({"senior"})),
                       Session("B", "drones", "V1", 1, 9)),
          "pupils": (Pupil("p0", "7A", ("baking",), 1, stage="junior"),)}, 1, "stage"),
        ({"sessions": (Session("A", "baking", "V1", 1, 9, 2), Session("B", "drones", "V1", 1, 9)),
          "pupils": (Pupil("p0", "7A", ("baking",), 1),)}, 1, "closed"),
        ({"pupils": (Pupil("p0", "7A", ("baking", "drones"), 1),)}, 2, "clash"),
    ],
)  # fmt: skip
def test_explain_says_why(changes: dict[str, object], wish: int, code: str):
    problem = small(**changes)

    assert explain(problem, place(problem), "p0", wish).code == code


def test_explain_an_unknown_pupil_or_wish_is_an_error():
    problem = small()
    placement = place(problem)

    with pytest.raises(KeyError):
        explain(problem, placement, "nobody", 1)
    with pytest.raises(IndexError):
        explain(problem, placement, "p0", 3)

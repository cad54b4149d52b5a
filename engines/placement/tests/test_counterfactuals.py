"""What would have had to be different: each figure is checked by making the change."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from baiye_placement import Placement, Policy, Problem, Pupil, Reason, Session, place
from baiye_placement.explain import Explainer
from baiye_placement.generate import generate
from baiye_placement.lottery import lottery_order
from baiye_placement.problem import POLICIES
from hypothesis import given, settings

from engines.placement.tests.tiny import _fits, brute_force, tiny_problems

Seats = dict[str, frozenset[str]]


class Changed:
    """A problem and its seats, changed and counted again the slow way."""

    def __init__(self, problem: Problem, placement: Placement) -> None:
        self.problem, self.placement = problem, placement
        self.seats: Seats = {name: frozenset(held) for name, held in placement.seats.items()}
        self.number = {name: i + 1 for i, name in enumerate(lottery_order(problem))}

    def worth(self, seats: Seats, problem: Problem | None = None) -> tuple[int, int]:
        """(half-days, points)."""
        hours = sum(len(self.problem.session_by_id[s].slots) for held in seats.values() for s in held)
        return hours, sum(self.points(name, held, problem) for name, held in seats.items())

    def points(self, name: str, held: frozenset[str], problem: Problem | None = None) -> int:
        problem = problem or self.problem
        pupil = problem.pupil_by_id[name]
        ranks = dict(zip(pupil.wishes, pupil.wish_ranks, strict=True))
        sessions = [problem.session_by_id[s] for s in held]
        return sum(
            problem.points[ranks[s.project] - 1] * pupil.multiplier * len(s.slots)
            for s in sessions
            if s.project in ranks
        )

    def stands(self, seats: Seats, more: Counter[str] | None = None) -> bool:
        """Whether ``seats`` keep every rule, with so many seats more in some sessions."""
        problem, sessions = self.problem, self.problem.sessions
        place_of = {s.id: i for i, s in enumerate(sessions)}
        load = Counter(s for held in seats.values() for s in held)
        opened = {lock.session for lock in problem.locks}
        locked = {p.id: {place_of[k.session] for k in problem.locks if k.pupil == p.id} for p in problem.pupils}
        names = {p.id: {sessions[i].id for i in locked[p.id]} for p in problem.pupils}
        return (
            all(load[s.id] <= s.capacity + (more or Counter())[s.id] for s in sessions)
            and all(not load[s.id] or load[s.id] >= s.minimum or s.id in opened for s in sessions)
            and all(
                all(problem.may_sit(p, problem.session_by_id[s]) for s in seats[p.id])
                and _fits(problem, p, [problem.session_by_id[s] for s in sorted(seats[p.id])], names[p.id])
                and (p.tied_to is None or seats[p.id] == seats[p.tied_to])
                for p in problem.pupils
            )
            and all(not seats[a.first] & seats[a.second] for a in problem.apart)
        )

    def moved(self, *moves: tuple[str, set[str], set[str]]) -> Seats:
        """The seats after pupils have left some sessions and come to others."""
        seats = dict(self.seats)
        for name, left, come in moves:
            seats[name] = seats[name] - left | come
        return seats


def changed_and_reasons(problem: Problem, placement: Placement) -> tuple[Changed, Explainer, list[Reason]]:
    explainer = Explainer(problem, placement)
    reasons = [explainer.reason(pupil, k) for pupil in problem.pupils for k in range(1, len(pupil.wishes) + 1)]
    return Changed(problem, placement), explainer, reasons


def reach_of(problem: Problem, reason: Reason) -> list[Session]:
    pupil = problem.pupil_by_id[reason.pupil]
    return [s for s in problem.sessions if s.project == reason.project and problem.may_sit(pupil, s)]


def assert_way_is_true(changed: Changed, explainer: Explainer, reason: Reason) -> None:
    """One placement keeps every rule, has the pupil in the project, and differs by exactly the figures given."""
    facts, problem = reason.facts, changed.problem
    if "loss" not in facts:
        return
    pupil = problem.pupil_by_id[reason.pupil]
    ways = [way for s in reach_of(problem, reason) if (way := explainer.counterfactuals.way(pupil, [s])) is not None]
    ranks = dict(zip(pupil.wishes, pupil.wish_ranks, strict=True))
    way = next(w for w in ways if (w.loss, len(w.moves), w.worse) == (facts["loss"], facts["moved"], facts["worse"])
               and facts["hours_lost"] == max(0, -w.trade.hours)
               and facts["give_up"] == sorted(ranks.get(s.project, 0) for s in w.trade.gave))  # fmt: skip
    gave = {s.id for s in way.trade.gave}
    after = changed.moved(
        (pupil.id, gave, {way.trade.session.id}), *((m.pupil, {m.source}, {m.target}) for m in way.moves)
    )

    before_worth, after_worth = changed.worth(changed.seats), changed.worth(after)
    others = [name for name in after if name != pupil.id and after[name] != changed.seats[name]]

    assert changed.stands(after)
    assert problem.session_by_id[way.trade.session.id].project == reason.project
    assert before_worth[1] - after_worth[1] == facts["loss"]
    assert after_worth[0] - before_worth[0] == way.trade.hours
    assert len(others) == facts["moved"]
    assert sum(changed.points(n, after[n]) < changed.points(n, changed.seats[n]) for n in others) == facts["worse"]


def assert_turn_is_true(changed: Changed, explainer: Explainer, reason: Reason) -> None:
    """With one seat more the pupil may sit there and gains; one less than so many others gain as much or more."""
    if (turn := reason.facts.get("more_seats")) is None:
        return
    problem = changed.problem
    gains = []
    for session in reach_of(problem, reason):
        found = {}
        for other in problem.pupils:
            mine = {problem.session_by_id[s].project for s in changed.seats[other.id]}
            trade = None if reason.project in mine else explainer.counterfactuals.trades.trade(other, session)
            if trade is None or not problem.may_sit(other, session) or reason.project not in other.wishes:
                continue
            after = changed.moved((other.id, {s.id for s in trade.gave}, {session.id}))
            tied = any(other.id in (p.id, p.tied_to) for p in problem.pupils if p.tied_to)
            hours, points = (a - b for a, b in zip(changed.worth(after), changed.worth(changed.seats), strict=True))
            if not tied and (hours, points) > (0, 0):
                assert changed.stands(after, Counter([session.id]))
                found[other.id] = (-hours, -points, changed.number[other.id])
        if reason.pupil in found:
            gains.append(sum(gain <= found[reason.pupil] for gain in found.values()))

    assert turn == min(gains)


def assert_number_is_true(changed: Changed, reason: Reason) -> None:
    """The holder of that number has the same claim, and an exchange in that half-day leaves the total as it is."""
    if (before := reason.facts.get("number_before")) is None:
        return
    problem = changed.problem
    other = next(name for name, number in changed.number.items() if number == before)
    mine, theirs = problem.pupil_by_id[reason.pupil], problem.pupil_by_id[other]
    fair = []
    for session in reach_of(problem, reason):
        left = {s for s in changed.seats[mine.id] if set(problem.session_by_id[s].slots) & set(session.slots)}
        after = changed.moved((mine.id, left, {session.id}), (other, {session.id}, left))
        if session.id in changed.seats[other] and changed.stands(after):
            fair.append(changed.worth(after) == changed.worth(changed.seats))

    assert before < changed.number[mine.id]
    assert theirs.wish_ranks[theirs.wishes.index(reason.project)] == reason.rank
    assert any(fair)


def ranked(problem: Problem, name: str, k: int, new: int) -> Problem:
    """The problem in which wish ``k`` of the pupil is wish ``new``."""
    pupil = problem.pupil_by_id[name]
    wishes = [w for w in pupil.wishes if w != pupil.wishes[k - 1]]
    wishes.insert(new - 1, pupil.wishes[k - 1])
    changed = replace(pupil, wishes=tuple(wishes), ranks=())
    return replace(problem, pupils=tuple(changed if p.id == name else p for p in problem.pupils))


def assert_rank_is_true(changed: Changed, explainer: Explainer, reason: Reason, *, solve: bool) -> None:
    """With the wish so high the way found beats the seats given; proved means: no best placement is without it."""
    if (rank := reason.facts.get("rank_needed")) is None:
        return
    pupil = changed.problem.pupil_by_id[reason.pupil]
    ways = [
        w for s in reach_of(changed.problem, reason) if (w := explainer.counterfactuals.way(pupil, [s])) is not None
    ]
    gains = {new: [] for new in range(rank, reason.k)}
    for new, found in gains.items():
        problem = ranked(changed.problem, pupil.id, reason.k, new)
        for way in ways:
            after = changed.moved(
                (pupil.id, {s.id for s in way.trade.gave}, {way.trade.session.id}),
                *((m.pupil, {m.source}, {m.target}) for m in way.moves),
            )
            found.append(changed.worth(after, problem)[1] - changed.worth(changed.seats, problem)[1])

    assert max(gains[rank]) > 0
    problem = ranked(changed.problem, pupil.id, reason.k, rank)
    if solve and reason.facts["rank_proved"]:
        again = place(problem)
        if (sum(len(h) for h in again.seats.values()), again.points) == brute_force(problem):
            assert reason.project in {problem.session_by_id[s].project for s in again.seats[pupil.id]}


@pytest.mark.slow
@settings(deadline=None, max_examples=50)
@given(tiny_problems(POLICIES))
def test_every_figure_of_what_would_have_changed_is_true(problem: Problem):
    changed, explainer, reasons = changed_and_reasons(problem, place(problem))

    for reason in reasons:
        assert_way_is_true(changed, explainer, reason)
        if problem.policy.name in ("points", "floor"):
            assert_turn_is_true(changed, explainer, reason)
        assert_number_is_true(changed, reason)
        assert_rank_is_true(changed, explainer, reason, solve=True)


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["trips", "open"])
def test_in_a_school_every_way_stands_and_few_would_gain_by_one(shape: str):
    problem = generate(pupils=300, seed=3, shape=shape)
    changed, explainer, reasons = changed_and_reasons(problem, place(problem))
    missed = [reason for reason in reasons if reason.code != "met"]

    for reason in missed[::7]:
        assert_way_is_true(changed, explainer, reason)
        assert_number_is_true(changed, reason)
        assert_rank_is_true(changed, explainer, reason, solve=False)
    for reason in missed[::40]:
        assert_turn_is_true(changed, explainer, reason)

    assert {"moved", "more_seats", "rank_needed"} <= {name for reason in missed for name in reason.facts}
    assert sum(reason.facts.get("loss", 0) < 0 for reason in missed) <= len(missed) // 200


def small(*pupils: Pupil, seats: int = 1) -> Problem:
    sessions = (
        Session("A", "baking", "V", 1, seats),
        Session("B", "drones", "V", 1, 9),
        Session("C", "tea", "V", 1, 1),
    )
    return Problem(sessions, pupils, {"7A": (1,)}, (10, 8, 1))


def test_the_price_of_a_wish_counts_those_who_would_sit_where_it_counts_less():
    problem = small(
        Pupil("a", "7A", ("baking", "tea", "drones"), 1),
        Pupil("b", "7A", ("tea", "baking", "drones"), 1),
        Pupil("c", "7A", ("drones", "baking"), 1),
    )
    _, explainer, _ = changed_and_reasons(problem, place(problem))

    facts = explainer.reason(problem.pupil_by_id["b"], 2).facts

    assert (facts["give_up"], facts["moved"], facts["worse"], facts["loss"]) == ([1], 1, 1, 4)


def test_the_queue_says_how_many_seats_more_it_takes():
    problem = small(*(Pupil(f"p{i}", "7A", ("baking",), 1) for i in range(4)))
    placement = place(problem)
    _, explainer, _ = changed_and_reasons(problem, placement)
    order = [name for name in lottery_order(problem) if "A" not in placement.seats[name]]

    turns = [explainer.reason(problem.pupil_by_id[name], 1).facts["more_seats"] for name in order]

    assert turns == [1, 2, 3]
    with_more = place(small(*problem.pupils, seats=3))
    assert [("A" in with_more.seats[name]) for name in order] == [True, True, False]


def test_a_wish_that_would_only_draw_against_an_equal_claim_has_no_rank_that_is_enough():
    problem = small(
        Pupil("a", "7A", ("baking", "drones"), 1),
        Pupil("b", "7A", ("drones", "tea", "baking"), 1),
        Pupil("c", "7A", ("tea", "drones"), 1),
    )
    _, explainer, _ = changed_and_reasons(problem, place(problem))

    facts = explainer.reason(problem.pupil_by_id["b"], 3).facts

    assert "rank_needed" not in facts


def test_a_wish_that_lost_the_draw_far_down_is_certain_when_ranked_higher():
    sessions = tuple(Session(f"S-{j}", j, "V", 1, 1) for j in ("baking", "drones", "tea"))
    pupils = tuple(Pupil(f"p{i}", "7A", ("tea", "drones", "baking"), 1) for i in range(2))
    others = Pupil("q", "7A", ("tea",), 1, 2), Pupil("r", "7A", ("drones",), 1, 2)
    music = Session("S-music", "music", "V", 1, 9)
    problem = Problem((*sessions, music), pupils + others, {"7A": (1,)}, (10, 8, 1), Policy("points"))
    placement = place(problem)
    loser = next(p for p in pupils if placement.seats[p.id] == ("S-music",))

    facts = Explainer(problem, placement).reason(loser, 3).facts

    assert (facts["rank_needed"], facts["rank_proved"]) == (2, True)
    assert place(ranked(problem, loser.id, 3, 2)).seats[loser.id] == ("S-baking",)


def test_under_dictatorship_the_queue_is_that_of_the_lottery():
    problem = small(*(Pupil(f"p{i}", "7A", ("baking",), 1) for i in range(4)))
    problem = replace(problem, policy=Policy("dictatorship"))
    placement = place(problem)
    order = lottery_order(problem)

    reasons = [Explainer(problem, placement).reason(problem.pupil_by_id[name], 1) for name in order]

    assert [reason.facts.get("more_seats", 0) for reason in reasons] == [0, 1, 2, 3]
    assert all("rank_needed" not in reason.facts for reason in reasons)


def test_by_rank_the_queue_goes_by_rank_before_points():
    rooms = (Session("A", "baking", "V", 1, 1), Session("B", "drones", "V", 1, 9), Session("C", "tea", "V", 1, 9))
    pupils = (
        Pupil("a", "7A", ("baking",), 1),
        Pupil("b", "7A", ("baking", "drones"), 1, 3),
        Pupil("c", "7A", ("tea", "baking"), 1),
        Pupil("d", "7A", ("drones", "baking"), 1),
    )
    problem = Problem(rooms, pupils, {"7A": (1,)}, (10, 8), Policy("rank_maximal"), b"2")
    placement = place(problem)
    loser = next(name for name in ("a", "b") if placement.seats[name] != ("A",))

    facts = Explainer(problem, placement).reason(problem.pupil_by_id[loser], 1).facts

    assert facts["more_seats"] == 1
    assert "price" not in facts

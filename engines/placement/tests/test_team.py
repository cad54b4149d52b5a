"""Threads share the work; the result is the same."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest
from baiye_placement import Policy, place
from baiye_placement.arrays import compile_arrays
from baiye_placement.generate import generate
from baiye_placement.placement import certificate_json
from baiye_placement.tables import tables
from baiye_placement.team import Team


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["open", "trips"])
def test_place_with_several_threads_gives_the_same_bytes(shape: str):
    problem = generate(pupils=600, seed=5, shape=shape)

    alone = place(problem, time_budget_s=inf)
    together = [place(problem, time_budget_s=inf, threads=threads) for threads in (2, 2, 2, 3)]

    assert [certificate_json(each) for each in together] == [certificate_json(alone)] * 4


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["floor", "rank_maximal", "dictatorship"])
def test_any_policy_with_several_threads_gives_the_same_bytes(policy: str):
    problem = replace(generate(pupils=400, seed=5), policy=Policy(policy))

    alone, two, three = (place(problem, time_budget_s=inf, gap_target=0.02, threads=n) for n in (1, 2, 3))

    assert certificate_json(two) == certificate_json(three) == certificate_json(alone)


def test_share_gives_each_worker_its_part_in_order():
    t = tables(compile_arrays(generate(pupils=40, seed=1)))

    parts = Team(3).share(t, 2, 12, lambda i, first, last, mine: (i, first, last, mine.value is t.value))

    assert parts == [(0, 2, 5, True), (1, 5, 8, False), (2, 8, 12, False)]


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_beside_has_both_done_and_gives_what_was_done_here(threads: int):
    t, done = tables(compile_arrays(generate(pupils=40, seed=1))), list[bool]()

    found = Team(threads).beside(t, lambda mine: done.append(mine.value is t.value), lambda: "seats")

    assert (found, done) == ("seats", [threads == 1])


def test_beside_tells_of_what_went_wrong_on_the_other_thread():
    t = tables(compile_arrays(generate(pupils=40, seed=1)))

    with pytest.raises(ZeroDivisionError):
        Team(2).beside(t, lambda _: 1 / 0, lambda: "seats")


def test_share_gives_a_worker_the_tables_of_each_call():
    t = tables(compile_arrays(generate(pupils=40, seed=1)))
    other, team = t._replace(capacity=t.capacity + 1), Team(2)

    first, second, again = (team.share(one, 0, 4, lambda _i, _f, _l, mine: mine.capacity) for one in (t, other, t))

    assert [parts[1] is one.capacity for parts, one in ((first, t), (second, other), (again, t))] == [True] * 3

"""Generated wishes: the same each time, few alike, the popular ones first more often."""

from collections import Counter

import pytest

from baiye.demo.wishes import Tastes

COURSES = dict(zip(range(1, 19), "RIASEC" * 3, strict=True))


def tastes(seed="a"):
    return Tastes(COURSES, popularity=sorted(COURSES), seed=seed)


def test_ranking_is_the_same_each_time_and_whoever_was_asked_before():
    tastes_a = tastes()
    first = [tastes_a.ranking(pupil, 1, list(COURSES), 6) for pupil in range(50)]

    again = [tastes().ranking(pupil, 1, list(COURSES), 6) for pupil in reversed(range(50))]

    assert again[::-1] == first


def test_ranking_of_another_round_differs():
    lists = [[tastes(seed).ranking(pupil, 1, list(COURSES), 6) for pupil in range(50)] for seed in "ab"]

    assert lists[0] != lists[1]


@pytest.mark.parametrize("most", [1, 3, 6])
def test_ranking_names_at_most_so_many_courses_each_once_and_only_those_on_offer(most):
    choices = [2, 3, 5, 7, 11, 13, 17]

    lists = [tastes().ranking(pupil, pupil // 30, choices, most) for pupil in range(300)]

    assert max(map(len, lists)) == most
    for ranked in lists:
        assert len(set(ranked)) == len(ranked)
        assert set(ranked) <= set(choices)


def test_ranking_is_no_longer_than_what_is_on_offer():
    assert {len(tastes().ranking(pupil, 1, [4, 9], 6)) for pupil in range(200)} == {0, 2}


def test_some_pupils_give_no_wish_and_some_give_few():
    lengths = Counter(len(tastes().ranking(pupil, 1, list(COURSES), 6)) for pupil in range(2000))

    assert set(lengths) == {0, 3, 5, 6}
    assert 40 <= lengths[0] <= 120  # four in a hundred, give or take


def test_popular_courses_are_put_first_more_often():
    firsts = Counter(
        ranked[0] for pupil in range(2000) if (ranked := tastes().ranking(pupil, pupil // 30, list(COURSES), 6))
    )

    assert firsts[1] > 2 * firsts[9] > 2 * firsts[18] > 0

"""Generated wishes: popular projects are wanted by many, tastes differ, few lists are alike (Plackett–Luce)."""

import math
import random
from collections.abc import Mapping, Sequence

ZIPF = 0.9  # popularity falls with the rank of a project among all
SHORT_LISTS = ((0.04, 0), (0.10, 3), (0.22, 5))  # (share up to here, how many wishes are given)


class Tastes:
    """What pupils of one round like: one popularity for all, one taste a class, one a pupil.

    ``courses`` maps a course to its RIASEC letter; the order of ``popularity`` is from most to least wanted.
    """

    def __init__(self, courses: Mapping[int, str], popularity: Sequence[int], seed: str) -> None:
        self.letter = dict(courses)
        self.base = {course: -ZIPF * math.log(place + 1) for place, course in enumerate(popularity)}
        self.seed = seed

    def ranking(self, pupil: int, school_class: int, choices: Sequence[int], most: int) -> list[int]:
        """The courses a pupil wishes, best first, out of ``choices``; some pupils give few, a few give none."""
        own = random.Random(f"{self.seed} pupil {pupil}")
        shared = random.Random(f"{self.seed} class {school_class}")
        liking = {letter: shared.gauss(0, 0.3) + own.gauss(0, 0.7) for letter in "RIASEC"}
        score = {c: self.base[c] + liking[self.letter[c]] + gumbel(own) for c in choices}
        ranked = sorted(choices, key=lambda course: -score[course])
        return ranked[: min(most, how_many(own, most))]


def gumbel(rng: random.Random) -> float:
    """Standard Gumbel noise: adding it and sorting draws from Plackett–Luce."""
    return -math.log(-math.log(rng.uniform(1e-12, 1 - 1e-12)))


def how_many(rng: random.Random, most: int) -> int:
    share = rng.random()
    return next((count for limit, count in SHORT_LISTS if share < limit), most)

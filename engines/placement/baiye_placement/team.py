"""Threads that share the work of compiled functions: the result never depends on how many there are."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from baiye_placement.tables import WORKING_SPACE

if TYPE_CHECKING:
    from baiye_placement.tables import Tables

T = TypeVar("T")


class Team:
    """``threads`` workers; each has working space of its own, everything else of the tables is shared."""

    def __init__(self, threads: int = 1) -> None:
        self.threads = max(1, threads)
        self._pool = ThreadPoolExecutor(self.threads - 1) if self.threads > 1 else None
        self._spaces: list[dict[str, np.ndarray]] = []

    def share(self, t: Tables, first: int, last: int, work: Callable[[int, int, int, Tables], T]) -> list[T]:
        """``work(number of the worker, first, last, its tables)`` on even parts of ``first`` … ``last - 1``."""
        if self._pool is None or last - first < self.threads:
            return [work(0, first, last, t)]
        cuts = [first + (last - first) * i // self.threads for i in range(self.threads + 1)]
        parts = [(i, cuts[i], cuts[i + 1], self._own(t, i)) for i in range(1, self.threads)]
        others = [self._pool.submit(work, *part) for part in parts]
        mine = work(0, cuts[0], cuts[1], t)
        return [mine, *(other.result() for other in others)]

    def _own(self, t: Tables, i: int) -> Tables:
        """``t`` with the working space of worker ``i``."""
        while len(self._spaces) < i:
            self._spaces.append({})
        space = self._spaces[i - 1]
        for name in WORKING_SPACE:
            like = getattr(t, name)
            if name not in space or space[name].shape != like.shape:
                space[name] = like.copy()
        return t._replace(**space)


ALONE = Team()

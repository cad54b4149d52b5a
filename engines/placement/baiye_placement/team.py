"""Threads that share the work of compiled functions: the result never depends on how many there are."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
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
        self._known: dict[int, tuple[Tables, Tables]] = {}  # of each worker: the tables it had last, and its own

    def share(self, t: Tables, first: int, last: int, work: Callable[[int, int, int, Tables], T]) -> list[T]:
        """``work(number of the worker, first, last, its tables)`` on even parts of ``first`` … ``last - 1``."""
        if self._pool is None or last - first < self.threads:
            return [work(0, first, last, t)]
        cuts = [first + (last - first) * i // self.threads for i in range(self.threads + 1)]
        parts = [(i, cuts[i], cuts[i + 1], self._own(t, i)) for i in range(1, self.threads)]
        others = [self._pool.submit(work, *part) for part in parts]
        mine = work(0, cuts[0], cuts[1], t)
        return [mine, *(other.result() for other in others)]

    def beside(self, t: Tables, alone: Callable[[Tables], object], here: Callable[[], T]) -> T:
        """What ``here`` gives; another worker does ``alone``, with its tables, meanwhile.

        ``here`` may hold the interpreter's lock, as a flow of OR-Tools does: it begins when ``alone`` is under way.
        """
        if self._pool is None:
            alone(t)
            return here()
        begun, mine = Event(), self._own(t, 1)

        def work() -> None:
            begun.set()
            alone(mine)

        other = self._pool.submit(work)
        begun.wait()
        found = here()
        other.result()
        return found

    def _own(self, t: Tables, i: int) -> Tables:
        """``t`` with the working space of worker ``i``."""
        if i not in self._known or self._known[i][0] is not t:
            while len(self._spaces) < i:
                self._spaces.append({})
            space = self._spaces[i - 1]
            for name in WORKING_SPACE:
                like = getattr(t, name)
                if name not in space or space[name].shape != like.shape:
                    space[name] = like.copy()
            self._known[i] = t, t._replace(**space)
        return self._known[i][1]


ALONE = Team()

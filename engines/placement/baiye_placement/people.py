"""The pupils as arrays: what the figures of a placement and its certificate read of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from baiye_placement.problem import Pupil

    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Pupils sorted by id; the wishes of pupil ``p``, sorted by project, are ``wish_ptr[p]`` … ``wish_ptr[p + 1] - 1``.

    These are the wishes as they were given, met or not; those of ``Arrays`` are of units, and can be met.
    """

    ids: list[str]
    unit: Ints
    need: Ints  # half-days, those of locked seats among them
    multiplier: Ints
    wish_ptr: Ints
    wish_project: Ints
    wish_rank: Ints

    @staticmethod
    def of(project_index: Mapping[str, int], units: Sequence[tuple[Pupil, ...]]) -> People:
        place = sorted((pupil.id, u, pupil) for u, unit in enumerate(units) for pupil in unit)
        pupils = [pupil for _, _, pupil in place]
        numbers = [[project_index[name] for name in pupil.wishes] for pupil in pupils]
        wish_ptr = np.cumsum([0, *map(len, numbers)])
        project = np.array([i for row in numbers for i in row], dtype=np.int64)
        rank = np.array([rank for pupil in pupils for rank in pupil.wish_ranks], dtype=np.int64)
        order = np.lexsort((project, np.repeat(np.arange(len(pupils)), np.diff(wish_ptr))))
        return People(
            [pupil.id for pupil in pupils],
            np.array([u for _, u, _ in place], dtype=np.int64),
            np.array([pupil.need for pupil in pupils], dtype=np.int64),
            np.array([pupil.multiplier for pupil in pupils], dtype=np.int64),
            wish_ptr,
            project[order],
            rank[order],
        )

    @property
    def pupil_of_wish(self) -> Ints:
        return np.repeat(np.arange(len(self.ids)), np.diff(self.wish_ptr))

    def ranks(self, pupil: Ints, project: Ints, projects: int) -> Ints:
        """The rank that each pupil gave to a project, out of ``projects``; 0 where it was no wish."""
        known = self.pupil_of_wish * projects + self.wish_project
        asked = pupil * projects + project
        at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
        return np.where(known[at] == asked, self.wish_rank[at], 0) if len(known) else np.zeros_like(asked)

"""The seats given, as arrays: one row a seat, and the figures that are counted over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.placement import Lists, rows_sha256

if TYPE_CHECKING:
    from baiye_placement.arrays import Arrays, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """The seats of pupil ``p`` (a number in ``People``) are ``ptr[p]`` … ``ptr[p + 1] - 1``, in the order of time.

    ``rank`` is that of the wish, 0 where it was nobody's; ``half_days`` how long the session lasts.
    """

    ptr: Ints
    session: Ints
    rank: Ints
    half_days: Ints

    @staticmethod
    def of(a: Arrays, seat: Ints) -> Given:
        """The seats of ``seat`` (the session of each half-day of each unit) and those that are locked."""
        people, sessions = a.people, len(a.session_ids)
        in_time, place = _by_time(a)
        taken = np.flatnonzero(seat >= 0)
        unit = np.repeat(np.arange(a.unit_count), np.diff(a.slot_ptr))[taken]
        locks = np.array([(u, s) for u, held in enumerate(a.locked) for s in held], dtype=np.int64).reshape(-1, 2)
        units, held = np.concatenate([unit, locks[:, 0]]), np.concatenate([seat[taken], locks[:, 1]])
        rows = np.unique(units * sessions + place[held])  # a session of several half-days stands in each of them
        first = np.searchsorted(rows, np.arange(a.unit_count + 1) * sessions)
        count = np.diff(first)[people.unit]
        ptr = np.concatenate([[0], np.cumsum(count)])
        row = np.repeat(first[people.unit] - ptr[:-1], count) + np.arange(ptr[-1])
        session = in_time[rows[row] % sessions] if len(row) else row
        pupil = np.repeat(np.arange(len(people.ids)), count)
        rank = people.ranks(pupil, a.project[session], int(a.project.max(initial=0)) + 1)
        return Given(ptr, session, rank, (a.session_slots >= 0).sum(axis=1)[session])

    @property
    def pupil(self) -> Ints:
        return np.repeat(np.arange(len(self.ptr) - 1), np.diff(self.ptr))

    def points(self, a: Arrays, points: Ints) -> int:
        """Published ``points`` (of wish 1, 2 …), multipliers included."""
        each = np.concatenate([[0], points])[self.rank] * self.half_days
        return int((each * a.people.multiplier[self.pupil]).sum())

    def rank_vector(self, ranks: int) -> tuple[int, ...]:
        """Half-days by rank, up to wish ``ranks``."""
        return tuple(np.bincount(np.repeat(self.rank, self.half_days), minlength=ranks + 1).tolist())

    def lacking(self, a: Arrays) -> list[int]:
        """Pupils with fewer half-days than they need."""
        ends = np.concatenate([[0], np.cumsum(self.half_days)])
        filled: Ints = ends[self.ptr[1:]] - ends[self.ptr[:-1]]
        return np.flatnonzero(filled < a.people.need).tolist()

    def seats(self, a: Arrays) -> Lists[str]:
        """Session ids of each pupil."""
        return Lists(a.people.ids, self.ptr, self.session, a.session_ids)

    def ranks(self, a: Arrays) -> Lists[int]:
        """Ranks of each pupil's seats."""
        return Lists(a.people.ids, self.ptr, self.rank)

    def sha256(self, a: Arrays) -> str:
        """The hash of ``seats.csv``."""
        ids, names = a.people.ids, a.session_ids
        pupils, sessions = map(ids.__getitem__, self.pupil.tolist()), map(names.__getitem__, self.session.tolist())
        return rows_sha256(zip(pupils, sessions, self.rank.tolist(), strict=True))


def _by_time(a: Arrays) -> tuple[Ints, Ints]:
    """(sessions by their first half-day, then by id; the place of each among them)."""
    last = np.iinfo(np.int64).max
    begin = np.where(a.session_slots >= 0, a.session_slots, last).min(axis=1, initial=last)
    in_time = np.argsort(begin, kind="stable")
    place = np.empty_like(in_time)
    place[in_time] = np.arange(len(in_time))
    return in_time, place

"""The verifier's own replay of policy ``dictatorship``: nobody could have chosen better when their turn came."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from baiye_placement.verify_bounds import Bounds, Moves, Unit

HALF_DAY = 1 << 60  # more than all points: a half-day more is always better


def wrong_turns(book: Any, bounds: Bounds, seats: Mapping[str, list[tuple[str, int]]]) -> Iterator[tuple[str, str]]:
    """Each unit that was not given a best bundle of what was left; units go by the best lottery number in them."""
    replay = _Replay(book, bounds, seats)
    for unit in sorted(bounds.units, key=lambda unit: min(_number(book, name) for name in unit.members)):
        if not replay.chose_best(unit):
            yield "turn", f"pupil {unit.members[0]!r} could have chosen better when the turn came"
        replay.take(unit)


def _number(book: Any, name: str) -> tuple[int, bytes, str]:
    return -book.pupils[name].memory, hashlib.sha256((book.seed + name).encode()).digest(), name


class _Replay:
    def __init__(self, book: Any, bounds: Bounds, seats: Mapping[str, list[tuple[str, int]]]) -> None:
        self.book, self.left = book, dict(bounds.left)
        self.seats = {name: [session for session, _ in held] for name, held in seats.items()}
        used = {session for held in self.seats.values() for session in held}
        for name, s in book.sessions.items():
            if s.minimum and name not in used:  # closed, or nobody wanted it
                self.left[name] = 0
        self.apart: dict[str, set[str]] = {}
        for first, second in book.apart:
            self.apart.setdefault(first, set()).add(second)
            self.apart.setdefault(second, set()).add(first)
        self.taken: dict[str, set[str]] = {name: set(p.locks) for name, p in book.pupils.items()}

    def take(self, unit: Unit) -> None:
        for name in unit.members:
            held = set(self.seats.get(name, ()))
            for session in held - self.taken[name]:
                self.left[session] -= 1
            self.taken[name] |= held

    def chose_best(self, unit: Unit) -> bool:
        mine = set(self.seats.get(unit.members[0], ())) - self.taken[unit.members[0]]
        held = [self.book.sessions[session] for session in mine]
        worth = sum((HALF_DAY + unit.points.get(s.project, 0)) * len(s.slots) for s in held)
        barred = {s for name in unit.members for other in self.apart.get(name, ()) for s in self.taken[other]}
        projects, kind = self._offers(unit, barred), unit.kind
        few: dict[int, int] = {}
        moves = []
        for project, masks in projects.items():
            value = unit.points.get(project)
            if value is None:  # of projects without a wish a few are enough: as many as there are half-days
                masks = {mask for mask in masks if few.get(mask, 0) < kind.size.bit_length()}  # noqa: PLW2901
                for mask in masks:
                    few[mask] = few.get(mask, 0) + 1
            moves.append([(mask, (HALF_DAY + (value or 0)) * kind.bits[mask]) for mask in masks])
        if kind.best(moves, unit.need, full=False) <= worth:
            return True
        caps = [cap for cap in self.book.caps if cap[2] and (cap[0] is None or cap[0] in unit.members)]
        return bool(caps) and self._best_within(unit, projects, caps) <= worth

    def _offers(self, unit: Unit, barred: set[str]) -> dict[str, set[int]]:
        """Project → masks of half-days in which the unit could still sit there."""
        offers: dict[str, set[int]] = {}
        for session, project, mask in unit.kind.sessions:
            if self.left[session] >= unit.width and session not in barred:
                offers.setdefault(project, set()).add(mask)
        return offers

    def _best_within(self, unit: Unit, projects: Mapping[str, set[int]], caps: list[Any]) -> int:
        """The best bundle that keeps the unit's caps: states are half-days used, and how many of each cap."""
        bits = unit.kind.bits
        start = tuple(sum(s.project in cap[1] for s in unit.held) for cap in caps)
        states = {(0, start): 0}
        for project, masks in projects.items():
            moves: Moves = [(m, (HALF_DAY + unit.points.get(project, 0)) * bits[m]) for m in masks]
            after = dict(states)
            for (used, counts), worth in states.items():
                more = tuple(n + (project in cap[1]) for n, cap in zip(counts, caps, strict=True))
                if any(n > cap[2] for n, cap in zip(more, caps, strict=True)):
                    continue
                for mask, gain in moves:
                    if not used & mask and bits[used | mask] <= unit.need:
                        key = used | mask, more
                        after[key] = max(after.get(key, -1), worth + gain)
            states = after
        return max(states.values())

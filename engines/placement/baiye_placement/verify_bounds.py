"""The verifier's own arithmetic: what no placement can exceed at given prices. Standard library only.

U(L) = Σ seats · L + Σ over units of their best bundle, computed with whole numbers. A unit is a pupil, or pupils tied
together; seats that are locked are taken out first and their worth is added at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NEVER = -(10**18)


class Bounds:
    """Recomputes U for the problem in ``book`` (of ``verify``); ``most`` is Σ of what each pupil could fill alone."""

    def __init__(self, book: Any, scale: int) -> None:
        self.book, self.scale = book, scale
        self.left = {name: s.capacity for name, s in book.sessions.items()}
        for pupil in book.pupils.values():
            for session in pupil.locks:
                self.left[session] -= 1
        self.by_slot: dict[int, list[str]] = {}
        for name, s in book.sessions.items():
            self.by_slot.setdefault(s.slots[0], []).append(name)
        self._kinds: dict[Any, _Kind] = {}
        self.units = [_Unit(self, members) for members in self._members()]
        for kind in self._kinds.values():
            kind.price({}, with_options=True)
        for unit in self.units:
            unit.need = unit.best(0, scale, full=False) // (scale * unit.width)
        self.most = sum(unit.width * (unit.need + unit.locked_half_days) for unit in self.units)

    def dual(self, level: str, full: bool, prices: Mapping[str, int]) -> int:
        """U(prices) in 1/scale."""
        weight, hour = (0, self.scale) if level == "half_days" else (self.scale, 0)
        for kind in self._kinds.values():
            kind.price(prices, with_options=full or hour > 0)
        total: int = sum(L * max(self.left[session], 0) for session, L in prices.items())
        for unit in self.units:
            total += unit.best(weight, hour, full=full)
            total += hour * unit.locked_half_days * unit.width + weight * unit.locked_points
        return total

    def kind(self, members: tuple[str, ...]) -> _Kind:
        """The sessions open to all members, found once for all units alike."""
        pupils = [self.book.pupils[name] for name in members]
        locks = tuple(sorted(pupils[0].locks))
        key = (
            frozenset((p.group, p.stage, self.book.bars(n)) for n, p in zip(members, pupils, strict=True)),
            locks,
            len(members),
        )
        if key not in self._kinds:
            held = [self.book.sessions[session] for session in locks]
            slots = set.intersection(*(self.book.group[p.group] for p in pupils))
            slots -= {slot for s in held for slot in s.slots}
            taken = {s.project for s in held}
            found = [(name, self.book.sessions[name]) for slot in slots for name in self.by_slot.get(slot, [])]
            self._kinds[key] = _Kind(
                sorted(slots),
                [
                    (name, s)
                    for name, s in found
                    if slots.issuperset(s.slots)
                    and s.project not in taken
                    and self.left[name] >= len(members)
                    and all(self.book.why_not(member, s) is None for member in members)
                ],
            )
        return self._kinds[key]

    def _members(self) -> list[tuple[str, ...]]:
        """Tied pupils together, all others alone."""
        together = {name: {name} for name in self.book.pupils}
        for name, pupil in self.book.pupils.items():
            if pupil.tied_to is not None and together[name] is not together[pupil.tied_to]:
                joined = together[name] | together[pupil.tied_to]
                for member in joined:
                    together[member] = joined
        seen: dict[int, tuple[str, ...]] = {id(s): tuple(sorted(s)) for s in together.values()}
        return list(seen.values())


class _Kind:
    def __init__(self, slots: list[int], sessions: list[tuple[str, Any]]) -> None:
        bit = {slot: 1 << i for i, slot in enumerate(slots)}
        self.size = 1 << len(slots)
        self.bits = [mask.bit_count() for mask in range(self.size)]
        self.sessions = [(name, s.project, sum(bit[slot] for slot in s.slots)) for name, s in sessions]
        self.cheapest: dict[str, dict[int, int]] = {}  # project → mask → price
        self.options: dict[int, list[tuple[int, str]]] = {}  # mask → (price, project), cheapest first

    def price(self, prices: Mapping[str, int], *, with_options: bool) -> None:
        self.cheapest, self.options = {}, {}
        for name, project, mask in self.sessions:
            price = prices.get(name, 0)
            by_mask = self.cheapest.setdefault(project, {})
            by_mask[mask] = min(price, by_mask.get(mask, price))
            if with_options:
                self.options.setdefault(mask, []).append((price, project))
        for found in self.options.values():
            found.sort()


class _Unit:
    def __init__(self, bounds: Bounds, members: tuple[str, ...]) -> None:
        book = bounds.book
        self.kind, self.width = bounds.kind(members), len(members)
        pupils = [book.pupils[name] for name in members]
        self.points: dict[str, int] = {}
        for p in pupils:
            for project, rank in p.wishes.items():
                self.points[project] = self.points.get(project, 0) + p.multiplier * book.points[rank - 1]
        held = [book.sessions[session] for session in pupils[0].locks]
        self.locked_half_days = sum(len(s.slots) for s in held)
        self.locked_points = sum(self.points.get(s.project, 0) * len(s.slots) for s in held)
        self.need = pupils[0].need - self.locked_half_days

    def _fills(self) -> list[list[tuple[int, int]]]:
        """Sessions nobody in the unit wished, by project, as (mask, price): the few cheapest of each mask.

        A bundle has at most as many sessions as there are half-days; so of as many projects a mask one is always free.
        """
        few = self.kind.size.bit_length() - 1
        by_project: dict[str, list[tuple[int, int]]] = {}
        for mask, found in self.kind.options.items():
            cheapest: dict[str, int] = {}
            for price, project in found:
                if len(cheapest) == few:
                    break
                if project not in self.points:
                    cheapest.setdefault(project, price)
            for project, price in cheapest.items():
                by_project.setdefault(project, []).append((mask, price))
        return list(by_project.values())

    def best(self, weight: int, hour: int, *, full: bool) -> int:
        """Worth of the best bundle of exactly (``full``) or at most ``need`` half-days."""
        kind, bits, wide = self.kind, self.kind.bits, self.width
        value = [NEVER] * kind.size
        value[0] = 0
        for project, points in self.points.items():
            moves = [
                (mask, (points * weight + wide * hour) * bits[mask] - wide * price)
                for mask, price in kind.cheapest.get(project, {}).items()
            ]
            value = _with(value, moves)
        for moves in self._fills():
            value = _with(value, [(mask, wide * (hour * bits[mask] - price)) for mask, price in moves])
        if full:
            return max((v for m, v in enumerate(value) if bits[m] == self.need), default=NEVER)
        return max(v for m, v in enumerate(value) if bits[m] <= self.need)


def _with(value: list[int], moves: list[tuple[int, int]]) -> list[int]:
    """``value`` of each mask when one of ``moves`` (mask, gain) may be made, once."""
    after = value[:]
    for mask, gain in moves:
        for m, worth in enumerate(value):
            if not m & mask and worth > NEVER and worth + gain > after[m | mask]:
                after[m | mask] = worth + gain
    return after

"""The verifier's own arithmetic: what no placement can exceed at given prices. Standard library only.

U(L) = Σ seats · L + Σ over units of their best bundle, computed with whole numbers. A unit is a pupil, or pupils tied
together; seats that are locked are taken out first and their worth is added at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from typing import Any

from baiye_placement.verify_claims import gains_above
from baiye_placement.verify_groups import Groups, own_charges, taken_by

NEVER = -(10**30)

Moves = list[tuple[int, int]]  # (half-days as a mask, gain)


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
        self.kinds: dict[Any, Kind] = {}
        self.units = [Unit(self, members) for members in self._members()]
        for kind in self.kinds.values():
            kind.price({}, with_options=True)
        for unit in self.units:
            unit.need = unit.kind.most_half_days(unit.need, 1) // unit.width
        self.most = sum(unit.width * (unit.need + unit.locked_half_days) for unit in self.units)

    def half_days(self, prices: Mapping[str, int]) -> int:
        """U(prices) of filled half-days, in 1/scale; it does not depend on wishes."""
        self._price(prices, with_options=True)
        own = sum(unit.kind.most_half_days(unit.need, self.scale) for unit in self.units)
        return own + self._seats(prices) + self.scale * sum(unit.width * unit.locked_half_days for unit in self.units)

    def dual(
        self,
        worth: Callable[[Unit], Mapping[str, int]],
        full: bool,
        prices: Mapping[str, int],
        claims: Sequence[int] | None = None,
        groups: Groups | None = None,
    ) -> int:
        """U(prices) in 1/scale where a half-day in a project has the ``worth`` that a unit gives it.

        With ``claims``, of bundles that have so many points, multipliers aside, with what is locked. Sessions in
        ``groups`` (``verify_groups``) have no one price.
        """
        groups = groups or {}
        own, total = own_charges(groups), self._seats(prices) + taken_by(self, groups)
        prices = {**prices, **{session: charge["others"] for session, charge in groups.items()}}
        self._price(prices, with_options=full)
        for unit, claim in zip(self.units, claims or [0] * len(self.units), strict=True):
            values = worth(unit)
            with unit.charged(prices, own.get(unit.members[0])):
                total += unit.best_above(claim, values, self.scale, full)
            total += self.scale * unit.locked_worth(values)
        return total

    def alone(self) -> list[int]:
        """The most points, without multipliers, of each unit with a full set if every seat were free."""
        self._price({}, with_options=True)
        return [unit.best(unit.plain, 1, full=True) + unit.locked_worth(unit.plain) for unit in self.units]

    def _price(self, prices: Mapping[str, int], *, with_options: bool) -> None:
        for kind in self.kinds.values():
            kind.price(prices, with_options=with_options)

    def _seats(self, prices: Mapping[str, int]) -> int:
        return sum(L * max(self.left[session], 0) for session, L in prices.items())

    def kind(self, members: tuple[str, ...]) -> Kind:
        """The sessions open to all members, found once for all units alike."""
        pupils = [self.book.pupils[name] for name in members]
        locks = tuple(sorted(pupils[0].locks))
        key = (
            frozenset((p.group, p.stage, self.book.bars(n)) for n, p in zip(members, pupils, strict=True)),
            locks,
            len(members),
        )
        if key not in self.kinds:
            held = [self.book.sessions[session] for session in locks]
            slots = set.intersection(*(self.book.group[p.group] for p in pupils))
            slots -= {slot for s in held for slot in s.slots}
            taken = {s.project for s in held}
            found = [(name, self.book.sessions[name]) for slot in slots for name in self.by_slot.get(slot, [])]
            sessions = [
                (name, s)
                for name, s in found
                if slots.issuperset(s.slots)
                and s.project not in taken
                and self.left[name] >= len(members)
                and all(self.book.why_not(member, s) is None for member in members)
            ]
            self.kinds[key] = Kind(sorted(slots), sessions, len(members))
        return self.kinds[key]

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


class Kind:
    """Sessions that are open to some units of one ``width``, and their prices."""

    def __init__(self, slots: list[int], sessions: list[tuple[str, Any]], width: int) -> None:
        bit = {slot: 1 << i for i, slot in enumerate(slots)}
        self.width, self.size = width, 1 << len(slots)
        self.bits = [mask.bit_count() for mask in range(self.size)]
        self.sessions = [(name, s.project, sum(bit[slot] for slot in s.slots)) for name, s in sessions]
        self.cheapest: dict[str, dict[int, int]] = {}  # project → mask → price
        self.options: dict[int, list[tuple[int, str]]] = {}  # mask → (price, project), cheapest first
        self._steps: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._most: dict[tuple[int, int], int] = {}

    def price(self, prices: Mapping[str, int], *, with_options: bool) -> None:
        self.cheapest, self.options, self._most = {}, {}, {}
        for name, project, mask in self.sessions:
            price = prices.get(name, 0)
            by_mask = self.cheapest.setdefault(project, {})
            by_mask[mask] = min(price, by_mask.get(mask, price))
        for project, by_mask in self.cheapest.items() if with_options else ():
            for mask, price in by_mask.items():
                self.options.setdefault(mask, []).append((price, project))
        for found in self.options.values():
            found.sort()

    def fills(self, wished: Mapping[str, int]) -> list[Moves]:
        """Sessions of projects not ``wished``, by project, as (mask, minus price): as few as are enough.

        The cheapest project of each mask is enough where these are all different. Else a bundle has at most as many
        sessions as there are half-days, so of as many projects a mask one is always free.
        """
        chosen: dict[str, Moves] = {}
        for mask, found in self.options.items():
            others = (pair for pair in found if pair[1] not in wished)
            if (first := next(others, None)) is None:
                continue
            price, project = first
            while project in chosen:
                if (other := next(others, None)) is None or other[0] > price:
                    return self._more_fills(wished)
                project = other[1]
            chosen[project] = [(mask, -self.width * price)]
        return list(chosen.values())

    def _more_fills(self, wished: Mapping[str, int]) -> list[Moves]:
        few = self.size.bit_length() - 1
        by_project: dict[str, Moves] = {}
        for mask, found in self.options.items():
            others = [(price, project) for price, project in found if project not in wished]
            for price, project in others[:few]:
                by_project.setdefault(project, []).append((mask, -self.width * price))
        return list(by_project.values())

    def most_half_days(self, need: int, hour: int) -> int:
        """Worth of the best bundle when only half-days count, ``hour`` a pupil."""
        if (need, hour) not in self._most:
            gain = self.width * hour
            moves = [[(mask, gain * self.bits[mask] + less) for mask, less in fill] for fill in self._more_fills({})]
            self._most[need, hour] = self.best(moves, need, full=False)
        return self._most[need, hour]

    def best(self, projects: list[Moves], need: int, *, full: bool) -> int:
        """The most that one move of each project can gain, in exactly (``full``) or at most ``need`` half-days."""
        value = [NEVER] * self.size
        value[0] = 0
        return self.fill_up(value, projects, need, full=full)

    def fill_up(self, value: list[int], projects: list[Moves], need: int, *, full: bool) -> int:
        """As ``best``, beginning with what each mask of half-days is worth already; NEVER where it cannot be had."""
        for moves in projects:
            after = value[:]
            for mask, gain in moves:
                if gain > 0 or full:
                    for before, then in self._steps.get((mask, need)) or self._make_steps(mask, need):
                        worth = value[before] + gain
                        if worth > after[then]:  # noqa: PLR1730 - the quicker way in the innermost loop
                            after[then] = worth
            value = after
        if full:
            return max((v for v, n in zip(value, self.bits, strict=True) if n == need), default=NEVER)
        return max(v for v, n in zip(value, self.bits, strict=True) if n <= need)

    def _make_steps(self, mask: int, need: int) -> list[tuple[int, int]]:
        """From which masks to which one comes by ``mask``, within ``need`` half-days."""
        self._steps[mask, need] = steps = [
            (m, m | mask) for m in range(self.size) if not m & mask and self.bits[m | mask] <= need
        ]
        return steps


class Unit:
    """Pupils who sit together: usually one."""

    def __init__(self, bounds: Bounds, members: tuple[str, ...]) -> None:
        book = bounds.book
        self.members, self.kind, self.width = members, bounds.kind(members), len(members)
        pupils = [book.pupils[name] for name in members]
        self.ranks: list[tuple[str, int]] = [pair for p in pupils for pair in p.wishes.items()]
        self.points: dict[str, int] = {}
        self.plain: dict[str, int] = {}  # without multipliers
        for p in pupils:
            for project, rank in p.wishes.items():
                worth = book.points[rank - 1]
                self.plain[project] = self.plain.get(project, 0) + worth
                self.points[project] = self.points.get(project, 0) + p.multiplier * worth
        self.held = [book.sessions[session] for session in pupils[0].locks]
        self.locked_half_days = sum(len(s.slots) for s in self.held)
        self.need = pupils[0].need - self.locked_half_days

    @contextmanager
    def charged(self, prices: Mapping[str, int], own: Mapping[str, int] | None) -> Iterator[None]:
        """For a while the unit pays ``own`` for some sessions, and ``prices`` for all others."""
        kind = self.kind
        if own:
            self.kind = copy(kind)
            self.kind.price({**prices, **own}, with_options=True)
        yield
        self.kind = kind

    def locked_worth(self, values: Mapping[str, int]) -> int:
        return sum(values.get(s.project, 0) * len(s.slots) for s in self.held)

    def best_above(self, claim: int, values: Mapping[str, int], scale: int, full: bool) -> int:
        """As ``best``, of bundles that have at least ``claim`` points with what is locked, multipliers aside."""
        claim -= self.locked_worth(self.plain)
        if claim <= 0:
            return self.best(values, scale, full)
        kind, wishes = self.kind, []
        for project, value in values.items():
            if by_mask := kind.cheapest.get(project):
                each = value * scale
                moves = [(mask, each * kind.bits[mask] - self.width * price) for mask, price in by_mask.items()]
                wishes.append((self.plain[project], moves))
        wishes.sort(key=lambda wish: -wish[0])
        gains = gains_above(claim, wishes, self.need, kind.bits)
        begun = [gains.get(mask, NEVER) for mask in range(kind.size)]
        return kind.fill_up(begun, kind.fills(values) if full else [], self.need, full=full)

    def best(self, values: Mapping[str, int], scale: int, full: bool) -> int:
        """Worth of the best bundle at the kind's prices; a half-day in a project counts ``scale`` times its value."""
        kind, bits, wide = self.kind, self.kind.bits, self.width
        projects = []
        for project, value in values.items():
            if by_mask := kind.cheapest.get(project):
                each = value * scale
                projects.append([(mask, each * bits[mask] - wide * price) for mask, price in by_mask.items()])
        if full:
            projects += kind.fills(values)
        return kind.best(projects, self.need, full=full)

"""The checker's own arithmetic for open trips: what no choice of trips and seats can exceed. Standard library only.

U(L) = Σ seats · L + Σ over classes of the best plan of trips, where a plan is worth what its pupils' best bundles are
worth at prices L, less its cost. A trip's worth to a class, alone, bounds every plan with it; plans whose sum cannot
beat the best one are passed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NEVER = -(10**18)
Places = tuple[tuple[int, str | None], ...]  # half-days, each with the venue if there is but one


class Joint:
    """Recomputes figures for the rows in ``book`` (of ``verify_trips``)."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.weights: list[int] = next(row[2] for row in book.rows if row[0] == "policy")
        self.sessions = {row[1]: _Session(*row[2:]) for row in book.rows if row[0] == "session"}
        self.by_slot: dict[int, list[str]] = {}
        for name, s in self.sessions.items():
            self.by_slot.setdefault(min(s.slots), []).append(name)
        self.barred: dict[str | None, set[str]] = {}
        for row in book.rows:
            if row[0] == "cap" and row[3] == 0:
                self.barred.setdefault(row[1], set()).update(row[2])
        self.people = {row[1]: _Pupil(self, row) for rows in book.pupils.values() for row in rows}
        for row in book.rows:
            if row[0] == "wish":
                pupil = self.people[row[1]]
                pupil.points[row[3]] = self.weights[row[2] - 1] * pupil.multiplier
            elif row[0] == "lock":
                self.people[row[1]].hold(self.sessions[row[2]])
                self.sessions[row[2]].left -= 1
        self.travel_made = sum(
            book.minute_cost * row[4] * book.size(row[1]) for row in book.rows if row[0] == "offer" and row[6]
        )

    def points(self, drafted: Iterable[tuple[str, str]]) -> int:
        """Points of the seats."""
        total = 0
        for name, session in drafted:
            s = self.sessions[session]
            total += self.people[name].points.get(s.project, 0) * len(s.slots)
        return total

    def short(self, drafted: Iterable[tuple[str, str]]) -> list[str]:
        """Pupils with fewer half-days than they need."""
        had: Counter[str] = Counter()
        for name, session in drafted:
            had[name] += len(self.sessions[session].slots)
        return [name for name, pupil in self.people.items() if had[name] < pupil.need + len(pupil.busy)]

    def dual(self, prices: Mapping[str, int], scale: int, short: frozenset[str]) -> int:
        """U(prices) in 1/scale."""
        self.price, self.scale, self.missing = prices, scale, short
        self.cells: dict[Any, _Cell] = {}
        total = sum(price * max(self.sessions[s].left, 0) for s, price in prices.items())
        total += sum(pupil.locked_points for pupil in self.people.values()) * scale
        for group, rows in self.book.pupils.items():
            total += _Class(self, group, [self.people[row[1]] for row in rows]).best()
        return int(total - self.travel_made * scale)

    def cell(self, places: Places, stage: str | None) -> _Cell:
        key = (places, stage)
        if key not in self.cells:
            self.cells[key] = _Cell(self, places, stage)
        return self.cells[key]


@dataclass(slots=True)
class _Session:
    project: str
    venue: str
    slots: list[int]
    left: int  # seats, less those of locks
    minimum: int
    stages: list[str]


class _Pupil:
    def __init__(self, joint: Joint, row: Sequence[Any]) -> None:
        self.name, self.need, self.multiplier, self.stage = row[1], row[3], row[4], row[6]
        self.points: dict[str, int] = {}
        self.gone = joint.barred.get(None, set()) | joint.barred.get(self.name, set())
        self.busy: set[int] = set()
        self.locked_points = 0

    def hold(self, session: _Session) -> None:
        self.need -= len(session.slots)
        self.busy.update(session.slots)
        self.gone = self.gone | {session.project}
        self.locked_points += self.points.get(session.project, 0) * len(session.slots)


class _Cell:
    """What is open to pupils of one stage in these half-days, and at what price."""

    def __init__(self, joint: Joint, places: Places, stage: str | None) -> None:
        venue = dict(places)
        self.slots = sorted(venue)
        bit = {slot: 1 << i for i, slot in enumerate(self.slots)}
        self.size = 1 << len(self.slots)
        self.cheapest: dict[str, dict[int, int]] = {}  # project → mask → price
        self.projects: set[str] = set()  # of any stage
        for slot in self.slots:
            for name in joint.by_slot.get(slot, []):
                s = joint.sessions[name]
                if s.left <= 0 or any(venue.get(t, "") not in (None, s.venue) for t in s.slots):
                    continue
                self.projects.add(s.project)
                if s.stages and stage is not None and stage not in s.stages:
                    continue
                price, masks = joint.price.get(name, 0), self.cheapest.setdefault(s.project, {})
                mask = sum(bit[t] for t in s.slots)
                masks[mask] = min(price, masks.get(mask, price))
        by_mask: dict[int, list[tuple[int, str]]] = {}
        for project, masks in self.cheapest.items():
            for mask, price in masks.items():
                by_mask.setdefault(mask, []).append((price, project))
        self.options = {mask: sorted(found) for mask, found in by_mask.items()}  # cheapest first

    def best(self, pupil: _Pupil, scale: int, fewest: int, most: int) -> int:
        """Worth of the pupil's best bundle of ``fewest`` to ``most`` half-days here; NEVER where there is none."""
        free = sum(1 << i for i, slot in enumerate(self.slots) if slot not in pupil.busy)
        value = [NEVER] * self.size
        value[0] = 0
        for project, points in pupil.points.items():
            if project in self.cheapest and project not in pupil.gone:
                value = _with(value, free, [
                    (mask, points * scale * mask.bit_count() - price)
                    for mask, price in self.cheapest[project].items()
                ])  # fmt: skip
        if fewest:
            for moves in self._fills(pupil):
                value = _with(value, free, moves)
        return max((v for m, v in enumerate(value) if fewest <= m.bit_count() <= most), default=NEVER)

    def _fills(self, pupil: _Pupil) -> list[list[tuple[int, int]]]:
        """Sessions the pupil did not wish, by project: of each mask as many of the cheapest as there are half-days."""
        by_project: dict[str, list[tuple[int, int]]] = {}
        for mask, found in self.options.items():
            left = len(self.slots)
            for price, project in found:
                if left and project not in pupil.points and project not in pupil.gone:
                    by_project.setdefault(project, []).append((mask, -price))
                    left -= 1
        return list(by_project.values())


def _with(value: list[int], free: int, moves: list[tuple[int, int]]) -> list[int]:
    """``value`` of each mask when one of ``moves`` (mask, gain) may be made, once."""
    after = value[:]
    for mask, gain in moves:
        if mask & ~free:
            continue
        for m, worth in enumerate(value):
            if not m & mask and worth > NEVER and worth + gain > after[m | mask]:
                after[m | mask] = worth + gain
    return after


class _Class:
    """One class: its offers, and the best plan among them."""

    def __init__(self, joint: Joint, group: str, pupils: list[_Pupil]) -> None:
        book = joint.book
        self.joint, self.pupils, self.rest = joint, pupils, book.rest[group]
        fixed = sorted(book.fixed[group])
        self.base: Places = tuple((slot, book.made.get((group, slot))) for slot in fixed)
        self.offers = [t for t in book.offers.get(group, []) if book.usable(t)]
        self.cost = [book.cost(t) * joint.scale for t in self.offers]
        self.places: list[Places] = [tuple((slot, t.venue) for slot in sorted(t.slots)) for t in self.offers]
        lengths = {len(t.slots) for t in self.offers}
        even = not self.rest or (len(lengths) == 1 and self.rest % min(lengths) == 0)
        self.length = len(fixed) + self.rest if even else None  # half-days of every plan, where all are alike
        self.additive = self.length is not None and all(p.need + len(p.busy) >= self.length for p in pupils)

    def best(self) -> int:
        """Worth of the best plan."""
        if not self.rest:
            return self._exactly([])
        alone = [self._alone(places) for places in self.places]
        sums = [worth - cost if worth > NEVER else NEVER for worth, cost in zip(alone, self.cost, strict=True)]
        self.order = sorted((i for i in range(len(sums)) if sums[i] > NEVER), key=lambda i: -sums[i])
        self.sums, self.found = sums, NEVER
        base = self._alone(self.base) if self.base else 0
        if base > NEVER:
            self._search([], 0, base, self.rest)
        return self.found

    def _search(self, taken: list[int], start: int, total: int, lacking: int) -> None:
        """Try every set of offers that begins with ``taken`` and could beat the best plan."""
        sizes = [len(self.offers[i].slots) for i in self.order] or [1]
        for at in range(start, len(self.order)):
            i = self.order[at]
            worth, size = self.sums[i], len(self.offers[i].slots)
            trips = -(-lacking // (min(sizes) if worth > 0 else max(sizes)))
            if total + worth * trips <= self.found:
                return
            if any(not set(self.offers[i].slots).isdisjoint(self.offers[j].slots) for j in taken):
                continue
            if size < lacking:
                self._search([*taken, i], at + 1, total + worth, lacking - size)
            elif total + worth > self.found and not self._has_spare([*taken, i]):
                plan = [*taken, i]
                self.found = max(self.found, total + worth if self._is_sum(plan) else self._exactly(plan))

    def _has_spare(self, plan: list[int]) -> bool:
        sizes = [len(self.offers[i].slots) for i in plan]
        return bool(sum(sizes) - min(sizes) >= self.rest)

    def _is_sum(self, plan: list[int]) -> bool:
        """Whether the plan is worth the sum of its trips: everyone fills all of it, and no project is held in two."""
        if not self.additive:
            return False
        seen: set[str] = set()
        for places in [self.base, *(self.places[i] for i in plan)]:
            projects = self.joint.cell(places, None).projects
            if not seen.isdisjoint(projects):
                return False
            seen |= projects
        return True

    def _alone(self, places: Places) -> int:
        """At most so much can the half-days add to any plan."""
        total = 0
        for pupil in self.pupils:
            fills = pupil.name not in self.joint.missing and self.length == pupil.need + len(pupil.busy)
            free = sum(slot not in pupil.busy for slot, _ in places)
            fewest, most = (free, free) if fills else (0, pupil.need)
            worth = self.joint.cell(places, pupil.stage).best(pupil, self.joint.scale, fewest, most)
            if worth <= NEVER:
                return NEVER
            total += worth
        return total

    def _exactly(self, plan: list[int]) -> int:
        """What the plan is worth, its cost taken off."""
        places = tuple(sorted(self.base + tuple(p for i in plan for p in self.places[i]), key=lambda p: p[0]))
        total = -sum(self.cost[i] for i in plan)
        cells: dict[str | None, _Cell] = {}
        for pupil in self.pupils:
            if pupil.stage not in cells:
                cells[pupil.stage] = _Cell(self.joint, places, pupil.stage)
            fewest = 0 if pupil.name in self.joint.missing else pupil.need
            worth = cells[pupil.stage].best(pupil, self.joint.scale, fewest, pupil.need)
            if worth <= NEVER:
                return NEVER
            total += worth
        return int(total)

"""Integer programmes of HiGHS: whether the rooms suffice at all, and small problems as a whole.

Binary y[o] says that offer o is chosen, x[p, s] that pupil p sits in session s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from baiye_placement.highs import Program
from baiye_placement.trips.worth import MOST_TRIPS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from baiye_placement.trips.ground import Ground, Ints

Terms = dict[int, float]  # coefficient by column


class Offers:
    """y for every offer, and what holds for offers alone: no two on one half-day, and no room too full."""

    def __init__(self, g: Ground) -> None:
        self.g, self.program = g, Program()
        self.pupils = np.diff(g.pupil_ptr)
        self.offers_of = [range(a, b) for a, b in zip(g.offer_ptr.tolist(), g.offer_ptr[1:].tolist(), strict=False)]
        self.size = g.cell_size[g.offer_cell]
        for c, offers in enumerate(self.offers_of):
            for o in offers:
                self.program.column()
                cell = g.offer_cell[o]
                for slot in g.cell_slots[g.cell_slot_ptr[cell] : g.cell_slot_ptr[cell + 1]].tolist():
                    self.program.row(("out", c, slot), -np.inf, 1.0).append((o, 1.0))
                for room in g.room[g.room_ptr[o] : g.room_ptr[o + 1]].tolist():
                    row = self.program.row(("room", room), -np.inf, float(g.space[room]))
                    row.append((o, float(self.pupils[c])))

    def add(self, key: Hashable, lower: float, upper: float, terms: Terms) -> None:
        self.program.row(key, lower, upper).extend(terms.items())

    def cover(self, c: int) -> None:
        """The class's offers cover what it needs, and none that is chosen can be left out."""
        terms, rest = self.needs(c), float(self.g.rest[c])
        self.add(("cover", c), rest, np.inf, terms)
        total = sum(terms.values())
        for o in self.offers_of[c]:
            others = {i: size for i, size in terms.items() if i != o}
            self.add(("spare", o), -np.inf, total + rest - 1, {**others, o: total})

    def needs(self, c: int) -> Terms:
        return {o: float(self.size[o]) for o in self.offers_of[c]}

    def solve(self, goals: Iterable[Terms], seconds: float) -> Any:
        """Values of the columns: the goals are maximised one after the other; None where nothing was found in time."""
        aims, found = self.program.open(whole=True), None
        for goal in goals:
            aim = [(column, -value) for column, value in goal.items()]
            if (solution := aims.minimise(aim, seconds=seconds)) is None:
                return found
            found = solution.values
            aims.at_most(aim, sum(value * found[column] for column, value in aim) + 0.5)
        return found

    def plans(self, found: Any) -> Ints:
        """Chosen offers of each class, without those that can be left out."""
        plans = np.full((len(self.offers_of), MOST_TRIPS + 1), -1, dtype=np.int64)
        for c, offers in enumerate(self.offers_of):
            chosen = [o for o in offers if found[o] > 0.5]
            for o in sorted(chosen, key=lambda o: self.size[o]):
                if sum(self.size[i] for i in chosen if i != o) >= self.g.rest[c]:
                    chosen.remove(o)
            plans[c, : len(chosen)] = chosen
        return plans


def fitting_plans(g: Ground, seconds: float) -> tuple[Ints, list[int]]:
    """(plans that keep every room, classes that have none): as many classes as can be have one."""
    program = Offers(g)
    has = {}
    for c in np.flatnonzero(g.rest > 0).tolist():
        has[c] = program.program.column()
        program.add(("cover", c), 0.0, np.inf, {**program.needs(c), has[c]: -float(g.rest[c])})
    found = program.solve([dict.fromkeys(has.values(), 1.0)], seconds)
    if found is None:
        return np.full((g.class_count, MOST_TRIPS + 1), -1, dtype=np.int64), list(has)
    return program.plans(found), [c for c, column in has.items() if found[column] < 0.5]


def best_plans(g: Ground, most_columns: int, seconds: float) -> Ints | None:
    """Plans of a joint optimum (half-days first, then points less costs); None for a problem that is not small."""
    program = Offers(g)
    hours: Terms = {}
    points: Terms = {o: -float(cost) for o, cost in enumerate(g.offer_cost.tolist()) if cost}
    for c in range(g.class_count):
        if g.rest[c] > 0:
            program.cover(c)
        for p in range(g.pupil_ptr[c], g.pupil_ptr[c + 1]):
            _pupil(program, c, p, hours, points)
            if len(program.program.uppers) > most_columns:
                return None
    found = program.solve([hours, points], seconds)
    return None if found is None else program.plans(found)


def _pupil(program: Offers, c: int, p: int, hours: Terms, points: Terms) -> None:
    g = program.g
    worth = dict(
        zip(*(a[g.wish_ptr[p] : g.wish_ptr[p + 1]].tolist() for a in (g.wish_project, g.wish_points)), strict=True)
    )
    busy = set(g.busy[g.busy_ptr[p] : g.busy_ptr[p + 1]].tolist())
    gone = set(g.gone[g.gone_ptr[p] : g.gone_ptr[p + 1]].tolist())
    found: dict[int, tuple[list[int], set[int]]] = {}  # session → (its half-days, offers that lead there; -1 for none)
    cells = {o: int(g.offer_cell[o]) for o in program.offers_of[c]}
    if g.base[c] >= 0:
        cells[-1] = int(g.base[c])
    for o, cell in cells.items():
        slots = g.cell_slots[g.cell_slot_ptr[cell] : g.cell_slot_ptr[cell + 1]].tolist()
        for option in range(g.option_ptr[cell], g.option_ptr[cell + 1]):
            mine = [slot for i, slot in enumerate(slots) if g.option_mask[option] >> i & 1]
            for s in g.open_session[g.open_ptr[option] : g.open_ptr[option + 1]].tolist():
                if g.admits[s, g.stage[p]] and not busy & set(mine) and int(g.project[s]) not in gone:
                    found.setdefault(s, (mine, set()))[1].add(o)
    for s, (slots, ways) in sorted(found.items()):
        x = program.program.column()
        hours[x] = float(len(slots))
        points[x] = float(worth.get(int(g.project[s]), 0) * len(slots))
        program.add(("seats", s), -np.inf, float(g.capacity[s]), {x: 1.0})
        program.add(("need", p), -np.inf, float(g.need[p]), {x: float(len(slots))})
        program.add(("project", p, int(g.project[s])), -np.inf, 1.0, {x: 1.0})
        for slot in slots:
            program.add(("slot", p, slot), -np.inf, 1.0, {x: 1.0})
        if -1 not in ways:
            program.add(("way", x), -np.inf, 0.0, {x: 1.0, **dict.fromkeys(ways, -1.0)})

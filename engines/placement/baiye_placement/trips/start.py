# ruff: noqa: PLR0913, PLR0917 - compiled functions take plain arrays
# mypy: disable-error-code="untyped-decorator"
"""A first choice of trips that keeps every room, by simulated annealing at fixed prices; compiled.

Trips are worth what they are worth alone, the second of two at one venue half of it; a pupil too many in a room costs
more than any trip is worth. Two moves: one class takes another trip, or two classes change places.
"""

from __future__ import annotations

import numpy as np

from baiye_placement.bundles import NEVER
from baiye_placement.compiling import compiled, inner
from baiye_placement.trips.best import clashes
from baiye_placement.trips.worth import MOST_TRIPS


@inner
def _overflow(o, pupils, sign, use, g):  # type: ignore[no-untyped-def]
    """Pupils too many in the rooms of offer ``o`` when so many come (``sign`` 1) or leave (-1), less those now."""
    change = 0
    for i in range(g.room_ptr[o], g.room_ptr[o + 1]):
        r = g.room[i]
        change += max(use[r] + sign * pupils - g.space[r], 0) - max(use[r] - g.space[r], 0)
    return change


@inner
def occupy(o, pupils, sign, use, g):  # type: ignore[no-untyped-def]
    """Let so many pupils come into the rooms of offer ``o``, or leave them."""
    for i in range(g.room_ptr[o], g.room_ptr[o + 1]):
        use[g.room[i]] += sign * pupils


@inner
def value(plan, worth, g):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(MOST_TRIPS):
        if plan[i] < 0:
            break
        one = float(worth[plan[i]])
        for j in range(i):
            if g.share[g.offer_cell[plan[i]], g.offer_cell[plan[j]]]:
                one = min(one / 2, one)
        total += one
    return total


@inner
def fits(c, plan, at, o, g):  # type: ignore[no-untyped-def]
    """Whether offer ``o`` may take the place ``at`` of the plan: as long, and on other half-days than the rest."""
    if g.cell_size[g.offer_cell[plan[at]]] != g.cell_size[g.offer_cell[o]]:
        return False
    for i in range(MOST_TRIPS):
        if plan[i] < 0:
            break
        if i != at and (plan[i] == o or clashes(c, plan[i], o, g)):
            return False
    return True


@inner
def _try(c, at, o, worth, penalty, use, plans, g):  # type: ignore[no-untyped-def]
    """Put offer ``o`` into place ``at`` of the class's plan; how much better that is. The old offer is returned too."""
    pupils = g.pupil_ptr[c + 1] - g.pupil_ptr[c]
    old = plans[c, at]
    before = value(plans[c], worth, g)
    change = _overflow(old, pupils, -1, use, g)
    occupy(old, pupils, -1, use, g)
    change += _overflow(o, pupils, 1, use, g)
    occupy(o, pupils, 1, use, g)
    plans[c, at] = o
    return value(plans[c], worth, g) - before - penalty * change, old


@inner
def _undo(c, at, old, use, plans, g):  # type: ignore[no-untyped-def]
    pupils = g.pupil_ptr[c + 1] - g.pupil_ptr[c]
    occupy(plans[c, at], pupils, -1, use, g)
    occupy(old, pupils, 1, use, g)
    plans[c, at] = old


@compiled
def anneal(open_classes, offer_of, worth, penalty, heat, moves, seed, use, plans, g):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912
    """Change ``plans`` and ``use`` in place; ``offer_of[c, cell]`` is the offer of the class for the cell, or -1."""
    np.random.seed(seed)
    for move in range(moves):
        temperature = heat * (1.0 - move / moves) ** 2 + 1e-9
        c = open_classes[np.random.randint(len(open_classes))]
        trips = 0
        while plans[c, trips] >= 0:
            trips += 1
        at = np.random.randint(trips)
        o = g.offer_ptr[c] + np.random.randint(g.offer_ptr[c + 1] - g.offer_ptr[c])
        if worth[o] <= NEVER or o == plans[c, at] or not fits(c, plans[c], at, o, g):
            continue
        here, there = g.offer_cell[plans[c, at]], g.offer_cell[o]
        gain, old = _try(c, at, o, worth, penalty, use, plans, g)
        if gain >= 0 or np.random.random() < np.exp(gain / temperature):
            continue
        d = open_classes[np.random.randint(len(open_classes))]  # perhaps someone there will change places
        for _ in range(len(open_classes)):
            d = d + 1 if d + 1 < len(plans) else 0
            other = offer_of[d, there]
            back = offer_of[d, here]
            if d == c or other < 0 or back < 0 or worth[back] <= NEVER:
                continue
            place = -1
            for i in range(MOST_TRIPS):
                if plans[d, i] < 0:
                    break
                if plans[d, i] == other:
                    place = i
            if place >= 0 and fits(d, plans[d], place, back, g):
                more, was = _try(d, place, back, worth, penalty, use, plans, g)
                if gain + more >= 0 or np.random.random() < np.exp((gain + more) / temperature):
                    gain = 0.0
                else:
                    _undo(d, place, was, use, plans, g)
                break
        if gain < 0:
            _undo(c, at, old, use, plans, g)

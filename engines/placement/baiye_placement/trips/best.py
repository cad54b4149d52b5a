# ruff: noqa: PLR0913, PLR0917 - compiled functions take plain arrays
# mypy: disable-error-code="untyped-decorator"
"""The best plan of one class at given prices, found exactly by branch and bound over its offers; compiled.

A plan is a set of offers, no two of which share a half-day, that covers what the class needs and of which none can be
left out. The sum of its trips bounds a plan from above, so only plans whose sum beats the best one are looked into.
"""

from __future__ import annotations

import numpy as np

from baiye_placement.bundles import NEVER
from baiye_placement.compiling import compiled, inner
from baiye_placement.trips.worth import MOST_TRIPS, class_worth, is_sum, plan_worth, sort_open

EVERY_LOOK = 1 << 40


@inner
def offer_worth(c, o, hour, price, scale, g, w):  # type: ignore[no-untyped-def]
    """What offer ``o`` alone is worth to class ``c``, its cost taken off."""
    w.cells[0] = g.offer_cell[o]
    worth = class_worth(c, 1, True, hour, price, scale, w.nobody, g, w)
    return worth - g.offer_cost[o] * scale if worth > NEVER else NEVER


@inner
def offer_worths(c, hour, price, scale, g, w, worth):  # type: ignore[no-untyped-def]
    """Fill ``worth`` (of all offers) for those of class ``c``, costs taken off; what its base alone is worth."""
    for o in range(g.offer_ptr[c], g.offer_ptr[c + 1]):
        worth[o] = offer_worth(c, o, hour, price, scale, g, w)
    if g.base[c] < 0:
        return 0
    w.cells[0] = g.base[c]
    return class_worth(c, 1, True, hour, price, scale, w.nobody, g, w)


@inner
def clashes(c, a, b, g):  # type: ignore[no-untyped-def]
    """Whether two offers of class ``c`` share a half-day."""
    count, first = g.offer_ptr[c + 1] - g.offer_ptr[c], g.offer_ptr[c]
    return g.clash[g.clash_ptr[c] + (a - first) * count + b - first]


@inner
def _most_to_come(lacking, worth, smallest, largest):  # type: ignore[no-untyped-def]
    """What trips of at most ``worth`` each can add until nothing is lacking."""
    if worth > 0:
        return worth * ((lacking + smallest - 1) // smallest)
    return worth * ((lacking + largest - 1) // largest)


@inner
def _sizes(c, g):  # type: ignore[no-untyped-def]
    """(fewest, most) half-days of an offer of the class."""
    smallest, largest = 1 << 30, 1
    for o in range(g.offer_ptr[c], g.offer_ptr[c + 1]):
        smallest = min(smallest, g.cell_size[g.offer_cell[o]])
        largest = max(largest, g.cell_size[g.offer_cell[o]])
    return smallest, largest


@inner
def _goes_with(c, o, taken, depth, g):  # type: ignore[no-untyped-def]
    for d in range(depth):  # noqa: SIM110 - compiled
        if clashes(c, taken[d], o, g):
            return False
    return True


@inner
def _has_spare(c, taken, depth, g):  # type: ignore[no-untyped-def]
    """Whether one of the offers up to ``depth`` can be left out."""
    total, least = 0, 1 << 30
    for d in range(depth + 1):
        size = g.cell_size[g.offer_cell[taken[d]]]
        total, least = total + size, min(least, size)
    return total - least >= g.rest[c]


@inner
def best_plan(c, base, worth, looks, hour, price, scale, g, w, plan):  # type: ignore[no-untyped-def]
    """Worth of the best plan of class ``c``, which is put into ``plan`` (-1 past its end); NEVER where there is none.

    ``plan`` may come with a plan to start from. ``base`` and ``worth`` are those of ``offer_worths``. Only so many
    ``looks`` are taken at plans that are not the sum of their trips; with EVERY_LOOK the answer is exact.
    """
    best = plan_worth(c, plan, hour, price, scale, w.nobody, g, w) if plan[0] >= 0 or g.rest[c] == 0 else NEVER
    order = np.argsort(-worth[g.offer_ptr[c] : g.offer_ptr[c + 1]]) + g.offer_ptr[c]
    smallest, largest = _sizes(c, g)
    at = np.zeros(MOST_TRIPS + 1, dtype=np.int64)  # position in ``order`` to try next, at each depth
    taken = np.full(MOST_TRIPS + 1, -1)
    total, lacking = np.zeros(MOST_TRIPS + 1, dtype=np.int64), np.zeros(MOST_TRIPS + 1, dtype=np.int64)
    total[0], lacking[0] = base, g.rest[c]
    depth = -1 if g.rest[c] == 0 or base <= NEVER else 0
    while depth >= 0:
        i = at[depth]
        at[depth] += 1
        o = order[i] if i < len(order) else -1
        if (
            o < 0
            or worth[o] <= NEVER
            or (total[depth] + _most_to_come(lacking[depth], worth[o], smallest, largest) <= best)
        ):
            depth -= 1
            continue
        if not _goes_with(c, o, taken, depth, g):
            continue
        size, found = g.cell_size[g.offer_cell[o]], total[depth] + worth[o]
        taken[depth], taken[depth + 1] = o, -1
        if size < lacking[depth]:
            depth += 1
            total[depth], lacking[depth], at[depth] = found, lacking[depth - 1] - size, i + 1
        elif found > best and not _has_spare(c, taken, depth, g):
            if not is_sum(c, taken, g, w):
                found = plan_worth(c, taken, hour, price, scale, w.nobody, g, w) if looks > 0 else NEVER
                looks -= 1
            if found > best:
                best = found
                plan[: depth + 2] = taken[: depth + 2]
    return best


@compiled
def worths(hour, price, scale, g, w, worth, plans, total):  # type: ignore[no-untyped-def]
    """For each class the worth of its best plan into ``total``, the plan into ``plans``."""
    sort_open(price, g)
    for c in range(len(g.base)):
        base = offer_worths(c, hour, price, scale, g, w, worth) if g.rest[c] > 0 else 0
        total[c] = best_plan(c, base, worth, EVERY_LOOK, hour, price, scale, g, w, plans[c])

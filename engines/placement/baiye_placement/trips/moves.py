# ruff: noqa: PLR0913, PLR0917 - compiled functions take plain arrays
# mypy: disable-error-code="untyped-decorator"
"""Trips chosen, and what another choice would bring; compiled.

With the trips fixed the seats of different venues and days have nothing to do with one another, so a move is looked
into by seeking new prices for the cells it touches, and for no others.
"""

from __future__ import annotations

import numpy as np

from baiye_placement.bundles import NEVER
from baiye_placement.compiling import compiled, inner
from baiye_placement.dual import FINE
from baiye_placement.trips.best import offer_worth
from baiye_placement.trips.start import fits, occupy, value
from baiye_placement.trips.worth import MOST_TRIPS, class_worth, is_sum, put_cells, sort_options


@inner
def _local_worth(c, plan, entire, touched, price, step, g, w):  # type: ignore[no-untyped-def]
    """What the class has from the cells ``touched``; from all its cells, if ``entire``."""
    if entire:
        return class_worth(c, put_cells(c, plan, g.base, g.offer_cell, w.cells), False, 0, price, FINE, step, g, w)
    total = 0
    if g.base[c] >= 0 and touched[g.base[c]]:
        w.cells[0] = g.base[c]
        total += class_worth(c, 1, True, 0, price, FINE, step, g, w)
    for o in plan:
        if o < 0:
            break
        if touched[g.offer_cell[o]]:
            w.cells[0] = g.offer_cell[o]
            total += class_worth(c, 1, True, 0, price, FINE, step, g, w)
    return total


@inner
def _sort_touched(price, touched, g):  # type: ignore[no-untyped-def]
    for cell in range(len(touched)):
        if touched[cell]:
            sort_options(price, g.option_ptr[cell], g.option_ptr[cell + 1], g)


@compiled
def local_bound(plans, who, entire, touched, inside, price, g, w):  # type: ignore[no-untyped-def]
    """Σ seats · price over the sessions ``inside`` the touched cells, and the worth of what ``who`` do there.

    Of the classes ``entire`` everything they do is counted: their trips cannot be told apart.
    """
    _sort_touched(price, touched, g)
    total = 0
    for s in inside:
        total += g.capacity[s] * price[s]
    for i in range(len(who)):
        total += _local_worth(who[i], plans[who[i]], entire[i], touched, price, w.nobody, g, w)
    return total


@compiled
def reprice(plans, who, entire, touched, inside, price, first_step, sweeps, g, w):  # type: ignore[no-untyped-def]
    """Seek better prices for the sessions ``inside``; the lowest local bound found, its prices in ``price``."""
    step, mean = np.zeros_like(price), np.zeros_like(price)
    best, best_price = local_bound(plans, who, entire, touched, inside, price, g, w), price.copy()
    n, count = max(len(who), 1), 0
    for k in range(sweeps):
        for s in inside:
            step[s] = first_step * FINE / ((1 + k) * max(g.capacity[s], 1))
        _sort_touched(price, touched, g)
        for i in range(len(who)):
            _local_worth(who[i], plans[who[i]], entire[i], touched, price, step, g, w)
            for s in inside:
                fall = step[s] * g.capacity[s]
                price[s] = max(0, price[s] - (fall * (i + 1) // n - fall * i // n))
        if 2 * k >= sweeps:
            count += 1
            for s in inside:
                mean[s] += price[s]
    for s in inside:
        price[s] = mean[s] // max(count, 1)
    found = local_bound(plans, who, entire, touched, inside, price, g, w)
    if found < best:
        return found
    price[:] = best_price
    return best


@inner
def _room_after(o, pupils, use, g):  # type: ignore[no-untyped-def]
    """Whether so many more pupils fit into the rooms of offer ``o``."""
    for i in range(g.room_ptr[o], g.room_ptr[o + 1]):  # noqa: SIM110 - compiled
        if use[g.room[i]] + pupils > g.space[g.room[i]]:
            return False
    return True


@inner
def _gain(c, at, o, worth, plans, g):  # type: ignore[no-untyped-def]
    """What the class gains at the prices from taking ``o`` in place ``at`` of its plan."""
    old = plans[c, at]
    before = value(plans[c], worth, g)
    plans[c, at] = o
    after = value(plans[c], worth, g)
    plans[c, at] = old
    return after - before


@compiled
def promising(open_classes, worth, margin, use, plans, g, gains, moves):  # type: ignore[no-untyped-def]
    """Moves that gain more than ``margin`` at the prices and keep every room, into ``gains`` and ``moves``; how many.

    A move is (class, place in its plan, offer), and the same of a second class that makes room, or -1. Where there are
    more than fit, the best are kept.
    """
    n = 0
    for c in open_classes:
        pupils = g.pupil_ptr[c + 1] - g.pupil_ptr[c]
        for at in range(MOST_TRIPS):
            old = plans[c, at]
            if old < 0:
                break
            occupy(old, pupils, -1, use, g)
            for o in range(g.offer_ptr[c], g.offer_ptr[c + 1]):
                if o == old or worth[o] <= NEVER or not fits(c, plans[c], at, o, g):
                    continue
                gain = _gain(c, at, o, worth, plans, g)
                if _room_after(o, pupils, use, g):
                    n = _keep(n, gain, margin, (c, at, o, -1, -1, -1), gains, moves)
                    continue
                occupy(o, pupils, 1, use, g)
                n = _make_room(c, at, o, gain, margin, open_classes, worth, use, plans, g, gains, moves, n)
                occupy(o, pupils, -1, use, g)
            occupy(old, pupils, 1, use, g)
    return n


@inner
def _make_room(c, at, o, gain, margin, open_classes, worth, use, plans, g, gains, moves, n):  # type: ignore[no-untyped-def]
    """Moves in which another class leaves the cell of ``o``, to wherever there is room."""
    cell = g.offer_cell[o]
    for d in open_classes:
        pupils = g.pupil_ptr[d + 1] - g.pupil_ptr[d]
        for place in range(MOST_TRIPS):
            mine = plans[d, place]
            if mine < 0 or d == c:
                break
            if g.offer_cell[mine] != cell:
                continue
            occupy(mine, pupils, -1, use, g)
            if _room_after(o, 0, use, g):
                for other in range(g.offer_ptr[d], g.offer_ptr[d + 1]):
                    if other == mine or worth[other] <= NEVER or gain + worth[other] - worth[mine] <= margin:
                        continue
                    if _room_after(other, pupils, use, g) and fits(d, plans[d], place, other, g):
                        more = gain + _gain(d, place, other, worth, plans, g)
                        n = _keep(n, more, margin, (c, at, o, d, place, other), gains, moves)
            occupy(mine, pupils, 1, use, g)
    return n


@inner
def _keep(n, gain, margin, move, gains, moves):  # type: ignore[no-untyped-def]
    """Put the move at the end of the list, or, where that is full, in place of the worst that came by chance."""
    if gain <= margin:
        return n
    i = n
    if n == len(gains):
        i = int(gain * 31 + move[2] * 7 + move[5]) % n
        if gains[i] >= gain:
            return n
    gains[i] = gain
    for j in range(6):
        moves[i, j] = move[j]
    return min(n + 1, len(gains))


@compiled
def look_again(touched, price, worth, g, w):  # type: ignore[no-untyped-def]
    """Worths of all offers in the touched cells, at new prices in 1/FINE."""
    _sort_touched(price, touched, g)
    for c in range(len(g.base)):
        for o in range(g.offer_ptr[c], g.offer_ptr[c + 1]):
            if touched[g.offer_cell[o]]:
                worth[o] = offer_worth(c, o, 0, price, FINE, g, w)


@compiled
def tangled(plans, who, g, w, found):  # type: ignore[no-untyped-def]
    """Mark in ``found`` the classes of ``who`` whose trips cannot be told apart: they share a project."""
    for i in range(len(who)):
        found[i] = found[i] or not is_sum(who[i], plans[who[i]], g, w)

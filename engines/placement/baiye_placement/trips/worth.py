# ruff: noqa: PLR0913, PLR0917 - compiled functions take plain arrays
# mypy: disable-error-code="untyped-decorator"
"""What a trip, and a plan of trips, is worth to a class at given prices of seats; exact, compiled.

A pupil's bundle is a set of sessions, at most one a half-day and at most one a project, found by a dynamic programme
over the wishes, then the sessions nobody wished, and over masks of half-days. Where a class's trips share no project,
a plan is worth the sum of its trips; other plans are worth at most that, and their own worth is found when it matters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba as nb
import numpy as np

from baiye_placement.bundles import NEVER
from baiye_placement.compiling import compiled

if TYPE_CHECKING:
    from baiye_placement.trips.ground import Ground, Ints

MOST_TRIPS = 12
inlined = nb.njit(inline="always")


class Space(NamedTuple):
    """Where the compiled functions work."""

    value: Ints  # of each row and mask
    choice: Ints
    session: Ints  # of each choice
    mask: Ints
    filling: Ints  # project of each choice that nobody wished
    start: Ints  # first half-day of each cell of a plan
    cells: Ints  # of a plan, the class's base first
    nobody: Ints  # no step: prices stay as they are


def space_for(g: Ground) -> Space:
    """Room for the largest plan."""
    plan = g.longest_plan
    wishes = int(np.diff(g.wish_ptr).max(initial=0))
    options = int(np.diff(g.option_ptr).max(initial=0)) * (MOST_TRIPS + 1)
    rows = wishes + options * plan + 2
    codes = len(g.entry_session) + options * plan + 2
    return Space(
        np.zeros((rows, 1 << plan), dtype=np.int64),
        np.zeros((rows, 1 << plan), dtype=np.int64),
        np.zeros(codes, dtype=np.int64),
        np.zeros(codes, dtype=np.int64),
        np.zeros(codes, dtype=np.int64),
        np.zeros(MOST_TRIPS + 2, dtype=np.int64),
        np.zeros(MOST_TRIPS + 2, dtype=np.int64),
        np.zeros(len(g.capacity), dtype=np.int64),
    )


@compiled
def sort_open(price, g):  # type: ignore[no-untyped-def]
    """Put the sessions of each option in order of price; to be called whenever prices have changed."""
    sort_options(price, 0, len(g.option_mask), g)


@compiled
def sort_options(price, begin, end, g):  # type: ignore[no-untyped-def]
    """The same for some options."""
    for o in range(begin, end):
        first = g.open_ptr[o]
        for i in range(first + 1, g.open_ptr[o + 1]):
            s, at = g.open_session[i], i
            while at > first and (
                price[g.open_session[at - 1]] > price[s]
                or (price[g.open_session[at - 1]] == price[s] and g.open_session[at - 1] > s)
            ):
                g.open_session[at] = g.open_session[at - 1]
                at -= 1
            g.open_session[at] = s


@inlined
def _next_row(row, size, value, choice):  # type: ignore[no-untyped-def]
    for m in range(size):
        value[row + 1, m] = value[row, m]
        choice[row, m] = -1


@inlined
def _offer(row, mask, gain, code, size, value, choice):  # type: ignore[no-untyped-def]
    for m in range(size):
        if m & mask == 0 and value[row, m] > NEVER and value[row, m] + gain > value[row + 1, m | mask]:
            value[row + 1, m | mask] = value[row, m] + gain
            choice[row, m | mask] = code


@inlined
def _among(x, values, begin, end):  # type: ignore[no-untyped-def]
    found = False
    for i in range(begin, end):
        found = found or values[i] == x
    return found


@inlined
def _not_locked(p, n, size, cells, start, busy_ptr, busy, cell_slot_ptr, cell_slots):  # type: ignore[no-untyped-def]
    """Mask of the half-days in which no lock holds the pupil."""
    free = size - 1
    for i in range(busy_ptr[p], busy_ptr[p + 1]):
        for k in range(n):
            for j in range(cell_slot_ptr[cells[k]], cell_slot_ptr[cells[k] + 1]):
                if cell_slots[j] == busy[i]:
                    free &= ~(1 << (start[k] + j - cell_slot_ptr[cells[k]]))
    return free


@inlined
def _wish_rows(  # type: ignore[no-untyped-def]
    p, n, free, size, hour, price, scale, cells, start, stage, wish_ptr, wish_project, wish_points, gone_ptr, gone,
    first, last, entry_session, entry_mask, capacity, admits, bits, session, masks, value, choice,
):  # fmt: skip
    """One row a wish that is held here; (rows, choices)."""
    row = code = 0
    for i in range(wish_ptr[p], wish_ptr[p + 1]):
        wish, fresh = wish_project[i], True
        if _among(wish, gone, gone_ptr[p], gone_ptr[p + 1]):
            continue
        for k in range(n):
            for e in range(first[cells[k], wish], last[cells[k], wish]):
                s, mask = entry_session[e], entry_mask[e] << start[k]
                if mask & ~free or capacity[s] <= 0 or not admits[s, stage]:
                    continue
                if fresh:
                    _next_row(row, size, value, choice)
                    row, fresh = row + 1, False
                session[code], masks[code] = s, mask
                gain = (wish_points[i] * scale + hour) * bits[mask] - price[s]
                _offer(row - 1, mask, gain, code, size, value, choice)
                code += 1
    return row, code


@inlined
def _find_fills(  # type: ignore[no-untyped-def]
    p, n, free, most, code, cells, start, stage, wish_ptr, wish_project, gone_ptr, gone, option_ptr, option_mask,
    open_ptr, open_session, capacity, admits, project, session, masks, filling,
):  # fmt: skip
    """Sessions nobody wished: of each option the cheapest, as many projects as there are half-days; all choices."""
    for k in range(n):
        for o in range(option_ptr[cells[k]], option_ptr[cells[k] + 1]):
            mask, before = option_mask[o] << start[k], code
            for i in range(open_ptr[o], open_ptr[o + 1]):
                s = open_session[i]
                if mask & ~free or code - before == most:
                    break
                known = capacity[s] <= 0 or not admits[s, stage]
                known = known or _among(project[s], wish_project, wish_ptr[p], wish_ptr[p + 1])
                known = known or _among(project[s], gone, gone_ptr[p], gone_ptr[p + 1])
                if known or _among(project[s], filling, before, code):
                    continue
                session[code], masks[code], filling[code] = s, mask, project[s]
                code += 1
    return code


@inlined
def _fill_rows(row, begin, end, size, hour, price, bits, session, masks, filling, value, choice):  # type: ignore[no-untyped-def]
    """One row a project among the fills; the last row."""
    for i in range(begin, end):
        one = filling[i]
        if one < 0:
            continue
        _next_row(row, size, value, choice)
        for j in range(i, end):
            if filling[j] == one:
                _offer(row, masks[j], hour * bits[masks[j]] - price[session[j]], j, size, value, choice)
                filling[j] = -1
        row += 1
    return row


@inlined
def _best_mask(row, size, target, full, bits, value):  # type: ignore[no-untyped-def]
    """The mask worth most, of exactly or at most ``target`` half-days; -1 where there is none."""
    best, mask = NEVER, -1
    for m in range(size):
        if value[row, m] > best and (bits[m] == target or (not full and bits[m] < target)):
            best, mask = value[row, m], m
    return mask


@inlined
def _take(row, mask, choice, session, masks, price, step):  # type: ignore[no-untyped-def]
    """Raise the prices of the sessions in the bundle of this mask."""
    while row > 0:
        row -= 1
        j = choice[row, mask]
        if j >= 0:
            price[session[j]] += step[session[j]]
            mask &= ~masks[j]


@inlined
def _lay_out(n, cells, cell_size, start):  # type: ignore[no-untyped-def]
    """Number the half-days of the cells one after the other; how many they are."""
    most = 0
    for k in range(n):
        start[k] = most
        most += cell_size[cells[k]]
    return most


@compiled
def class_worth(c, n, alone, hour, price, scale, step, g, w):  # type: ignore[no-untyped-def]
    """Σ over the pupils of class ``c`` of their best bundle in the cells ``w.cells[:n]``; NEVER where one has none.

    A pupil who is to be ``whole`` has exactly the half-days needed, others at most as many. With ``alone`` the cell is
    one of several: who ``fills`` has every half-day of it. Prices rise by ``step`` for what each pupil takes.
    """
    # Taken out of the tables once a class: taken out in the loops they would cost more than a pupil's programme.
    capacity, project, admits, bits = g.capacity, g.project, g.admits, g.bits
    fills, whole, need = g.fills, g.whole, g.need
    first, last, entry_session, entry_mask, stages = g.first, g.last, g.entry_session, g.entry_mask, g.stage
    option_ptr, option_mask, open_ptr, open_session = g.option_ptr, g.option_mask, g.open_ptr, g.open_session
    wish_ptr, wish_project, wish_points, gone_ptr, gone = g.wish_ptr, g.wish_project, g.wish_points, g.gone_ptr, g.gone
    busy_ptr, busy, cell_slot_ptr, cell_slots = g.busy_ptr, g.busy, g.cell_slot_ptr, g.cell_slots
    value, choice, session, masks, filling = w.value, w.choice, w.session, w.mask, w.filling
    start, cells = w.start, w.cells
    most = _lay_out(n, cells, g.cell_size, start)
    total, size = 0, 1 << most
    value[0, :size] = NEVER
    value[0, 0] = 0
    for p in range(g.pupil_ptr[c], g.pupil_ptr[c + 1]):
        free = _not_locked(p, n, size, cells, start, busy_ptr, busy, cell_slot_ptr, cell_slots)
        full = fills[p] if alone else whole[p]
        row, code = _wish_rows(
            p, n, free, size, hour, price, scale, cells, start, stages[p], wish_ptr, wish_project, wish_points,
            gone_ptr, gone, first, last, entry_session, entry_mask, capacity, admits, bits, session, masks,
            value, choice,
        )  # fmt: skip
        if full or hour > 0:
            end = _find_fills(
                p, n, free, most, code, cells, start, stages[p], wish_ptr, wish_project, gone_ptr, gone, option_ptr,
                option_mask, open_ptr, open_session, capacity, admits, project, session, masks, filling,
            )  # fmt: skip
            row = _fill_rows(row, code, end, size, hour, price, bits, session, masks, filling, value, choice)
        mask = _best_mask(row, size, bits[free] if alone and full else need[p], full, bits, value)
        if mask < 0:
            return NEVER
        total += value[row, mask]
        _take(row, mask, choice, session, masks, price, step)
    return total


@compiled
def put_cells(c, plan, base, offer_cell, cells):  # type: ignore[no-untyped-def]
    """Put the cells of ``plan`` (offers, -1 past their end) into ``cells``, the base of class ``c`` first; how many."""
    n = 0
    if base[c] >= 0:
        cells[0] = base[c]
        n = 1
    for o in plan:
        if o < 0:
            break
        cells[n] = offer_cell[o]
        n += 1
    return n


@compiled
def is_sum(c, plan, g, w):  # type: ignore[no-untyped-def]
    """Whether the plan is worth the sum of its trips: nothing that two of its cells share, and everyone fills all."""
    if not g.simple[c]:
        return False
    n = put_cells(c, plan, g.base, g.offer_cell, w.cells)
    for k in range(n):
        for j in range(k):
            if g.share[w.cells[k], w.cells[j]]:
                return False
    return True


@compiled
def plan_worth(c, plan, hour, price, scale, step, g, w):  # type: ignore[no-untyped-def]
    """What the plan is worth to the class, exactly, its cost taken off; NEVER where someone cannot be full."""
    n = put_cells(c, plan, g.base, g.offer_cell, w.cells)
    total = class_worth(c, n, False, hour, price, scale, step, g, w)
    for o in plan:
        if o < 0 or total <= NEVER:
            break
        total -= g.offer_cost[o] * scale
    return total

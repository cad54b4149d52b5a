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

from baiye_placement.bundles import NEVER, compiled

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
    plan = _longest_plan(g)
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


def _longest_plan(g: Ground) -> int:
    longest = 1
    for c in range(len(g.base)):
        cells = g.offer_cell[g.offer_ptr[c] : g.offer_ptr[c + 1]]
        fixed = int(g.cell_size[g.base[c]]) if g.base[c] >= 0 else 0
        longest = max(longest, fixed + int(g.rest[c]) + max(int(g.cell_size[cells].max(initial=1)) - 1, 0))
    return longest


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


@compiled
def class_worth(c, n, alone, hour, price, scale, step, g, w):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912, PLR0915
    """Σ over the pupils of class ``c`` of their best bundle in the cells ``w.cells[:n]``; NEVER where one has none.

    A pupil who is to be ``whole`` has exactly the half-days needed, others at most as many. With ``alone`` the cell is
    one of several: who ``fills`` has every half-day of it. Prices rise by ``step`` for what each pupil takes.

    One long function, because a call that passes these tables costs more than the programme of one pupil.
    """
    capacity, project, admits, bits = g.capacity, g.project, g.admits, g.bits
    cell_size, first, last, entry_session, entry_mask = g.cell_size, g.first, g.last, g.entry_session, g.entry_mask
    option_ptr, option_mask, open_ptr, open_session = g.option_ptr, g.option_mask, g.open_ptr, g.open_session
    wish_ptr, wish_project, wish_points, stage = g.wish_ptr, g.wish_project, g.wish_points, g.stage
    gone_ptr, gone, busy_ptr, busy = g.gone_ptr, g.gone, g.busy_ptr, g.busy
    value, choice, session, masks, filling, start, cells = (
        w.value, w.choice, w.session, w.mask, w.filling, w.start, w.cells,
    )  # fmt: skip
    total = most = 0
    for k in range(n):
        start[k] = most
        most += cell_size[cells[k]]
    size = 1 << most
    for p in range(g.pupil_ptr[c], g.pupil_ptr[c + 1]):
        free = size - 1
        for i in range(busy_ptr[p], busy_ptr[p + 1]):
            for k in range(n):
                for j in range(g.cell_slot_ptr[cells[k]], g.cell_slot_ptr[cells[k] + 1]):
                    if g.cell_slots[j] == busy[i]:
                        free &= ~(1 << (start[k] + j - g.cell_slot_ptr[cells[k]]))
        full = g.fills[p] if alone else g.whole[p]
        target = bits[free] if alone and full else g.need[p]
        for m in range(size):
            value[0, m] = NEVER
        value[0, 0] = 0
        row = code = 0
        for i in range(wish_ptr[p], wish_ptr[p + 1]):  # a row a wish
            wish, fresh = wish_project[i], True
            for k in range(n):
                for e in range(first[cells[k], wish], last[cells[k], wish]):
                    s, mask = entry_session[e], entry_mask[e] << start[k]
                    if mask & ~free or capacity[s] <= 0 or not admits[s, stage[p]]:
                        continue
                    if fresh:
                        if _among(wish, gone, gone_ptr[p], gone_ptr[p + 1]):
                            break
                        _next_row(row, size, value, choice)
                        row, fresh = row + 1, False
                    session[code], masks[code] = s, mask
                    gain = (wish_points[i] * scale + hour) * bits[mask] - price[s]
                    _offer(row - 1, mask, gain, code, size, value, choice)
                    code += 1
        if full or hour > 0:
            begin = code
            for k in range(n):  # sessions nobody wished: of each option as many projects as there are half-days
                for o in range(option_ptr[cells[k]], option_ptr[cells[k] + 1]):
                    mask, before = option_mask[o] << start[k], code
                    if mask & ~free:
                        continue
                    for i in range(open_ptr[o], open_ptr[o + 1]):
                        if code - before == most:
                            break
                        s = open_session[i]
                        if capacity[s] <= 0 or not admits[s, stage[p]]:
                            continue
                        if (
                            _among(project[s], wish_project, wish_ptr[p], wish_ptr[p + 1])
                            or _among(project[s], gone, gone_ptr[p], gone_ptr[p + 1])
                            or _among(project[s], filling, before, code)
                        ):
                            continue
                        session[code], masks[code], filling[code] = s, mask, project[s]
                        code += 1
            for i in range(begin, code):  # a row a project
                if filling[i] < 0:
                    continue
                _next_row(row, size, value, choice)
                one = filling[i]
                for j in range(i, code):
                    if filling[j] == one:
                        _offer(row, masks[j], hour * bits[masks[j]] - price[session[j]], j, size, value, choice)
                        filling[j] = -1
                row += 1
        best, mask = NEVER, -1
        for m in range(size):
            if value[row, m] > best and (bits[m] == target or (not full and bits[m] < target)):
                best, mask = value[row, m], m
        if best <= NEVER:
            return NEVER
        total += best
        while row > 0:
            row -= 1
            j = choice[row, mask]
            if j >= 0:
                price[session[j]] += step[session[j]]
                mask &= ~masks[j]
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

# mypy: disable-error-code="untyped-decorator"
"""The best bundle of one unit at given prices, found exactly; compiled.

A bundle is a set of sessions, at most one a half-day and at most one a project. Its worth is its points, plus
``hour`` for each pupil's half-day, less its prices. The dynamic programme goes over the unit's wishes and then over its open
options (sessions nobody in it wished), and over masks of half-days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba as nb
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from baiye_placement.arrays import Arrays, Ints

NEVER = -(1 << 60)
NOTHING = np.full(1, -1, dtype=np.int64)
EVERY = -1  # the mask of all half-days
compiled = nb.njit(cache=True, nogil=True)


class Tables(NamedTuple):
    """What the compiled functions read (see ``Arrays``), and the space they work in."""

    slot_ptr: Ints
    slots: Ints
    wish_ptr: Ints
    wish_project: Ints
    wish_points: Ints
    edge_ptr: Ints
    edge_session: Ints
    edge_mask: Ints
    kind: Ints
    option_ptr: Ints
    option_mask: Ints
    open_ptr: Ints
    open_session: Ints
    project: Ints
    width: Ints
    need: Ints
    capacity: Ints
    session_slots: Ints  # half-days of each session, one row a session, -1 past their end
    bits: Ints  # how many half-days a mask has
    choice: NDArray[np.int32]
    chosen: Ints


def tables(a: Arrays) -> Tables:
    """Tables of ``a`` with working space for its largest unit."""
    masks = 1 << int(np.diff(a.slot_ptr).max(initial=0))
    rows = int(np.diff(a.wish_ptr).max(initial=0) + np.diff(a.option_ptr).max(initial=0)) + 1
    bits = np.array([mask.bit_count() for mask in range(masks)], dtype=np.int64)
    return Tables(
        a.slot_ptr, a.slots, a.wish_ptr, a.wish_project, a.wish_points, a.edge_ptr, a.edge_session, a.edge_mask,
        a.kind, a.option_ptr, a.option_mask, a.open_ptr, a.open_session, a.project, a.width, a.need, a.capacity,
        a.session_slots, bits, np.zeros((rows, masks), np.int32), np.full(masks + 1, -1, dtype=np.int64),
    )


def values_for(t: Tables, price: NDArray[np.generic]) -> NDArray[np.generic]:
    """Working space of the programme, of the prices' own type (whole numbers stay exact)."""
    return np.zeros((t.choice.shape[0] + 1, t.choice.shape[1]), dtype=price.dtype)


@compiled
def among(project: int, held: Ints) -> bool:
    """Whether ``project`` is in ``held`` (-1 past its end)."""
    for one in held:
        if one < 0:
            return False
        if one == project:
            return True
    return False


@compiled
def wished(u: int, project: int, t: Tables) -> bool:
    for w in range(t.wish_ptr[u], t.wish_ptr[u + 1]):
        if t.wish_project[w] == project:
            return True
    return False


@compiled
def _wish_rows(u, free, held, price, scale, hour, t, value):  # type: ignore[no-untyped-def]
    """One row a wish: the best worth of each mask when wishes so far may be used."""
    size = 1 << (t.slot_ptr[u + 1] - t.slot_ptr[u])
    for m in range(size):
        value[0, m] = NEVER
    value[0, 0] = 0
    row = 0
    for w in range(t.wish_ptr[u], t.wish_ptr[u + 1]):
        for m in range(size):
            value[row + 1, m] = value[row, m]
            t.choice[row, m] = -1
        if not among(t.wish_project[w], held):
            for e in range(t.edge_ptr[w], t.edge_ptr[w + 1]):
                mask = t.edge_mask[e]
                if mask & ~free:
                    continue
                gain = (t.wish_points[w] * scale + t.width[u] * hour) * t.bits[mask] - t.width[u] * price[t.edge_session[e]]
                for m in range(size):
                    if m & mask == 0 and value[row, m] > NEVER and value[row, m] + gain > value[row + 1, m | mask]:
                        value[row + 1, m | mask] = value[row, m] + gain
                        t.choice[row, m | mask] = e
        row += 1
    return row


@compiled
def _cheapest(u, option, held, price, t):  # type: ignore[no-untyped-def]
    """The cheapest session of ``option`` that ``u`` did not wish and does not hold, or -1."""
    found = -1
    for i in range(t.open_ptr[option], t.open_ptr[option + 1]):
        s = t.open_session[i]
        if found >= 0 and price[s] >= price[found]:
            continue
        if not among(t.project[s], held) and not wished(u, t.project[s], t):
            found = s
            if price[s] == 0:
                break
    return found


@compiled
def _option_rows(u, free, held, price, hour, t, value, row):  # type: ignore[no-untyped-def]
    """One row an option, after the wishes: a half-day filled with a session nobody wished."""
    size = 1 << (t.slot_ptr[u + 1] - t.slot_ptr[u])
    for o in range(t.option_ptr[t.kind[u]], t.option_ptr[t.kind[u] + 1]):
        for m in range(size):
            value[row + 1, m] = value[row, m]
            t.choice[row, m] = -1
        mask = t.option_mask[o]
        s = -1 if mask & ~free else _cheapest(u, o, held, price, t)
        if s >= 0:
            gain = t.width[u] * (hour * t.bits[mask] - price[s])
            for m in range(size):
                if m & mask == 0 and value[row, m] > NEVER and value[row, m] + gain > value[row + 1, m | mask]:
                    value[row + 1, m | mask] = value[row, m] + gain
                    t.choice[row, m | mask] = s
        row += 1
    return row


@compiled
def best_bundle(u, need, full, free, held, price, scale, hour, t, value):  # type: ignore[no-untyped-def]
    """Worth of the best bundle of ``u``, its sessions in ``t.chosen`` (-1 past their end); NEVER where there is none.

    ``full`` asks for exactly ``need`` half-days, else at most as many. Only half-days of the mask ``free`` and
    projects not in ``held`` (-1 past its end) are used. ``price`` and ``hour`` have ``scale`` units to the point.
    """
    wishes = _wish_rows(u, free, held, price, scale, hour, t, value)
    row = wishes
    if full or hour > 0:
        row = _option_rows(u, free, held, price, hour, t, value, row)
    best, mask = value[0, 0] + NEVER, -1
    for m in range(1 << (t.slot_ptr[u + 1] - t.slot_ptr[u])):
        if value[row, m] > best and (t.bits[m] == need or (not full and t.bits[m] < need)):
            best, mask = value[row, m], m
    n = 0
    while row > 0 and mask >= 0:
        row -= 1
        c = t.choice[row, mask]
        if c >= 0 and row >= wishes:
            t.chosen[n] = c
            mask &= ~t.option_mask[t.option_ptr[t.kind[u]] + row - wishes]
            n += 1
        elif c >= 0:
            t.chosen[n] = t.edge_session[c]
            mask &= ~t.edge_mask[c]
            n += 1
    t.chosen[n] = -1
    return best

# ruff: noqa: PLR0913, PLR0917 - compiled functions take plain arrays
# mypy: disable-error-code="untyped-decorator"
"""The best bundle of one unit at given prices, found exactly; compiled.

A bundle is a set of sessions, at most one a half-day and at most one a project. Its worth is its points, plus
``hour`` for each pupil's half-day, less its prices. The dynamic programme goes over the unit's wishes, then over its
open options (sessions nobody in it wished), and over masks of half-days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba as nb
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from baiye_placement.arrays import Arrays, Ints

NEVER = -(1 << 60)
EVERY = np.int64(-1)  # the mask of all half-days
HOLE = 1 << 40  # no project
compiled = nb.njit(cache=True, nogil=True)  # may be called from Python
# Called from compiled code alone: without the wrappers for Python it compiles in half the time.
inner = nb.njit(cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]


class Tables(NamedTuple):
    """What the compiled functions read (see ``Arrays``), and the space they work in."""

    slot_ptr: Ints
    slots: Ints
    wish_ptr: Ints
    wish_project: Ints
    wish_points: Ints
    wish_offer: Ints
    offer_ptr: Ints
    edge_session: Ints
    edge_mask: Ints
    kind: Ints
    option_ptr: Ints
    option_mask: Ints
    option_list: Ints
    open_ptr: Ints
    open_session: Ints  # of each list the cheapest first, once ``sort_open`` was called
    project: Ints
    width: Ints
    need: Ints
    capacity: Ints
    session_slots: Ints  # half-days of each session, one row a session, -1 past their end
    bits: Ints  # how many half-days a mask has
    choice: NDArray[np.int32]  # of each row and mask: an edge, or a pick after all edges, or -1
    chosen: Ints
    picked: Ints  # sessions that may fill a half-day
    picked_mask: Ints  # … and the half-days they fill
    passed: Ints
    nothing: Ints  # no project is held
    value: Ints  # of each row and mask; whole numbers, so that every worth is exact


def tables(a: Arrays) -> Tables:
    """Tables of ``a`` with working space for its largest unit."""
    masks = 1 << int(np.diff(a.slot_ptr).max(initial=0))
    options = int(np.diff(a.option_ptr).max(initial=0))
    fills = options * max(1, masks.bit_length() - 1)
    rows = int(np.diff(a.wish_ptr).max(initial=0)) + fills + 1
    bits = np.array([mask.bit_count() for mask in range(masks)], dtype=np.int64)
    return Tables(
        a.slot_ptr,
        a.slots,
        a.wish_ptr,
        a.wish_project,
        a.wish_points,
        a.wish_offer,
        a.offer_ptr,
        a.edge_session,
        a.edge_mask,
        a.kind,
        a.option_ptr,
        a.option_mask,
        a.option_list,
        a.open_ptr,
        a.open_session.copy(),
        a.project,
        a.width,
        a.need,
        a.capacity,
        a.session_slots,
        bits,
        np.zeros((rows, masks), np.int32),
        np.full(masks + 1, -1, dtype=np.int64),
        np.full(fills + 1, -1, dtype=np.int64),
        np.zeros(fills + 1, dtype=np.int64),
        np.full(options + 2, -1, dtype=np.int64),
        np.full(1, -1, dtype=np.int64),
        np.zeros((rows + 1, masks), dtype=np.int64),
    )


@compiled
def sort_open(price, t):  # type: ignore[no-untyped-def]
    """Put the sessions of each open list in order of price; must be called before ``best_bundle`` sees new prices.

    By insertion, which is quick where little has changed.
    """
    for k in range(len(t.open_ptr) - 1):
        first = t.open_ptr[k]
        for i in range(first + 1, t.open_ptr[k + 1]):
            s, at = t.open_session[i], i
            while at > first and _after(t.open_session[at - 1], s, price):
                t.open_session[at] = t.open_session[at - 1]
                at -= 1
            t.open_session[at] = s


@inner
def among(project: int, held: Ints) -> bool:
    """Whether ``project`` is in ``held`` (-1 past its end)."""
    for one in held:
        if one < 0:
            return False
        if one == project:
            return True
    return False


@inner
def wished(u: int, project: int, t: Tables) -> bool:
    """Whether the unit wished the project."""
    for w in range(t.wish_ptr[u], t.wish_ptr[u + 1]):  # noqa: SIM110 - compiled
        if t.wish_project[w] == project:
            return True
    return False


@inner
def _copy_row(row, size, t):  # type: ignore[no-untyped-def]
    """Row ``row + 1`` begins as row ``row``: nothing more is taken."""
    for m in range(size):
        t.value[row + 1, m] = t.value[row, m]
        t.choice[row, m] = -1


@inner
def _offer(row, mask, gain, code, size, t):  # type: ignore[no-untyped-def]
    """Let row ``row + 1`` take a session of half-days ``mask`` where that gains."""
    for m in range(size):
        if m & mask == 0 and t.value[row, m] > NEVER and t.value[row, m] + gain > t.value[row + 1, m | mask]:
            t.value[row + 1, m | mask] = t.value[row, m] + gain
            t.choice[row, m | mask] = code


@inner
def _wish_rows(u, free, held, price, scale, hour, t):  # type: ignore[no-untyped-def]
    """One row a wish: the best worth of each mask when wishes so far may be used."""
    size = 1 << (t.slot_ptr[u + 1] - t.slot_ptr[u])
    for m in range(size):
        t.value[0, m] = NEVER
    t.value[0, 0] = 0
    row = 0
    for w in range(t.wish_ptr[u], t.wish_ptr[u + 1]):
        _copy_row(row, size, t)
        if not among(t.wish_project[w], held):
            each = t.wish_points[w] * scale + t.width[u] * hour
            f = t.wish_offer[w]
            for e in range(t.offer_ptr[f], t.offer_ptr[f + 1]):
                mask = t.edge_mask[e]
                if mask & ~free == 0:
                    gain = each * t.bits[mask] - t.width[u] * price[t.edge_session[e]]
                    _offer(row, mask, gain, e, size, t)
        row += 1
    return row


@inner
def _after(a, b, price):  # type: ignore[no-untyped-def]
    return price[a] > price[b] or (price[a] == price[b] and a > b)


@inner
def _cheapest(u, option, held, passed, price, t):  # type: ignore[no-untyped-def]
    """The cheapest session of ``option`` whose project ``u`` neither wished nor holds, or -1.

    Among equally cheap ones it prefers a project that is not in ``passed``.
    """
    found = -1
    k = t.option_list[option]
    for i in range(t.open_ptr[k], t.open_ptr[k + 1]):
        s = t.open_session[i]
        if found >= 0 and price[s] > price[found]:
            break
        if not among(t.project[s], held) and not wished(u, t.project[s], t):
            if not among(t.project[s], passed):
                return s
            if found < 0:
                found = s
    return found


@inner
def _option_rows(u, free, held, price, hour, t, row):  # type: ignore[no-untyped-def]
    """One row an option, after the wishes: a half-day filled with a session that the unit did not wish."""
    first, n = t.option_ptr[t.kind[u]], t.option_ptr[t.kind[u] + 1] - t.option_ptr[t.kind[u]]
    distinct = True
    for o in range(n):
        s = -1 if t.option_mask[first + o] & ~free else _cheapest(u, first + o, held, t.passed, price, t)
        t.picked[o], t.picked_mask[o] = s, t.option_mask[first + o]
        t.passed[o] = HOLE if s < 0 else t.project[s]
        t.passed[o + 1] = -1
        for p in range(o):
            distinct = distinct and (s < 0 or t.passed[p] != t.passed[o])
    t.passed[0] = -1
    if not distinct:
        return _project_rows(u, free, held, price, hour, t, row)
    size = 1 << (t.slot_ptr[u + 1] - t.slot_ptr[u])
    for o in range(n):
        if t.picked[o] >= 0:
            _copy_row(row, size, t)
            _offer_pick(u, o, row, price, hour, size, t)
            row += 1
    return row


@inner
def _offer_pick(u, c, row, price, hour, size, t):  # type: ignore[no-untyped-def]
    mask = t.picked_mask[c]
    gain = t.width[u] * (hour * t.bits[mask] - price[t.picked[c]])
    _offer(row, mask, gain, len(t.edge_session) + c, size, t)


@inner
def _project_rows(u, free, held, price, hour, t, row):  # type: ignore[no-untyped-def]
    """One row a project: as ``_option_rows``, where the cheapest of two options are of one project.

    A bundle has at most as many sessions as the unit has half-days, so as many of the cheapest projects of each option
    are enough: of more, one is always left that is cheaper and not in the bundle.
    """
    most = t.slot_ptr[u + 1] - t.slot_ptr[u]
    n = 0
    for o in range(t.option_ptr[t.kind[u]], t.option_ptr[t.kind[u] + 1]):
        if t.option_mask[o] & ~free == 0:
            n = _cheapest_few(u, o, most, held, t, n)
    size = 1 << most
    for c in range(n):
        project = t.project[t.picked[c]]
        if _picked_before(0, c, project, t):
            continue
        _copy_row(row, size, t)
        for d in range(c, n):
            if t.project[t.picked[d]] == project:
                _offer_pick(u, d, row, price, hour, size, t)
        row += 1
    return row


@inner
def _picked_before(first, c, project, t):  # type: ignore[no-untyped-def]
    for d in range(first, c):  # noqa: SIM110 - compiled
        if t.project[t.picked[d]] == project:
            return True
    return False


@inner
def _cheapest_few(u, option, most, held, t, n):  # type: ignore[no-untyped-def]
    """Put the cheapest ``most`` projects of the option into ``t.picked``, from ``n``; where the last one stands."""
    first, k = n, t.option_list[option]
    for i in range(t.open_ptr[k], t.open_ptr[k + 1]):
        s = t.open_session[i]
        if n - first == most:
            break
        if among(t.project[s], held) or wished(u, t.project[s], t) or _picked_before(first, n, t.project[s], t):
            continue
        t.picked[n], t.picked_mask[n] = s, t.option_mask[option]
        n += 1
    return n


@inner
def best_bundle(u, need, full, free, held, price, scale, hour, t):  # type: ignore[no-untyped-def]
    """Worth of the best bundle of ``u``, its sessions in ``t.chosen`` (-1 past their end); NEVER where there is none.

    ``full`` asks for exactly ``need`` half-days, else at most as many. Only half-days of the mask ``free`` and
    projects not in ``held`` (-1 past its end) are used. ``price`` and ``hour`` have ``scale`` units to the point.
    """
    row = _wish_rows(u, free, held, price, scale, hour, t)
    if full or hour > 0:
        row = _option_rows(u, free, held, price, hour, t, row)
    best, mask = NEVER, -1
    for m in range(1 << (t.slot_ptr[u + 1] - t.slot_ptr[u])):
        if t.value[row, m] > best and (t.bits[m] == need or (not full and t.bits[m] < need)):
            best, mask = t.value[row, m], m
    n = 0
    while row > 0 and mask >= 0:
        row -= 1
        c = t.choice[row, mask]
        if c >= len(t.edge_session):
            t.chosen[n] = t.picked[c - len(t.edge_session)]
            mask &= ~t.picked_mask[c - len(t.edge_session)]
            n += 1
        elif c >= 0:
            t.chosen[n] = t.edge_session[c]
            mask &= ~t.edge_mask[c]
            n += 1
    t.chosen[n] = -1
    return best

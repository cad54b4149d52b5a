# ruff: noqa: PLR0913, PLR0917 - compiled functions take plain arrays
# mypy: disable-error-code="untyped-decorator"
"""The best bundle of one unit at given prices, found exactly; compiled.

A bundle is a set of sessions, at most one a half-day and at most one a project. Its worth is its points, plus
``hour`` for each pupil's half-day, less its prices. The dynamic programme goes over the unit's wishes, then over its
open options (sessions nobody in it wished), and over masks of half-days.
"""

from __future__ import annotations

import numpy as np

from baiye_placement.compiling import inner, small
from baiye_placement.open_lists import CLOSED, PICKED, among, cheapest, wished

NEVER = -(1 << 60)
EVERY = np.int64(-1)  # the mask of all half-days


@small
def _copy_row(before, after, choice, free):  # type: ignore[no-untyped-def]
    """A row begins as the one before: nothing more is taken. Only masks within ``free`` are ever looked at."""
    m = free
    while m >= 0:
        after[m] = before[m]
        choice[m] = -1
        m = (m - 1) & free if m else -1


@small
def _offer(before, after, choice, mask, gain, code, rest):  # type: ignore[no-untyped-def]
    """Let the row ``after`` take a session of half-days ``mask``, beside masks within ``rest``, where that gains."""
    m = rest
    while m >= 0:
        worth = before[m]
        if worth > NEVER and worth + gain > after[m | mask]:
            after[m | mask] = worth + gain
            choice[m | mask] = code
        m = (m - 1) & rest if m else -1


@small
def _first_row(size, value, least):  # type: ignore[no-untyped-def]
    """The row before all wishes: each mask below ``size`` is worth what its half-days give without a wish."""
    value[0, 0] = 0
    step, b = 1, 0
    while step < size:
        for m in range(step):
            never = value[0, m] <= NEVER or least[b] <= NEVER
            value[0, m + step] = NEVER if never else value[0, m] + least[b]
        step, b = 2 * step, b + 1


@small
def _take_one(value, choice, row, step, size, gain, code):  # type: ignore[no-untyped-def]
    """Let the row after ``row`` take a session of the one half-day ``step``, where that gains."""
    for base in range(0, size, 2 * step):
        for m in range(base, base + step):
            worth, other = value[row, m] + gain, value[row + 1, m + step]
            value[row + 1, m + step] = max(worth, other)
            choice[row, m + step] = code if worth > other else choice[row, m + step]


@small
def _take_more(value, choice, row, mask, size, gain, code):  # type: ignore[no-untyped-def]
    """The same for a session of several half-days."""
    for m in range(size):
        if m & mask == 0 and value[row, m] + gain > value[row + 1, m | mask]:
            value[row + 1, m | mask] = value[row, m] + gain
            choice[row, m | mask] = code


@small
def _wish_rows(u, free, size, held, price, scale, hour, t):  # type: ignore[no-untyped-def]
    """One row a wish: the best worth of each mask below ``size`` when wishes so far may be used.

    A wish that gives less than ``t.least``, what its half-days give without it, is in no best bundle.
    """
    value, choice, least, width, bits, bit = t.value, t.choice, t.least, t.width[u], t.bits, t.bit
    points, projects, offers, ptr = t.wish_points, t.wish_project, t.wish_offer, t.offer_ptr
    sessions, masks = t.edge_session, t.edge_mask
    _first_row(size, value, least)
    row = 0
    for w in range(t.wish_ptr[u], t.wish_ptr[u + 1]):
        if among(projects[w], held):
            continue
        begun = False
        each = points[w] * scale + width * hour
        for e in range(ptr[offers[w]], ptr[offers[w] + 1]):
            mask = masks[e]
            gain = each * bits[mask] - width * price[sessions[e]]
            if mask & ~free == 0 and gain >= _least(mask, least):
                if not begun:
                    for m in range(size):
                        value[row + 1, m] = value[row, m]
                        choice[row, m] = -1
                    begun = True
                if bit[mask] >= 0:
                    _take_one(value, choice, row, mask, size, gain, np.int32(e))
                else:
                    _take_more(value, choice, row, mask, size, gain, np.int32(e))
        row += begun
    return row


@small
def _least(mask, least):  # type: ignore[no-untyped-def]
    """What the half-days of ``mask`` give without a wish."""
    total, b = 0, 0
    while mask:
        if mask & 1:
            total = NEVER if total <= NEVER or least[b] <= NEVER else total + least[b]
        mask >>= 1
        b += 1
    return total


@small
def pick(u, full, strict, free, held, price, hour, t):  # type: ignore[no-untyped-def]
    """Pick what fills each option, and say what each half-day gives without a wish; whether the picks stand alone.

    They do where each fills one half-day and, if ``strict``, no two are of one project: then a bundle may use them in
    any combination.
    """
    picked, picked_mask, mark, least, bit, width = t.picked, t.picked_mask, t.mark, t.least, t.bit, t.width[u]
    masks, lists, ptr, sessions, project = t.option_mask, t.option_list, t.open_ptr, t.open_session, t.project
    first, n = t.option_ptr[t.kind[u]], t.option_ptr[t.kind[u] + 1] - t.option_ptr[t.kind[u]]
    alone = True
    reset_least(u, full, t)
    _mark(u, held, CLOSED, t)
    for o in range(n):
        mask, k = masks[first + o], lists[first + o]
        s = cheapest(ptr[k], ptr[k + 1], mark, price, sessions, project) if mask & ~free == 0 else -1
        picked[o], picked_mask[o] = s, mask
        if s >= 0:
            alone = alone and bit[mask] >= 0 and not (strict and mark[project[s]])
            mark[project[s]] = PICKED
            if alone:
                least[bit[mask]] = max(least[bit[mask]], width * (hour - price[s]))
    _mark(u, held, 0, t)
    for o in range(n):
        if picked[o] >= 0:
            mark[project[picked[o]]] = 0
    if not alone:
        reset_least(u, full, t)
    return alone


@small
def _mark(u, held, how, t):  # type: ignore[no-untyped-def]
    """Mark the projects that the unit wished or holds."""
    mark, wished = t.mark, t.wish_project
    for w in range(t.wish_ptr[u], t.wish_ptr[u + 1]):
        mark[wished[w]] = how
    for project in held:
        if project < 0:
            break
        mark[project] = how


@small
def reset_least(u, full, t):  # type: ignore[no-untyped-def]
    """No half-day gives anything without a wish; ``full`` bundles then cannot do without one."""
    least = t.least
    for b in range(t.slot_ptr[u + 1] - t.slot_ptr[u]):
        least[b] = NEVER if full else 0


@inner
def option_rows(u, free, held, price, hour, t, row):  # type: ignore[no-untyped-def]
    """One row an option, after the wishes: half-days filled with a session that the unit did not wish."""
    n = t.option_ptr[t.kind[u] + 1] - t.option_ptr[t.kind[u]]
    for o in range(n):
        for p in range(o):
            if t.picked[o] >= 0 and t.picked[p] >= 0 and t.project[t.picked[p]] == t.project[t.picked[o]]:
                return _project_rows(u, free, held, price, hour, t, row)
    for o in range(n):
        if t.picked[o] >= 0:
            _copy_row(t.value[row], t.value[row + 1], t.choice[row], free)
            _offer_pick(u, o, row, price, hour, free, t)
            row += 1
    return row


@inner
def _offer_pick(u, c, row, price, hour, free, t):  # type: ignore[no-untyped-def]
    mask = t.picked_mask[c]
    gain = t.width[u] * (hour * t.bits[mask] - price[t.picked[c]])
    code = len(t.edge_session) + c
    _offer(t.value[row], t.value[row + 1], t.choice[row], mask, gain, code, free & ~mask)


@inner
def _project_rows(u, free, held, price, hour, t, row):  # type: ignore[no-untyped-def]
    """One row a project: as ``option_rows``, where the cheapest of two options are of one project.

    A bundle has at most as many sessions as the unit has half-days, so as many of the cheapest projects of each option
    are enough: of more, one is always left that is cheaper and not in the bundle.
    """
    most = t.slot_ptr[u + 1] - t.slot_ptr[u]
    n = 0
    for o in range(t.option_ptr[t.kind[u]], t.option_ptr[t.kind[u] + 1]):
        if t.option_mask[o] & ~free == 0:
            n = _cheapest_few(u, o, most, held, t, n)
    for c in range(n):
        project = t.project[t.picked[c]]
        if _picked_before(0, c, project, t):
            continue
        _copy_row(t.value[row], t.value[row + 1], t.choice[row], free)
        for d in range(c, n):
            if t.project[t.picked[d]] == project:
                _offer_pick(u, d, row, price, hour, free, t)
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
        known = wished(t.project[s], t.wish_ptr[u], t.wish_ptr[u + 1], t.wish_project)
        if known or among(t.project[s], held) or _picked_before(first, n, t.project[s], t):
            continue
        t.picked[n], t.picked_mask[n] = s, t.option_mask[option]
        n += 1
    return n


@inner
def best_bundle(u, need, full, strict, free, held, price, scale, hour, t):  # type: ignore[no-untyped-def]
    """Worth of the best bundle of ``u``, its sessions in ``t.chosen`` (-1 past their end); NEVER where there is none.

    ``full`` asks for exactly ``need`` half-days, else at most as many. Only half-days of the mask ``free`` and
    projects not in ``held`` (-1 past its end) are used. ``price`` and ``hour`` have ``scale`` units to the point.
    Unless ``strict``, two half-days that nobody wished may be filled with one project: quicker, and too good by little.
    """
    free &= (1 << (t.slot_ptr[u + 1] - t.slot_ptr[u])) - 1
    alone, filled = True, full or hour > 0
    if filled:
        alone = pick(u, full, strict, free, held, price, hour, t)
    else:
        reset_least(u, False, t)
    size = 1
    while size <= free:
        size *= 2
    row = _wish_rows(u, free, size, held, price, scale, hour, t)
    if not alone:
        row = option_rows(u, free, held, price, hour, t, row)
    best, mask = _best_mask(t.value, row, free, need if full else min(need, t.bits[free]), t.bits)
    n = 0
    while row > 0 and mask > 0:
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
    if filled and alone and mask > 0:
        n = take_picks(u, 0, t.bits[mask], full, mask, n, t)
    t.chosen[n] = -1
    return best


@small
def best_of_all(u, full, strict, price, scale, hour, t):  # type: ignore[no-untyped-def]
    """As ``best_bundle``, for all that ``u`` needs in all its half-days, and no project held."""
    return best_bundle(u, t.need[u], full, strict, np.int64(EVERY), t.nothing, price, scale, hour, t)


@small
def _best_mask(value, row, free, count, bits):  # type: ignore[no-untyped-def]
    """(worth, mask) of the best mask of ``count`` half-days within ``free``; (NEVER, -1) where there is none."""
    best, mask, m = NEVER // 2, -1, free
    while m >= 0:
        if bits[m] == count and value[row, m] > best:
            best, mask = value[row, m], m
        m = (m - 1) & free if m else -1
    return (best, mask) if mask >= 0 else (NEVER, -1)


@small
def complete(left, full, rest, bits, least):  # type: ignore[no-untyped-def]
    """What the best picks for ``left`` (exactly, where ``full``) of the half-days ``rest`` give."""
    total = 0
    if full and bits[rest] < left:
        total = NEVER
    elif bits[rest] <= left:
        total = _least(rest, least)
    else:
        for _ in range(left):
            b = _dearest(rest, least)
            total = NEVER if total <= NEVER or least[b] <= NEVER else total + least[b]
            rest &= ~(1 << b)
    return total


@small
def _dearest(rest, least):  # type: ignore[no-untyped-def]
    """The half-day of ``rest`` that gives most without a wish, or -1."""
    found, b = -1, 0
    while rest:
        if rest & 1 and (found < 0 or least[b] > least[found]):
            found = b
        rest >>= 1
        b += 1
    return found


@small
def take_picks(u, mask, need, full, free, n, t):  # type: ignore[no-untyped-def]
    """Put the picks that complete ``mask`` into ``t.chosen``, from ``n``; where the last one stands."""
    rest = free & ~mask
    for _ in range(min(need - t.bits[mask], t.bits[rest])):
        b = _dearest(rest, t.least)
        rest &= ~(1 << b)
        for o in range(t.option_ptr[t.kind[u] + 1] - t.option_ptr[t.kind[u]]):
            if t.picked_mask[o] == 1 << b and t.picked[o] >= 0 and (full or t.least[b] > 0):
                t.chosen[n] = t.picked[o]
                n += 1
    return n

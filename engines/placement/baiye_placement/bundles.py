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
from baiye_placement.open_lists import among, cheapest, wished

NEVER = -(1 << 60)
EVERY = np.int64(-1)  # the mask of all half-days
HOLE = 1 << 40  # no project


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
def _wish_rows(u, free, held, price, scale, hour, t):  # type: ignore[no-untyped-def]
    """One row a wish: the best worth of each mask when wishes so far may be used.

    A wish that gives less than ``t.least``, what its half-days give without it, is in no best bundle.
    """
    value, choices, least, width, bits = t.value, t.choice, t.least, t.width[u], t.bits
    points, projects, offers, ptr = t.wish_points, t.wish_project, t.wish_offer, t.offer_ptr
    sessions, masks = t.edge_session, t.edge_mask
    m = free
    while m > 0:
        value[0, m] = NEVER
        m = (m - 1) & free
    value[0, 0] = 0
    row = 0
    for w in range(t.wish_ptr[u], t.wish_ptr[u + 1]):
        if among(projects[w], held):
            continue
        begun = False
        each = points[w] * scale + width * hour
        before, after, choice = value[row], value[row + 1], choices[row]
        for e in range(ptr[offers[w]], ptr[offers[w] + 1]):
            mask = masks[e]
            gain = each * bits[mask] - width * price[sessions[e]]
            if mask & ~free == 0 and gain >= _least(mask, least):
                if not begun:
                    _copy_row(before, after, choice, free)
                    begun = True
                _offer(before, after, choice, mask, gain, e, free & ~mask)
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
def _pick(u, full, strict, free, held, price, hour, t):  # type: ignore[no-untyped-def]
    """Pick what fills each option, and say what each half-day gives without a wish; whether the picks stand alone.

    They do where each fills one half-day and, if ``strict``, no two are of one project: then a bundle may use them in
    any combination.
    """
    picked, picked_mask, passed, least, bit, width = t.picked, t.picked_mask, t.passed, t.least, t.bit, t.width[u]
    masks, lists, ptr, sessions, project = t.option_mask, t.option_list, t.open_ptr, t.open_session, t.project
    wish_project, wish, wish_end = t.wish_project, t.wish_ptr[u], t.wish_ptr[u + 1]
    first, n = t.option_ptr[t.kind[u]], t.option_ptr[t.kind[u] + 1] - t.option_ptr[t.kind[u]]
    alone = True
    _reset(u, full, t)
    for o in range(n):
        mask, k = masks[first + o], lists[first + o]
        s = -1
        if mask & ~free == 0:
            s = cheapest(ptr[k], ptr[k + 1], wish, wish_end, held, passed, price, sessions, project, wish_project)
        picked[o], picked_mask[o] = s, mask
        passed[o + 1] = -1
        passed[o] = HOLE
        if s >= 0:
            passed[o] = HOLE + 1  # so that it does not find itself
            alone = alone and bit[mask] >= 0 and not (strict and among(project[s], passed))
            passed[o] = project[s]
            if alone:
                least[bit[mask]] = max(least[bit[mask]], width * (hour - price[s]))
    passed[0] = -1
    if not alone:
        _reset(u, full, t)
    return alone


@small
def _reset(u, full, t):  # type: ignore[no-untyped-def]
    least = t.least
    for b in range(t.slot_ptr[u + 1] - t.slot_ptr[u]):
        least[b] = NEVER if full else 0


@inner
def _option_rows(u, free, held, price, hour, t, row):  # type: ignore[no-untyped-def]
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
    """One row a project: as ``_option_rows``, where the cheapest of two options are of one project.

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
        alone = _pick(u, full, strict, free, held, price, hour, t)
    else:
        _reset(u, False, t)
    row = _wish_rows(u, free, held, price, scale, hour, t)
    if not alone:
        row = _option_rows(u, free, held, price, hour, t, row)
    best, mask, m = NEVER, -1, free
    values, bits, least = t.value[row], t.bits, t.least
    while m >= 0:
        if values[m] > NEVER and bits[m] <= need:
            more = _complete(need - bits[m], full, free & ~m, bits, least)
            if more > NEVER and values[m] + more > best:
                best, mask = values[m] + more, m
        m = (m - 1) & free if m else -1
    n = 0
    if filled and alone and mask >= 0:
        n = _take_picks(u, mask, need, full, free, t)
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


@small
def _complete(left, full, rest, bits, least):  # type: ignore[no-untyped-def]
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
def _take_picks(u, mask, need, full, free, t):  # type: ignore[no-untyped-def]
    """Put the picks that complete ``mask`` into ``t.chosen``; how many they are."""
    n, rest = 0, free & ~mask
    for _ in range(min(need - t.bits[mask], t.bits[rest])):
        b = _dearest(rest, t.least)
        rest &= ~(1 << b)
        for o in range(t.option_ptr[t.kind[u] + 1] - t.option_ptr[t.kind[u]]):
            if t.picked_mask[o] == 1 << b and t.picked[o] >= 0 and (full or t.least[b] > 0):
                t.chosen[n] = t.picked[o]
                n += 1
    return n

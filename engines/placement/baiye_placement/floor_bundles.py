# ruff: noqa: PLR0913, PLR0917 - compiled functions take plain arrays
# mypy: disable-error-code="untyped-decorator"
"""The best bundle of one unit among those that have the points of its claim, found exactly; compiled.

As in ``bundles``, a programme over wishes, then over what nobody wished. A mask of half-days is not enough here: a
bundle that is worth less at the prices may have more points. So each mask keeps *labels*, one for each pair of points
and worth that no other pair beats in both; a label from which the claim is out of reach is dropped at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.bundles import NEVER, best_of_all, complete, option_rows, pick, reset_least, take_picks
from baiye_placement.compiling import compiled, inner
from baiye_placement.seated import worth_of

if TYPE_CHECKING:
    from baiye_placement.arrays import Ints
    from baiye_placement.tables import Tables

# Of a label: its half-days, points and worth; the label it was made from, and by which edge; the next one of its mask;
# the last wish that may still be added to it.
MASK, POINTS, WORTH, BEFORE, EDGE, NEXT, UNTIL = range(7)
COLUMNS, FIRST_LABELS = 7, 512
EVER = 1 << 60


def reaches(t: Tables, plain: Ints) -> Ints:
    """(wishes, half-days) The most points, by ``plain``, that so many half-days can have of a wish and those after."""
    reach = np.zeros((len(plain), int(t.need.max(initial=0)) + 1), dtype=np.int64)
    _reaches(t, plain, reach)
    return reach


@compiled
def _reaches(t, plain, reach):  # type: ignore[no-untyped-def]
    for u in range(len(t.need)):
        last = t.wish_ptr[u + 1]
        for w in range(last - 1, t.wish_ptr[u] - 1, -1):
            longest = 0
            for e in range(t.offer_ptr[t.wish_offer[w]], t.offer_ptr[t.wish_offer[w] + 1]):
                longest = max(longest, t.bits[t.edge_mask[e]])
            for n in range(reach.shape[1]):
                for k in range(min(longest, n) + 1):
                    later = reach[w + 1, n - k] if w + 1 < last else 0
                    reach[w, n] = max(reach[w, n], k * plain[w] + later)


@compiled
def labels_of(masks):  # type: ignore[no-untyped-def]
    """Working space of ``best_above``: labels, and the first one of each mask."""
    return np.empty((FIRST_LABELS, COLUMNS), dtype=np.int64), np.empty(masks, dtype=np.int64)


@inner
def best_above(u, full, strict, price, scale, own, claim, plain, reach, t, labels, head):  # type: ignore[no-untyped-def]
    """Worth of the best bundle of ``u`` with at least ``claim`` points by ``plain``, and its ``labels``, maybe more.

    As ``best_of_all``, with its sessions in ``t.chosen``; a point of ``t.wish_points`` counts ``own``.
    """
    need, hour = t.need[u], np.int64(0)
    if claim <= 0 or own > 0:
        best = best_of_all(u, full, strict, price, own * scale, hour, t)
        if claim <= 0 or best <= NEVER or points_of_chosen(u, plain, t) >= claim:
            return best, labels
    free = (1 << (t.slot_ptr[u + 1] - t.slot_ptr[u])) - 1
    alone = True
    if full:
        alone = pick(u, full, strict, free, t.nothing, price, hour, t)
    else:
        reset_least(u, full, t)
    labels = _label(u, need, price, own * scale, claim, plain, reach, t, labels, head)
    for m in range(free + 1):
        head[m] = _best_label(m, claim, labels, head)
        t.value[0, m] = labels[head[m], WORTH] if head[m] >= 0 else NEVER
    row = 0 if alone else option_rows(u, free, t.nothing, price, hour, t, 0)
    best, mask, m = NEVER, -1, free
    while m >= 0:
        if t.value[row, m] > NEVER and t.bits[m] <= need:
            more = complete(need - t.bits[m], full, free & ~m, t.bits, t.least)
            if more > NEVER and t.value[row, m] + more > best:
                best, mask = t.value[row, m] + more, m
        m = (m - 1) & free if m else -1
    n = take_picks(u, mask, need, full, free, 0, t) if full and alone and mask >= 0 else 0
    _take_back(mask, row, n, t, labels, head)
    return best, labels


@inner
def _take_back(mask, row, n, t, labels, head):  # type: ignore[no-untyped-def]
    """Put the options and wishes that make up ``mask`` into ``t.chosen``, from ``n``."""
    while row > 0 and mask >= 0:
        row -= 1
        c = t.choice[row, mask]
        if c >= 0:
            t.chosen[n] = t.picked[c - len(t.edge_session)]
            mask &= ~t.picked_mask[c - len(t.edge_session)]
            n += 1
    i = head[mask] if mask >= 0 else 0
    while i > 0:
        t.chosen[n] = t.edge_session[labels[i, EDGE]]
        n += 1
        i = labels[i, BEFORE]
    t.chosen[n] = -1


@inner
def _label(u, need, price, scale, claim, plain, reach, t, labels, head):  # type: ignore[no-untyped-def]
    """Fill ``labels`` with the sets of wishes that can still meet the claim, label 0 the empty set; it may grow."""
    head[:] = -1
    labels[0, MASK], labels[0, POINTS], labels[0, WORTH], labels[0, NEXT], labels[0, UNTIL] = 0, 0, 0, -1, EVER
    head[0], n, last = 0, 1, t.wish_ptr[u + 1]
    for w in range(t.wish_ptr[u], last):
        before = n
        for i in range(before):
            mask, points, worth = labels[i, MASK], labels[i, POINTS], labels[i, WORTH]
            left = need - t.bits[mask]
            if labels[i, UNTIL] < w or points + reach[w, left] < claim:
                continue
            for e in range(t.offer_ptr[t.wish_offer[w]], t.offer_ptr[t.wish_offer[w] + 1]):
                taken = t.bits[t.edge_mask[e]]
                if mask & t.edge_mask[e] or taken > left:
                    continue
                have = min(claim, points + plain[w] * taken)
                later = reach[w + 1, left - taken] if w + 1 < last else 0
                gain = t.wish_points[w] * scale * taken - t.width[u] * price[t.edge_session[e]]
                if have + later >= claim and _is_new(
                    mask | t.edge_mask[e], have, worth + gain, w, before, labels, head
                ):
                    if n == len(labels):
                        labels = _twice(labels)
                    _add(n, mask | t.edge_mask[e], have, worth + gain, i, e, labels, head)
                    n += 1
    return labels


@inner
def _is_new(mask, points, worth, w, before, labels, head):  # type: ignore[no-untyped-def]
    """Whether no label of the mask has as many points and as much worth; those that have no more of both are dropped.

    One that was there ``before`` wish ``w`` may still have this wish added: what beats it has the wish already.
    """
    k, previous = head[mask], -1
    while k >= 0:
        if labels[k, POINTS] >= points and labels[k, WORTH] >= worth:
            return False
        if labels[k, POINTS] <= points and labels[k, WORTH] <= worth:
            labels[k, UNTIL] = w if k < before else -1
            if previous < 0:
                head[mask] = labels[k, NEXT]
            else:
                labels[previous, NEXT] = labels[k, NEXT]
        else:
            previous = k
        k = labels[k, NEXT]
    return True


@inner
def _add(n, mask, points, worth, before, edge, labels, head):  # type: ignore[no-untyped-def]
    labels[n, MASK], labels[n, POINTS], labels[n, WORTH] = mask, points, worth
    labels[n, BEFORE], labels[n, EDGE], labels[n, UNTIL] = before, edge, EVER
    labels[n, NEXT], head[mask] = head[mask], n


@inner
def _twice(labels):  # type: ignore[no-untyped-def]
    more = np.empty((2 * len(labels), COLUMNS), dtype=np.int64)
    more[: len(labels)] = labels
    return more


@inner
def _best_label(mask, claim, labels, head):  # type: ignore[no-untyped-def]
    """The label of the mask that meets the claim and is worth most, or -1."""
    best, k = -1, head[mask]
    while k >= 0:
        if labels[k, POINTS] >= claim and (best < 0 or labels[k, WORTH] > labels[best, WORTH]):
            best = k
        k = labels[k, NEXT]
    return best


@inner
def points_of_chosen(u, plain, t):  # type: ignore[no-untyped-def]
    """Points of ``u``, by ``plain``, in the sessions of ``t.chosen``."""
    points = 0
    for s in t.chosen:
        if s < 0:
            break
        each = worth_of(t.project[s], t.wish_ptr[u], t.wish_ptr[u + 1], t.wish_project, plain)
        for slot in t.session_slots[s]:
            points += each * (slot >= 0)
    return points

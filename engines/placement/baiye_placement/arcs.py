# ruff: noqa: PLR0913, PLR0917 - compiled functions take plain arrays
# mypy: disable-error-code="untyped-decorator"
"""Who could sit where in one half-day, and what that is worth: its points plus the best of what is still undecided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.bundles import NEVER, best_bundle
from baiye_placement.compiling import compiled, inner
from baiye_placement.dual import SCALE
from baiye_placement.open_lists import among, sort_open, wished
from baiye_placement.seated import AWAY, OPEN, seen
from baiye_placement.team import ALONE, Team

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from baiye_placement.arrays import Ints
    from baiye_placement.tables import Tables

FILLS = -3  # less the number of an open list: any session of it
SHORT = 1 << 34  # what one unfilled half-day costs, in units of 1/SCALE: more than the points at stake elsewhere
MOST_HELD = 16


@dataclass(frozen=True, slots=True)
class Arcs:
    """Who could sit where in one half-day.

    ``session`` is a session, AWAY, or, as ``FILLS - l``, any session of the open list ``l``: a half-day to be filled
    with whatever is free.
    """

    unit: Ints
    session: Ints
    worth: Ints

    @property
    def count(self) -> int:
        return len(self.unit)

    @classmethod
    def of(
        cls,
        t: Tables,
        slot: int,
        units: Ints,
        seat: Ints,
        price: Ints,
        full: bool,
        named: NDArray[np.bool_],
        team: Team = ALONE,
    ) -> Arcs:
        """Arcs of ``units``, who have ``slot``; ``named`` ones have one for each session that could fill it."""
        sort_open(price, t)

        def part(_: int, first: int, last: int, mine: Tables) -> list[Ints]:
            who = units[first:last]
            rows = [np.zeros(int(_arc_bound(who, mine, slot, named)), dtype=np.int64) for _ in range(3)]
            count = _arcs(who, mine, slot, seat, price, full, named, *rows)
            return [row[:count] for row in rows]

        parts = team.share(t, 0, len(units), part)
        return cls(*(np.concatenate(rows) for rows in zip(*parts, strict=True)))

    def where(self, keep: NDArray[np.bool_]) -> Arcs:
        return Arcs(self.unit[keep], self.session[keep], self.worth[keep])


@compiled
def _arc_bound(units, t, slot, named):  # type: ignore[no-untyped-def]
    """At most so many arcs has the half-day."""
    slot_ptr, slots, kind, option_ptr, option_mask = t.slot_ptr, t.slots, t.kind, t.option_ptr, t.option_mask
    option_list, open_ptr, wish_ptr, wish_offer = t.option_list, t.open_ptr, t.wish_ptr, t.wish_offer
    offer_ptr, edge_mask = t.offer_ptr, t.edge_mask
    n = 0
    for u in units:
        for j in range(slot_ptr[u], slot_ptr[u + 1]):
            if slots[j] == slot:
                bit = 1 << (j - slot_ptr[u])
                k = kind[u]
                n += 1
                for o in range(option_ptr[k], option_ptr[k + 1]):
                    if option_mask[o] & bit:
                        each = option_list[o]
                        n += open_ptr[each + 1] - open_ptr[each] if named[u] else 1
                for w in range(wish_ptr[u], wish_ptr[u + 1]):
                    for e in range(offer_ptr[wish_offer[w]], offer_ptr[wish_offer[w] + 1]):
                        n += (edge_mask[e] & bit) > 0
    return n


@inner
def state_of(u, slot, seat, t, held):  # type: ignore[no-untyped-def]
    """(mask of ``slot`` if the unit is undecided there, mask of all undecided half-days, half-days still needed).

    Projects that the unit holds are put into ``held``, followed by -1.
    """
    bit, free, left, n = 0, 0, t.need[u], 0
    first = t.slot_ptr[u]
    for j in range(first, t.slot_ptr[u + 1]):
        if seat[j] == OPEN:
            free |= 1 << (j - first)
            if t.slots[j] == slot:
                bit = 1 << (j - first)
        elif seat[j] >= 0:
            left -= 1
            if not seen(seat, first, j):
                held[n] = t.project[seat[j]]
                n += 1
    held[n] = -1
    return bit, free, left, n


@inner
def _rest(u, need, full, free, held, price, t):  # type: ignore[no-untyped-def]
    """What the undecided half-days ``free`` can still give, less SHORT for each that cannot be filled."""
    t.chosen[0] = -1
    if need < 0:
        return NEVER
    if need == 0 or free == 0:
        return np.int64(-SHORT * need * t.width[u] if full else 0)
    best, hour = NEVER, np.int64(0)
    short = max(0, need - t.bits[free]) if full else 0
    best = best_bundle(u, need - short, full, False, free, held, price, np.int64(SCALE), hour, t)
    if best > NEVER:
        return best - SHORT * short * t.width[u]
    hour = np.int64(SHORT)
    best = best_bundle(u, need, False, False, free, held, price, np.int64(SCALE), hour, t)
    return best - SHORT * need * t.width[u]


@compiled
def _arcs(units, t, slot, seat, price, full, named, unit, session, worth):  # type: ignore[no-untyped-def]
    n = 0
    held = np.full(MOST_HELD + 2, -1)
    used = np.full(MOST_HELD + 2, -1)
    for u in units:
        bit, free, left, h = state_of(u, slot, seat, t, held)
        if bit == 0 or left <= 0:
            continue
        unit[n], session[n], worth[n] = u, AWAY, _rest(u, left, full, free & ~bit, held, price, t)
        n += 1
        rest = _rest(u, left - 1, full, free & ~bit, held, price, t)
        _projects(t.chosen, t.project, used)
        for w in range(t.wish_ptr[u], t.wish_ptr[u + 1]):
            held[h] = -1
            if not among(t.wish_project[w], held):
                held[h], held[h + 1] = t.wish_project[w], -1
                # without a wish that the rest does not use, the rest is worth the same
                known = NEVER if among(t.wish_project[w], used) else rest
                n = _wish_arcs(u, w, bit, free, left, full, known, held, price, t, unit, session, worth, n)
        held[h] = -1
        n = _open_arcs(u, bit, free, left, full, rest, named[u], held, price, t, unit, session, worth, n)
    return n


@inner
def _projects(sessions, project, into):  # type: ignore[no-untyped-def]
    """Put the projects of ``sessions`` (-1 past their end) into ``into``."""
    n = 0
    for s in sessions:
        if s < 0:
            break
        into[n] = project[s]
        n += 1
    into[n] = -1


@inner
def _wish_arcs(u, w, bit, free, left, full, known, held, price, t, unit, session, worth, n):  # type: ignore[no-untyped-def]
    offer, masks, sessions, bits, points = (
        t.wish_offer[w],
        t.edge_mask,
        t.edge_session,
        t.bits,
        t.wish_points[w] * SCALE,
    )
    done, rest = bit if known > NEVER else 0, known
    for e in range(t.offer_ptr[offer], t.offer_ptr[offer + 1]):
        mask = masks[e]
        if mask & bit and not mask & ~free:
            if mask != done:
                rest, done = _rest(u, left - bits[mask], full, free & ~mask, held, price, t), mask
            if rest > NEVER:
                unit[n], session[n] = u, sessions[e]
                worth[n] = rest + points * bits[mask]
                n += 1
    return n


@inner
def _open_arcs(u, bit, free, left, full, known, named, held, price, t, unit, session, worth, n):  # type: ignore[no-untyped-def]
    k = t.kind[u]
    for o in range(t.option_ptr[k], t.option_ptr[k + 1]):
        mask, each = t.option_mask[o], t.option_list[o]
        if not mask & bit or mask & ~free:
            continue
        rest = known if mask == bit else _rest(u, left - t.bits[mask], full, free & ~mask, held, price, t)
        if rest <= NEVER:
            continue
        if not named:
            unit[n], session[n], worth[n] = u, FILLS - each, rest
            n += 1
            continue
        for i in range(t.open_ptr[each], t.open_ptr[each + 1]):
            s = t.open_session[i]
            known_wish = wished(t.project[s], t.wish_ptr[u], t.wish_ptr[u + 1], t.wish_project)
            if not known_wish and not among(t.project[s], held):
                unit[n], session[n], worth[n] = u, s, rest
                n += 1
    return n

"""Merges groups that are too small: pupils of sessions that are the same to everyone sit together in fewer of them.

Sessions are *alike* that are of one project, at one time, and open to the same units: nobody loses a point or a
half-day by sitting in the one or the other. Their pupils are spread so that each is held for its minimum or not at all,
and as few pupils as can be change their session.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from baiye_placement import seated
from baiye_placement.limits import partners_of
from baiye_placement.tables import open_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baiye_placement.arrays import Arrays, Ints
    from baiye_placement.tables import Tables

MOST = 10  # sessions that are alike; of more, the last ones are left as they are


def alike(t: Tables) -> list[list[int]]:
    """Sessions that are alike, where there are several."""
    kinds: list[list[tuple[int, int]]] = [[] for _ in t.capacity]
    for k in range(len(t.option_ptr) - 1):
        for mask, sessions in open_to(t, k):
            for s in sessions:
                kinds[s].append((k, mask))
    found: dict[object, list[int]] = {}
    for s, mine in enumerate(kinds):
        if mine:
            key = int(t.project[s]), tuple(t.session_slots[s].tolist()), tuple(sorted(mine))
            found.setdefault(key, []).append(s)
    return [group[:MOST] for group in found.values() if len(group) > 1]


def merged(a: Arrays, t: Tables, minimum: Ints, seat: Ints) -> Ints:
    """``seat`` where groups under their minimum are merged with others, as far as that can be done."""
    few, load = set(seated.undersized(t, seat, minimum)), seated.loads(t, seat)
    seat = seat.copy()
    for group in alike(t) if few else []:
        if not few.isdisjoint(group):
            sizes = _sizes(group, minimum, t.capacity, load)
            moved = None if sizes is None else _move(a, t, seat, sizes, load)
            seat = seat if moved is None else moved
    return seat


def _sizes(group: Sequence[int], minimum: Ints, capacity: Ints, load: Ints) -> dict[int, int] | None:
    """Pupils of each session of the group when none is under its minimum and as few as can be move; None if none can.

    Of two ways in which as many stay, the one with fewer sessions.
    """
    total = int(load[group].sum())
    usable = [s for s in group if capacity[s] >= max(1, minimum[s])]
    choices = (held for count in range(1, len(usable) + 1) for held in combinations(usable, count))
    found = [sizes for held in choices if (sizes := _sizes_of(held, total, minimum, capacity, load))]
    best = max(found, key=lambda sizes: sum(min(n, int(load[s])) for s, n in sizes.items()), default=None)
    return None if best is None else {s: best.get(s, 0) for s in group}


def _sizes_of(held: Sequence[int], total: int, minimum: Ints, capacity: Ints, load: Ints) -> dict[int, int] | None:
    """``total`` pupils in the sessions ``held``, each between its minimum and its seats; None where that cannot be."""
    least = {s: max(1, int(minimum[s])) for s in held}
    if not sum(least.values()) <= total <= int(capacity[list(held)].sum()):
        return None
    sizes = {s: min(max(int(load[s]), least[s]), int(capacity[s])) for s in held}
    for s in held:
        over = sum(sizes.values()) - total
        sizes[s] = min(max(sizes[s] - over, least[s]), int(capacity[s]))
    return sizes


def _move(a: Arrays, t: Tables, seat: Ints, sizes: dict[int, int], load: Ints) -> Ints | None:
    """``seat`` with so many pupils in each session, the last of the lottery moved; None where units do not fit."""
    seat, room = seat.copy(), {s: n - int(load[s]) for s, n in sizes.items()}
    sits = {s: _units_in(t, seat, s) for s in sizes}
    partners = partners_of(a)
    for s in sizes:
        for u in sorted(sits[s], key=lambda u: -int(a.lottery[u])):
            width = int(t.width[u])
            if room[s] > -width:
                continue
            apart = partners.get(u, set())
            other = next((o for o in sizes if room[o] >= width and apart.isdisjoint(sits[o])), None)
            if other is None:
                return None
            sits[s].remove(u)
            sits[other].add(u)
            room[s], room[other] = room[s] + width, room[other] - width
            mine = slice(t.slot_ptr[u], t.slot_ptr[u + 1])
            seat[mine] = np.where(seat[mine] == s, other, seat[mine])
    return seat if not any(room.values()) else None


def _units_in(t: Tables, seat: Ints, s: int) -> set[int]:
    return set(np.unique(np.searchsorted(t.slot_ptr, np.flatnonzero(seat == s), side="right") - 1).tolist())

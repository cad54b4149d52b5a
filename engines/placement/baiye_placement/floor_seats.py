# mypy: disable-error-code="untyped-decorator"
"""Seats in which every unit has its claim, found by negotiation.

Each unit takes the best bundle that has its claim, whether there are seats or not. Then those who sit in overfull
sessions choose anew, round after round: a seat too many costs a fine, which rises, and a session that was overfull
stays dearer. So whoever can go elsewhere at little loss does, and who cannot stays (after PathFinder, which routes
wires in this way: McMurchie and Ebeling, FPGA 1995). It ends when no session is overfull, or when that gets no nearer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.bundles import NEVER
from baiye_placement.compiling import compiled, inner
from baiye_placement.dual import FINE, SCALE
from baiye_placement.floor_bundles import best_above, labels_of, points_of_chosen
from baiye_placement.open_lists import sort_open
from baiye_placement.seated import AWAY, loads, seen, sit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from baiye_placement.arrays import Ints
    from baiye_placement.clock import Clock
    from baiye_placement.floor_prices import Ground
    from baiye_placement.seats import Seats
    from baiye_placement.tables import Tables

ROUNDS, PATIENCE = 400, 2  # work budget; choices a unit after which fewer must be too many than ever before
FINED, FINED_MORE = 4, 5  # points for a seat too many, first; rounds until the fine is twice as much
DEARER = 4 * FINE  # how much dearer a session stays for each seat too many
SORTED = 16  # units that choose before the open lists are put in order again


class Negotiation:
    """Seats at the claims of one floor, in ``seat``, which begin as ``seats``.

    Parameters
    ----------
    stays : (units,)
        Units that keep their seats: rules beyond seats and projects hold for them.
    """

    def __init__(self, ground: Ground, seats: Seats, floor: int, price: Ints, stays: NDArray[np.bool_]) -> None:
        t, seat, claims = seats.t, seats.seat, ground.claims
        self.ground, self.seat, self.claim = ground, seat.copy(), claims.at(floor) - claims.base
        filled = np.append(0, np.cumsum(seat >= 0))
        self.t: Tables = t._replace(need=filled[t.slot_ptr[1:]] - filled[t.slot_ptr[:-1]])  # as many half-days as now
        self._price = price * (FINE // SCALE)
        self._load = loads(t, seat)
        self._stays = stays
        self._below = claims.points(t, seat) < claims.at(floor)
        self._round = 0
        self._rng = np.random.default_rng(20240528)

    @property
    def over(self) -> int:
        """How many pupils are too many in their sessions."""
        return int(np.maximum(self._load - self.t.capacity, 0).sum())

    def run(self, clock: Clock) -> bool:
        """Whether seats for all were found."""
        least, since = self.over + len(self.claim) + 1, 0
        for _ in range(ROUNDS):
            chosen = self._choose()
            since = 0 if self.over < least else since + chosen
            least = min(least, self.over)
            if least == 0 or since > PATIENCE * len(self.claim) or clock.over:
                break
        return least == 0

    def close(self, sessions: list[int]) -> None:
        """Nobody may sit in ``sessions`` from now on."""
        capacity = self.t.capacity.copy()
        capacity[sessions] = 0
        self.t = self.t._replace(capacity=capacity)

    def _choose(self) -> int:
        """One round; how many chose."""
        g = self.ground
        order = self._rng.permutation(len(self.claim))
        fine = FINED * FINE * (FINED_MORE + self._round) // FINED_MORE
        cost = np.empty_like(self._price)
        lists = g.claims.plain, g.reach, self.claim, self._below, self._stays
        chosen = _choose(order, self._price, cost, fine, self._load, lists, self.seat, self.t)
        self._price += DEARER * np.maximum(self._load - self.t.capacity, 0)
        self._round += 1
        return int(chosen)


@compiled
def _choose(order, price, cost, fine, load, lists, seat, t):  # type: ignore[no-untyped-def]
    """Those in overfull sessions, and those below their claim, choose in turn; ``cost`` is the price with the fine."""
    plain, reach, claim, below, stays = lists
    labels, head = labels_of(len(t.bits))
    for s in range(len(price)):
        cost[s] = price[s] + fine * max(0, load[s] + 1 - t.capacity[s])
    asked = 0
    for u in order:
        if stays[u] or not (below[u] or _too_many(u, load, seat, t)):
            continue
        if asked % SORTED == 0:
            sort_open(cost, t)
        asked += 1
        _count(u, -t.width[u], price, cost, fine, load, seat, t)
        best, labels = best_above(
            u, True, True, cost, np.int64(FINE), np.int64(1), claim[u], plain, reach, t, labels, head
        )
        if best > NEVER:
            _sit(u, seat, t)
            below[u] = points_of_chosen(u, plain, t) < claim[u]
        _count(u, t.width[u], price, cost, fine, load, seat, t)
    return asked


@inner
def _too_many(u, load, seat, t):  # type: ignore[no-untyped-def]
    for j in range(t.slot_ptr[u], t.slot_ptr[u + 1]):  # noqa: SIM110 - compiled
        if seat[j] >= 0 and load[seat[j]] > t.capacity[seat[j]]:
            return True
    return False


@inner
def _count(u, pupils, price, cost, fine, load, seat, t):  # type: ignore[no-untyped-def]
    """So many ``pupils`` more in the sessions of ``u``; each costs what a seat in it costs the next unit as wide."""
    first, width = t.slot_ptr[u], t.width[u]
    for j in range(first, t.slot_ptr[u + 1]):
        s = seat[j]
        if s >= 0 and not seen(seat, first, j):
            load[s] += pupils
            cost[s] = price[s] + fine * max(0, load[s] + width - t.capacity[s])


@inner
def _sit(u, seat, t):  # type: ignore[no-untyped-def]
    for j in range(t.slot_ptr[u], t.slot_ptr[u + 1]):
        seat[j] = AWAY
    for s in t.chosen:
        if s < 0:
            break
        sit(u, s, t, seat)

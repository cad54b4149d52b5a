# ruff: noqa: PLC0415, PLR0913, PLR0917 - OR-Tools is loaded where it is needed; compiled functions take plain arrays
# mypy: disable-error-code="untyped-decorator"
"""One half-day for everyone: a min-cost flow is the whole problem, and its shortest paths are prices that prove it.

The linear programme of this case has whole-number solutions (Ahuja, Magnanti and Orlin, Network Flows, 1993, ch. 9), so
one flow is the optimum. Least prices L with L[s'] ≥ L[s] + worth(u, s') - worth(u, s) for every unit u in s come from
label correction; sessions with a free seat keep price 0, and U(L) is then the value itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from baiye_placement.compiling import compiled
from baiye_placement.dual import BATCHES, FINE, batches, falls, move
from baiye_placement.flows import feasible
from baiye_placement.seated import AWAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from baiye_placement.arrays import Arrays, Ints
    from baiye_placement.tables import Tables

SWEEPS = 15  # to find the edges that matter
LITTLE = 8 * FINE  # what such an edge may cost its unit
PASSES = 5_000  # work budget of the label correction
DRAWS = 1024  # so many places of the lottery are told apart


class Edges(NamedTuple):
    """Who could sit where: by a wish (unit, session, points of it), or, for nothing, in any session of a list."""

    unit: Ints
    session: Ints
    points: Ints
    fill_unit: Ints
    fill_list: Ints


def applies(a: Arrays, t: Tables, minimum: Ints) -> bool:
    """Whether one flow is the whole problem."""
    return bool(
        len(t.need)
        and t.need.max() == 1
        and t.width.max() == 1
        and t.session_slots.shape[1] == 1
        and minimum.max(initial=0) <= 1
        and not len(a.caps.limit)
        and not a.apart
    )


def solve(t: Tables, lottery: Ints) -> tuple[Ints, Ints] | None:
    """(session of each half-day, price of each session in points); None where not everyone can have a seat.

    Of all optimal seatings it is one in which early places in the ``lottery`` have the points.
    """
    every = _edges(t)
    for edges in (_likely(t, every), every):
        sits = _flow(t, edges, -edges.points, np.zeros(len(t.capacity), dtype=np.bool_))
        if sits is None:
            continue
        seat, points = sits
        load = np.bincount(seat[seat >= 0], minlength=len(t.capacity))
        price = np.zeros(len(t.capacity), dtype=np.int64)
        if _correct(every, seat, points, t.open_ptr, t.open_session, price) and not price[load < t.capacity].any():
            return _by_half_day(t, _drawn(t, every, seat, points, price, lottery)), price
    return None


def _likely(t: Tables, edges: Edges) -> Edges:
    """Edges that may well be in the optimum: at prices found by a few sweeps they cost their unit little."""
    units = np.arange(len(t.need) + 1)
    first, fill_first = np.searchsorted(edges.unit, units), np.searchsorted(edges.fill_unit, units)
    order = np.random.default_rng(20240527).permutation(len(t.need))
    price, best = np.zeros(len(t.capacity), dtype=np.int64), np.zeros(len(t.need), dtype=np.int64)
    step = np.rint(0.8 * int(edges.points.max(initial=0)) * FINE / np.maximum(t.capacity, 1)).astype(np.int64)
    _sweep(edges, first, fill_first, order, step, t.capacity, t.open_ptr, t.open_session, price, best)
    cheapest = _cheapest(price, t.open_ptr, t.open_session)
    likely = edges.points * FINE - price[edges.session] >= best[edges.unit] - LITTLE
    fills = -price[cheapest[edges.fill_list]] >= best[edges.fill_unit] - LITTLE
    return _where(edges, likely, fills)


def _where(edges: Edges, wished: NDArray[np.bool_], fills: NDArray[np.bool_]) -> Edges:
    return Edges(
        edges.unit[wished], edges.session[wished], edges.points[wished], edges.fill_unit[fills], edges.fill_list[fills]
    )


def _drawn(t: Tables, edges: Edges, seat: Ints, points: Ints, price: Ints, lottery: Ints) -> Ints:
    """The seats again, out of all that are as good: those that cost nobody anything at the prices."""
    best = points - price[seat]
    cheapest = price[_cheapest(price, t.open_ptr, t.open_session)]
    equal = edges.points - price[edges.session] == best[edges.unit]
    fills = -cheapest[edges.fill_list] == best[edges.fill_unit]
    units = len(t.need)
    ways = np.bincount(edges.unit[equal], minlength=units) + np.bincount(edges.fill_unit[fills], minlength=units)
    several = ways > 1  # the others stay where they are
    equal &= several[edges.unit]
    fills &= several[edges.fill_unit]
    tight = _where(edges, equal, fills)
    staying = np.bincount(seat[~several & (seat >= 0)], minlength=len(price))
    gain = tight.points * ((units - lottery[tight.unit]) * DRAWS // units)
    list_of = np.repeat(np.arange(len(cheapest)), np.diff(t.open_ptr))
    rest = t._replace(need=t.need * several, capacity=t.capacity - staying)
    drawn = _flow(rest, tight, -gain, price > 0, price[t.open_session] == cheapest[list_of])
    return seat if drawn is None else np.where(several, drawn[0], seat)


def _edges(t: Tables) -> Edges:
    wishes = np.diff(t.offer_ptr)[t.wish_offer]
    first = np.repeat(t.offer_ptr[t.wish_offer] - np.concatenate([[0], np.cumsum(wishes)[:-1]]), wishes)
    edge = first + np.arange(wishes.sum())
    unit = np.repeat(np.repeat(np.arange(len(t.need)), np.diff(t.wish_ptr)), wishes)
    points = np.repeat(t.wish_points, wishes)
    sits = t.need[unit] > 0
    options = np.diff(t.option_ptr)[t.kind] * (t.need > 0)
    fill_unit = np.repeat(np.arange(len(t.need)), options)
    offset = np.arange(options.sum()) - np.repeat(np.cumsum(options) - options, options)
    fill_list = t.option_list[t.option_ptr[t.kind[fill_unit]] + offset]
    return Edges(unit[sits], t.edge_session[edge][sits], points[sits], fill_unit, fill_list)


def _flow(
    t: Tables, edges: Edges, cost: Ints, full: NDArray[np.bool_], opens: NDArray[np.bool_] | None = None
) -> tuple[Ints, Ints] | None:
    """(session of each unit or AWAY, points of it): the cheapest flow. Nodes: units, lists, sessions, the sink.

    ``full`` sessions must be full, as whatever has a price is in every optimum; ``opens`` says which places of the open
    lists count.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    units, lists, sessions = len(t.need), len(t.open_ptr) - 1, len(t.capacity)
    sink = units + lists + sessions
    flow = SimpleMinCostFlow()
    add = flow.add_arcs_with_capacity_and_unit_cost
    capacity = np.maximum(t.capacity, 0)
    wished = add(edges.unit, units + lists + edges.session, np.ones_like(edges.unit), cost)
    nothing = np.zeros(max(len(edges.fill_unit), len(t.open_session), sessions), dtype=np.int64)
    fills = nothing[: len(edges.fill_unit)]
    filled = add(edges.fill_unit, units + edges.fill_list, fills + 1, fills)
    list_of = np.repeat(np.arange(lists), np.diff(t.open_ptr))
    free = capacity[t.open_session] * (1 if opens is None else opens)
    opened = add(units + list_of, units + lists + t.open_session, free, nothing[: len(free)])
    add(np.arange(units + lists, sink), np.full(sessions, sink), capacity * ~full, nothing[:sessions])
    supply = np.zeros(sink + 1, dtype=np.int64)
    supply[:units], supply[units + lists : sink] = t.need, -capacity * full
    supply[sink] = -supply.sum()
    if not feasible(flow, supply):
        return None
    seat, points = np.full(units, AWAY, dtype=np.int64), np.zeros(units, dtype=np.int64)
    taken = np.flatnonzero(flow.flows(wished))
    seat[edges.unit[taken]], points[edges.unit[taken]] = edges.session[taken], edges.points[taken]
    filling = np.flatnonzero(flow.flows(filled))
    order = np.argsort(edges.fill_list[filling], kind="stable")
    seat[edges.fill_unit[filling[order]]] = np.repeat(t.open_session, np.asarray(flow.flows(opened)))
    return seat, points


def _by_half_day(t: Tables, seat: Ints) -> Ints:
    """The session of each half-day of each unit, AWAY in all but one of them."""
    of = np.repeat(seat, np.diff(t.slot_ptr))
    return np.where((of >= 0) & (t.session_slots[of, 0] == t.slots), of, AWAY)


@compiled
def _correct(edges, seat, points, open_ptr, open_session, price):  # type: ignore[no-untyped-def]
    """Raise prices until nobody would rather sit elsewhere; False where that has no end."""
    floor = np.zeros(len(open_ptr) - 1, dtype=np.int64)
    for _ in range(PASSES):
        calm = True
        for i in range(len(edges.unit)):
            u = edges.unit[i]
            least = price[seat[u]] + edges.points[i] - points[u]
            if least > price[edges.session[i]]:
                price[edges.session[i]] = least
                calm = False
        for i in range(len(edges.fill_unit)):
            u = edges.fill_unit[i]
            floor[edges.fill_list[i]] = max(floor[edges.fill_list[i]], price[seat[u]] - points[u])
        for k in range(len(floor)):
            for i in range(open_ptr[k], open_ptr[k + 1]):
                if floor[k] > price[open_session[i]]:
                    price[open_session[i]] = floor[k]
                    calm = False
        if calm:
            return True
    return False


@compiled
def _cheapest(price, open_ptr, open_session):  # type: ignore[no-untyped-def]
    """The cheapest session of each list."""
    found = np.zeros(len(open_ptr) - 1, dtype=np.int64)
    for k in range(len(found)):
        found[k] = open_session[open_ptr[k]]
        for i in range(open_ptr[k], open_ptr[k + 1]):
            if price[open_session[i]] < price[found[k]]:
                found[k] = open_session[i]
    return found


@compiled
def _sweep(edges, first, fill_first, order, step, capacity, open_ptr, open_session, price, best):  # type: ignore[no-untyped-def]
    """Prices as in ``dual``, where a bundle is one session; ``best`` is the worth of each unit's last choice."""
    taken, n = np.zeros(len(price), dtype=np.int64), len(order)
    for k in range(SWEEPS):
        smaller = step // (k + 1)
        fall = falls(smaller, capacity, n)
        for begin, end in batches(n):
            cheapest = _cheapest(price, open_ptr, open_session)
            for u in order[begin:end]:
                s, best[u] = -1, -(1 << 60)
                for i in range(first[u], first[u + 1]):
                    worth = edges.points[i] * FINE - price[edges.session[i]]
                    if worth > best[u]:
                        s, best[u] = edges.session[i], worth
                for i in range(fill_first[u], fill_first[u + 1]):
                    other = cheapest[edges.fill_list[i]]
                    if -price[other] > best[u]:
                        s, best[u] = other, -price[other]
                if s >= 0:
                    taken[s] += 1
            move(price, smaller, taken, fall[end - begin - n // BATCHES])

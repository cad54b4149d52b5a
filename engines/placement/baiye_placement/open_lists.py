# mypy: disable-error-code="untyped-decorator"
"""Open lists, the sessions which need no wish: kept in order of price, and what a unit may take of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baiye_placement.compiling import compiled, inner, small

if TYPE_CHECKING:
    from baiye_placement.arrays import Ints


HEAD = 32  # sessions of each list that are kept in order while prices are sought
CLOSED, PICKED = 1, 2  # marks of projects: wished or held; picked for another half-day


@small
def among(project: int, held: Ints) -> bool:
    """Whether ``project`` is in ``held`` (-1 past its end)."""
    found = False
    for one in held:
        if one < 0:
            break
        if one == project:
            found = True
            break
    return found


@small
def wished(project, first, last, wish_project):  # type: ignore[no-untyped-def]
    """Whether the project is among the wishes ``first`` … ``last - 1``."""
    found = False
    for w in range(first, last):
        if wish_project[w] == project:
            found = True
            break
    return found


@small
def cheapest(first, last, mark, price, sessions, project):  # type: ignore[no-untyped-def]
    """The cheapest of the sessions ``first`` … ``last - 1`` whose project is not marked CLOSED, or -1.

    Among equally cheap ones it prefers a project that is not marked at all.
    """
    found = -1
    for i in range(first, last):
        s = sessions[i]
        if found >= 0 and price[s] > price[found]:
            break
        known = mark[project[s]]
        if known != CLOSED and (found < 0 or not known):
            found = s
            if not known:
                break
    return found


@small
def _sort(first, last, price, sessions):  # type: ignore[no-untyped-def]
    """Put ``sessions[first:last]`` in order of price, those of one price in order of number."""
    before, worth = -1, -1
    for i in range(first, last):
        s = sessions[i]
        mine = price[s]
        if mine > worth or (mine == worth and s > before):
            before, worth = s, mine
            continue
        at = i
        while at > first:
            other = sessions[at - 1]
            if price[other] < mine or (price[other] == mine and other < s):
                break
            sessions[at] = other
            at -= 1
        sessions[at] = s


@compiled
def sort_open(price, t):  # type: ignore[no-untyped-def]
    """Put the sessions of each open list in order of price; must be called before ``best_bundle`` sees new prices.

    By insertion, which is quick where little has changed.
    """
    sessions, ptr = t.open_session, t.open_ptr
    for k in range(len(ptr) - 1):
        _sort(ptr[k], ptr[k + 1], price, sessions)


@small
def _sort_head(first, last, price, sessions):  # type: ignore[no-untyped-def]
    """Put the cheapest HEAD of ``sessions[first:last]`` in order before all others."""
    end = min(first + HEAD, last)
    _sort(first, end, price, sessions)
    dearest = price[sessions[end - 1]] if end > first else 0
    for i in range(end, last):
        s = sessions[i]
        if price[s] < dearest:
            sessions[i] = sessions[end - 1]
            at = end - 1
            while at > first and price[sessions[at - 1]] > price[s]:
                sessions[at] = sessions[at - 1]
                at -= 1
            sessions[at] = s
            dearest = price[sessions[end - 1]]


@compiled
def sort_heads(price, t):  # type: ignore[no-untyped-def]
    """As ``sort_open``, for the cheapest HEAD of each list only: enough to seek prices, not to prove a bound.

    A unit that wished more of them than that is given something a little dearer.
    """
    sessions, ptr = t.open_session, t.open_ptr
    for k in range(len(ptr) - 1):
        _sort_head(ptr[k], ptr[k + 1], price, sessions)


@inner
def sort_open_to(u, price, t):  # type: ignore[no-untyped-def]
    """The same for the lists of one unit, before ``best_bundle`` is asked for it alone."""
    sessions, ptr = t.open_session, t.open_ptr
    for o in range(t.option_ptr[t.kind[u]], t.option_ptr[t.kind[u] + 1]):
        k = t.option_list[o]
        _sort(ptr[k], ptr[k + 1], price, sessions)

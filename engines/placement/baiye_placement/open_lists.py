# mypy: disable-error-code="untyped-decorator"
"""Open lists, the sessions which need no wish: kept in order of price, and what a unit may take of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baiye_placement.compiling import compiled, inner, small

if TYPE_CHECKING:
    from baiye_placement.arrays import Ints


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
def _after(a, b, price):  # type: ignore[no-untyped-def]
    """Whether session ``a`` stands after ``b`` in an open list: by price, then by number."""
    return price[a] > price[b] or (price[a] == price[b] and a > b)


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
def _sort(k, price, t):  # type: ignore[no-untyped-def]
    first = t.open_ptr[k]
    for i in range(first + 1, t.open_ptr[k + 1]):
        s, at = t.open_session[i], i
        while at > first and _after(t.open_session[at - 1], s, price):
            t.open_session[at] = t.open_session[at - 1]
            at -= 1
        t.open_session[at] = s


@compiled
def sort_open(price, t):  # type: ignore[no-untyped-def]
    """Put the sessions of each open list in order of price; must be called before ``best_bundle`` sees new prices.

    By insertion, which is quick where little has changed.
    """
    for k in range(len(t.open_ptr) - 1):
        _sort(k, price, t)


@inner
def sort_open_to(u, price, t):  # type: ignore[no-untyped-def]
    """The same for the lists of one unit, before ``best_bundle`` is asked for it alone."""
    for o in range(t.option_ptr[t.kind[u]], t.option_ptr[t.kind[u] + 1]):
        _sort(t.option_list[o], price, t)

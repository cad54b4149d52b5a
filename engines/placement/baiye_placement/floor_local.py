"""One unit below its claim is seated anew, together with some of those who sit where it wishes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement.seating import Seating

if TYPE_CHECKING:
    from baiye_placement.arrays import Ints
    from baiye_placement.case import Case
    from baiye_placement.claims import Claims
    from baiye_placement.tables import Tables

COMPANIES = ((2, 20), (4, 60))  # so many holders of each session, and in all: first few, then more

GAP = 0.002  # a share of the points of the few that may be missed: time is better spent on the next one
NODES = 100  # of branch and bound: whoever cannot be lifted is not sought for long


def lift(case: Case, t: Tables, seat: Ints, claims: Claims, claim: Ints, u: int) -> Ints | None:
    """Seats with as many half-days in which ``u`` has its claim and nobody falls below theirs, or None."""
    points = claims.points(t, seat)
    for each, most in COMPANIES:
        units = _company(t, seat, points - claim, u, each, most)
        seating = Seating(case.arrays, t, case.minimum, units, seat, narrow=True)
        for v in units:
            least = int(claim[v] if v == u else min(claim[v], points[v])) - int(claims.base[v])
            if least > 0:
                seating.claim(v, claims.plain, least)
        filled = sum(int((seat[t.slot_ptr[v] : t.slot_ptr[v + 1]] >= 0).sum() * t.width[v]) for v in units)
        seating.program.row("half_days", float(filled), np.inf).extend(seating.half_days())
        found = seating.best([seating.worth(case.arrays.wish_points)], case.clock, gap=GAP, nodes=NODES)
        if found is not None:
            return found
    return None


def _company(t: Tables, seat: Ints, spare: Ints, u: int, each: int, most: int) -> list[int]:
    """``u``, and of those in each session that it wishes the ones with most points to spare."""
    unit_of = np.repeat(np.arange(len(t.need)), np.diff(t.slot_ptr))
    company = [u]
    for w in range(*t.wish_ptr[u : u + 2].tolist()):
        begin, end = t.offer_ptr[t.wish_offer[w] : t.wish_offer[w] + 2]
        for s in t.edge_session[begin:end].tolist():
            holders = np.unique(unit_of[seat == s]).tolist()
            company += sorted(holders, key=lambda v: (-spare[v], v))[:each]
    return sorted(dict.fromkeys(company[: most + 1]))


def lift_all(case: Case, t: Tables, seat: Ints, claims: Claims, claim: Ints) -> Ints:
    """Those below their ``claim``, the worst off first, each seated anew among others; as far as it goes."""
    points = claims.points(t, seat)
    below = np.flatnonzero(points < claim).tolist()
    for u in sorted(below, key=lambda u: (points[u] / t.width[u], case.arrays.lottery[u])):
        if case.clock.over:
            break
        if claims.points(t, seat)[u] >= claim[u]:
            continue
        lifted = lift(case, t, seat, claims, claim, u)
        if lifted is None:
            break
        seat = lifted
    return seat

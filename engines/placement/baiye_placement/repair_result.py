"""A placement out of repaired seats: its figures, and a certificate with honest bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from baiye_placement import dual
from baiye_placement.bundles import tables
from baiye_placement.files import problem_sha256
from baiye_placement.placement import Certificate, Level, Placement, seats_sha256
from baiye_placement.solve import _versions
from baiye_placement.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from baiye_placement.arrays import Ints
    from baiye_placement.problem import Pupil, Session
    from baiye_placement.repair_ground import Ground
    from baiye_placement.repair_mend import Mended

SWEEPS = 40  # of each search of prices
BEGUN = 20  # sweeps that the old prices count for: the first step is as small as after so many
STEP = 0.8  # of the largest points, as when prices are sought from nothing


def certified(ground: Ground, mended: Mended, before: Certificate) -> Placement:
    """The mended seats as a placement of policy ``points``; its prices begin with those of ``before``."""
    problem, a = ground.problem, ground.a
    held: dict[str, list[Session]] = {}
    for u, members in enumerate(a.members):
        sessions = [problem.session_by_id[a.session_ids[s]] for s in (*a.locked[u], *mended.seats[u])]
        sessions.sort(key=lambda s: (min(s.slots), s.id))
        held.update(dict.fromkeys(members, sessions))
    ids = {name: tuple(s.id for s in held[name]) for name in sorted(held)}
    rank_of = {p.id: dict(zip(p.wishes, p.wish_ranks, strict=True)) for p in problem.pupils}
    ranks = {name: tuple(rank_of[name].get(s.project, 0) for s in held[name]) for name in ids}
    vector, points = [0] * (len(problem.points) + 1), 0
    for name, sessions in held.items():
        for session, rank in zip(sessions, ranks[name], strict=True):
            vector[rank] += len(session.slots)
            points += _worth(ground, problem.pupil_by_id[name], session, rank)
    filled = sum(len(s.slots) for sessions in held.values() for s in sessions)
    certificate = _certificate(ground, mended, (filled, points), before, seats_sha256(ids, ranks))
    return Placement(ids, ranks, points, tuple(vector), _unfilled(ground, held), certificate)


def _worth(ground: Ground, pupil: Pupil, session: Session, rank: int) -> int:
    return ground.problem.points[rank - 1] * pupil.multiplier * len(session.slots) if rank else 0


def _unfilled(ground: Ground, held: Mapping[str, list[Session]]) -> dict[str, str]:
    """Who lacks half-days, and whether that is so even for one who is alone."""
    found = {}
    most = dual.own_most(tables(ground.a)).tolist()
    for u, members in enumerate(ground.a.members):
        locked = ground.half_days(ground.a.locked[u])
        for name in members:
            need = ground.problem.pupil_by_id[name].need
            if sum(len(s.slots) for s in held[name]) < need:
                found[name] = "half_days" if most[u] + locked < need else "seats"
    return dict(sorted(found.items()))


def _certificate(
    ground: Ground, mended: Mended, values: tuple[int, int], before: Certificate, seats_hash: str
) -> Certificate:
    problem, a = ground.problem, ground.a
    t = tables(a)
    t = t._replace(need=dual.own_most(t))
    locked = _locked(ground)
    hours = dual.PriceSearch(t, dual.HALF_DAYS, step=1.0)
    full = values[0] == hours.bound // dual.SCALE + locked[0]
    if not full:
        hours.consider(_prices_of(ground, mended.scarce))
        _seek(hours, {}, a.session_ids)
        for share in (4, 2, 1):  # the dual of half-days has a solution of zeros and ones: round towards one
            hours.consider(np.where(hours.price * 4 >= share * dual.FINE, dual.SCALE, 0))
    goal = dual.POINTS_WHEN_FULL if full else dual.Goal(weight=1, hour=0, full=False)
    search = dual.PriceSearch(t, goal, step=STEP * problem.points[0])
    _seek(search, before.prices, a.session_ids)
    found = zip(("half_days", "points"), values, (hours, search), locked, strict=True)
    return Certificate(
        problem_sha256=problem_sha256(problem),
        seats_sha256=seats_hash,
        policy=problem.policy.name,
        seed=before.seed,
        seed_given=before.seed_given,
        scale=dual.SCALE,
        levels=tuple(_level(name, value, prices, own, a.session_ids) for name, value, prices, own in found),
        solver=f"baiye_placement {VERSION}",
        versions=_versions(),
        cut_short=False,
    )


def _locked(ground: Ground) -> tuple[int, int]:
    """Half-days and points of what is locked, which no price sees."""
    half_days = points = 0
    for lock in ground.problem.locks:
        pupil, session = ground.problem.pupil_by_id[lock.pupil], ground.problem.session_by_id[lock.session]
        rank = dict(zip(pupil.wishes, pupil.wish_ranks, strict=True)).get(session.project, 0)
        half_days += len(session.slots)
        points += _worth(ground, pupil, session, rank)
    return half_days, points


def _prices_of(ground: Ground, scarce: list[int]) -> Ints:
    """A price of 1 for each half-day in a scarce session, which bounds the half-days."""
    price = np.zeros(len(ground.capacity), dtype=np.int64)
    price[scarce] = [ground.length[s] * dual.SCALE for s in scarce]
    return price


def _seek(search: dual.PriceSearch, begin: Mapping[str, int], names: list[str]) -> None:
    """Prices from those of the earlier placement on; where there are none, from nothing."""
    old = np.array([begin.get(name, 0) for name in names], dtype=np.int64)
    if not len(search.t.need):
        return
    if old.any():
        search.consider(old)
        search.price = old * (dual.FINE // dual.SCALE)
        search.sweeps = BEGUN
    for _ in search.run(SWEEPS):
        pass


def _level(name: str, value: int, search: dual.PriceSearch, locked: int, names: list[str]) -> Level:
    total = search.bound + locked * dual.SCALE
    prices = {names[s]: int(search.best[s]) for s in np.flatnonzero(search.best)}
    return Level(name, value, total // dual.SCALE, total, search.goal.full, prices)

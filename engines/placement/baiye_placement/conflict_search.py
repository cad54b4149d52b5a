"""Searches for conflicts in a problem whose best seats leave half-days empty, and for what would reconcile them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from baiye_placement.conflicts import Conflict, Relaxation, counted, listed
from baiye_placement.repair_ground import Ground
from baiye_placement.repair_mend import SMALL, mend, scarce_sessions
from baiye_placement.repair_part import Part
from baiye_placement.shortage import Halls, Shortage

if TYPE_CHECKING:
    from baiye_placement.problem import Lock, Problem
    from baiye_placement.repair_ground import Seats

TRIED_LOCKS = 12  # so many locks are dropped in trial for one conflict


class Search:
    """Conflicts of ``problem``; the search begins with ``seats`` and fills what is easily filled first."""

    def __init__(self, problem: Problem, seats: Seats) -> None:
        self.problem = problem
        self.ground = ground = Ground(problem, seats)
        self.halls = Halls(ground)
        self.most = self.halls.most
        self.shortages = self.halls.shortages(scarce_sessions(ground), self._empty())
        if self._unexplained() > 0:  # by seats; but perhaps more can be filled than is
            mended = mend(ground)
            ground.old = mended.seats
            self.shortages = self.halls.shortages(mended.scarce, self._empty())
        self.left = {u: self._lacks(u) for u in ground.lacking}
        self.extra = self._extra_seats()
        self.spare = set(self.extra) - {s for one in self.shortages for s in one.sessions}

    def found(self) -> list[Conflict]:
        """All conflicts, those of single pupils first."""
        rest = self._unexplained()
        found = [*self._alone(), *(self._seats(one) for one in self.shortages)]
        return [*found, self._rules(rest)] if rest > 0 else found

    def _empty(self) -> int:
        """Half-days empty that are not too many for one pupil alone."""
        return sum(self._lacks(u) * self.ground.width[u] for u in self.ground.lacking)

    def _unexplained(self) -> int:
        """Half-days empty for another reason than too few seats."""
        return self._empty() - sum(one.needed - one.offered for one in self.shortages)

    def _lacks(self, u: int) -> int:
        """Half-days that the unit could have if it were alone, and has not."""
        return max(0, self.most[u] - self.ground.half_days(self.ground.old[u]))

    # ── one pupil alone ─────────────────────────────────────────────────────────────────────────────────────────────
    def _alone(self) -> Iterable[Conflict]:
        """Pupils who could not be filled even alone, those of a group with equal figures together."""
        alike: dict[tuple[tuple[str, ...], int, int], list[str]] = {}
        for u, members in enumerate(self.ground.a.members):
            most = self.most[u] + self.ground.half_days(self.ground.a.locked[u])
            need = self.problem.pupil_by_id[members[0]].need
            if most < need:
                groups = tuple(sorted({self.problem.pupil_by_id[name].group for name in members}))
                alike.setdefault((groups, need, most), []).extend(members)
        for (groups, need, most), names in sorted(alike.items()):
            yield self._alone_in(groups, need, most, tuple(sorted(names)))

    def _alone_in(self, groups: tuple[str, ...], need: int, most: int, names: tuple[str, ...]) -> Conflict:
        slots = set.intersection(*(set(self.problem.group_slots[group]) for group in groups))
        who = f"{counted(len(names), 'pupil')} of group {listed(groups)}"
        verb, total = "needs" if len(names) == 1 else "need", (need - most) * len(names)
        why = f"the sessions open to one alone fill only {most}"
        if len(slots) == most:
            why = f"there {'is' if len(slots) == 1 else 'are'} only {len(slots)} for them"
        given = f"{who} {verb} {counted(need - most, 'half-day')} less: {counted(total, 'half-day')} given up"
        less = Relaxation("needs", given, total, total, needs=dict.fromkeys(names, need - most))
        pupil = self.problem.pupil_by_id[names[0]]
        in_the_way = [
            lock
            for lock in self.problem.locks
            if lock.pupil in names or self.problem.may_sit(pupil, self.problem.session_by_id[lock.session])
        ]
        others = self._without_locks(in_the_way)
        return Conflict(
            "half_days",
            f"{who} ({listed(names)}) {verb} {counted(need, 'half-day')}, but {why}",
            names,
            groups,
            (),
            tuple(sorted(slots)),
            need * len(names),
            most * len(names),
            names[:1],
            need,
            most,
            (less, *others),
        )

    # ── too few seats ───────────────────────────────────────────────────────────────────────────────────────────────
    def _seats(self, one: Shortage) -> Conflict:
        names, sessions = self._names(one.units), [self.ground.a.session_ids[s] for s in one.sessions]
        slots = sorted({slot for name in sessions for slot in self.problem.session_by_id[name].slots})
        venues = sorted({self.problem.session_by_id[name].venue for name in sessions})
        groups = sorted({self.problem.pupil_by_id[name].group for name in names})
        short = one.needed - one.offered
        sentence = (
            f"half-day {listed(slots)}: {counted(len(names), 'pupil')} of group {listed(groups)} need "
            f"{counted(one.needed, 'half-day')} in {counted(len(sessions), 'session')} of venue {listed(venues)} "
            f"that offer {one.offered}: {short} too few"
        )
        return Conflict(
            "seats",
            sentence,
            names,
            tuple(groups),
            tuple(sessions),
            tuple(slots),
            one.needed,
            one.offered,
            self._names(one.core),
            one.core_needed,
            one.core_offered,
            tuple(self._remedies(one.units, one.sessions, short)),
        )

    def _names(self, units: Iterable[int]) -> tuple[str, ...]:
        return tuple(sorted(name for u in units for name in self.ground.a.members[u]))

    def _remedies(self, units: Sequence[int], sessions: Sequence[int], short: int) -> list[Relaxation]:
        """Ways out of a shortage, the cheapest first: more seats, fewer half-days, or one lock less."""
        names, scarce = set(self._names(units)), {self.ground.a.session_ids[s] for s in sessions}
        locks = [lock for lock in self.problem.locks if lock.session in scarce or lock.pupil in names]
        found = [
            self._more_seats(self._with_others(units, sessions), short),
            self._fewer_needs(units, short),
            *self._without_locks(locks),
        ]
        return sorted((r for r in found if r is not None), key=lambda r: (-min(r.half_days, short), r.cost, r.kind))

    def _extra_seats(self) -> dict[int, int]:
        """The fewest seats more, by session, with which everyone is filled; scarce sessions before others.

        Where the problem is large only those who lack half-days move, so that there may be a way with fewer.
        """
        ground = self.ground
        units = {u for one in self.shortages for u in one.units} | set(ground.lacking)
        if sum(len(ground.kind_of(u).open) for u in units) > SMALL:
            units = set(ground.lacking)
        part = Part(ground, units, extra=True)
        wanted = sum(ground.width[u] * self.most[u] for u in units)
        if not part.x or not wanted:
            return {}
        aims = part.open(whole=True)
        aims.at_most(part.half_days(-1), -wanted)
        scarce = {s for one in self.shortages for s in one.sessions}
        solution = aims.minimise([(x, 1000.0 if s in scarce else 1001.0) for s, x in part.extra.items()])
        if solution is None:
            return {}
        return {s: n for s, x in part.extra.items() if (n := round(float(solution.values[x])))}

    def _with_others(self, units: Iterable[int], sessions: Sequence[int]) -> list[int]:
        """``sessions``, and others in which ``units`` need a seat more all the same (as no project comes twice)."""
        open_here = {s for u in units for s, _ in self.ground.kind_of(u).open}
        others = sorted(s for s in self.spare if s in open_here)
        self.spare -= set(others)
        return [*sessions, *others]

    def _more_seats(self, sessions: Iterable[int], half_days: int) -> Relaxation | None:
        """Seats more in ``sessions``."""
        seats = {self.ground.a.session_ids[s]: self.extra[s] for s in sessions if s in self.extra}
        if not seats:
            return None
        where = Counter[tuple[int, str]]()
        for name, n in seats.items():
            session = self.problem.session_by_id[name]
            where[session.slot, session.venue] += n
        total = sum(seats.values())
        places = "; ".join(f"{n} in half-day {slot} at venue {venue!r}" for (slot, venue), n in sorted(where.items()))
        return Relaxation("seats", f"{counted(total, 'seat')} more: {places}", total, half_days, seats=seats)

    def _fewer_needs(self, units: Iterable[int], short: int) -> Relaxation | None:
        """Those who lack half-days need as many less, ``short`` in all; none is given up twice."""
        less: dict[str, int] = {}
        for u in sorted(units, key=lambda u: -int(self.ground.a.lottery[u])):
            width = self.ground.width[u]
            n = min(self.left.get(u, 0), -(-(short - sum(less.values())) // width))
            if n > 0:
                less.update(dict.fromkeys(self.ground.a.members[u], n))
                self.left[u] -= n
        total = sum(less.values())
        if not total:
            return None
        sentence = f"{counted(len(less), 'pupil')} ({listed(sorted(less))}) with fewer half-days, {total} in all"
        return Relaxation("needs", sentence, total, total, needs=dict(sorted(less.items())))

    def _without_locks(self, locks: Iterable[Lock]) -> list[Relaxation]:
        """Locks without which more half-days are filled, each tried alone (with those of tied pupils)."""
        ground = self.ground
        if sum(len(ground.kind_of(u).open) for u in range(len(ground.old))) > SMALL:
            return []
        found, units = [], {tuple(m) for m in ground.a.members}
        before = self._worth(ground)
        for lock in sorted(set(locks), key=lambda k: (k.pupil, k.session))[:TRIED_LOCKS]:
            unit = next(members for members in units if lock.pupil in members)
            if lock.pupil != unit[0]:
                continue
            gone = tuple(k for k in self.problem.locks if k.session == lock.session and k.pupil in unit)
            kept = tuple(k for k in self.problem.locks if k not in gone)
            without = Ground(replace(self.problem, locks=kept), self._seated())
            without.old = mend(without).seats
            after = self._worth(without)
            if after[0] > before[0]:
                more, points = after[0] - before[0], after[1] - before[1]
                sentence = (
                    f"without the lock of {listed(unit)} in {lock.session!r}: {counted(more, 'half-day')} more, "
                    f"{points:+d} points"
                )
                found.append(Relaxation("lock", sentence, len(gone), more, locks=gone, points=points))
        return found

    def _seated(self) -> dict[str, tuple[str, ...]]:
        ids = self.ground.a.session_ids
        return {
            name: tuple(ids[s] for s in (*self.ground.a.locked[u], *self.ground.old[u]))
            for u, members in enumerate(self.ground.a.members)
            for name in members
        }

    def _worth(self, ground: Ground) -> tuple[int, int]:
        """(half-days, points) of all seats, locked ones included."""
        half_days = points = 0
        for u, members in enumerate(ground.a.members):
            held = (*ground.a.locked[u], *ground.old[u])
            half_days += len(members) * ground.half_days(held)
            points += sum(self._points(name, ground.a.session_ids[s]) for name in members for s in held)
        return half_days, points

    def _points(self, name: str, session_id: str) -> int:
        pupil, session = self.problem.pupil_by_id[name], self.problem.session_by_id[session_id]
        if session.project not in pupil.wishes:
            return 0
        rank = pupil.wish_ranks[pupil.wishes.index(session.project)]
        return self.problem.points[rank - 1] * pupil.multiplier * len(session.slots)

    # ── other rules ─────────────────────────────────────────────────────────────────────────────────────────────────
    def _rules(self, rest: int) -> Conflict:
        """What is left: half-days that minimum sizes, caps or apartness keep empty."""
        units = [u for u in self.ground.lacking if self.left[u]]
        names = self._names(units)
        under, lowered = self._lower_minimum()
        verb = "lacks" if len(names) == 1 else "lack"
        sentence = f"{counted(len(names), 'pupil')} ({listed(names)}) {verb} {counted(rest, 'half-day')}: "
        sentence += (
            f"{counted(len(under), 'session')} ({listed(under)}) would stay under the minimum"
            if under
            else "minimum sizes, caps and pupils kept apart leave no room, though there are seats"
        )
        given = lowered, self._more_seats(sorted(self.spare), rest), self._fewer_needs(units, rest)
        remedies = [r for r in given if r is not None]
        groups = tuple(sorted({self.problem.pupil_by_id[name].group for name in names}))
        slots = sorted({slot for group in groups for slot in self.problem.group_slots[group]})
        needed = sum(self.ground.width[u] * self.most[u] for u in units)
        return Conflict(
            "rules", sentence, names, groups, tuple(under), tuple(slots), needed, needed - rest, names, needed,
            needed - rest, tuple(remedies),
        )  # fmt: skip

    def _lower_minimum(self) -> tuple[list[str], Relaxation | None]:
        """Sessions that, held for fewer than their minimum, would let more half-days be filled."""
        free = Ground(
            replace(self.problem, sessions=tuple(replace(s, minimum=0) for s in self.problem.sessions)), self._seated()
        )
        before = self._worth(self.ground)[0]
        free.old = mend(free).seats
        more = self._worth(free)[0] - before
        if more <= 0:
            return [], None
        load = free.loads(free.old)
        minimum = {free.a.session_ids[s]: n for s, n in sorted(load.items()) if n < self.ground.minimum[s]}
        cost = sum(self.problem.session_by_id[name].minimum - n for name, n in minimum.items())
        places = "; ".join(f"{name!r} with {n}" for name, n in minimum.items())
        sentence = f"held though under the minimum, {places}: {counted(more, 'half-day')} more"
        return list(minimum), Relaxation("minimum", sentence, cost, more, minimum=minimum)

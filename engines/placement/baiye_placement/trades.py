"""What one pupil would give up for a seat they wished, and how many others would gain as much by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baiye_placement.problem import Pupil, Session
    from baiye_placement.standing import Standing

Turn = tuple[int, tuple[int, ...], int]  # the smaller, the earlier


@dataclass(frozen=True, slots=True)
class Trade:
    """A pupil takes ``session`` and gives up ``gave``, with so many half-days and points more (or fewer)."""

    session: Session
    gave: tuple[Session, ...]
    hours: int
    points: int


@dataclass(frozen=True, slots=True)
class Own:
    """One seat of a pupil: its half-days, its points for them, and whether they may leave it."""

    session: Session
    slots: frozenset[int]
    points: int
    may_go: bool


class Trades:
    """Trades of single pupils, all other pupils staying where they are."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self._queues: dict[str, dict[str, int]] = {}
        self._own: dict[str, list[Own]] = {}

    def trade(self, pupil: Pupil, session: Session) -> Trade | None:
        """What the pupil would give up for a seat in ``session``; None where no rule lets them have it.

        They give up what lies in its half-days, and where that is more than they need, what counts least for them.
        """
        if pupil.id in self.standing.tied:
            return None
        own = self._seats(pupil)
        slots = session.slots
        gave = [seat for seat in own if not seat.slots.isdisjoint(slots)]
        keep = [seat for seat in own if seat not in gave] if gave else own
        hours = sum(len(seat.slots) for seat in keep) + len(slots)
        while hours > pupil.need:
            least = next((seat for seat in keep if seat.may_go), None)
            if least is None:
                return None
            keep = [seat for seat in keep if seat is not least]
            gave.append(least)
            hours -= len(least.slots)
        if not all(seat.may_go for seat in gave) or not self._stands(pupil, session, keep):
            return None
        return Trade(
            session,
            tuple(seat.session for seat in gave),
            hours - sum(len(seat.slots) for seat in own),
            self.standing.points(pupil, session) - sum(seat.points for seat in gave),
        )

    def _seats(self, pupil: Pupil) -> list[Own]:
        """The pupil's seats, those that count least first."""
        if pupil.id not in self._own:
            standing = self.standing
            seats = [
                Own(
                    s,
                    frozenset(s.slots),
                    standing.points(pupil, s),
                    (pupil.id, s.id) not in standing.locked and standing.may_leave(s),
                )
                for s in standing.held[pupil.id]
            ]
            self._own[pupil.id] = sorted(seats, key=lambda seat: (seat.points, seat.session.id))
        return self._own[pupil.id]

    def turn(self, pupil: Pupil, session: Session) -> int | None:
        """The pupil's place in the queue for the session, 1 the first: with so many seats more it is their turn.

        Seats go to who gains most by them, in half-days and then in points (``rank_maximal``: by rank), and among
        equals by lottery; under ``dictatorship`` by lottery alone. None where the pupil would not gain.
        """
        if session.id not in self._queues:
            self._queue_up(session.project)
        return self._queues[session.id].get(pupil.id)

    def _queue_up(self, project: str) -> None:
        """Queues of all sessions of the project."""
        standing = self.standing
        queues: dict[str, list[tuple[Turn, str]]] = {s.id: [] for s in standing.by_project[project]}
        for pupil in standing.wishers.get(project, ()):
            if all(s.project != project for s in standing.held[pupil.id]):
                for session in standing.reach(pupil, project):
                    if (turn := self._turn(pupil, session)) is not None:
                        queues[session.id].append((turn, pupil.id))
        for name, turns in queues.items():
            self._queues[name] = {pupil: n for n, (_, pupil) in enumerate(sorted(turns), start=1)}

    def _turn(self, pupil: Pupil, session: Session) -> Turn | None:
        trade = self.trade(pupil, session)
        if trade is None:
            return None
        gain = self._gain(pupil, trade)
        if (trade.hours, *gain) <= (0,) * (len(gain) + 1):
            return None
        if self.standing.problem.policy.name == "dictatorship":
            return (0, (), self.standing.number[pupil.id])
        return (-trade.hours, tuple(-g for g in gain), self.standing.number[pupil.id])

    def _gain(self, pupil: Pupil, trade: Trade) -> tuple[int, ...]:
        """What the trade adds, as the policy counts it: half-days by rank, or points."""
        problem = self.standing.problem
        if problem.policy.name != "rank_maximal":
            return (trade.points,)
        gain = [0] * (len(problem.points) + 1)
        for sign, sessions in ((1, (trade.session,)), (-1, trade.gave)):
            for s in sessions:
                gain[self.standing.rank[pupil.id].get(s.project, 0)] += sign * len(s.slots)
        return tuple(gain[1:])

    def _stands(self, pupil: Pupil, session: Session, keep: list[Own]) -> bool:
        """Whether the pupil's own seats keep every rule after the trade, free seats aside."""
        standing = self.standing
        projects = [seat.session.project for seat in keep]
        return (
            standing.is_open(session)
            and session.project not in projects
            and not (standing.limits and standing.breaks_a_cap(pupil, [session.project, *projects]))
            and not (pupil.id in standing.apart and self._meets_another(pupil, session))
        )

    def _meets_another(self, pupil: Pupil, session: Session) -> bool:
        return not self.standing.apart[pupil.id].isdisjoint(self.standing.holders[session.id])

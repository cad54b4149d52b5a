"""What would have had to be different for a wish to be met, and what that would have cost others.

Each figure is a fact about one changed placement or one changed problem, and can be checked by making the change:

============== =================================================================================================
more_seats     with so many seats more in one of the sessions it would have been this pupil's turn: so many less one
               would gain as much by a seat there, or more, or as much with an earlier number
number_before  with a lottery number before this one the pupil would have the seat: its holder has the same claim,
               and if the two changed places in that half-day, the total of points would be the same (policy points)
rank_needed    had the pupil ranked the wish so high, the total of points with them in the project would be larger
               than that of this placement; ``rank_proved`` where it is larger than the bound of *every* placement
               without them there, so that it is certain that they would have had it (policy points)
give_up        ranks of the seats that the pupil would have to give up (0: one they did not wish)
hours_lost     half-days that the pupil would lose by it
moved, worse   how many other pupils would have to move, and how many of them to a seat that counts less for them
loss           points that the placement as a whole would lose by it; below 0 it would gain: under policy points the
               search has missed that, which the gap of the certificate allows; others do not seek most points alone
============== =================================================================================================

``moved``, ``worse`` and ``loss`` belong to one way that keeps every rule, the cheapest found by ``chains``: another
way may cost less, so they say "at most". ``price`` of the reason is an estimate, from the certificate's prices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from baiye_placement.chains import Chains, Move
from baiye_placement.trades import Trade, Trades

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baiye_placement.problem import Pupil, Session
    from baiye_placement.standing import Standing


@dataclass(frozen=True, slots=True)
class Way:
    """One way to meet the wish: the pupil's own trade and the moves of others; every rule is kept."""

    trade: Trade
    moves: tuple[Move, ...] = ()

    @property
    def loss(self) -> int:
        """Points that the placement as a whole loses."""
        return sum(move.loss for move in self.moves) - self.trade.points

    @property
    def worse(self) -> int:
        """Other pupils who would sit where it counts less for them."""
        return sum(move.loss > 0 for move in self.moves)


class Counterfactuals:
    """What would have had to be different, for wishes that were not met."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.trades, self.chains = Trades(standing), Chains(standing)
        self.by_points = standing.problem.policy.name == "points"

    def facts(self, pupil: Pupil, k: int, code: str, sessions: Iterable[Session]) -> dict[str, Any]:
        """Figures for wish ``k`` of the pupil, who could come to ``sessions``; empty where nothing is known."""
        sessions = list(sessions)
        facts: dict[str, Any] = {}
        if code in ("full", "lost_draw"):
            turns = [turn for s in sessions if (turn := self.trades.turn(pupil, s)) is not None]
            facts |= {"more_seats": min(turns)} if turns else {}
        if code == "lost_draw" and self.by_points:
            before = self._number_before(pupil, sessions)
            facts |= {"number_before": before} if before else {}
        if (way := self.way(pupil, sessions)) is not None:
            ranks = self.standing.rank[pupil.id]
            facts |= {
                "give_up": sorted(ranks.get(s.project, 0) for s in way.trade.gave),
                "hours_lost": max(0, -way.trade.hours),
                "moved": len(way.moves),
                "worse": way.worse,
                "loss": way.loss,
            }
            facts |= self._rank_needed(pupil, k, way)
        return facts

    def way(self, pupil: Pupil, sessions: Iterable[Session]) -> Way | None:
        """The way to seat the pupil in one of ``sessions`` that costs the fewest half-days and points, if any."""
        ways = [way for s in sessions if (way := self._way(pupil, s)) is not None]
        return min(ways, key=lambda way: (-way.trade.hours, way.loss, len(way.moves)), default=None)

    def _way(self, pupil: Pupil, session: Session) -> Way | None:
        if (trade := self.trades.trade(pupil, session)) is None:
            return None
        if self.standing.is_free(session):
            return Way(trade)
        left = next((s for s in trade.gave if s.slots == session.slots), None)
        moves = self.chains.cheapest(pupil, session, left)
        return Way(trade, moves) if moves is not None else None

    def _number_before(self, pupil: Pupil, sessions: Iterable[Session]) -> int:
        """The latest lottery number of those with whom an exchange would leave the total as it is; 0 for none."""
        standing, found = self.standing, 0
        rank = standing.rank[pupil.id]
        for session in sessions:
            trade = self.trades.trade(pupil, session)
            if trade is None or trade.hours or len(trade.gave) != 1 or trade.gave[0].slots != session.slots:
                continue
            if session.more_slots:
                continue
            day = self.chains.half_day(session.slot)
            for other in standing.holders[session.id]:
                same = standing.rank[other].get(session.project) == rank[session.project]
                is_between = found < standing.number[other] < standing.number[pupil.id]
                if same and is_between and day.lost_by(other, session, trade.gave[0]) == trade.points:
                    found = standing.number[other]
        return found

    def _rank_needed(self, pupil: Pupil, k: int, way: Way) -> dict[str, Any]:
        """The lowest rank above the pupil's own at which the way would have gained points, under policy ``points``."""
        standing = self.standing
        ranks = standing.rank[pupil.id]
        strict = pupil.wish_ranks == tuple(range(1, len(pupil.wishes) + 1))
        if not self.by_points or way.trade.hours < 0 or not strict:
            return {}
        others = sum(move.loss for move in way.moves)
        for new in range(k - 1, 0, -1):
            now = {project: new if r == k else r + (new <= r < k) for project, r in ranks.items()}
            gave = sum(standing.points(pupil, s, now.get(s.project, 0)) for s in way.trade.gave)
            gain = standing.points(pupil, way.trade.session, new) - gave - others
            if gain > 0:
                held = standing.held[pupil.id]
                fell = sum(standing.points(pupil, s) - standing.points(pupil, s, now.get(s.project, 0)) for s in held)
                level = standing.placement.certificate.levels[-1]
                total = standing.placement.points - fell + gain
                return {"rank_needed": new, "rank_proved": total > level.bound}
        return {}

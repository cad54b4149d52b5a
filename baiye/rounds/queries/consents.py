"""What a child will do in a round, and what must be asked because of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from baiye.catalogue.models import HAZARDS
from baiye.rounds.models import Round, Trip
from baiye.rounds.queries.trips import trips_of_class
from baiye.rounds.queries.wishes import (
    RankedWish,
    courses_open_to_class,
    find_wish_list,
    hazards_of,
    ranked_wishes,
)
from baiye.schools.models import Pupil
from baiye.visits.models import Seat
from baiye.visits.queries import seats_of


@dataclass(frozen=True, slots=True)
class ChildPlan:
    """The half-days of a child: the seats once they are given, before that the class's days and the wishes."""

    seats: list[Seat]
    trips: list[Trip]
    wishes: list[RankedWish]

    @property
    def hazards(self) -> list[str]:
        """Hazards of what the child will do, or may."""
        placed = [hazard for seat in self.seats for hazard in seat.visit.version.hazards]
        wished = [] if self.seats else hazards_of(wish.course for wish in self.wishes if wish.course)
        return list(dict.fromkeys([*placed, *wished]))


def plan_of(round: Round, pupil: Pupil) -> ChildPlan:
    """What is known of the child's half-days; 3 queries once placed, 9 before."""
    seats = list(seats_of(pupil).filter(visit__round_visit__round=round))
    trips = trips_of_class(round, pupil.school_class)
    if seats:
        return ChildPlan(seats, trips, [])
    wishes = ranked_wishes(find_wish_list(round, pupil), courses_open_to_class(round, pupil.school_class))
    return ChildPlan([], trips, wishes)


def questions(hazards: Iterable[str]) -> dict[str, str]:
    """Hazard → what is asked because of it, in words."""
    return {hazard: str(HAZARDS[hazard]) for hazard in dict.fromkeys(hazards) if hazard in HAZARDS}

"""Reads of rounds: which there are, which one a pupil is in, and seats against demand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, paths, within
from baiye.core import clock
from baiye.rounds.filling import FEWEST, MOST
from baiye.rounds.models import Phase, Publication, Round, RoundVisit, Trip
from baiye.rounds.permissions import classes_due
from baiye.schools.models import Pupil, SchoolClass
from baiye.visits.models import Visit


def rounds_for(user: User, permission: Permission = Permission.PROGRAMME_VIEW) -> QuerySet[Round]:
    """Rounds of districts where ``user`` holds ``permission``, newest first; unit and phases loaded (2 queries)."""
    return _loaded().filter(within(user, permission, "unit"))


def rounds_seen_by(user: User) -> QuerySet[Round]:
    """`rounds_for`, and the rounds a school's own staff is in; 2 queries."""
    above = {step for path in paths(user, Permission.PLACEMENT_VIEW) for step in Unit(path=path).lineage()}
    mine = within(user, Permission.PROGRAMME_VIEW, "unit") | Q(unit__path__in=above)
    return _loaded().filter(mine).annotate(sittings=Count("round_visits"))


def _loaded() -> QuerySet[Round]:
    return Round.objects.select_related("unit").prefetch_related("phases").order_by("-made_at", "-pk")


def rounds_of_class(school_class: SchoolClass) -> QuerySet[Round]:
    """Rounds in which a class goes (its school's unit loaded), newest first, with unit and phases; 2 queries."""
    return _loaded().filter(
        stage=school_class.stage,
        entry_year=school_class.entry_year,
        unit__path__in=school_class.school.unit.lineage(),
    )


def current_round(rounds: Sequence[Round], at: datetime) -> Round | None:
    """The round that matters now: in its phases, else the next to begin, else the last that ended."""
    begun = [r for r in rounds if r.phases.all() and r.phases.all()[0].starts_at <= at]
    running = [r for r in begun if list(r.phases.all())[-1].ends_at > at]
    coming = [r for r in rounds if r not in begun]
    return next(iter(running or coming[-1:] or begun), None)


def open_round_for(pupil: Pupil, at: datetime) -> Round | None:
    """The round in which the pupil may give wishes now, or None; 2 queries."""
    for round in rounds_of_class(pupil.school_class):
        phase = round.phase_at(at)
        if phase is not None and phase.kind == "wish":
            return round
    return None


def rounds_taking_wishes(at: datetime) -> list[tuple[Round, datetime]]:
    """Rounds in their wish phase at ``at``, and when it ends, soonest first; one query."""
    phases = Phase.objects.filter(kind="wish", starts_at__lte=at, ends_at__gt=at).select_related("round")
    return [(phase.round, phase.ends_at) for phase in phases.order_by("ends_at", "pk")]


def pupils_due(round: Round) -> QuerySet[Pupil]:
    """Pupils who go in the round: on the roll today, in its grade and district."""
    return Pupil.objects.filter(classes_due(round, "school_class__"), left_on=None)


def round_visits(round: Round) -> QuerySet[Visit]:
    """Visits of the round that stand, soonest first, with version, course, venue, host and unit loaded."""
    return (
        Visit.objects.filter(round_visit__round=round, cancelled_at=None)
        .select_related("version__course", "version__occupation", "venue__host__unit")
        .order_by("starts_at", "venue__host", "pk")
    )


def find_round_visits(round: Round, pks: Iterable[int]) -> list[RoundVisit]:
    """The round's entries for these visits, with the visit loaded."""
    return list(RoundVisit.objects.filter(round=round, visit__in=list(pks)).select_related("visit"))


def half_of(starts_at: datetime) -> str:
    """Whether a visit is of the morning ("am", before noon in Shanghai) or the afternoon ("pm")."""
    return "am" if clock.local(starts_at).hour < 12 else "pm"


@dataclass(frozen=True, slots=True)
class HalfDay:
    """Seats and demand of one half-day over all hosts."""

    on: date
    half: str
    seats: int
    demand: int

    @property
    def ratio(self) -> float | None:
        return self.seats / self.demand if self.demand else None

    @property
    def is_short(self) -> bool:
        return self.seats < FEWEST * self.demand

    @property
    def is_loose(self) -> bool:
        return bool(self.demand) and self.seats > MOST * self.demand


def half_days(round: Round, sizes: Mapping[int, int] | None = None) -> list[HalfDay]:
    """Seats against demand of each half-day that has either, in order; 3 queries, one less with `class_sizes`."""
    seats: dict[tuple[date, str], int] = defaultdict(int)
    sums = round_visits(round).order_by().values_list("starts_at").annotate(n=Sum("seats"))
    for starts_at, n in sums:
        seats[clock.day_of(starts_at), half_of(starts_at)] += n
    demand = demand_by_day(round, class_sizes(round) if sizes is None else sizes)
    keys = set(seats) | {(on, half) for on in demand for half in ("am", "pm")}
    return [HalfDay(on, half, seats[on, half], demand.get(on, 0)) for on, half in sorted(keys)]


def demand_by_day(round: Round, sizes: Mapping[int, int]) -> dict[date, int]:
    """Pupils who travel on each day, by class trips and `class_sizes`; one query."""
    demand: dict[date, int] = defaultdict(int)
    for class_id, on in Trip.objects.filter(round=round).values_list("school_class", "on"):
        demand[on] += sizes.get(class_id, 0)
    return dict(demand)


def class_sizes(round: Round) -> dict[int, int]:
    """Pupils on the roll of each class that goes in the round; one query."""
    return dict(pupils_due(round).order_by().values_list("school_class").annotate(n=Count("pk")))


def visits_kept() -> QuerySet[RoundVisit, int]:
    """Keys of the visits of rounds that are not published yet: their seats are for the placement."""
    published = Publication.objects.filter(approved_at__isnull=False).values("round")
    return RoundVisit.objects.exclude(round__in=published).values_list("visit", flat=True)

"""What a family sees of a placement: only after two people published it."""

from dataclasses import dataclass

from baiye.rounds.models import Appeal, Explanation, Round, Run, RunPupil, RunSeat
from baiye.rounds.queries.runs import published_run
from baiye.schools.models import Pupil
from baiye.visits.models import Seat


@dataclass(frozen=True, slots=True)
class HalfDay:
    """A pupil's half-day: the seat they hold now, and the wish it met (0: none; None: arranged afterwards)."""

    seat: Seat
    rank: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """The published result of one pupil."""

    run: Run
    half_days: list[HalfDay]
    reasons: list[Explanation]
    lot: RunPupil | None  # what earlier rounds owed, and what this one owes; None: they were in no run
    appeal: Appeal | None


def result_of(round: Round, pupil: Pupil) -> Result | None:
    """A pupil's published result in a round, or None before publication; six queries.

    The seats are those held today, so that a later change shows too.
    """
    run = published_run(round)
    if run is None:
        return None
    rank_of = dict(RunSeat.objects.filter(run=run, pupil=pupil).values_list("visit", "rank"))
    seats = (
        Seat.objects.filter(pupil=pupil, given_up_at=None, visit__round_visit__round=round)
        .select_related("visit__version__course__host__unit", "visit__venue")
        .order_by("visit__starts_at")
    )
    reasons = list(Explanation.objects.filter(run=run, pupil=pupil).order_by("rank"))
    appeal = Appeal.objects.filter(run=run, pupil=pupil).order_by("-made_at").first()
    lot = RunPupil.objects.filter(run=run, pupil=pupil).first()
    return Result(run, [HalfDay(seat, rank_of.get(seat.visit_id)) for seat in seats], reasons, lot, appeal)

"""A round as the engine's problem, and the engine's placement back as visits: the one place where both meet.

The engine sees aliases that hold for one round, class and visit numbers, never a name: its files can be given to
anyone who checks a round, and a family can find its own line by the alias on its result page.
"""

import tempfile
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from baiye_placement.files import write_problem
from baiye_placement.problem import Policy, Problem, Session, Trip
from baiye_placement.problem import Pupil as Seeker

from baiye.core import clock, crypto
from baiye.core.folders import packed
from baiye.rounds.models import Round, RunPupil, Wish
from baiye.rounds.models import Trip as TripRow
from baiye.schools.models import Pupil
from baiye.visits.models import Visit


def slot_of(starts_at: datetime) -> int:
    """A half-day as a number: 2 × the day, plus 1 in the afternoon (Shanghai time)."""
    local = starts_at.astimezone(clock.SHANGHAI)
    return 2 * local.date().toordinal() + (local.hour >= 12)


def slots_of_day(on: date) -> tuple[int, int]:
    return 2 * on.toordinal(), 2 * on.toordinal() + 1


def problem_of(round: Round, seed: str) -> Problem:
    """The round as it stands now; seven queries, whatever its size. Pupils without a class trip are left out."""
    trips = list(TripRow.objects.filter(round=round).order_by("school_class", "on"))
    slots: dict[str, list[int]] = defaultdict(list)
    for trip in trips:
        slots[str(trip.school_class_id)] += slots_of_day(trip.on)
    sessions, wishes, owed = _sessions(round), _wishes(round), owed_to_pupils(round)
    offered = {session.project for session in sessions}
    pupils = Pupil.objects.filter(left_on=None, school_class__in={trip.school_class_id for trip in trips})
    return Problem(
        sessions=sessions,
        pupils=tuple(
            Seeker(
                id=alias(round, pseudonym),
                group=str(class_id),
                wishes=tuple(course for course in wishes[pk] if course in offered),
                need=min(round.half_days, len(slots[str(class_id)])),
                memory=owed.get(pk, 0),
            )
            for pk, pseudonym, class_id in pupils.order_by("pk").values_list("pk", "pseudonym", "school_class")
        ),
        group_slots={group: tuple(days) for group, days in slots.items()},
        points=tuple(round.points[: round.wishes_max]),
        policy=Policy(round.policy),
        seed=seed.encode(),
        trips=tuple(Trip(str(t.school_class_id), slots_of_day(t.on), str(t.host_id)) for t in trips),
    )


def _sessions(round: Round) -> tuple[Session, ...]:
    visits = Visit.objects.filter(round_visit__round=round, cancelled_at=None).select_related("version", "venue")
    return tuple(
        Session(
            id=str(visit.pk),
            project=str(visit.version.course_id),
            venue=str(visit.venue.host_id),
            slot=slot_of(visit.starts_at),
            capacity=visit.seats_left,
        )
        for visit in visits.order_by("pk")
    )


def _wishes(round: Round) -> dict[int, list[str]]:
    """Pupil's key → courses in the order of their wishes."""
    wishes: dict[int, list[str]] = defaultdict(list)
    ranked = Wish.objects.filter(wish_list__round=round).order_by("wish_list", "rank")
    for pupil_id, course_id in ranked.values_list("wish_list__pupil", "course"):
        wishes[pupil_id].append(str(course_id))
    return wishes


def owed_to_pupils(round: Round) -> dict[int, int]:
    """What the last published round of the district in which each pupil was still owes them; one query."""
    last = (
        RunPupil.objects.filter(run__publication__approved_at__isnull=False, run__round__unit=round.unit_id)
        .exclude(run__round=round)
        .order_by("pupil", "-run__publication__approved_at")
        .distinct("pupil")
    )
    return {pupil: owed for pupil, owed in last.values_list("pupil", "owed_after") if owed}


def packed_problem(problem: Problem) -> bytes:
    """The problem's folder as a zip."""
    with tempfile.TemporaryDirectory() as folder:
        write_problem(problem, folder)
        return packed(Path(folder))


def alias(round: Round, pseudonym: UUID) -> str:
    """What a pupil is called in a round's public files: no other round uses it, and only we can tell whose it is."""
    return crypto.blind(f"round {round.pk} pupil {pseudonym}")[:12]


def pupils_by_alias(round: Round) -> dict[str, int]:
    """Alias → pupil's key, for every pupil of the stage (some may have moved class since the freeze); one query."""
    known = Pupil.objects.filter(school_class__stage=round.stage).values_list("pseudonym", "pk")
    return {alias(round, pseudonym): pk for pseudonym, pk in known}


def with_seed(problem: Problem, seed: str) -> Problem:
    """The same problem with its public seed, drawn after the hash over the rest was fixed."""
    return replace(problem, seed=seed.encode())

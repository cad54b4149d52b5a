"""A round from its making to its publication, by the same actions that the pages call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from baiye.accounts.models import Unit, User
from baiye.catalogue.models import CourseVersion
from baiye.core import jobs
from baiye.demo.calendar import at
from baiye.demo.story.wishing import give_wishes
from baiye.registry.models import Venue
from baiye.rounds.actions.publications import approve, propose
from baiye.rounds.actions.rounds import Sitting, make_round, put_visits
from baiye.rounds.actions.runs import ask_run
from baiye.rounds.actions.trips import fill_trips
from baiye.rounds.models import Round, Run
from baiye.rounds.queries.rounds import pupils_due
from baiye.schools.models import school_year

SEATS_PER_PUPIL = 1.18  # between the 1.05 and 1.30 within which everyone can be placed and little stays empty
SCARCE = 1  # projects that each host runs only in the morning, in a small group: the ones that everyone wants
Offer = tuple[CourseVersion, Venue]


@dataclass(frozen=True, slots=True)
class Script:
    """What a round of the demonstration is called, who goes, and when."""

    name: str
    grade: int
    days: Sequence[date]
    wishes_end: datetime


def phases(script: Script) -> dict[str, tuple[datetime, datetime]]:
    """Every phase, from six weeks before the deadline to a month after the last travel day."""
    end = script.wishes_end
    first, last = at(script.days[0], 7), at(script.days[-1], 18)
    placed, reviewed = end + timedelta(days=3), end + timedelta(days=6)
    return {
        "prepare": (end - timedelta(days=42), end - timedelta(days=28)),
        "schedule": (end - timedelta(days=28), end - timedelta(days=14)),
        "wish": (end - timedelta(days=14), end),
        "place": (end, placed),
        "review": (placed, reviewed),
        "run": (min(first, reviewed + timedelta(days=1)), last),
        "close": (last, last + timedelta(days=30)),
    }


def prepare(script: Script, district: Unit, offers: Mapping[int, Sequence[Offer]], by: User) -> Round:
    """The round with its visits and every class's trips; what stands already stays."""
    found = Round.objects.filter(name=script.name).first()
    round = found or make_round(
        unit=district,
        name=script.name,
        entry_year=school_year(script.days[0]) - (script.grade - 6),
        phases=phases(script),
        by=by,
        is_example=True,
    )
    moment = script.wishes_end - timedelta(days=20)
    seats = ceil(SEATS_PER_PUPIL * pupils_due(round).count() * round.days / (len(offers) * len(script.days)))
    put_visits(round=round, sittings=sittings(script.days, offers, seats), by=by, at=moment)
    fill_trips(round=round, by=by, at=moment)
    return round


def sittings(days: Sequence[date], offers: Mapping[int, Sequence[Offer]], seats: int) -> list[Sitting]:
    """About ``seats`` seats at each host in each half-day, spread over its courses; the scarce ones in the morning."""
    made = []
    for courses in offers.values():
        for on in days:
            for half, running in (("am", courses), ("pm", courses[SCARCE:])):
                made += [
                    Sitting(version=version, venue=venue, on=on, half=half, seats=count)
                    for (version, venue), count in zip(
                        running, spread(seats, running, SCARCE if half == "am" else 0), strict=True
                    )
                ]
    return made


def spread(seats: int, running: Sequence[Offer], scarce: int) -> list[int]:
    """``seats`` shared out evenly, none beyond its group or room; the first ``scarce`` get their ideal group alone."""
    most = [min(version.group_max, venue.capacity) for version, venue in running]
    counts = [
        min(version.group_ideal, top) if n < scarce else 0
        for n, ((version, _), top) in enumerate(zip(running, most, strict=True))
    ]
    open_ones = list(range(scarce, len(running)))
    while sum(counts) < seats and open_ones:
        for n in open_ones:
            counts[n] += sum(counts) < seats
        open_ones = [n for n in open_ones if counts[n] < most[n]]
    return counts


def publish(round: Round, proposer: User, approver: User, moment: datetime) -> Run:
    """Run the placement through the queue and publish it; a published round is left alone."""
    run = round.runs.filter(publication__approved_at__isnull=False).first()
    if run is None:
        run = round.runs.filter(discarded_at=None, failed_because="").order_by("-asked_at").first() or ask_run(
            round=round, by=proposer, at=moment, seed="20261124"
        )
        jobs.run_due()
        run.refresh_from_db()
        if run.finished_at is None:
            raise RuntimeError(run.failed_because or "the placement did not end")
        approve(
            publication=propose(run=run, by=proposer, at=moment + timedelta(hours=2)),
            by=approver,
            at=moment + timedelta(hours=4),
        )
    return run


def wish(round: Round, teachers: Mapping[int, User], *, share: float, moment: datetime) -> int:
    """Wishes of a share of the pupils, once."""
    if round.wish_lists.exists():
        return round.wish_lists.count()
    return give_wishes(round, {pk: user.pk for pk, user in teachers.items()}, share=share, at=moment)

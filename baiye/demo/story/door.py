"""At the door and after: marks, the two confirmations, the ledger, the public notice, certificates."""

import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from baiye.accounts.models import Unit, User
from baiye.attendance.actions import Marking, confirm_many, record_marks
from baiye.attendance.models import Confirmation, Mark
from baiye.demo.calendar import at
from baiye.hours.actions import enter_hours_of, issue_certificates, open_notice, shortest_days
from baiye.hours.models import PublicNotice
from baiye.hours.queries import shortest_end
from baiye.rounds.models import Round
from baiye.schools.models import School
from baiye.visits.models import Seat, Visit

NAMES = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562's URL name space: marks get the same id each time
ABSENT, LATE, LEFT_EARLY = 0.03, 0.005, 0.003  # shares of half-days, as in life


@dataclass(frozen=True, slots=True)
class Staff:
    """Who acts at the door and afterwards, by unit."""

    instructors: dict[int, User]
    managers: dict[int, User]
    schools: dict[int, User]


def sittings_of(round: Round) -> list[Visit]:
    """The round's visits in order of time, with venue, host and unit loaded."""
    visits = Visit.objects.filter(round_visit__round=round, cancelled_at=None, taken__gt=0)
    return list(visits.select_related("venue__host__unit").order_by("starts_at", "pk"))


def check_in(round: Round, staff: Staff, tick: Callable[[], None]) -> None:
    """Marks for every visit that has none; a visit is written whole or not at all."""
    visits = sittings_of(round)
    done = set(Mark.objects.filter(seat__visit__in=visits).values_list("seat__visit", flat=True).distinct())
    seats: dict[int, list[int]] = defaultdict(list)
    held = Seat.objects.filter(visit__in=visits, given_up_at=None).order_by("pk")
    for visit_id, seat_id in held.values_list("visit", "pk"):
        seats[visit_id].append(seat_id)
    for visit in visits:
        if visit.pk not in done:
            marks = list(marks_of(visit, seats[visit.pk]))
            outcomes = record_marks(visit=visit, marks=marks, by=staff.instructors[visit.venue.host.unit_id])
            if refused := [each.sentence for each in outcomes if each.status == "refused"]:
                raise RuntimeError(refused[0])
        tick()


def marks_of(visit: Visit, seats: Iterable[int]) -> Iterator[Marking]:
    """What the door saw: most come in time, a few come late, leave early, or stay away."""
    for seat in seats:
        rng = random.Random(f"baiye door {visit.starts_at:%Y%m%d%H} {seat}")
        fate = rng.random()
        if fate < ABSENT:
            continue
        late = fate < ABSENT + LATE
        early = ABSENT + LATE <= fate < ABSENT + LATE + LEFT_EARLY
        came = visit.starts_at + timedelta(minutes=rng.uniform(18, 40) if late else rng.uniform(-25, 4))
        went = visit.ends_at + timedelta(minutes=rng.uniform(-70, -30) if early else rng.uniform(0, 12))
        source = "qr" if rng.random() < 0.8 else rng.choice(("code", "roll"))
        yield Marking(uuid.uuid5(NAMES, f"in {seat}"), "in", came, source, seat=seat)
        yield Marking(uuid.uuid5(NAMES, f"out {seat}"), "out", went, "roll", seat=seat)


def confirm_all(round: Round, staff: Staff, tick: Callable[[], None]) -> None:
    """Every host confirms its days, then every school its own pupils, day by day."""
    visits = sittings_of(round)
    days: dict[tuple[date, int], list[Visit]] = defaultdict(list)
    for visit in visits:
        days[visit.starts_at.date(), visit.venue.host.unit_id].append(visit)
    for (_on, unit_id), sat in days.items():
        manager = staff.managers[unit_id]
        confirm_many(
            visits=sat, side="host", unit=sat[0].venue.host.unit, by=manager, at=sat[-1].ends_at + timedelta(hours=1)
        )
    by_school: dict[int, dict[int, Visit]] = defaultdict(dict)
    known = {visit.pk: visit for visit in visits}
    seats = Seat.objects.filter(visit__in=visits, given_up_at=None)
    for unit_id, visit_id in seats.values_list("pupil__school_class__school__unit", "visit").distinct():
        by_school[unit_id][visit_id] = known[visit_id]
    for unit in Unit.objects.filter(pk__in=by_school).order_by("pk"):
        sat = sorted(by_school[unit.pk].values(), key=lambda visit: (visit.starts_at, visit.pk))
        confirm_many(
            visits=sat, side="school", unit=unit, by=staff.schools[unit.pk], at=sat[-1].ends_at + timedelta(hours=3)
        )
        tick()


def enter(round: Round, moment: datetime) -> int:
    """What the confirmed visits earn, into the ledger (the queue's own jobs then find nothing left to do)."""
    visits = [visit.pk for visit in sittings_of(round)]
    return sum(enter_hours_of(visit_ids=visits[n : n + 100], at=moment) for n in range(0, len(visits), 100))


def show_and_certify(
    schools: Iterable[School], staff: Staff, *, name: str, opens: date, today: date, tick: Callable[[], None]
) -> int:
    """Each school shows its entries for as long as the rule asks, then issues its certificates; how many papers."""
    papers = 0
    for school in schools:
        by = staff.schools[school.unit_id]
        notice = PublicNotice.objects.filter(school_unit=school.unit).first()
        if notice is None:
            ends = shortest_end(opens, shortest_days())
            notice = open_notice(
                school=school, title=f"{name} 课时公示", starts_on=opens, ends_on=ends, by=by, at=at(opens, 9)
            )
        if notice.ends_on < today:
            papers += len(issue_certificates(school=school, by=by, at=at(notice.ends_on + timedelta(days=1), 10)))
        tick()
    return papers


def is_confirmed(round: Round) -> bool:
    """Whether the confirmations of a round were given before."""
    return Confirmation.objects.filter(visit__round_visit__round=round, side="school").exists()

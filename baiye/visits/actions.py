"""Visits and seats: nobody else gives seats. Behind each rule stands the database (migrations 0002, 0004)."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, may, require, within
from baiye.core import audit, jobs
from baiye.core.refusals import Refused
from baiye.core.templatetags.text import han_date
from baiye.registry.models import Venue
from baiye.schools.models import Pupil
from baiye.visits import hindrances
from baiye.visits.codes import fresh_code
from baiye.visits.models import Assignment, Seat, Visit
from baiye.visits.plans import Plan, Room, why_not

SENTENCES = {
    "visit_never_oversold": gettext_lazy("这一场人满了。换一场，或换个时间。"),
    "visit_cancelled_holds_no_seat": gettext_lazy("这一场已经取消了。换一场吧。"),
    "seat_no_pupil_in_two_places_at_once": gettext_lazy(
        "那个时段已经有别的安排，不能同时去两处。先放弃那一场，再来安排。"
    ),
    "seat_one_a_pupil_and_visit": gettext_lazy("这位同学已经在这一场里了，不用再安排。"),
    "seat_code_once_a_visit": gettext_lazy("签到码碰巧重了。请再试一次。"),
}


class VisitRefused(Refused):
    """The visit may not be made, or not be cancelled."""


class SeatRefused(Refused):
    """The seat may not be given, or not be given up."""


@transaction.atomic
def make_visit(*, by: User, **wanted: Any) -> Visit:
    """Make one dated sitting; ``wanted`` are the fields of ``Plan``, from version and venue to late_limit_min.

    It is an example (示例) when its course, its venue or its host is one.

    Raises
    ------
    PermissionDenied
        ``by`` may not manage visits at the host, or, where it counts, at the unit that organises it.
    VisitRefused
        The version is a draft, host, papers or venue may not receive on that day, or the venue has no room then.
    """
    (visit,) = _make([Plan(**wanted)], by)
    audit.record("visit.made", by=by, on=visit, at_unit=visit.venue.host.unit.path)
    return visit


@transaction.atomic
def make_visits(*, plans: Sequence[Plan], by: User) -> list[Visit]:
    """Make all of ``plans`` or none, as ``make_visit`` would; one event for the batch."""
    visits = _make(plans, by)
    if visits:
        audit.record("visits.made", by=by, at_unit=_common(v.venue.host.unit for v in visits), visits=len(visits))
    return visits


@transaction.atomic
def cancel_visit(*, visit: Visit, because: str, by: User, at: datetime) -> None:
    """Cancel ``visit``: its seats are given up for the same reason, and whoever held one is told."""
    require(by, Permission.VISIT_MANAGE, visit.venue.host.unit)
    locked = lock_visits([visit.pk])[visit.pk]
    if locked.cancelled_at is not None:
        raise VisitRefused(_("这一场早先已经取消了。"))
    if locked.ends_at <= at:
        raise VisitRefused(_("这一场已经结束，不能再取消。"))
    because = _reason(because, VisitRefused)
    held = Seat.objects.filter(visit=locked, given_up_at=None)
    lost = held.update(given_up_at=at, given_up_by=by, given_up_because=because)
    Visit.objects.filter(pk=locked.pk).update(cancelled_at=at, cancelled_by=by, cancelled_because=because)
    Assignment.objects.filter(visit=locked, ended_at=None).update(ended_at=at, ended_by=by)
    audit.record("visit.cancelled", by=by, on=visit, at_unit=visit.venue.host.unit.path, seats=lost)
    jobs.later("visits.tell_cancelled", visit_id=visit.pk)
    visit.refresh_from_db(fields=["cancelled_at", "cancelled_by", "cancelled_because", "taken"])


@transaction.atomic
def place_seats(*, pairs: Sequence[tuple[int, int]], by: User, at: datetime) -> int:
    """Give every (pupil id, visit id) of ``pairs`` a seat or, when one cannot have it, none; how many were given.

    Who holds a seat already keeps it: a second call gives none. Needs PLACEMENT_PUBLISH over all hosts and pupils.
    """
    pupil_ids, visit_ids = {pupil for pupil, _visit in pairs}, {visit for _pupil, visit in pairs}
    _require_over_all(by, pupil_ids, visit_ids)
    _lock_pupils(pupil_ids)
    visits = lock_visits(visit_ids)
    if len(visits) < len(visit_ids):
        raise SeatRefused(_("名单里有 %(n)d 场已经不在了。请重新运算。") % {"n": len(visit_ids) - len(visits)})
    if started := sum(visit.starts_at <= at for visit in visits.values()):
        raise SeatRefused(_("名单里有 %(n)d 场已经开始，不能再加人。") % {"n": started})
    held = Seat.objects.filter(given_up_at=None, visit__in=visit_ids).values_list("pupil_id", "visit_id")
    new = sorted(set(pairs) - set(held))
    _refuse_oversold(visits, new)
    if new:
        _insert_placed(new, by, at)
        where = _common(visit.venue.host.unit for visit in visits.values())
        audit.record("seats.placed", by=by, at_unit=where, seats=len(new), visits=len(visits))
    return len(new)


@transaction.atomic
def assign_seat(*, visit: Visit, pupil: Pupil, by: User, at: datetime, request: uuid.UUID | None = None) -> Seat:
    """Give ``pupil`` a seat by hand; the same ``request`` again gets the same seat.

    Raises
    ------
    PermissionDenied
        ``by`` may not assign seats at the host or to the pupil.
    SeatRefused
        The visit is full, cancelled, begun or clashes; or the host, its papers or an adult do not hold on that day.

    """
    require(by, Permission.SEAT_ASSIGN, visit.venue.host.unit)
    require(by, Permission.SEAT_ASSIGN, pupil.school_class.school.unit)
    _lock_pupils([pupil.pk])
    before = Seat.objects.filter(request=request).first() if request else None
    if before is not None:
        if (before.visit_id, before.pupil_id) != (visit.pk, pupil.pk):
            raise SeatRefused(_("这个请求号已经用在别的名额上。请刷新页面再试。"))
        return before
    if visit.starts_at <= at:
        raise SeatRefused(_("这一场已经开始，不能再加人。换一场吧。"))
    seat = Seat(visit=visit, pupil=pupil, origin="assigned", given_at=at, given_by=by)
    seat.code, seat.request = fresh_code(_codes_of([visit.pk])[visit.pk]), request or seat.request
    seat.span = DateTimeTZRange(visit.starts_at, visit.ends_at)
    with refused_in_words(SeatRefused):
        seat.save(force_insert=True)
    unit = pupil.school_class.school.unit
    audit.record("seat.assigned", by=by, on=seat, at_unit=unit.path, visit=visit.pk, pupil=pupil.pk)
    jobs.later("visits.tell_assigned", seat_id=seat.pk)
    return seat


@transaction.atomic
def give_up_seat(*, seat: Seat, because: str, by: User, at: datetime) -> None:
    """Free ``seat``; its row stays, with the reason, and the family is told."""
    unit = seat.pupil.school_class.school.unit
    _require_one_of(by, unit)
    lock_visits([seat.visit_id])
    locked = Seat.objects.select_for_update(of=("self",)).select_related("visit").get(pk=seat.pk)
    if locked.given_up_at is not None:
        raise SeatRefused(_("这个名额早先已经放弃了。"))
    if locked.visit.starts_at <= at:
        raise SeatRefused(_("这一场已经开始，名额不能再放弃。没来的话，签到处会记下。"))
    seat.given_up_at, seat.given_up_by, seat.given_up_because = at, by, _reason(because, SeatRefused)
    seat.save(update_fields=["given_up_at", "given_up_by", "given_up_because"])
    audit.record("seat.given_up", by=by, on=seat, at_unit=unit.path, visit=seat.visit_id, pupil=seat.pupil_id)
    jobs.later("visits.tell_given_up", seat_id=seat.pk)


@transaction.atomic
def move_seat(*, seat: Seat, to: Visit, because: str, by: User, at: datetime, request: uuid.UUID | None = None) -> Seat:
    """Give the pupil of ``seat`` one on ``to`` in its place: both or neither; the same ``request`` moves once.

    Raises
    ------
    PermissionDenied
        ``by`` may not assign seats at the new host or to the pupil.
    SeatRefused
        The old seat can no longer be given up, or the new one cannot be had: then the old one is kept.
    """
    _lock_pupils([seat.pupil_id])
    lock_visits([seat.visit_id, to.pk])
    moved = Seat.objects.filter(request=request, pupil=seat.pupil_id, visit=to).first() if request else None
    if moved is not None:
        return moved
    if to.pk == seat.visit_id:
        raise SeatRefused(_("这位同学就在这一场里。请选另一场。"))
    held = Seat.objects.select_related("pupil__school_class__school__unit").get(pk=seat.pk)
    give_up_seat(seat=held, because=because, by=by, at=at)  # first, since the two may overlap; a refusal undoes it
    return assign_seat(visit=to, pupil=held.pupil, by=by, at=at, request=request)


def _make(plans: Sequence[Plan], by: User) -> list[Visit]:
    locked = Venue.objects.select_for_update(of=("self",), no_key=True).select_related("host__unit")
    venues = {venue.pk: venue for venue in locked.filter(pk__in={plan.venue.pk for plan in plans}).order_by("pk")}
    organisers = {plan.organised_by for plan in plans if plan.organised_by is not None}
    for unit in {venue.host.unit for venue in venues.values()} | organisers:
        require(by, Permission.VISIT_MANAGE, unit)
    hindered = hindrances.of_places({plan.place for plan in plans})
    room = Room(plans)
    for plan in plans:
        venue = venues[plan.venue.pk]
        if sentence := why_not(plan, venue, hindered.get(plan.place, ""), room):
            raise VisitRefused(sentence)
        room.take(venue, plan)
    return Visit.objects.bulk_create([plan.row(venues[plan.venue.pk]) for plan in plans], batch_size=1000)


def _insert_placed(pairs: Sequence[tuple[int, int]], by: User, at: datetime) -> None:
    """One statement however many seats: a round's 24,000 in a third of the ORM's time. The trigger fills the span."""
    taken = _codes_of({visit for _pupil, visit in pairs})
    codes = [fresh_code(taken[visit]) for _pupil, visit in pairs]
    statement = """
        INSERT INTO visits_seat
          (pupil_id, visit_id, code, origin, request, given_at, given_by_id, given_up_because)
        SELECT pupil, visit, code, 'placed', gen_random_uuid(), %s, %s, ''
        FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS placed (pupil, visit, code)
    """
    with refused_in_words(SeatRefused), connection.cursor() as cursor:
        cursor.execute(statement, [at, by.pk, *(list(column) for column in zip(*pairs, strict=True)), codes])


def _codes_of(visit_ids: Collection[int]) -> dict[int, set[str]]:
    codes: dict[int, set[str]] = defaultdict(set)
    for visit_id, code in Seat.objects.filter(visit__in=visit_ids).values_list("visit_id", "code"):
        codes[visit_id].add(code)
    return codes


def _lock_pupils(pupil_ids: Collection[int]) -> None:
    """One pupil's seats are given one after the other, so two that clash end in a refusal, never in a deadlock."""
    list(Pupil.objects.select_for_update(no_key=True).filter(pk__in=pupil_ids).order_by("pk").values_list("pk"))


def lock_visits(visit_ids: Iterable[int]) -> dict[int, Visit]:
    """The visits as they are now, locked: after pupils and adults, in order of their keys, so nobody waits for ever."""
    locked = Visit.objects.select_for_update(of=("self",), no_key=True).select_related("version", "venue__host__unit")
    return {visit.pk: visit for visit in locked.filter(pk__in=set(visit_ids)).order_by("pk")}


def _require_over_all(by: User, pupil_ids: Collection[int], visit_ids: Collection[int]) -> None:
    permission = Permission.PLACEMENT_PUBLISH
    hosts = Visit.objects.filter(pk__in=visit_ids).exclude(within(by, permission, "venue__host__unit"))
    pupils = Pupil.objects.filter(pk__in=pupil_ids).exclude(within(by, permission, "school_class__school__unit"))
    if hosts.exists() or pupils.exists():
        raise PermissionDenied(f"{permission} over every host and pupil of the batch")


def _refuse_oversold(visits: Mapping[int, Visit], pairs: Iterable[tuple[int, int]]) -> None:
    for visit_id, wanted in Counter(visit_id for _pupil, visit_id in pairs).items():
        visit = visits[visit_id]
        if wanted > visit.seats_left:
            raise SeatRefused(
                _("%(course)s，%(when)s 这一场还剩 %(left)d 个名额，要放 %(wanted)d 人。请减少人数，或加开一场。")
                % {
                    "course": visit.version.title,
                    "when": han_date(visit.starts_at),
                    "left": visit.seats_left,
                    "wanted": wanted,
                }
            )


@contextmanager
def refused_in_words(refusal: type[Refused]) -> Iterator[None]:
    """What the database refuses of seats, as a ``refusal`` with its sentence; nothing of the block is left behind."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        told = getattr(error.__cause__, "diag", None)
        name, why = getattr(told, "constraint_name", None), getattr(told, "message_detail", None)
        if name in hindrances.CONSTRAINTS:
            raise refusal(hindrances.sentence(why or "", _("那天"))) from error
        if name not in SENTENCES:
            raise
        raise refusal(str(SENTENCES[name])) from error


def _require_one_of(by: User, unit: Unit) -> None:
    """Who assigns seats frees them too, and who publishes a placement may take one back."""
    if not may(by, Permission.PLACEMENT_PUBLISH, unit):
        require(by, Permission.SEAT_ASSIGN, unit)


def _reason(because: str, refusal: type[Refused]) -> str:
    if not because.strip():
        raise refusal(_("请写明原因，学生和家长会看到。"))
    return because.strip()[:200]


def _common(units: Iterable[Unit]) -> str:
    """The path of the lowest unit above all of ``units``."""
    shared = [unit.lineage() for unit in units]
    above = [steps[0] for steps in zip(*shared, strict=False) if len(set(steps)) == 1]
    return above[-1] if above else ""

"""Writes at the door: marks in bulk, voids, and the confirmations that make marks count."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, require
from baiye.attendance import passes
from baiye.attendance.models import Confirmation, Mark
from baiye.attendance.rule import EARLY_LIMIT_MIN
from baiye.core import audit, jobs
from baiye.core.refusals import Refused
from baiye.schools.permissions import pupil_scope
from baiye.visits.models import Seat, Visit

AROUND_H = 3  # a mark lies at most so long before the visit or after it
LIVE = Q(marks__voided_at=None)


class MarkRefused(Refused):
    """The mark cannot be voided."""


class ConfirmationRefused(Refused):
    """The visit cannot be confirmed like this."""


@dataclass(frozen=True, slots=True)
class Marking:
    """A mark as a device sends it: the pupil is named by seat, by pass or by typed code."""

    id: uuid.UUID
    kind: str
    at: datetime
    source: str
    seat: int | None = None
    token: str = ""
    code: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a marking: new, the same as one we had, or refused with a sentence; ``hint`` is worth saying."""

    marking: Marking
    status: Literal["new", "same", "refused"]
    seat: Seat | None = None
    sentence: str = ""


# ── marks ──


@transaction.atomic
def record_marks(*, visit: Visit, marks: Sequence[Marking], by: User) -> list[Outcome]:
    """Keep ``marks`` of ``visit``, all that can be kept, in as many statements for one as for hundreds.

    Sending the same marks again changes nothing. Two devices that mark one arrival are both right: both rows stay.
    A marking that cannot be kept is answered with a sentence; it does not stop the others.

    Raises
    ------
    PermissionDenied
        ``by`` may not check in at the host.
    """
    require(by, Permission.CHECKIN, visit.venue.host.unit)
    _lock([visit.pk])
    held = Seat.objects.filter(visit=visit, given_up_at=None).select_related("pupil")
    seats = {seat.pk: seat for seat in held}
    by_code = {seat.code: seat for seat in seats.values()}
    known = Mark.objects.in_bulk([marking.id for marking in marks])
    marked = set(Mark.objects.filter(seat__visit=visit, voided_at=None).values_list("seat_id", "kind"))
    outcomes: list[Outcome] = []
    fresh: dict[uuid.UUID, Mark] = {}
    for marking in marks:
        outcome = _judge(marking, visit, seats, by_code, known.get(marking.id) or fresh.get(marking.id), marked)
        outcomes.append(outcome)
        if outcome.status == "new" and outcome.seat:
            fresh[marking.id] = Mark(
                id=marking.id,
                seat=outcome.seat,
                kind=marking.kind,
                at=marking.at,
                source=marking.source,
                note=marking.note,
                by=by,
            )
            marked.add((outcome.seat.pk, marking.kind))
    if fresh:
        Mark.objects.bulk_create(fresh.values(), batch_size=2000)
        kinds = [mark.kind for mark in fresh.values()]
        path = visit.venue.host.unit.path
        audit.record("marks.recorded", by=by, on=visit, at_unit=path, came=kinds.count("in"), went=kinds.count("out"))
    return outcomes


def _judge(
    marking: Marking,
    visit: Visit,
    seats: dict[int, Seat],
    by_code: dict[str, Seat],
    known: Mark | None,
    marked: set[tuple[int, str]],
) -> Outcome:
    if known is not None:
        if known.seat_id in seats and known.kind == marking.kind:
            return Outcome(marking, "same", seats[known.seat_id])
        return Outcome(marking, "refused", None, _("这条记录的编号已经用过了，请重新签一次"))
    try:
        seat = _seat_of(marking, seats, by_code)
    except passes.PassRefused as refusal:
        return Outcome(marking, "refused", None, str(refusal))
    if seat is None:
        return Outcome(marking, "refused", None, _("这一场的名单里没有这位同学，请看看是不是别的场次"))
    around = timedelta(hours=AROUND_H)
    if not visit.starts_at - around <= marking.at <= visit.ends_at + around:
        return Outcome(marking, "refused", seat, _("时间离这一场太远了，只能记前后 %(h)s 小时内的") % {"h": AROUND_H})
    again = (seat.pk, marking.kind) in marked
    return Outcome(marking, "new", seat, _("先前已经记过一次，两条都留着") if again else "")


def _seat_of(marking: Marking, seats: dict[int, Seat], by_code: dict[str, Seat]) -> Seat | None:
    if marking.token:
        return seats.get(passes.read(marking.token))
    if marking.code:
        return by_code.get(passes.typed(marking.code))
    return seats.get(marking.seat or 0)


@transaction.atomic
def roll_call(*, visit: Visit, kind: str, batch: uuid.UUID, by: User, at: datetime) -> int:
    """Mark everyone on the roll who has no mark of ``kind`` yet (for "out": who came in); how many were marked.

    The same ``batch`` again marks nobody twice.
    """
    has = Q(marks__kind=kind) & LIVE
    waiting = Seat.objects.filter(visit=visit, given_up_at=None).annotate(
        done=Count("marks", filter=has), came=Count("marks", filter=Q(marks__kind="in") & LIVE)
    )
    waiting = waiting.filter(done=0) if kind == "in" else waiting.filter(done=0, came__gt=0)
    markings = [
        Marking(id=uuid.uuid5(batch, f"{kind} {seat_id}"), kind=kind, at=at, source="roll", seat=seat_id)
        for seat_id in waiting.order_by("pk").values_list("pk", flat=True)
    ]
    outcomes = record_marks(visit=visit, marks=markings, by=by)
    if refused := [outcome for outcome in outcomes if outcome.status == "refused"]:
        raise MarkRefused(refused[0].sentence)
    return sum(outcome.status == "new" for outcome in outcomes)


@transaction.atomic
def void_mark(*, mark: Mark, by: User, at: datetime) -> None:
    """Take back a mark made by mistake; its row stays and says who took it back. Not once the host has confirmed."""
    visit = mark.seat.visit
    require(by, Permission.CHECKIN, visit.venue.host.unit)
    _lock([visit.pk])
    if Confirmation.objects.filter(visit=visit, side="host").exists():
        raise MarkRefused(_("基地已经确认了这一场，不能再撤。有错请让学校在公示时提出异议"))
    if not Mark.objects.filter(pk=mark.pk, voided_at=None).update(voided_at=at, voided_by=by):
        raise MarkRefused(_("这条记录早先已经撤掉了"))
    audit.record("mark.voided", by=by, on=mark, at_unit=visit.venue.host.unit.path, seat=mark.seat_id)


# ── confirmations ──


def confirm(
    *, visit: Visit, side: str, unit: Unit, present: int, by: User, at: datetime, note: str = ""
) -> Confirmation:
    """The host or a school says who was there; once both have, hours are entered. A repeat gives the same row.

    Raises
    ------
    PermissionDenied
        ``by`` may not sign for ``unit``; a class teacher may when all its pupils on the visit are theirs.
    ConfirmationRefused
        The visit is not over, the same person signed for the other side, nobody of the school was on it, or the head
        count differs from the marks and no note says why.
    """
    return _confirm([visit], side=side, unit=unit, by=by, at=at, present=present, note=note.strip())[0]


def confirm_many(*, visits: Sequence[Visit], side: str, unit: Unit, by: User, at: datetime) -> list[Confirmation]:
    """Confirm several visits as they are marked, all or none, in as many statements for one as for hundreds."""
    return _confirm(visits, side=side, unit=unit, by=by, at=at)


@transaction.atomic
def _confirm(
    visits: Sequence[Visit],
    *,
    side: str,
    unit: Unit,
    by: User,
    at: datetime,
    present: int | None = None,
    note: str = "",
) -> list[Confirmation]:
    _require_side(visits, side, unit, by)
    _lock([visit.pk for visit in visits])
    if [visit for visit in visits if at < visit.ends_at - timedelta(minutes=EARLY_LIMIT_MIN)]:
        raise ConfirmationRefused(_("体验还没结束，结束后再确认"))
    marked = _marked(visits, side, unit)
    before = {(one.visit_id, one.side, one.unit_id, one.marks_seen): one for one in _signed(visits)}
    if any(one.by_id == by.pk and one.side != side for one in before.values()):
        raise ConfirmationRefused(_("基地和学校要由两个人分别确认，请让另一位来"))
    found, fresh = [], []
    for visit in visits:
        expected, came, seen = marked.get(visit.pk, (0, 0, 0))
        said = came if present is None else present
        if one := before.get((visit.pk, side, unit.pk, seen)):
            found.append(one)
            continue
        _refuse_odd_count(side, expected, came, said, note)
        row = {"visit": visit, "side": side, "unit": unit, "by": by, "at": at, "note": note}
        fresh.append(Confirmation(present=said, marks_seen=seen, **row))
    Confirmation.objects.bulk_create(fresh)
    if fresh:
        kind = f"visit.confirmed_by_{side}"
        audit.record_many(kind, by=by, on=[one.visit for one in fresh], at_unit=unit.path)
        _have_hours_entered(fresh, before.values(), side)
    return found + fresh


def _require_side(visits: Sequence[Visit], side: str, unit: Unit, by: User) -> None:
    if side == "host":
        if any(visit.venue.host.unit_id != unit.pk for visit in visits):
            raise PermissionDenied("not the host of the visit")
        require(by, Permission.CONFIRM_AS_HOST, unit)
        return
    theirs = Seat.objects.filter(
        visit__in=[visit.pk for visit in visits], given_up_at=None, pupil__school_class__school__unit=unit
    )
    mine = theirs.filter(pupil_scope(by, Permission.CONFIRM_AS_SCHOOL, "pupil__"))
    if (count := theirs.count()) != mine.count():
        raise PermissionDenied("pupils of other classes are on the visit")
    if not count:
        require(by, Permission.CONFIRM_AS_SCHOOL, unit)


def _marked(visits: Sequence[Visit], side: str, unit: Unit) -> dict[int, tuple[int, int, int]]:
    """Visit → seats, pupils who came in, marks ever made; of the whole visit, or of the school's pupils.

    Voided marks are counted too, so that one taken back and another made is not taken for the same marks.
    """
    seats = Seat.objects.filter(visit__in=[visit.pk for visit in visits], given_up_at=None)
    if side == "school":
        seats = seats.filter(pupil__school_class__school__unit=unit)
    rows = seats.values_list("visit_id").annotate(
        held=Count("pk", distinct=True),
        came=Count("pk", distinct=True, filter=LIVE & Q(marks__kind="in")),
        seen=Count("marks"),
    )
    return {visit_id: (held, came, seen) for visit_id, held, came, seen in rows}


def _signed(visits: Iterable[Visit]) -> list[Confirmation]:
    return list(Confirmation.objects.filter(visit__in=[visit.pk for visit in visits]))


def _refuse_odd_count(side: str, expected: int, came: int, said: int, note: str) -> None:
    if side == "school" and not expected:
        raise ConfirmationRefused(_("这一场没有这所学校的学生"))
    if said != came and not note:
        raise ConfirmationRefused(
            _("签到的是 %(came)s 人，您写的是 %(said)s 人。先把记录补齐，或在备注里说明") % {"came": came, "said": said}
        )


def _have_hours_entered(fresh: list[Confirmation], before: Iterable[Confirmation], side: str) -> None:
    """Queue the ledger's task for the visits that both sides have now signed."""
    signed = {one.visit_id for one in before if one.side != side}
    if ready := sorted({one.visit_id for one in fresh} & signed):
        jobs.later("hours.enter", visit_ids=[*ready])


def _lock(visit_ids: Iterable[int]) -> None:
    """Marks, voids and confirmations of a visit wait for each other, so that a confirmation covers whole batches."""
    list(Visit.objects.select_for_update(no_key=True).filter(pk__in=list(visit_ids)).order_by("pk").values_list("pk"))

"""What visits put into calendars: a family's seats, a mentor's assignments, a host's and a class's visits.

Why something is off is not said here: what people write about it may be about somebody's health.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.core import clock
from baiye.core.templatetags.text import mask_name
from baiye.schools.models import ClassTeacher, Pupil, SchoolClass
from baiye.schools.permissions import held_on
from baiye.schools.queries import children_of
from baiye.visits.calendar_entries import AHEAD, KEPT, Entry
from baiye.visits.models import Assignment, Move, Seat, Visit

Moved = dict[int, tuple[int, datetime]]  # visit → how often, and when last


def of_family(user: User, at: datetime) -> Iterator[Entry]:
    """Seats of one's children, or one's own: held, lost, and on visits that were cancelled. Three queries."""
    pupils = {"guardian": children_of, "pupil": _oneself}.get(user.kind)
    children = {pupil.pk: pupil for pupil in pupils(user)} if pupils else {}
    if not children:
        return
    rows = Seat.objects.filter(_near(at, "visit__"), pupil__in=children).order_by("visit", "pupil", "given_at", "pk")
    seats = list(rows.select_related("visit__version", "visit__venue__host__unit"))
    moved = _moved({seat.visit_id for seat in seats})
    for (visit_id, pupil_id), each in groupby(seats, key=lambda seat: (seat.visit_id, seat.pupil_id)):
        held = list(each)
        last = held[-1]
        who = mask_name(children[pupil_id].name) if len(children) > 1 else ""
        yield _entry(
            last.visit,
            moved,
            key=f"visit-{visit_id}-pupil-{pupil_id}",
            title=f"{last.visit.version.title}（{who}）" if who else last.visit.version.title,
            text=_("已取消。") if last.given_up_at else "",
            since=last.given_up_at or last.given_at,
            changes=2 * (len(held) - 1) + (last.given_up_at is not None),
            is_over=last.given_up_at is not None,
        )


def of_mentor(user: User, at: datetime) -> Iterator[Entry]:
    """Visits that one is, or was to be, with the pupils of; two queries."""
    rows = Assignment.objects.filter(_near(at, "visit__"), mentor__user=user).order_by("visit", "assigned_at", "pk")
    assigned = list(rows.select_related("visit__version", "visit__venue__host__unit"))
    moved = _moved({row.visit_id for row in assigned})
    for visit_id, each in groupby(assigned, key=lambda row: row.visit_id):
        held = list(each)
        last = held[-1]
        roles = "、".join(sorted({str(row.get_role_display()) for row in held if row.ended_at is None}))
        yield _entry(
            last.visit,
            moved,
            key=f"visit-{visit_id}-mentor",
            title=last.visit.version.title,
            text=roles or _("已取消。"),
            since=max(row.ended_at or row.assigned_at for row in held),
            changes=sum(1 + (row.ended_at is not None) for row in held) - 1,
            is_over=not roles,
        )


def of_host(user: User, at: datetime) -> Iterator[Entry]:
    """Visits at the hosts where one checks pupils in; two queries, and the grants."""
    here = within(user, Permission.CHECKIN, "venue__host__unit")
    visits = list(Visit.objects.filter(_near(at), here).select_related("version", "venue__host__unit"))
    moved = _moved({visit.pk for visit in visits})
    for visit in visits:
        numbers = _("已有 %(taken)d 人，名额 %(seats)d 个。") % {"taken": visit.taken, "seats": visit.seats}
        yield _entry(
            visit,
            moved,
            key=f"visit-{visit.pk}-host",
            title=visit.version.title,
            text=_("已取消。") if visit.cancelled_at else numbers,
            since=visit.cancelled_at or visit.starts_at - AHEAD,
            changes=int(visit.cancelled_at is not None),
            is_over=visit.cancelled_at is not None,
        )


def of_class(user: User, at: datetime) -> Iterator[Entry]:
    """Visits on which pupils of one's classes sit, one for each class, with how many; four queries."""
    classes = ClassTeacher.objects.filter(held_on(clock.day_of(at)), user=user).values("school_class")
    stands = Q(given_up_at=None) | Q(given_up_at=F("visit__cancelled_at"))
    seats = Seat.objects.filter(_near(at, "visit__"), stands, pupil__school_class__in=classes)
    counted = list(
        seats.values_list("visit", "pupil__school_class").annotate(n=Count("pupil", distinct=True), at=Max("given_at"))
    )
    visits = Visit.objects.select_related("version", "venue__host__unit").in_bulk({row[0] for row in counted})
    names = SchoolClass.objects.in_bulk({row[1] for row in counted})
    moved = _moved(set(visits))
    for visit_id, class_id, n, given_at in sorted(counted):
        visit = visits[visit_id]
        yield _entry(
            visit,
            moved,
            key=f"visit-{visit_id}-class-{class_id}",
            title=f"{visit.version.title}（{names[class_id]}）",
            text=_("已取消。") if visit.cancelled_at else _("本班 %d 人。") % n,
            since=visit.cancelled_at or given_at,
            changes=int(visit.cancelled_at is not None),
            is_over=visit.cancelled_at is not None,
        )


def _entry(
    visit: Visit, moved: Moved, *, key: str, title: str, text: str, since: datetime, changes: int, is_over: bool
) -> Entry:
    """An entry about ``visit``; its moves count as changes too."""
    times, last = moved.get(visit.pk, (0, since))
    return Entry(
        key=key,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        title=title,
        place=_place(visit),
        text=text,
        changed_at=max(since, last),
        sequence=changes + times,
        is_cancelled=is_over,
        visit_id=visit.pk,
    )


def _place(visit: Visit) -> str:
    parts = (visit.venue.host.unit.name, visit.venue.name, visit.venue.address)
    return " ".join(part for part in parts if part)


def _near(at: datetime, prefix: str = "") -> Q:
    """A filter: visits that end not too long ago and begin not too far ahead."""
    return Q(**{f"{prefix}ends_at__gt": at - KEPT, f"{prefix}starts_at__lt": at + AHEAD})


def _moved(visit_ids: Iterable[int]) -> Moved:
    rows = Move.objects.filter(visit__in=visit_ids).values_list("visit").annotate(n=Count("pk"), last=Max("at"))
    return {visit: (n, last) for visit, n, last in rows}


def _oneself(user: User) -> QuerySet[Pupil]:
    return Pupil.objects.filter(user=user)

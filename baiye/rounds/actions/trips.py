"""Class trips: set by hand, filled in automatically, taken back."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.core import audit
from baiye.core.refusals import Refused
from baiye.registry.models import Host
from baiye.rounds import filling
from baiye.rounds.actions.reminders import tell_class
from baiye.rounds.models import Round, Trip, Wish
from baiye.rounds.permissions import is_due, require_prepare
from baiye.rounds.queries.rounds import class_sizes
from baiye.rounds.queries.trips import due_classes, host_day_fills, host_day_seats, travel_days
from baiye.schools.models import SchoolClass


class TripRefused(Refused):
    """The class cannot travel so."""


@transaction.atomic
def set_trip(  # noqa: PLR0913  (a trip is this much)
    *,
    round: Round,
    school_class: SchoolClass,
    on: date,
    host: Host,
    by: User,
    at: datetime,
    bus: str = "",
    escorts: str = "",
    leaves_at: time | None = None,
    is_locked: bool = True,
    forced_because: str = "",
) -> Trip:
    """Send a class to a host on a day, by hand; the same again changes nothing, another host replaces the first.

    Raises
    ------
    PermissionDenied
        ``by`` does not prepare rounds in the round's district.
    TripRefused
        No day for this grade, no seats, days full, the host a second time, or wishes open and no reason given.
    """
    require_prepare(by, round)
    Round.objects.select_for_update(no_key=True).get(pk=round.pk)
    trip = Trip.objects.filter(round=round, school_class=school_class, on=on).first()
    if moved := trip is None or trip.host_id != host.pk:
        _refuse_unless_fitting(round, school_class, host, on, trip)
        _refuse_when_opened(round, at, forced_because)
    before = _facts(trip) if trip else ()
    trip = trip or Trip(round=round, school_class=school_class, on=on)
    trip.host, trip.bus, trip.escorts, trip.leaves_at, trip.is_locked = host, bus, escorts, leaves_at, is_locked
    late = moved and round.wishes_have_opened(at)
    trip.forced_because = forced_because if late else trip.forced_because
    if _facts(trip) != before:
        trip.save()
        _note("trip.set", trip, by)
    if late:
        _tell_moved(round, school_class, at)
    return trip


@transaction.atomic
def clear_trip(*, trip: Trip, by: User, at: datetime, forced_because: str = "") -> None:
    """Take one trip back; after wishes have opened only with a reason, and the class is told."""
    require_prepare(by, trip.round)
    if not Trip.objects.select_for_update().filter(pk=trip.pk).exists():
        return
    _refuse_when_opened(trip.round, at, forced_because)
    _note("trip.cleared", trip, by, because=forced_because)
    if trip.round.wishes_have_opened(at):
        _tell_moved(trip.round, trip.school_class, at)
    Trip.objects.filter(pk=trip.pk).delete()


@transaction.atomic
def clear_trips(*, round: Round, by: User, at: datetime) -> int:
    """Take back every trip that is not locked: undoes an automatic fill; how many. Never after wishes have opened."""
    require_prepare(by, round)
    Round.objects.select_for_update(no_key=True).get(pk=round.pk)
    if round.wishes_have_opened(at):
        raise TripRefused(_("志愿已经开放，家长是按现在的出行日选的。只能一个班一个班地改，并写明原因。"))
    cleared, _rows = Trip.objects.filter(round=round, is_locked=False).delete()
    if cleared:
        audit.record("trips.cleared", by=by, on=round, at_unit=round.unit.path, trips=cleared)
    return cleared


@transaction.atomic
def fill_trips(*, round: Round, by: User, at: datetime) -> filling.Plan:
    """Give every class the days it lacks; trips that stand stay. A second call finds nothing to do.

    Once wishes have opened only classes without any wish given are filled: they have nothing to lose.

    Raises
    ------
    PermissionDenied
        ``by`` does not prepare rounds in the round's district.
    TripRefused
        No visit has been put into the round yet.
    """
    require_prepare(by, round)
    Round.objects.select_for_update(no_key=True).get(pk=round.pk)
    seats = host_day_seats(round)
    if not seats:
        raise TripRefused(_("还没有可用的场次。先把项目场次放进这一轮。"))
    plan = filling.fill(_classes(round, seats, at), seats, round.days)
    Trip.objects.bulk_create(
        Trip(round=round, school_class_id=pk, host_id=place.host, on=place.on) for pk, place in plan.trips
    )
    if plan.trips:
        missing = len(plan.missing)
        audit.record("trips.filled", by=by, on=round, at_unit=round.unit.path, trips=len(plan.trips), missing=missing)
    return plan


def _classes(round: Round, seats: dict[filling.HostDay, int], at: datetime) -> list[filling.Class]:
    """The round's classes as the fill sees them; those that may not change keep what they have and get no more."""
    days = travel_days(round, (place.on for place in seats))
    fixed: dict[int, list[filling.HostDay]] = {}
    for school_class, on, host in Trip.objects.filter(round=round).values_list("school_class", "on", "host"):
        fixed.setdefault(school_class, []).append(filling.HostDay(on, host))
    shut: set[int] = set()
    if round.wishes_have_opened(at):
        given = Wish.objects.filter(wish_list__round=round).values_list("wish_list__pupil__school_class", flat=True)
        shut = set(given.distinct())
    elsewhere = _busy_days(round)
    return [
        filling.Class(
            one.pk,
            one.school_id,
            getattr(one, "size", 0),
            frozenset() if one.pk in shut else days - elsewhere.get(one.pk, set()),
            tuple(sorted(fixed.get(one.pk, ()))),
        )
        for one in due_classes(round)
    ]


def _busy_days(round: Round) -> dict[int, set[date]]:
    """Days on which classes travel in other rounds."""
    busy: dict[int, set[date]] = {}
    for school_class, on in Trip.objects.exclude(round=round).values_list("school_class", "on"):
        busy.setdefault(school_class, set()).add(on)
    return busy


def _refuse_unless_fitting(
    round: Round, school_class: SchoolClass, host: Host, on: date, standing: Trip | None
) -> None:
    if not is_due(round, school_class):
        raise TripRefused(_("这个班不在这一轮里。"))
    if on not in travel_days(round, [on]):
        raise TripRefused(_("这天不上课，或这个年级那天有考试，不能出行。"))
    mine = Trip.objects.filter(school_class=school_class)
    mine = mine.exclude(pk=standing.pk) if standing else mine
    if mine.filter(on=on).exists():
        raise TripRefused(_("这个班那天在别的轮次里有安排。"))
    mine = mine.filter(round=round)
    if mine.filter(host=host).exists():
        raise TripRefused(_("这个班另一天已经去这家基地。换一家，孩子能多走一处。"))
    if mine.count() >= round.days:
        raise TripRefused(_("这个班的 %d 天已经排满。先空出一天。") % round.days)
    fill = host_day_fills(round).get(filling.HostDay(on, host.pk))
    size = class_sizes(round).get(school_class.pk, 0)
    if fill is None or not fill.seats:
        raise TripRefused(_("这家基地那天没有上下午都开的场次，或不在认定有效期内。"))
    if fill.pupils + size > fill.seats:
        left = max(fill.seats - fill.pupils, 0)
        raise TripRefused(_("那天只剩 %(left)d 个名额，这个班有 %(size)d 人。") % {"left": left, "size": size})


def _refuse_when_opened(round: Round, at: datetime, forced_because: str) -> None:
    if round.wishes_have_opened(at) and not forced_because.strip():
        raise TripRefused(_("志愿已经开放，改动会影响已填的志愿。一定要改，请写明原因，家长会收到消息。"))


def _tell_moved(round: Round, school_class: SchoolClass, at: datetime) -> None:
    tell_class(
        school_class=school_class,
        kind="trip.moved",
        key=f"round-{round.pk}-trip-{at.isoformat()}",
        subject=_("你们班的出行日改了"),
        body=_("%s：出行的日子或基地有变动。已填的志愿还在，请看一眼有没有要换的。") % round.name,
        url="/home/",
    )


def _facts(trip: Trip) -> tuple[object, ...]:
    return (trip.host_id, trip.bus, trip.escorts, trip.leaves_at, trip.is_locked)


def _note(kind: str, trip: Trip, by: User, because: str = "") -> None:
    audit.record(
        kind,
        by=by,
        on=trip,
        at_unit=trip.school_class.school.unit.path,
        round=trip.round_id,
        school_class=trip.school_class_id,
        host=trip.host_id,
        on_day=trip.on.isoformat(),
        forced=bool(because or trip.forced_because),
    )

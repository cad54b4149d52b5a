"""Making a round: its rules, its phases, and the visits put into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, require
from baiye.catalogue.models import CourseVersion
from baiye.core import audit, clock
from baiye.core.refusals import Refused
from baiye.registry.models import Venue
from baiye.rounds.models import PHASES, POLICIES, Phase, Round, RoundVisit, published_points
from baiye.rounds.permissions import require_prepare
from baiye.visits.actions import cancel_visit, make_visits
from baiye.visits.models import Visit
from baiye.visits.plans import Plan

Spans = Mapping[str, tuple[datetime, datetime]]
NAMES = dict(PHASES)
BEGINS = {"am": time(9), "pm": time(13)}
COUNTS_AS = "职业体验"


class RoundRefused(Refused):
    """The round, its phases or its visits may not be as asked."""


@transaction.atomic
def make_round(  # noqa: PLR0913  (a round is this much)
    *,
    unit: Unit,
    name: str,
    entry_year: int,
    phases: Spans,
    by: User,
    stage: str = "junior",
    half_days: int = 4,
    wishes_max: int = 6,
    points: Sequence[int] = (),
    policy: str = "points",
    is_example: bool = False,
) -> Round:
    """Make a round for the classes that entered their stage in ``entry_year``, with its dated phases.

    Raises
    ------
    PermissionDenied
        ``by`` does not prepare rounds in ``unit``.
    RoundRefused
        The name is taken, the policy unknown, the points rise or are too few, or the phases are not in order.
    """
    require(by, Permission.ROUND_PREPARE, unit)
    points = list(points or published_points()[:wishes_max])
    _check_rules(name, half_days, wishes_max, points)
    if policy not in POLICIES:
        raise RoundRefused(_("没有这条录取规则：%s。") % policy)
    _check_order(phases)
    rules = {"half_days": half_days, "wishes_max": wishes_max, "points": points, "policy": policy}
    grade = {"stage": stage, "entry_year": entry_year}
    round = Round.objects.create(unit=unit, name=name, made_by=by, is_example=is_example, **rules, **grade)
    _write(round, phases)
    audit.record("round.made", by=by, on=round, at_unit=unit.path, entry_year=entry_year, half_days=half_days)
    return round


def _check_rules(name: str, half_days: int, wishes_max: int, points: Sequence[int]) -> None:
    if Round.objects.filter(name=name).exists():
        raise RoundRefused(_("已经有一轮叫「%s」，请换个名称。") % name)
    if not 1 <= half_days <= 4 or not 1 <= wishes_max <= 10:
        raise RoundRefused(_("半天数是 1–4，志愿数是 1–10。"))
    if len(points) < wishes_max:
        raise RoundRefused(
            _("每个志愿都要有分值：要 %(want)d 个，现在是 %(have)d 个。") % {"want": wishes_max, "have": len(points)}
        )
    if any(later > earlier for earlier, later in pairwise(points)) or min(points) < 1:
        raise RoundRefused(_("分值从第 1 志愿起只能持平或变小，最小是 1。"))


@transaction.atomic
def set_phases(*, round: Round, phases: Spans, by: User, at: datetime) -> None:
    """Set the dates of every phase; the same dates again change nothing.

    Raises
    ------
    PermissionDenied
        ``by`` does not prepare rounds in the round's district.
    RoundRefused
        A phase is missing or out of order, wishes that have opened would open later, or a running deadline would
        move into the past.
    """
    require_prepare(by, round)
    Round.objects.select_for_update().get(pk=round.pk)
    _check_order(phases)
    old = {phase.kind: (phase.starts_at, phase.ends_at) for phase in Phase.objects.filter(round=round)}
    if old == dict(phases):
        return
    _check_wishes(old, phases, at)
    Phase.objects.filter(round=round).delete()
    _write(round, phases)
    moved = [kind for kind in phases if old.get(kind) != phases[kind]]
    audit.record("round.phases_set", by=by, on=round, at_unit=round.unit.path, moved=moved)


def _check_order(phases: Spans) -> None:
    if missing := [NAMES[kind] for kind in NAMES if kind not in phases]:
        raise RoundRefused(_("还缺日期：%s。") % "、".join(missing))
    last: tuple[str, datetime] | None = None
    for kind, name in PHASES:
        starts_at, ends_at = phases[kind]
        if ends_at <= starts_at:
            raise RoundRefused(_("「%s」的结束要晚于开始。") % name)
        if last and starts_at < last[1]:
            raise RoundRefused(_("「%(name)s」要在「%(before)s」结束以后开始。") % {"name": name, "before": last[0]})
        last = (name, ends_at)


def _check_wishes(old: Spans, phases: Spans, at: datetime) -> None:
    """What families were told holds: opened wishes do not open again, a running deadline does not jump back."""
    if "wish" not in old or at < old["wish"][0]:
        return
    if phases["wish"][0] > at:
        raise RoundRefused(_("志愿已经开放，开始时间不能再改到以后。"))
    if at < old["wish"][1] and phases["wish"][1] <= at:
        raise RoundRefused(_("截止时间不能改到现在之前，家长还没来得及知道。"))


def _write(round: Round, phases: Spans) -> None:
    Phase.objects.bulk_create(
        Phase(round=round, kind=kind, starts_at=phases[kind][0], ends_at=phases[kind][1]) for kind in NAMES
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A half-day of a course to put into a round; ``begins`` is set where the host starts at another hour."""

    version: CourseVersion
    venue: Venue
    on: date
    half: str  # "am" | "pm"
    seats: int
    guide: str = ""
    begins: time | None = None

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.on, self.begins or BEGINS[self.half], clock.SHANGHAI)


@transaction.atomic
def put_visits(*, round: Round, sittings: Sequence[Sitting], by: User, at: datetime) -> list[Visit]:
    """Make a visit of each sitting and put it into the round: all or none; one that stands already is passed over.

    Raises
    ------
    PermissionDenied
        ``by`` does not prepare rounds in the round's district, or does not manage visits at a host.
    RoundRefused
        Placement has begun, a course is not for the round's grade, or a sitting begins in the wrong half of the day.
    VisitRefused
        The host is not accredited that day, the venue is taken or too small.
    """
    require_prepare(by, round)
    Round.objects.select_for_update(no_key=True).get(pk=round.pk)
    place = round.phase("place")
    if place is not None and at >= place.starts_at:
        raise RoundRefused(_("录取运算的日子已经开始，场次不再增加。"))
    for sitting in sittings:
        _check_sitting(round, sitting)
    standing = set(
        RoundVisit.objects.filter(round=round, visit__cancelled_at=None).values_list(
            "visit__version__course", "visit__venue", "visit__starts_at"
        )
    )
    new = {(s.version.course_id, s.venue.pk, s.starts_at): s for s in sittings}
    plans = [_plan(round, sitting) for key, sitting in new.items() if key not in standing]
    visits = make_visits(plans=plans, by=by)
    RoundVisit.objects.bulk_create(RoundVisit(round=round, visit=visit) for visit in visits)
    if visits:
        seats = sum(visit.seats for visit in visits)
        audit.record("round.visits_put", by=by, on=round, at_unit=round.unit.path, visits=len(visits), seats=seats)
    return visits


def _check_sitting(round: Round, sitting: Sitting) -> None:
    grade = round.grade(sitting.on)
    if not sitting.version.grade_from <= grade <= sitting.version.grade_to:
        raise RoundRefused(_("「%s」不对这个年级开放，不能放进这一轮。") % sitting.version.title)
    if (sitting.starts_at.hour < 12) != (sitting.half == "am"):
        raise RoundRefused(_("上午场要在 12:00 前开始，下午场要在 12:00 以后。"))


def _plan(round: Round, sitting: Sitting) -> Plan:
    minutes = max(sitting.version.minutes, round.credit_minutes)
    return Plan(
        version=sitting.version,
        venue=sitting.venue,
        starts_at=sitting.starts_at,
        ends_at=sitting.starts_at + timedelta(minutes=minutes),
        seats=sitting.seats,
        guide=sitting.guide,
        organised_by=round.unit,
        counts_as=COUNTS_AS,
        credit_minutes=round.credit_minutes,
        late_limit_min=round.late_limit_min,
        is_example=round.is_example,
    )


@transaction.atomic
def take_out_visits(*, round: Round, visits: Sequence[Visit], because: str, by: User, at: datetime) -> int:
    """Take visits out of the round and cancel them, before wishes open; how many.

    Raises
    ------
    RoundRefused
        Wishes have opened: families chose by what they saw.
    """
    require_prepare(by, round)
    if round.wishes_have_opened(at):
        raise RoundRefused(_("志愿已经开放，不能再撤下场次。基地来不了的，在场次页取消并写明原因。"))
    mine = RoundVisit.objects.filter(round=round, visit__in=visits).select_related("visit__venue__host__unit")
    entries = list(mine.order_by("visit"))
    for entry in entries:
        cancel_visit(visit=entry.visit, because=because, by=by, at=at)
    RoundVisit.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
    if entries:
        audit.record("round.visits_taken_out", by=by, on=round, at_unit=round.unit.path, visits=len(entries))
    return len(entries)

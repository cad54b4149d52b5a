"""What a visit is to be, and why it cannot be."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from baiye.accounts.models import Unit
from baiye.catalogue.models import CourseVersion
from baiye.core import clock
from baiye.core.templatetags.text import han_date
from baiye.registry.models import Venue
from baiye.visits import hindrances
from baiye.visits.models import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One dated sitting, wanted."""

    version: CourseVersion
    venue: Venue
    starts_at: datetime
    ends_at: datetime
    seats: int
    minimum: int = 0
    guide: str = ""
    organised_by: Unit | None = None
    counts_as: str = ""
    credit_minutes: int = 0
    late_limit_min: int = 15
    is_example: bool = False

    @property
    def place(self) -> hindrances.Place:
        """The venue and the days in Shanghai, as ``hindrances.of_places`` takes them."""
        return (self.venue.pk, clock.day_of(self.starts_at), clock.day_of(self.ends_at))

    def row(self, venue: Venue) -> Visit:
        """The visit at ``venue``; an example (示例) when its course, its venue or its host is one."""
        parts = (venue.is_example, self.version.course.is_example, venue.host.unit.is_example)
        return Visit(
            version=self.version,
            venue=venue,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            seats=self.seats,
            minimum=self.minimum,
            guide=self.guide,
            organised_by=self.organised_by,
            counts_as=self.counts_as,
            credit_minutes=self.credit_minutes,
            late_limit_min=self.late_limit_min,
            is_example=self.is_example or any(parts),
        )


class Room:
    """How many places are left at each venue at a time, while a batch of visits is planned."""

    def __init__(self, plans: Sequence[Plan], *, but: int | None = None) -> None:
        """One query: the visits that stand in the way of ``plans``, without the one (its key) that is to be moved."""
        self._spans: dict[int, list[tuple[datetime, datetime, int]]] = defaultdict(list)
        if not plans:
            return
        standing = Visit.objects.filter(
            venue__in={plan.venue.pk for plan in plans},
            cancelled_at=None,
            starts_at__lt=max(plan.ends_at for plan in plans),
            ends_at__gt=min(plan.starts_at for plan in plans),
        ).exclude(pk__in=[] if but is None else [but])
        for venue, starts_at, ends_at, seats in standing.values_list("venue", "starts_at", "ends_at", "seats"):
            self._spans[venue].append((starts_at, ends_at, seats))

    def left(self, venue: Venue, starts_at: datetime, ends_at: datetime) -> int:
        """Places at ``venue`` between the two times, with whatever overlaps counted in full."""
        spans = self._spans[venue.pk]
        return venue.capacity - sum(seats for begun, over, seats in spans if begun < ends_at and over > starts_at)

    def take(self, venue: Venue, plan: Plan) -> None:
        """Count ``plan`` in from now on."""
        self._spans[venue.pk].append((plan.starts_at, plan.ends_at, plan.seats))


def why_not(plan: Plan, venue: Venue, hindered: str, room: Room) -> str:
    """The sentence that says why ``plan`` cannot be, and what to do; empty when it can.

    ``hindered`` is the code of ``hindrances.of_places`` for the plan's place, empty when nothing hinders.
    """
    return _why_not_this(plan, venue) or _why_not_then(plan, hindered) or _why_not_so_many(plan, venue, room)


def _why_not_this(plan: Plan, venue: Venue) -> str:
    version = plan.version
    if version.published_at is None:
        return _("这个项目还没有发布。先发布，再排场次。")
    if version.course.retired_at is not None:
        return _("这个项目已经下架。换一个项目。")
    if version.course.host_id != venue.host_id:
        return _("这个场地不是这家基地的。换一个场地。")
    if bool(plan.counts_as) != (plan.organised_by is not None and plan.credit_minutes > 0):
        return _("要计课时，得由学校或区里组织，并写明计多少分钟；不计课时，这两项都空着。")
    return ""


def _why_not_then(plan: Plan, hindered: str) -> str:
    if plan.ends_at <= plan.starts_at:
        return _("结束时间要晚于开始时间。")
    return hindrances.sentence(hindered, han_date(plan.starts_at, "day")) if hindered else ""


def _why_not_so_many(plan: Plan, venue: Venue, room: Room) -> str:
    if plan.seats < 1:
        return _("至少要有 1 个名额。")
    if plan.minimum > plan.seats:
        return _("开课人数不能比名额多。")
    if plan.seats > plan.version.group_max:
        return _("这个项目一场最多 %(n)d 人。请把名额减到 %(n)d 以内。") % {"n": plan.version.group_max}
    left = room.left(venue, plan.starts_at, plan.ends_at)
    if left <= 0:
        return _("这个场地那个时段已经排满了。换个时间，或换一个场地。")
    if plan.seats > left:
        return _("这个场地那个时段只剩 %(n)d 个位置。请减少名额，或换个时间。") % {"n": left}
    return ""

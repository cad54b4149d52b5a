"""Reads of portfolios: the visits a pupil went to, with what was written, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.attendance.models import Mark
from baiye.catalogue.models import STEPS
from baiye.hours.models import HourEntry
from baiye.hours.queries import standing
from baiye.portfolio.models import FEELINGS, Reflection, StepRecord
from baiye.schools.models import Pupil
from baiye.schools.permissions import pupil_scope
from baiye.schools.queries import pupils_for
from baiye.visits.models import Seat

ENOUGH = 20  # characters after which a reflection earns its seal


@dataclass(frozen=True, slots=True)
class StepLine:
    """One of the four steps: what one does there, and what the pupil wrote."""

    key: str
    name: str
    does: str
    text: str


@dataclass(slots=True)
class Stop:
    """One visit on the river: the seat, what it earned, what was written."""

    seat: Seat
    entry: HourEntry | None = None
    reflection: Reflection | None = None
    steps: list[StepLine] = field(default_factory=list)

    @property
    def sealed(self) -> bool:
        """Whether the seal of its occupation is earned: by writing, never by what is written."""
        return self.reflection is not None and len(self.reflection.text) >= ENOUGH

    @property
    def feelings(self) -> list[str]:
        """The chosen feelings in words."""
        chosen = self.reflection.feelings if self.reflection else []
        return [str(name) for key, name in FEELINGS if key in chosen]


def portfolios_for(user: User) -> QuerySet[Pupil]:
    """Pupils whose portfolio ``user`` may read."""
    return pupils_for(user, Permission.PORTFOLIO_VIEW)


def attended(user: User) -> QuerySet[Seat]:
    """Seats of visits that pupils in the reader's scope came to, newest first; all of the visit and pupil loaded."""
    came = Mark.objects.filter(seat=OuterRef("pk"), kind="in", voided_at=None)
    return (
        Seat.objects.filter(pupil_scope(user, Permission.PORTFOLIO_VIEW, "pupil__"), Exists(came), given_up_at=None)
        .select_related(
            "visit__version__course",
            "visit__version__occupation",
            "visit__venue__host__unit",
            "pupil__school_class__school__unit",
            "reflection",
        )
        .order_by("-visit__starts_at", "-pk")
    )


def stops(seats: Iterable[Seat]) -> list[Stop]:
    """What stands about these seats of `attended`; two queries."""
    seats = list(seats)
    entries = {entry.seat_id: entry for entry in standing().filter(seat__in=seats)}
    written: dict[int, dict[str, str]] = defaultdict(dict)
    for record in StepRecord.objects.filter(seat__in=seats):
        written[record.seat_id][record.step] = record.text
    return [
        Stop(
            seat=seat,
            entry=entries.get(seat.pk),
            reflection=getattr(seat, "reflection", None),
            steps=_steps(seat, written[seat.pk]),
        )
        for seat in seats
    ]


def _steps(seat: Seat, written: dict[str, str]) -> list[StepLine]:
    does = seat.visit.version.steps
    return [StepLine(key, str(name), str(does.get(key, "")), written.get(key, "")) for key, name in STEPS]


def minutes_of(found: Iterable[Stop]) -> int:
    """Minutes that stand over these stops."""
    return sum(stop.entry.minutes for stop in found if stop.entry)

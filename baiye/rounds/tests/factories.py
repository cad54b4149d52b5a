"""The smallest valid rows of rounds, and `district`: a whole small round in which a class can choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import factory
from factory import LazyAttribute, LazyFunction, SelfAttribute, SubFactory
from factory.django import DjangoModelFactory

from baiye.accounts.models import Unit, User
from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, NoticeFactory, UnitFactory, UserFactory
from baiye.catalogue.models import Course
from baiye.catalogue.tests.factories import CourseVersionFactory
from baiye.core import clock
from baiye.registry.models import Host
from baiye.registry.tests.factories import AccreditedHostFactory, VenueFactory
from baiye.rounds.models import PHASES, NoticeRead, Phase, Round, RoundVisit, Trip, Wish, WishList
from baiye.schools.models import Pupil, School, SchoolClass, school_year
from baiye.schools.tests.factories import (
    ClassTeacherFactory,
    GuardianshipFactory,
    PupilFactory,
    SchoolClassFactory,
    SchoolFactory,
)
from baiye.visits.models import Visit
from baiye.visits.tests.factories import CountingVisitFactory


def spans(now_in: str = "wish", at: datetime | None = None) -> dict[str, tuple[datetime, datetime]]:
    """Ten days for each phase, so that ``at`` is one day into the phase ``now_in``."""
    kinds = [kind for kind, _name in PHASES]
    first = (at or clock.now()) - timedelta(days=1 + 10 * kinds.index(now_in))
    return {
        kind: (first + timedelta(days=10 * n), first + timedelta(days=10 * (n + 1))) for n, kind in enumerate(kinds)
    }


class RoundFactory(DjangoModelFactory):
    """A round for the classes of `SchoolClassFactory`, in its wish phase; ``phases="schedule"`` for another."""

    class Meta:
        model = Round
        skip_postgeneration_save = True

    unit = SubFactory(DistrictFactory)
    name = factory.Sequence("示例轮次{}".format)
    entry_year = LazyFunction(lambda: school_year(clock.today()) - 1)
    made_by = SubFactory(UserFactory)

    @factory.post_generation
    def phases(self: Round, create: bool, now_in: str | None, **_: object) -> None:
        Phase.objects.bulk_create(
            Phase(round=self, kind=kind, starts_at=starts_at, ends_at=ends_at)
            for kind, (starts_at, ends_at) in spans(now_in or "wish").items()
        )


class RoundVisitFactory(DjangoModelFactory):
    class Meta:
        model = RoundVisit

    round = SubFactory(RoundFactory)
    visit = SubFactory(CountingVisitFactory)


class TripFactory(DjangoModelFactory):
    """To an accredited host, 30 days from now; no visit need be there."""

    class Meta:
        model = Trip

    round = SubFactory(RoundFactory)
    school_class = SubFactory(
        SchoolClassFactory,
        school=SubFactory(SchoolFactory, unit=SubFactory(UnitFactory, parent=SelfAttribute("....round.unit"))),
    )
    host = SubFactory(AccreditedHostFactory)
    on = LazyFunction(lambda: clock.today() + timedelta(days=30))


class WishListFactory(DjangoModelFactory):
    class Meta:
        model = WishList

    round = SubFactory(RoundFactory)
    pupil = SubFactory(PupilFactory)
    changed_at = LazyFunction(clock.now)
    changed_by = SubFactory(UserFactory, kind="guardian")


class WishFactory(DjangoModelFactory):
    class Meta:
        model = Wish

    wish_list = SubFactory(WishListFactory)
    course = LazyAttribute(lambda wish: RoundVisitFactory(round=wish.wish_list.round).visit.version.course)
    rank = 1


class NoticeReadFactory(DjangoModelFactory):
    class Meta:
        model = NoticeRead

    round = SubFactory(RoundFactory)
    pupil = SubFactory(PupilFactory)
    notice = SubFactory(NoticeFactory, kind="safety")
    read_by = SubFactory(UserFactory, kind="guardian")
    read_at = LazyFunction(clock.now)


@dataclass(frozen=True, slots=True)
class District:
    """A round with two hosts on two days, one class that travels to both, and the people around it."""

    unit: Unit
    round: Round
    school: School
    school_class: SchoolClass
    pupils: list[Pupil]
    hosts: list[Host]
    days: list[date]
    courses: list[Course]  # two at each host, each in the morning and in the afternoon of its day
    visits: list[Visit]
    coordinator: User
    officer: User
    teacher: User
    guardian: User  # of the first pupil
    pupil_user: User  # the first pupil's own

    @property
    def pupil(self) -> Pupil:
        return self.pupils[0]


def school_day(after: int = 30) -> date:
    """The first weekday so many days from now."""
    on = clock.today() + timedelta(days=after)
    return on + timedelta(days=max(0, 7 - on.weekday()) if on.weekday() >= 5 else 0)


def district(
    *, pupils: int = 2, seats: int = 20, phase: str = "wish", trips: bool = True, hazards: Sequence[str] = ()
) -> District:
    """A small whole round; the class travels to the first host on the first day, to the second on the second.

    ``hazards`` are those of the courses at the first host.
    """
    unit = DistrictFactory()
    round = RoundFactory(unit=unit, phases=phase)
    school = SchoolFactory(unit=UnitFactory(parent=unit))
    school_class = SchoolClassFactory(school=school)
    own = UserFactory(kind="pupil")
    going = [PupilFactory(school_class=school_class, user=own if n == 0 else None) for n in range(pupils)]
    days = [school_day(30), school_day(37)]
    hosts = [AccreditedHostFactory(unit=UnitFactory(kind="host", parent=unit)) for _ in days]
    visits = [
        visit
        for host, on, risky in zip(hosts, days, (hazards, ()), strict=True)
        for visit in sittings(round, host, on, seats, hazards=risky)
    ]
    if trips:
        for host, on in zip(hosts, days, strict=True):
            TripFactory(round=round, school_class=school_class, host=host, on=on)
    NoticeFactory(kind="safety", title="安全告知书")
    return District(
        unit,
        round,
        school,
        school_class,
        going,
        hosts,
        days,
        list({visit.version.course_id: visit.version.course for visit in visits}.values()),
        visits,
        coordinator=GrantFactory(role="coordinator", unit=unit).user,
        officer=GrantFactory(role="district_officer", unit=unit).user,
        teacher=ClassTeacherFactory(school_class=school_class).user,
        guardian=GuardianshipFactory(pupil=going[0]).user,
        pupil_user=own,
    )


def sittings(
    round: Round, host: Host, on: date, seats: int = 20, courses: int = 2, hazards: Sequence[str] = ()
) -> Sequence[Visit]:
    """Visits of so many new courses at a host, morning and afternoon of a day, put into the round."""
    made = []
    for _ in range(courses):
        version, venue = CourseVersionFactory(course__host=host, hazards=list(hazards)), VenueFactory(host=host)
        for hour in (9, 13):
            starts_at = datetime.combine(on, time(hour), clock.SHANGHAI)
            visit = CountingVisitFactory(
                version=version, venue=venue, starts_at=starts_at, seats=seats, organised_by=round.unit
            )
            RoundVisitFactory(round=round, visit=visit)
            made.append(visit)
    return made

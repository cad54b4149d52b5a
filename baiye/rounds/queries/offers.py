"""What can be put into a round, and what has been: courses, venues, days, sittings."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, paths
from baiye.catalogue.models import CourseVersion
from baiye.core import clock
from baiye.registry.models import Host, Venue
from baiye.registry.queries.hosts import hosts_for
from baiye.rounds.models import Round
from baiye.rounds.queries.rounds import round_visits
from baiye.schools.queries import school_days
from baiye.visits.models import Visit


def districts_to_prepare(user: User) -> QuerySet[Unit]:
    """Districts in which ``user`` may make rounds."""
    return Unit.objects.filter(path__in=paths(user, Permission.ROUND_PREPARE), kind="district").order_by("path")


def hosts_to_offer(user: User) -> QuerySet[Host]:
    """Hosts with a published course where ``user`` manages visits, by name; unit loaded."""
    offering = CourseVersion.objects.filter(published_at__isnull=False, course__retired_at=None)
    return hosts_for(user, Permission.VISIT_MANAGE).filter(pk__in=offering.values("course__host"))


def versions_of_host(round: Round, host: Host) -> list[CourseVersion]:
    """The newest published version of each course of a host that is for the round's grade, by title; course loaded."""
    grade = _grade(round)
    newest = (
        CourseVersion.objects.filter(course__host=host, course__retired_at=None, published_at__isnull=False)
        .select_related("course")
        .order_by("course", "-number")
        .distinct("course")
    )
    return sorted((v for v in newest if v.grade_from <= grade <= v.grade_to), key=lambda v: (v.title, v.pk))


def venues_of_host(host: Host) -> list[Venue]:
    """The venues of a host, by name."""
    return list(Venue.objects.filter(host=host).order_by("name", "pk"))


def days_to_offer(round: Round) -> list[date]:
    """School days of the round's grade while it runs; 2 queries when phases are loaded."""
    run = round.phase("run")
    if run is None:
        return []
    first, last = clock.day_of(run.starts_at), clock.day_of(run.ends_at)
    return sorted(school_days(first, last, _grade(round)))


def _grade(round: Round) -> int:
    run = round.phase("run")
    return round.grade(clock.day_of(run.starts_at)) if run else round.grade(clock.day_of(round.made_at))


@dataclass(slots=True)
class OfferedCourse:
    """A course in the round with its sittings."""

    version: CourseVersion
    host: Host
    visits: list[Visit] = field(default_factory=list)

    @property
    def seats(self) -> int:
        return sum(visit.seats for visit in self.visits)

    @property
    def days(self) -> list[date]:
        return sorted({clock.day_of(visit.starts_at) for visit in self.visits})


def offered_courses(round: Round) -> list[OfferedCourse]:
    """Courses of the round with their sittings, by host and title; one query."""
    visits: dict[int, list[Visit]] = defaultdict(list)
    for visit in round_visits(round):
        visits[visit.version.course_id].append(visit)
    found = [OfferedCourse(each[-1].version, each[-1].venue.host, each) for each in visits.values()]
    return sorted(found, key=lambda offer: (offer.host.unit.pinyin, offer.host.pk, offer.version.title))

"""Coming visits that something endangers before they end: which, why, since when, how many pupils (受影响的场次)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import F, Max, Sum
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, paths
from baiye.core.templatetags.text import han_date
from baiye.mentors import hindrances as mentor_hindrances
from baiye.mentors.models import Appointment, Certificate, Check, Mentor
from baiye.registry.models import Accreditation, HostDocument, Venue
from baiye.visits import hindrances
from baiye.visits.models import Visit

ENDANGERED = """
WITH coming AS MATERIALIZED (
  SELECT v.id, v.starts_at, v.venue_id, p.host_id, p.closed_on,
    (v.starts_at AT TIME ZONE 'Asia/Shanghai')::date AS first, (v.ends_at AT TIME ZONE 'Asia/Shanghai')::date AS last
  FROM visits_visit v JOIN registry_venue p ON p.id = v.venue_id JOIN registry_host h ON h.id = p.host_id
    JOIN accounts_unit u ON u.id = h.unit_id
  WHERE v.cancelled_at IS NULL AND v.ends_at > %(at)s AND u.path LIKE ANY (%(paths)s)),
places AS MATERIALIZED (
  SELECT venue_id, first, last, registry_hinders(host_id, first, last, venue_id) AS code
  FROM (SELECT DISTINCT host_id, venue_id, first, last FROM coming) AS days),
found AS (
  SELECT c.id, c.last, c.starts_at, 'venue' AS code, c.venue_id AS subject FROM coming c WHERE c.closed_on <= c.last
  UNION ALL
  SELECT c.id, c.last, c.starts_at, p.code, c.host_id FROM coming c JOIN places p USING (venue_id, first, last)
  WHERE p.code IS NOT NULL
  UNION ALL
  SELECT c.id, c.last, c.starts_at, 'adult:' || m.code, m.mentor_id
  FROM coming c JOIN visits_assignment a ON a.visit_id = c.id AND a.ended_at IS NULL
    CROSS JOIN LATERAL (SELECT a.mentor_id, mentors_hinders(a.mentor_id, c.first, c.last) AS code) m
  WHERE m.code IS NOT NULL)
SELECT id, last, code, subject FROM found ORDER BY starts_at, id, code, subject
"""
Cause = tuple[str, int]  # a code and its subject
Ends = dict[Cause, set[date]]  # the days on which what a cause lacks ended


@dataclass(frozen=True, slots=True)
class Danger:
    """A visit that ends ``on`` a day and one thing in its way; ``subject``: the host, the venue or the mentor."""

    visit_id: int
    on: date
    code: str
    subject: int

    @property
    def cause(self) -> Cause:
        """What lapsed, whichever visits that endangers."""
        return (self.code, self.subject)

    @property
    def is_adult(self) -> bool:
        return self.code.startswith("adult:")


@dataclass(frozen=True, slots=True)
class Lapse:
    """A danger with what a person reads of it."""

    visit: Visit
    danger: Danger
    since: date | None  # None: it never was
    mentor: Mentor | None

    @property
    def what(self) -> str:
        """The kind of thing that lapsed: venue, accreditation, document, adult."""
        return self.danger.code.partition(":")[0]

    @property
    def why(self) -> str:
        """One sentence for staff."""
        if self.mentor is not None:
            return _("%(name)s：%(why)s") % {
                "name": self.mentor.name,
                "why": mentor_hindrances.sentence(self.danger.code.partition(":")[2]),
            }
        return hindrances.sentence(self.danger.code, han_date(self.visit.starts_at, "day"))


def dangers_at(unit_paths: Collection[str], at: datetime) -> list[Danger]:
    """What endangers visits that end after ``at``, at hosts below one of ``unit_paths``, soonest first; one query."""
    with connection.cursor() as cursor:
        cursor.execute(ENDANGERED, {"at": at, "paths": [f"{path}%" for path in unit_paths]})
        return [Danger(*row) for row in cursor.fetchall()]


def dangers_for(user: User, at: datetime) -> list[Danger]:
    """``dangers_at`` the hosts whose visits ``user`` manages."""
    return dangers_at(paths(user, Permission.VISIT_MANAGE), at)


def told(dangers: Sequence[Danger]) -> list[Lapse]:
    """``dangers`` with visits, mentors and since when; nine queries at most, however many."""
    visits = Visit.objects.select_related("version", "venue__host__unit").in_bulk({each.visit_id for each in dangers})
    mentors = Mentor.objects.in_bulk({each.subject for each in dangers if each.is_adult})
    since = beginnings(dangers)
    return [
        Lapse(visits[each.visit_id], each, since.get(each), mentors.get(each.subject) if each.is_adult else None)
        for each in dangers
        if each.visit_id in visits
    ]


def beginnings(dangers: Collection[Danger]) -> dict[Danger, date]:
    """Since when each stands: the last day before its visit is over on which what it needs ended.

    One that never held before is left out: what begins too late has no end yet. Seven queries at most.
    """
    ends: Ends = defaultdict(set)
    subjects: dict[str, set[int]] = defaultdict(set)
    for each in dangers:
        subjects[each.code.partition(":")[0]].add(each.subject)
    _look_at_hosts(ends, subjects)
    _look_at_adults(ends, subjects["adult"])
    before = {each: [day for day in ends[each.cause] if day <= each.on] for each in dangers}
    return {each: max(days) for each, days in before.items() if days}


def _look_at_hosts(ends: Ends, subjects: Mapping[str, set[int]]) -> None:
    for venue in Venue.objects.filter(pk__in=subjects["venue"], closed_on__isnull=False):
        _add(ends, ("venue", venue.pk), venue.closed_on)
    for one in Accreditation.objects.filter(host__in=subjects["accreditation"]):
        _add(ends, ("accreditation", one.host_id), _after(one.valid_until), one.suspended_on, one.revoked_on)
    papers = HostDocument.objects.filter(host__in=subjects["document"], accepted_at__isnull=False)
    for host, kind, last in papers.values_list("host", "kind", "valid_until"):
        _add(ends, (f"document:{kind}", host or 0), _after(last))


def _look_at_adults(ends: Ends, adults: Collection[int]) -> None:
    for mentor in Mentor.objects.filter(pk__in=adults, left_on__isnull=False):
        _add(ends, ("adult:left", mentor.pk), mentor.left_on)
    for pk, last in Check.objects.filter(mentor__in=adults).values_list("mentor").annotate(last=Max("checked_on")):
        _add(ends, ("adult:check_not_clear", pk), last)
        _add(ends, ("adult:check_out_of_date", pk), last + timedelta(days=366))
    for one in Appointment.objects.filter(mentor__in=adults, unit=F("mentor__appointed_by")):
        _add(ends, ("adult:appointment", one.mentor_id), _after(one.until_on), one.ended_on)
    for pk, until in Certificate.objects.filter(mentor__in=adults).values_list("mentor", "valid_until"):
        _add(ends, ("adult:training", pk), _after(until))


def _add(ends: Ends, cause: Cause, *days: date | None) -> None:
    """Note that what ``cause`` lacks ended on the first of ``days``."""
    known = [day for day in days if day is not None]
    if known:
        ends[cause].add(min(known))


def _after(last: date | None) -> date | None:
    return last + timedelta(days=1) if last else None


def pupils_in(dangers: Iterable[Danger]) -> int:
    """How many seats are held on the visits endangered, each visit counted once; one query."""
    return Visit.objects.filter(pk__in={each.visit_id for each in dangers}).aggregate(n=Sum("taken"))["n"] or 0

"""Coming visits that something endangers before they end: which, why, since when, how many pupils (受影响的场次)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max, Sum
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
hosts AS MATERIALIZED (
  SELECT host_id, first, last, registry_hinders(host_id, first, last) AS code
  FROM (SELECT DISTINCT host_id, first, last FROM coming) AS days),
found AS (
  SELECT c.id, c.starts_at, 'venue' AS code, c.venue_id AS subject FROM coming c WHERE c.closed_on <= c.last
  UNION ALL
  SELECT c.id, c.starts_at, h.code, c.host_id FROM coming c JOIN hosts h USING (host_id, first, last)
  WHERE h.code IS NOT NULL
  UNION ALL
  SELECT c.id, c.starts_at, 'adult:' || m.code, m.mentor_id
  FROM coming c JOIN visits_assignment a ON a.visit_id = c.id AND a.ended_at IS NULL
    CROSS JOIN LATERAL (SELECT a.mentor_id, mentors_hinders(a.mentor_id, c.first, c.last) AS code) m
  WHERE m.code IS NOT NULL)
SELECT id, code, subject FROM found ORDER BY starts_at, id, code, subject
"""


@dataclass(frozen=True, slots=True)
class Danger:
    """A coming visit and one thing in its way; ``subject`` is the host, the venue or the mentor that lapsed."""

    visit_id: int
    code: str
    subject: int

    @property
    def cause(self) -> tuple[str, int]:
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
    since = beginnings({each.cause for each in dangers})
    return [
        Lapse(visits[each.visit_id], each, since.get(each.cause), mentors.get(each.subject) if each.is_adult else None)
        for each in dangers
        if each.visit_id in visits
    ]


def beginnings(causes: Collection[tuple[str, int]]) -> dict[tuple[str, int], date]:
    """Since when each cause stands in the way; a cause that always did is left out. Seven queries at most."""
    found: dict[tuple[str, int], date] = {}
    _look_at_hosts(found, causes)
    _look_at_adults(found, {subject for code, subject in causes if code.startswith("adult:")})
    return {cause: since for cause, since in found.items() if cause in causes}


def _look_at_hosts(found: dict[tuple[str, int], date], causes: Iterable[tuple[str, int]]) -> None:
    of: dict[str, set[int]] = defaultdict(set)
    for code, subject in causes:
        of[code.partition(":")[0]].add(subject)
    for venue in Venue.objects.filter(pk__in=of["venue"]):
        if venue.closed_on:
            found["venue", venue.pk] = venue.closed_on
    for one in Accreditation.objects.filter(host__in=of["accreditation"]):
        ends = [one.valid_until + timedelta(days=1), one.suspended_on, one.revoked_on]
        _later(found, ("accreditation", one.host_id), min(end for end in ends if end is not None))
    papers = HostDocument.objects.filter(host__in=of["document"], accepted_at__isnull=False, valid_until__isnull=False)
    for host, kind, last in papers.values_list("host", "kind").annotate(last=Max("valid_until")):
        _later(found, (f"document:{kind}", host or 0), last + timedelta(days=1))


def _look_at_adults(found: dict[tuple[str, int], date], adults: Collection[int]) -> None:
    for mentor in Mentor.objects.filter(pk__in=adults):
        if mentor.left_on:
            found["adult:left", mentor.pk] = mentor.left_on
    for pk, last in Check.objects.filter(mentor__in=adults).values_list("mentor").annotate(last=Max("checked_on")):
        found["adult:check_not_clear", pk] = last
        found["adult:check_out_of_date", pk] = last + timedelta(days=366)
    for one in Appointment.objects.filter(mentor__in=adults):
        ends = one.until_on + timedelta(days=1)
        _later(found, ("adult:appointment", one.mentor_id), min(ends, one.ended_on or ends))
    certificates: Any = Certificate.objects.filter(mentor__in=adults, valid_until__isnull=False)
    for pk, last in certificates.values_list("mentor").annotate(last=Max("valid_until")):
        found["adult:training", pk] = last + timedelta(days=1)


def _later(found: dict[tuple[str, int], date], cause: tuple[str, int], on: date) -> None:
    found[cause] = max(found.get(cause, on), on)


def pupils_in(dangers: Iterable[Danger]) -> int:
    """How many seats are held on the visits endangered, each visit counted once; one query."""
    return Visit.objects.filter(pk__in={each.visit_id for each in dangers}).aggregate(n=Sum("taken"))["n"] or 0

"""Pledges, and the account of a host: what was published, wished, taken, attended and certified, and why not."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.attendance.models import Mark
from baiye.hours.models import MINUTES_A_CLASS_HOUR, HourEntry
from baiye.partners.models import Pledge
from baiye.registry.models import Host
from baiye.rounds.models import RoundVisit, Wish
from baiye.schools.models import Term
from baiye.visits.models import Seat, Visit
from baiye.visits.queries import day_begins

MANAGE = Permission.PLEDGE_MANAGE


def hosts_with_pledges(user: User) -> QuerySet[Host]:
    """Hosts whose pledges ``user`` manages, by name; unit loaded."""
    return (
        Host.objects.filter(within(user, MANAGE, "unit"), merged_into=None)
        .select_related("unit")
        .order_by("unit__pinyin", "pk")
    )


def pledges_for(user: User, term: Term | None = None) -> QuerySet[Pledge]:
    """Standing pledges where ``user`` manages them, by host and kind; host, unit and term loaded."""
    found = Pledge.objects.filter(within(user, MANAGE, "host__unit"), withdrawn_at=None)
    if term:
        found = found.filter(term=term)
    return found.select_related("host__unit", "term").order_by("host__unit__pinyin", "host", "kind", "title", "pk")


@dataclass(slots=True)
class Account:
    """One host from a first to a last day, both included: places are pupil places (人次).

    ``unfilled`` = published − taken, divided among ``not_offered`` (in no round, nobody was assigned), ``few_wishes``
    (fewer pupils wished the project than it had places), ``elsewhere`` (wished enough, but who wished it was given
    what they wished more, or could not come then) and ``given_up`` (placed, then returned).
    """

    visits: int = 0
    published: int = 0
    cancelled: int = 0  # places of visits that were cancelled; not among the published
    taken: int = 0
    attended: int = 0
    pupils: int = 0  # different children who attended
    minutes: int = 0  # credited
    not_offered: int = 0
    few_wishes: int = 0
    elsewhere: int = 0
    given_up: int = 0
    guides: int = 0

    @property
    def unfilled(self) -> int:
        return self.published - self.taken

    @property
    def class_hours(self) -> int:
        return self.minutes // MINUTES_A_CLASS_HOUR


@dataclass(slots=True)
class _Project:
    """A course of one round: places and who wished it."""

    places: int = 0
    wished: int = 0
    visits: list[int] = field(default_factory=list)


def accounts(hosts: Collection[int], first: date, last: date) -> dict[int, Account]:
    """Host → its account; seven queries, however many hosts and visits."""
    held = Visit.objects.filter(
        venue__host__in=hosts, starts_at__gte=day_begins(first), starts_at__lt=day_begins(last + timedelta(days=1))
    )
    visits = list(held.values("pk", "venue__host", "seats", "taken", "cancelled_at", "version__course"))
    found = {host: Account() for host in hosts}
    standing = {visit["pk"]: visit for visit in visits if visit["cancelled_at"] is None}
    for visit in visits:
        account = found[visit["venue__host"]]
        if visit["cancelled_at"] is not None:
            account.cancelled += visit["seats"]
            continue
        account.visits += 1
        account.published += visit["seats"]
        account.taken += visit["taken"]
    _attendance(found, standing)
    _reasons(found, standing)
    return found


def _attendance(found: dict[int, Account], visits: Collection[int]) -> None:
    came = Mark.objects.filter(kind="in", voided_at=None, seat__visit__in=visits, seat__given_up_at=None)
    for host, seats, pupils in came.values_list("seat__visit__venue__host").annotate(
        s=Count("seat", distinct=True), p=Count("seat__pupil", distinct=True)
    ):
        found[host].attended, found[host].pupils = seats, pupils
    credited = HourEntry.objects.filter(seat__visit__in=visits).values_list("seat__visit__venue__host")
    for host, minutes in credited.annotate(n=Coalesce(Sum("minutes"), 0)):
        found[host].minutes = minutes
    guided = Visit.objects.filter(pk__in=visits).exclude(guide="").values_list("venue__host")
    for host, guides in guided.annotate(n=Count("guide", distinct=True)):
        found[host].guides = guides


def _reasons(found: dict[int, Account], visits: Mapping[int, Mapping[str, Any]]) -> None:
    """Divide each visit's free places among the reasons, in the order: given up, not offered, few wishes, elsewhere."""
    lost = Counter(
        dict(
            Seat.objects.filter(visit__in=visits, given_up_at__isnull=False)
            .values_list("visit")
            .annotate(n=Count("pk"))
        )
    )
    projects = _projects(visits)
    in_round = {visit: project for project in projects.values() for visit in project.visits}
    for pk, visit in visits.items():
        account, free = found[visit["venue__host"]], visit["seats"] - visit["taken"]
        returned = min(free, lost[pk])
        account.given_up += returned
        rest = free - returned
        project = in_round.get(pk)
        if project is None:
            account.not_offered += rest
            continue
        short = _share(rest, max(0, project.places - project.wished), project.places)
        account.few_wishes += short
        account.elsewhere += rest - short


def _share(rest: int, missing: int, places: int) -> int:
    """How many of ``rest`` free places are due to the project being wished ``missing`` times too few."""
    return min(rest, round(rest * missing / places)) if places else 0


def _projects(visits: Mapping[int, Mapping[str, Any]]) -> dict[tuple[int, int], _Project]:
    """(round, course) → its places over all its visits, and how many pupils wished it."""
    projects: dict[tuple[int, int], _Project] = defaultdict(_Project)
    offered = RoundVisit.objects.filter(visit__in=visits).values_list("round", "visit", "visit__version__course")
    for round_id, visit, course in offered:
        project = projects[round_id, course]
        project.places += visits[visit]["seats"]
        project.visits.append(visit)
    rounds, courses = {key[0] for key in projects}, {key[1] for key in projects}
    wished = Wish.objects.filter(wish_list__round__in=rounds, course__in=courses)
    for round_id, course, pupils in wished.values_list("wish_list__round", "course").annotate(n=Count("pk")):
        if (round_id, course) in projects:
            projects[round_id, course].wished = pupils
    return dict(projects)


@dataclass(frozen=True, slots=True)
class Kept:
    """A pledge beside what became of it; ``published`` and ``used`` are None where that is not counted."""

    pledge: Pledge
    published: int | None
    used: int | None


def kept(pledges: Iterable[Pledge]) -> list[Kept]:
    """Each pledge with what was published and used of it; the terms' accounts are read once a term."""
    rows = list(pledges)
    by_term: dict[Term, set[int]] = defaultdict(set)
    for pledge in rows:
        by_term[pledge.term].add(pledge.host_id)
    counted = {term.pk: accounts(hosts, term.starts_on, term.ends_on) for term, hosts in by_term.items()}
    return [_kept(pledge, counted[pledge.term_id][pledge.host_id]) for pledge in rows]


def _kept(pledge: Pledge, account: Account) -> Kept:
    if pledge.kind == "places":
        return Kept(pledge, account.published, account.attended)
    if pledge.kind == "half_days":
        return Kept(pledge, account.visits, None)
    if pledge.kind == "people":
        return Kept(pledge, account.guides, None)
    return Kept(pledge, None, pledge.quantity if pledge.handed_over_on else 0)


def hosts_with_visits(user: User, first: date, last: date) -> QuerySet[Host]:
    """Hosts of ``user`` that had a visit in the time, by name."""
    held = Q(
        venues__visits__starts_at__gte=day_begins(first),
        venues__visits__starts_at__lt=day_begins(last + timedelta(days=1)),
        venues__visits__cancelled_at=None,
    )
    return hosts_with_pledges(user).filter(held).distinct()

"""Reads of papers, and of what ends soon: papers and accreditations of the hosts one sees."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet

from baiye.accounts.models import User
from baiye.registry.models import DOCUMENTS, Accreditation, Host, HostDocument
from baiye.registry.permissions import hosts_seen_by, may_judge, reviews_host
from baiye.registry.queries.applications import applications_for

WARN_DAYS = (60, 30, 7)  # before the last day
State = Literal["waiting", "refused", "coming", "valid", "soon", "ended"]
BEST_FIRST: tuple[State, ...] = ("valid", "soon", "coming", "waiting", "refused", "ended")
AWHILE = timedelta(days=90)  # how long what has ended stays on the list of what ends


@dataclass(frozen=True, slots=True)
class Ending:
    """A paper or an accreditation that ends: whose, what, and when."""

    host: Host
    what: str
    number: str
    until: date
    days: int  # from today; below 0 it has ended
    is_accreditation: bool

    @property
    def tone(self) -> str:
        return "bad" if self.days < 0 else "due" if self.days <= WARN_DAYS[1] else "info"


def documents_of(host: Host) -> list[HostDocument]:
    """The papers of ``host``, by kind, newest first; who checked them, venue, standard and file (no bytes) loaded."""
    rows = HostDocument.objects.filter(host=host).select_related("venue", "file", "accepted_by", "refused_by")
    rows = rows.select_related("host__unit", "application__standard__keeper")
    order = {kind: number for number, (kind, _name) in enumerate(DOCUMENTS)}
    found = rows.defer("file__sealed").order_by("-valid_from", "-pk")
    return sorted(found, key=lambda one: order.get(one.kind, 99))


def state_of(document: HostDocument, on: date) -> State:
    """How a paper stands on a day."""
    if document.refused_at is not None:
        return "refused"
    if document.is_over(on):
        return "ended"
    if document.accepted_at is None:
        return "waiting"
    if document.valid_from > on:
        return "coming"
    ends = document.valid_until
    return "soon" if ends is not None and (ends - on).days <= WARN_DAYS[0] else "valid"


def documents_for(user: User) -> QuerySet[HostDocument]:
    """Papers that ``user`` may look at: of hosts they see, and of applications they review; file loaded."""
    of_hosts = Host.objects.filter(hosts_seen_by(user), pk=OuterRef("host"))
    applied = applications_for(user).filter(pk=OuterRef("application"))
    rows = HostDocument.objects.filter(Q(Exists(of_hosts)) | Q(Exists(applied)))
    return rows.select_related("file", "host__unit", "application__standard__keeper")


def needs_of(host: Host, on: date) -> list[str]:
    """The kinds of papers that the standards of running or coming accreditations of ``host`` need; one query."""
    rows = Accreditation.objects.filter(host=host, valid_until__gte=on, revoked_on=None)
    wanted = {kind for needs in rows.values_list("standard__needs", flat=True) for kind in needs}
    return [kind for kind, _name in DOCUMENTS if kind in wanted]


def endings_for(user: User, on: date, *, kind: str = "", within_days: int = WARN_DAYS[0], q: str = "") -> list[Ending]:
    """What ends within so many days at hosts ``user`` sees, or ended lately, soonest first; replaced ones left out.

    ``kind`` is one of `DOCUMENTS`, or "accreditation". Two queries.
    """
    hosts = Host.objects.filter(hosts_seen_by(user), merged_into=None)
    if q:
        hosts = hosts.filter(Q(unit__name__icontains=q) | Q(unit__short_name__icontains=q))
    return endings(hosts, on, kind=kind, within_days=within_days)


def endings(hosts: QuerySet[Host], on: date, *, kind: str, within_days: int) -> list[Ending]:
    """The same for these hosts."""
    span = {"valid_until__gte": on - AWHILE, "valid_until__lte": on + timedelta(days=within_days)}
    found: list[Ending] = []
    if kind != "accreditation":
        papers = lasting_documents(hosts).filter(**span)
        found += [
            _ending(one.host, str(one.get_kind_display()), one.number, one.valid_until, on, False)
            for one in (papers.filter(kind=kind) if kind else papers)
        ]
    if kind in {"", "accreditation"}:
        held = lasting_accreditations(hosts).filter(**span)
        found += [_ending(one.host, one.standard.name, one.number, one.valid_until, on, True) for one in held]
    return sorted(found, key=lambda one: (one.until, one.host.unit.pinyin, one.what))


def _ending(host: Host | None, what: str, number: str, until: date | None, on: date, is_held: bool) -> Ending:
    assert host is not None
    assert until is not None
    return Ending(host, what, number, until, (until - on).days, is_held)


def lasting_documents(hosts: QuerySet[Host]) -> QuerySet[HostDocument]:
    """Accepted papers with an end, but for those of which an accepted one of the same kind and venue lasts longer."""
    later = HostDocument.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until")),
        Q(venue=OuterRef("venue")) | Q(venue=None),
        host=OuterRef("host"),
        kind=OuterRef("kind"),
        accepted_at__isnull=False,
    )
    rows = HostDocument.objects.filter(host__in=hosts, accepted_at__isnull=False, valid_until__isnull=False)
    return rows.exclude(Exists(later)).select_related("host__unit").order_by("valid_until", "pk")


def lasting_accreditations(hosts: QuerySet[Host]) -> QuerySet[Accreditation]:
    """Accreditations that were not revoked, but for those that another by the same standard outlasts."""
    later = Accreditation.objects.filter(
        host=OuterRef("host"),
        standard__name=OuterRef("standard__name"),
        valid_until__gt=OuterRef("valid_until"),
        revoked_on=None,
    )
    rows = Accreditation.objects.filter(host__in=hosts, revoked_on=None).exclude(Exists(later))
    return rows.select_related("host__unit", "standard__keeper").order_by("valid_until", "pk")


def standing_of(
    documents: list[HostDocument], needs: list[str], on: date, venues: Collection[int] = ()
) -> list[tuple[str, str, State | Literal[""]]]:
    """Each needed kind, its name, and how its best paper stands; "" where there is none.

    A paper of one venue counts there alone: of those, the worst that one of the open ``venues`` has.
    """
    names = dict(DOCUMENTS)
    return [(kind, str(names[kind]), _best(documents, kind, on, venues)) for kind in needs]


def _best(documents: list[HostDocument], kind: str, on: date, venues: Collection[int]) -> State | Literal[""]:
    order: list[State | Literal[""]] = [*BEST_FIRST, ""]

    def best(*of: int | None) -> int:
        states = {state_of(one, on) for one in documents if one.kind == kind and one.venue_id in of}
        return next(place for place, state in enumerate(order) if state in states or state == "")

    return order[max((best(None, venue) for venue in venues), default=best(None))]


def judged_by(user: User, host: Host, papers: list[HostDocument]) -> set[int]:
    """The keys of those of the ``papers`` of ``host`` that ``user`` accepts and refuses; one query."""
    of_host = reviews_host(user, host)
    return {paper.pk for paper in papers if may_judge(user, paper, of_host)}

"""Reads of hosts, their venues and accreditations, each within what the signed-in person may see."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta

from django.db import connection
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.accounts.queries import people_with
from baiye.core import pinyin, search
from baiye.registry.likeness import LIKE
from baiye.registry.models import Accreditation, Host, Listing, Venue
from baiye.registry.permissions import hosts_seen_by, kept_paths

LATELY = 100  # hosts for which the list of duplicates looks for likes, unless words say which
# Names by the trigram index, addresses by theirs; each host of ``chosen`` beside every other in scope.
PAIRS = """
WITH chosen AS MATERIALIZED (
  SELECT h.id, u.is_example, registry_name_key(u.name) AS name, registry_name_key(h.address) AS place
  FROM registry_host h JOIN accounts_unit u ON u.id = h.unit_id WHERE h.id = ANY(%(chosen)s)
), alike AS (
  SELECT a.id AS one, b.id AS other FROM chosen a
  JOIN accounts_unit u ON u.kind = 'host' AND registry_name_key(u.name) %% a.name
    AND similarity(registry_name_key(u.name), a.name) >= %(like)s
  JOIN registry_host b ON b.unit_id = u.id
  UNION
  SELECT a.id, b.id FROM chosen a JOIN registry_host b ON registry_name_key(b.address) = a.place AND b.address <> ''
)
SELECT DISTINCT LEAST(one, other), GREATEST(one, other), similarity(a.name, registry_name_key(u.name)) AS likeness,
  a.place = registry_name_key(b.address) AND a.place <> '' AS same_place
FROM alike JOIN chosen a ON a.id = one JOIN registry_host b ON b.id = other JOIN accounts_unit u ON u.id = b.unit_id
WHERE one <> other AND b.merged_into_id IS NULL AND u.is_example = a.is_example AND u.path LIKE ANY(%(paths)s)
ORDER BY likeness DESC, 1, 2 LIMIT %(limit)s
"""


def accredited_on(on: date) -> Q:
    """A filter over accreditations: those by which a host may receive pupils on a day."""
    stopped = (Q(suspended_on=None) | Q(suspended_on__gt=on)) & (Q(revoked_on=None) | Q(revoked_on__gt=on))
    return Q(valid_from__lte=on, valid_until__gte=on) & stopped


def accredited_spans(host_ids: Collection[int]) -> dict[int, list[tuple[date, date]]]:
    """Host → the spans of days, both ends included, in which it may receive pupils; one query."""
    spans: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = Accreditation.objects.filter(host__in=host_ids).order_by("valid_from", "pk")
    days = rows.values_list("host", "valid_from", "valid_until", "suspended_on", "revoked_on")
    for host, first, last, *stopped in days:
        ends = [last, *(day - timedelta(days=1) for day in stopped if day)]
        if min(ends) >= first:
            spans[host].append((first, min(ends)))
    return spans


def hosts_for(user: User, permission: Permission = Permission.HOST_VIEW) -> QuerySet[Host]:
    """Hosts where ``user`` holds ``permission``, examples included, by name; unit loaded."""
    return Host.objects.filter(within(user, permission, "unit")).select_related("unit").order_by("unit__pinyin", "pk")


def venues_for(user: User, permission: Permission = Permission.VISIT_MANAGE) -> QuerySet[Venue]:
    """Venues of hosts where ``user`` holds ``permission``, by host and name; host and unit loaded."""
    return (
        Venue.objects.filter(within(user, permission, "host__unit"))
        .select_related("host__unit")
        .order_by("host__unit__pinyin", "name", "pk")
    )


def desk_hosts_for(user: User, *, q: str = "", state: str = "", on: date) -> QuerySet[Host]:
    """Hosts whose desk page ``user`` sees, by name: those they manage, and those they review; merged ones left out.

    ``state``: accredited, not (accredited), lead, applied. With ``accredited_until``, the last day that is decided.
    """
    held = Accreditation.objects.filter(accredited_on(on), host=OuterRef("pk")).order_by("-valid_until")
    hosts = Host.objects.filter(hosts_seen_by(user), merged_into=None)
    hosts = hosts.annotate(accredited_until=Subquery(held.values("valid_until")[:1]))
    if q:
        letters = pinyin.pattern(q)
        words = Q(unit__name__icontains=q) | Q(credit_code__icontains=q) | Q(address__icontains=q)
        hosts = hosts.filter(words | Q(unit__pinyin__regex=letters) if letters else words)
    states = {
        "accredited": Q(accredited_until__isnull=False),
        "not": Q(accredited_until=None, evidence="confirmed"),
        "lead": Q(evidence="lead") & ~Q(grounds="applied"),
        "applied": Q(grounds="applied"),
    }
    hosts = hosts.filter(states[state]) if state in states else hosts
    return hosts.select_related("unit").order_by("unit__pinyin", "pk")


def hosts_by_words(hosts: QuerySet[Host], words: str) -> QuerySet[Host]:
    """Those of ``hosts`` that have the words, as the register is searched, examples by name; a whole name first."""
    listed = Listing.objects.filter(search.matches(words)).values("host")
    named = Q(unit__name__icontains=words) | Q(unit__short_name__icontains=words)
    whole = Case(When(Q(unit__name=words) | Q(unit__short_name=words), then=0), default=1)
    found = hosts.filter(Q(pk__in=listed) | Q(unit__is_example=True) & named)
    return found.order_by(whole, "unit__pinyin", "pk")


def place_of(host: Host) -> str:
    """What tells two hosts of one name apart."""
    return host.address or host.street


def find_desk_host(user: User, host_id: int) -> Host | None:
    """One of these, merged ones too; unit, and what it was merged into, loaded."""
    hosts = Host.objects.filter(hosts_seen_by(user), pk=host_id)
    return hosts.select_related("unit", "merged_into__unit", "credit_confirmed_by").first()


def open_venues(host: Host, on: date) -> QuerySet[Venue]:
    """The venues of ``host`` that are not closed on a day, by name."""
    return host.venues.filter(Q(closed_on=None) | Q(closed_on__gt=on)).order_by("name", "pk")


def venues_by_words(venues: QuerySet[Venue], words: str) -> QuerySet[Venue]:
    """Those of ``venues`` whose own name, or whose host's, has the words."""
    named = Q(name__icontains=words) | Q(host__unit__name__icontains=words) | Q(host__unit__short_name__icontains=words)
    if letters := pinyin.pattern(words):
        named |= Q(host__unit__pinyin__regex=letters)
    return venues.filter(named)


def venues_of(host: Host) -> QuerySet[Venue]:
    """The venues of ``host``, open ones first."""
    return host.venues.order_by(F("closed_on").asc(nulls_first=True), "name", "pk")


def find_venue(user: User, venue_id: int) -> Venue | None:
    """A venue of a host that ``user`` manages; host and unit loaded."""
    venues = Venue.objects.filter(within(user, Permission.HOST_MANAGE, "host__unit"), host__merged_into=None)
    return venues.filter(pk=venue_id).select_related("host__unit").first()


def managers_of(host: Host, on: date) -> QuerySet[User]:
    """Who manages ``host`` by a grant of its own, by name."""
    return people_with(Permission.HOST_MANAGE, host.unit, on, roles=frozenset({"host_manager"}))


def merged_into(host: Host) -> QuerySet[Host]:
    """The hosts that were merged into ``host``."""
    return host.merged.select_related("unit", "merged_by").order_by("merged_at", "pk")


def keys_with_merged(host: Host) -> list[int]:
    """The key of ``host`` and of every host that was merged into it; one query."""
    return [host.pk, *host.merged.order_by("pk").values_list("pk", flat=True)]


def duplicate_pairs(user: User, *, q: str = "", limit: int = 200) -> list[tuple[Host, Host, bool, bool]]:
    """Pairs of hosts ``user`` could merge that have a like name or the same address: likeliest first, with both facts.

    Looks for likes of the hosts entered last, or of those whose name holds ``q``. The same credit code cannot stand
    twice, so it is looked for only where one is entered. Three queries.
    """
    mine = Host.objects.filter(within(user, Permission.HOST_MANAGE, "unit"), merged_into=None)
    mine = mine.filter(within(user, Permission.HOST_ACCREDIT, "unit"), unit__name__icontains=q)
    chosen = list(mine.order_by("-pk").values_list("pk", flat=True)[:LATELY])
    scope = [f"{path}%" for path in kept_paths(user)]
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, {"like": LIKE, "limit": limit, "chosen": chosen, "paths": scope})
        rows = cursor.fetchall()
    hosts = Host.objects.select_related("unit").in_bulk({pk for row in rows for pk in row[:2]})
    return [(hosts[one], hosts[other], likeness >= LIKE, same_place) for one, other, likeness, same_place in rows]


def accreditations_of(host: Host) -> QuerySet[Accreditation]:
    """Every accreditation of ``host``, newest first; standard and its keeper loaded."""
    return host.accreditations.select_related("standard__keeper").order_by("-valid_from", "-pk")


def weight_of(host: Host) -> dict[str, int]:
    """How much hangs on ``host``: what a merge would move. Four queries."""
    names = ("venues", "accreditations", "documents", "applications")
    return {name: getattr(host, name).count() for name in names}

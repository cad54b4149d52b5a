"""Reads of applications: by their secret link, and at the desk of whoever keeps the standard."""

from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Count, ExpressionWrapper, F, FloatField, Func, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.registry import links
from baiye.registry.likeness import LIKE, Alike, NameKey
from baiye.registry.models import Application, Host, HostDocument, Standard, Step

MOST_DUPLICATES = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What the desk looks for; empty means anything."""

    q: str = ""
    state: str = ""
    mine: bool = False
    sort: str = ""


def open_standards(on: date) -> QuerySet[Standard]:
    """Standards by which one can apply on a day, by name; keeper loaded."""
    published = Standard.objects.filter(published_on__lte=on, keeper__isnull=False)
    still = published.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on))
    return still.select_related("keeper").order_by("is_example", "name", "-version")


def find_application(token: str) -> Application | None:
    """The application of this secret link; standard, its keeper, host and unit loaded."""
    found = Application.objects.filter(digest=links.digest(token))
    return found.select_related("standard__keeper", "host__unit").first()


def steps_of(application: Application) -> QuerySet[Step]:
    """What happened, oldest first."""
    return application.steps.select_related("by").order_by("pk")


def papers_of(application: Application) -> list[HostDocument]:
    """The papers handed in with ``application``, in the order they came; file, and who checked them, loaded."""
    papers = HostDocument.objects.filter(application=application).select_related("accepted_by", "refused_by")
    return list(papers.select_related("file").defer("file__sealed").order_by("handed_in_at", "pk"))


def papers_counted_for(application: Application) -> list[HostDocument]:
    """The papers that count for ``application``: its own, and those of its host once that is known."""
    whose = Q(application=application) | Q(host=application.host_id, host__isnull=False)
    return list(HostDocument.objects.filter(whose).order_by("pk"))


def applications_for(user: User) -> QuerySet[Application]:
    """Applications under standards that ``user`` reviews: all that was handed in, and drafts entered from paper."""
    scope = within(user, Permission.HOST_ACCREDIT, "standard__keeper")
    shown = Application.objects.filter(scope).exclude(state="draft", on_paper_by=None)
    return shown.exclude(state="withdrawn", submitted_at=None)


def find_applications(user: User, asked: Asked) -> QuerySet[Application]:
    """Those of the desk that were asked for, oldest first unless sorted otherwise; standard, host, handler loaded."""
    found = _searched(applications_for(user), asked, user)
    if asked.state:
        found = found.filter(state=asked.state)
    order = {"name": "name", "-name": "-name", "-at": "-since", "at": "since"}.get(asked.sort, "since")
    found = found.annotate(since=Coalesce("submitted_at", "made_at"))
    return found.select_related("standard", "host__unit", "handled_by").order_by(order, "pk")


def counts_by_state(user: User, asked: Asked) -> dict[str, int]:
    """State → how many of what is otherwise asked for are in it; one query."""
    rows = _searched(applications_for(user), asked, user).order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)


def _searched(found: QuerySet[Application], asked: Asked, user: User) -> QuerySet[Application]:
    if asked.mine:
        found = found.filter(handled_by=user)
    if asked.q:
        words = Q(name__icontains=asked.q) | Q(credit_code__icontains=asked.q) | Q(address__icontains=asked.q)
        found = found.filter(words)
    return found


def likely_hosts(application: Application) -> list[Host]:
    """Hosts that may be the same body: same credit code, a like name, the same address; likeliest first.

    Each has ``same_code``, ``like_name`` and ``same_place``. One query.
    """
    return list(_like(application.name, application.credit_code, application.address)[:MOST_DUPLICATES])


def hosts_like(host: Host) -> list[Host]:
    """The same for a host that is there already; itself left out."""
    return list(_like(host.unit.name, host.credit_code, host.address).exclude(pk=host.pk)[:MOST_DUPLICATES])


def _like(name: str, code: str, address: str) -> QuerySet[Host]:
    key = NameKey(Value(name))
    alike = Q(Alike(NameKey("unit__name"), key))
    hosts = Host.objects.filter(merged_into=None).annotate(
        likeness=Func(NameKey("unit__name"), key, function="similarity", output_field=FloatField()),
        same_code=_same("credit_code", code),
        same_place=_same_key("address", address),
    )
    hosts = hosts.annotate(like_name=_whether(Q(likeness__gte=LIKE)))
    found = hosts.filter(alike & Q(like_name=True) | Q(same_code=True) | Q(same_place=True))
    return found.select_related("unit").order_by(F("same_code").desc(), F("likeness").desc(), "pk")


def _same(field: str, value: str) -> Combinable:
    """Whether a field is ``value``; never for an empty one."""
    return _whether(Q(**{field: value}) if value else Q(pk__in=[]))


def _same_key(field: str, value: str) -> Combinable:
    """The same for what is compared by its key."""
    return _whether(Q(Exact(NameKey(field), NameKey(Value(value)))) if value else Q(pk__in=[]))


def _whether(condition: Q) -> Combinable:
    return ExpressionWrapper(condition, output_field=BooleanField())

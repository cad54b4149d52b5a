"""Warnings before something ends: 60, 30 and 7 days before, once each, to the host's managers and the district."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission
from baiye.accounts.queries import people_with
from baiye.core import clock, messages
from baiye.core.templatetags.text import han_date
from baiye.registry.models import Accreditation, Host, HostDocument
from baiye.registry.queries.documents import WARN_DAYS, lasting_accreditations, lasting_documents

Row = TypeVar("Row", HostDocument, Accreditation)
TOLD = frozenset({"host_manager", "coordinator"})


@transaction.atomic
def warn_of_endings(*, at: datetime) -> int:
    """Warn of every paper and accreditation that ends within 60 days; how many warnings went out.

    Each is warned of once for each of the three spans; a day on which nothing ran is made up for by the nearest span.
    """
    on = clock.day_of(at)
    hosts = Host.objects.filter(merged_into=None)
    papers = _due(lasting_documents(hosts), on)
    held = _due(lasting_accreditations(hosts), on)
    for document, days in papers:
        assert document.host is not None
        _tell(document.host, "document", document, str(document.get_kind_display()), days, on)
    for accreditation, days in held:
        _tell(accreditation.host, "accreditation", accreditation, accreditation.standard.name, days, on)
    return len(papers) + len(held)


def _due(rows: QuerySet[Row], on: date) -> list[tuple[Row, int]]:
    """Those whose next span has come, with that span; noted as warned of."""
    found: list[tuple[Row, int]] = []
    ending = rows.filter(valid_until__range=(on, on + timedelta(days=max(WARN_DAYS)))).select_for_update(of=("self",))
    for row in ending.filter(Q(warned_days=None) | Q(warned_days__gt=min(WARN_DAYS))):
        assert row.valid_until is not None
        left = (row.valid_until - on).days
        span = min(days for days in WARN_DAYS if left <= days)
        if row.warned_days is None or span < row.warned_days:
            found.append((row, span))
    for span in WARN_DAYS:
        keys = [row.pk for row, days in found if days == span]
        rows.model._default_manager.filter(pk__in=keys).update(warned_days=span)
    return found


def _tell(host: Host, kind: str, row: HostDocument | Accreditation, what: str, days: int, on: date) -> None:
    until = row.valid_until
    assert until is not None
    names = {"host": str(host.unit), "what": what, "left": (until - on).days}
    messages.send(
        to=_people(host.unit, on),
        kind=f"{kind}.ends_soon",
        key=f"{kind}-{row.pk}-ends-{days}",
        subject=_("%(host)s：%(what)s还有 %(left)s 天到期") % names,
        body=_("%(day)s 是最后一天。过了这天还没换新，要用到它的场次就不能再安排学生。")
        % {"day": han_date(until, "date")},
        url=reverse("registry:host-papers", args=[host.pk]),
    )


def _people(unit: Unit, on: date) -> Iterable[User]:
    return people_with(Permission.HOST_MANAGE, unit, on, roles=TOLD)

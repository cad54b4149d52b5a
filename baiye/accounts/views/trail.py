"""The audit trail, for whom it is: each look at it is part of it."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from baiye.accounts import queries
from baiye.accounts.forms import TrailForm
from baiye.accounts.kinds import name_of
from baiye.accounts.permissions import Permission, paths
from baiye.accounts.requests import SignedInRequest
from baiye.core import audit, clock
from baiye.core.models import Event

A_PAGE = 50
HEADER = ("id", "at", "kind", "actor", "object_type", "object_id", "unit", "facts")


@dataclass(frozen=True, slots=True)
class Line:
    """An event as the page shows it."""

    event: Event
    kind: str
    actor: str
    facts: str


@require_safe
@login_required
def trail(request: SignedInRequest) -> HttpResponse:
    """Events of one's units, newest first, by what is looked for."""
    place = _place(request)
    form = TrailForm(request.GET)
    wanted = form.wanted()
    page = Paginator(queries.events_for(request.user, wanted), A_PAGE).get_page(request.GET.get("page"))
    audit.record("trail.viewed", by=request.user, at_unit=place, page=page.number, wanted=wanted.facts())
    return render(request, "accounts/trail.html", {"page": page, "lines": _lines(page), "form": form})


@require_safe
@login_required
def trail_export(request: SignedInRequest) -> StreamingHttpResponse:
    """Exactly what the page shows, all pages of it, as CSV."""
    place = _place(request)
    wanted = TrailForm(request.GET).wanted()
    audit.record("trail.exported", by=request.user, at_unit=place, wanted=wanted.facts())
    rows = _rows(queries.events_for(request.user, wanted).iterator(chunk_size=2000))
    name = f"baiye-audit-{clock.today():%Y%m%d}.csv"
    return StreamingHttpResponse(
        rows, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _place(request: SignedInRequest) -> str:
    """The first unit where one may see the trail; 404 where there is none."""
    held = paths(request.user, Permission.AUDIT_VIEW)
    if not held:
        raise Http404
    return held[0]


def _lines(events: Iterable[Event]) -> list[Line]:
    shown = list(events)
    names = queries.names_of({event.actor_id for event in shown if event.actor_id is not None})
    return [Line(one, name_of(one.kind), names.get(one.actor_id or 0, ""), said(one.facts)) for one in shown]


def said(facts: dict[str, object]) -> str:
    """The facts of an event on one line; what is empty says nothing."""
    told = {name: value for name, value in facts.items() if value not in ("", None, [], {})}
    return " · ".join(f"{name} {_said(value)}" for name, value in told.items())


def _said(value: object) -> str:
    if isinstance(value, dict):
        return f"（{said(value)}）"
    return ", ".join(map(_said, value)) if isinstance(value, list) else str(value)


class _Echo:
    def write(self, value: str) -> str:
        return value


def _rows(events: Iterator[Event]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow(HEADER))
    for event in events:
        at = timezone.localtime(event.at).isoformat(timespec="seconds")
        what = (event.kind, event.actor_id or "", event.object_type, event.object_id, event.unit_path, event.facts)
        yield str(writer.writerow((event.pk, at, *map(_plain, what))))


def _plain(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text

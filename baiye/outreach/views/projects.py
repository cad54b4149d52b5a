"""The public pages of community projects: what is on, one project."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from baiye.catalogue.comparing import yuan
from baiye.core import clock
from baiye.core.shapes import Choice
from baiye.outreach import linked
from baiye.outreach.forms.projects import WEEKS, ProjectFilter
from baiye.outreach.models import Project
from baiye.outreach.public import entry_of
from baiye.outreach.queries import projects as queries
from baiye.outreach.standing import Standing, standing_of
from baiye.visits import calendar_feed

PER_PAGE = 40


@dataclass(frozen=True, slots=True)
class Day:
    """What is on on one day."""

    on: date
    rows: Sequence[Standing]


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """What is on, this week first: by street, occupation and words; day by day."""
    at, on = clock.now(), clock.today()
    coming = queries.to_come(at)
    streets, occupations = queries.streets_with(coming), queries.occupations_with(coming)
    form = ProjectFilter(request.GET, streets=streets, occupations=occupations)
    asked = form.asked()
    page = Paginator(queries.matching(coming, asked, on), PER_PAGE).get_page(request.GET.get("page"))
    said = {name: value for name in form.fields if (value := getattr(asked, name))}
    context = {
        "form": form,
        "page": page,
        "days": _days(page),
        "weeks": [Choice(str(word), _address(said | {"week": week}), asked.week == week) for week, word in WEEKS],
        "week": asked.week,
        "streets": [(street, _address(said | {"street": street})) for street in streets],
        "is_filtered": bool(said),
        "all_weeks": _address(said | {"week": ""}),
        "today": on,
    }
    return render(request, "outreach/project_list.html", context)


@require_safe
def project(request: HttpRequest, project_id: int) -> HttpResponse:
    """One project: what, where, when, with whom; how to sign up, or that one may just come."""
    found = get_object_or_404(queries.published(), pk=project_id)
    lead = queries.masters_of([found]).get(found.visit_id)
    context = {
        "project": found,
        "visit": found.visit,
        "standing": standing_of(found, clock.now()),
        "lead": lead,
        "titles": queries.titles_of(lead.mentor_id) if lead else [],
        "price": yuan(found.visit.version.price_fen) if found.visit.version.price_fen else "",
        "moved": queries.moves_of(found)[-1:],
        "linked": linked.of_project(found),
    }
    return render(request, "outreach/project.html", context)


@require_safe
def calendar(_request: HttpRequest, project_id: int) -> HttpResponse:
    """One project for the calendar of whoever likes to go there."""
    found = get_object_or_404(queries.published(), pk=project_id)
    entry = entry_of(found, queries.moves_of(found))
    disposition = content_disposition_header(as_attachment=True, filename=f"{found.visit.version.title}.ics")
    headers = {"Content-Disposition": disposition or "attachment"}
    return HttpResponse(calendar_feed.write([entry]), content_type="text/calendar", headers=headers)


def _days(page: Iterable[Project]) -> list[Day]:
    at = clock.now()
    rows = [standing_of(each, at) for each in page]
    by_day = groupby(rows, key=lambda row: clock.day_of(row.project.visit.starts_at))
    return [Day(on, list(those)) for on, those in by_day]


def _address(said: dict[str, str]) -> str:
    return "?" + urlencode({name: value for name, value in said.items() if value})

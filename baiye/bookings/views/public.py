"""Public pages: the release calendar, one release with its rules, the draw and its files."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baiye.bookings import lines, rules
from baiye.bookings.models import Release
from baiye.bookings.queries import public as queries
from baiye.core import clock
from baiye.core.shapes import Choice
from baiye.core.templatetags.text import han_date

PER_PAGE = 20
LINES_PER_PAGE = 50


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """What opens when, by the minute; what is closed, one click away."""
    now, past = clock.now(), request.GET.get("show") == "past"
    page = Paginator(queries.calendar(now, past=past), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(one, rules.state_of(one, now), lines.seconds_until(one.opens_at, now)) for one in page]
    choices = [Choice(_("开放和快要开放"), "?", not past), Choice(_("已截止"), "?show=past", past)]
    context = {"rows": rows, "page": page, "choices": choices, "past": past, "house_rules": rules.house_rules()}
    return render(request, "bookings/calendar.html", context)


@require_GET
def release(request: HttpRequest, release_id: int) -> HttpResponse:
    """One release: when, by which rule, which visits, how many seats are left."""
    found, now = get_object_or_404(queries.releases(), pk=release_id), clock.now()
    shown = lines.lines_of(queries.openings_of(found), {}, now)
    context = {"release": found, "state": rules.state_of(found, now), "lines": shown}
    context |= {"mode_sentence": rules.mode_sentence(found), "rules": rules.release_rules(found)}
    context |= {"house_rules": rules.house_rules(), "opens_in": lines.seconds_until(found.opens_at, now)}
    return render(request, "bookings/release.html", context)


@require_GET
def draw(request: HttpRequest, release_id: int) -> HttpResponse:
    """The draw of a release: the frozen list, its hash, the seed, and how anybody gets the same order."""
    found = get_object_or_404(queries.drawn(), pk=release_id)
    context = {"release": found, "files": queries.files_of(found), "mode_sentence": rules.mode_sentence(found)}
    return render(request, "bookings/draw.html", context | _order_drawn(request, found))


def _order_drawn(request: HttpRequest, release: Release) -> dict[str, object]:
    """The lines of one opening of a draw, by alias; nothing for a placement, whose files are the engine's."""
    files, openings = queries.files_of(release), list(queries.openings_of(release))
    if release.mode != "draw" or files is None or not openings:
        return {}
    asked, alias = request.GET.get("opening", ""), request.GET.get("alias", "").strip().lower()
    shown = next((one for one in openings if str(one.pk) == asked), openings[0])
    lines_ = [(line, rules.RESULT_WORDS[line.result]) for line in queries.lines_of(files, shown.pk, alias)]
    choices = [
        Choice(f"{one.visit.version.title} · {han_date(one.visit.starts_at)}", f"?opening={one.pk}", one == shown)
        for one in openings
    ]
    page = Paginator(lines_, LINES_PER_PAGE).get_page(request.GET.get("page"))
    return {"openings": choices, "opening": shown.pk, "alias": alias, "page": page}


@require_GET
def draw_file(_request: HttpRequest, release_id: int, name: str) -> HttpResponse:
    """The frozen list as it was hashed, or the order that came of it; pupils stand there by aliases alone."""
    found = get_object_or_404(queries.drawn(), pk=release_id)
    files = queries.files_of(found)
    content = {"frozen": files.frozen, "result": files.result}.get(name) if files else None
    if content is None:
        raise Http404
    ending, kind = ("csv", "text/csv; charset=utf-8") if found.mode == "draw" else ("zip", "application/zip")
    disposition = f'attachment; filename="release-{found.pk}-{name}.{ending}"'
    return HttpResponse(bytes(content), content_type=kind, headers={"Content-Disposition": disposition})

"""The register to take away: official list (PDF), spreadsheet (CSV), open data (JSON)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from baiye.core import clock, throttle
from baiye.registry import opendata, papers
from baiye.registry.forms.register import RegisterForm
from baiye.registry.queries import official
from baiye.registry.queries import register as queries

PAPERS_AN_HOUR = 60  # official lists, from one network: a whole office may want one


@require_safe
def host_export(request: HttpRequest) -> HttpResponseBase:
    """What was asked of the register, as CSV with the source of each row."""
    on = clock.today()
    lines = opendata.as_csv(queries.find(RegisterForm.asking(request.GET).asked(), on), on)
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=_named("hosts.csv"))


@require_safe
def host_data(request: HttpRequest) -> HttpResponseBase:
    """What was asked of the register, as JSON with licence and moment."""
    found = queries.find(RegisterForm.asking(request.GET).asked(), clock.today())
    parts = opendata.as_json(found, clock.now(), clock.today())
    return StreamingHttpResponse(parts, content_type="application/json", headers=_named("hosts.json"))


@require_safe
def official_list(request: HttpRequest) -> HttpResponse:
    """The official list of accredited hosts as a paper; with ``?annex=1`` those whose accreditation ended, too.

    Setting a whole district's list takes seconds of a core: so many an hour from one network, then one waits.
    """
    if not throttle.hit_from(request, "official list", limit=PAPERS_AN_HOUR, per_s=3600):
        messages.error(request, _("名单从这里取得太多了。请一小时后再取，或先用表格。"))
        return redirect("registry:host-list")
    on, asked = clock.today(), RegisterForm.asking(request.GET).asked()
    found = official.lines(asked, on, ended="annex" in request.GET)
    paper = papers.official_list(found, on=on, keeper=official.body(asked.keeper))
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="official-list-{on:%Y%m%d}.pdf"'
    return response


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}

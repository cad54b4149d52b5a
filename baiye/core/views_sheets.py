"""从表格导入: one page for each kind of sheet; upload, watch the dry run, read what it found, put it in."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baiye.core import audit, clock, excel
from baiye.core.forms import UploadForm
from baiye.core.models import Upload
from baiye.core.refusals import refused_above, refused_on
from baiye.core.sheets import paper, queries, show, uploads
from baiye.core.sheets.kinds import SHEETS, Sheet
from baiye.core.sheets.tables import read_tables


class Request(HttpRequest):
    """For annotations alone: behind `login_required` somebody is signed in; who, the rooms above know."""

    user: Any


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def sheet(request: Request, kind: str) -> HttpResponse:
    """How it goes, the form for a file, and one's files so far."""
    found = _find_sheet(request, kind)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, request_id = form.cleaned_data["file"], form.cleaned_data["request"]
        given = {"sheet": found, "request": request_id, "by": request.user, "at": clock.now()}
        with refused_on(form, "file"):
            upload = uploads.take(file_name=file.name, data=file.read(), **given)
            return redirect("core:upload", upload.pk)
    page = Paginator(queries.uploads_of(request.user).filter(kind=kind), 20).get_page(request.GET.get("page"))
    context = {"sheet": found, "form": form, "page": page}
    return render(request, "core/sheet.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def template(request: Request, kind: str) -> HttpResponse:
    """An empty sheet with a page that says how to fill it."""
    found = _find_sheet(request, kind)
    title = str(found.title)
    return excel.download(_("%(title)s模板") % {"title": title}, paper.filled(title, found.columns, ()))


@require_safe
@never_cache
@login_required
def export(request: Request, kind: str) -> HttpResponse:
    """What stands, as a file that comes back without a change."""
    found = _find_sheet(request, kind)
    title = str(found.title)
    content = paper.filled(title, found.columns, found.rows(request.user))
    audit.record("sheet.exported", by=request.user, sheet=kind)
    return excel.download(f"{title}-{clock.today():%Y%m%d}", content)


@require_safe
@never_cache
@login_required
def upload(request: Request, upload_id: int) -> HttpResponse:
    """Where one upload stands, and what was found."""
    found, kind = _find_upload(request, upload_id)
    findings = queries.findings_of(found) if found.checked_at else {}
    shown = show.kind_of(request.GET.get("show", ""), findings)
    context = {
        "upload": found,
        "sheet": kind,
        "phase": show.phase(found),
        "shown": shown,
        "page": Paginator(show.rows(shown, findings), 50).get_page(request.GET.get("page")),
        "choices": show.choices(findings, shown),
        "stats": show.stats(found, str(kind.unit)),
        "changes": show.changes(found),
        "before": queries.find_same(found),
    }
    return render(request, "core/upload.html", context)


@require_safe
@never_cache
@login_required
def state(request: Request, upload_id: int) -> HttpResponse:
    """How far the job is, for htmx; once it is done the whole page is asked for again."""
    found, kind = _find_upload(request, upload_id)
    phase = show.phase(found)
    response = render(request, "core/_upload_state.html", {"upload": found, "sheet": kind, "phase": phase})
    if phase not in {"checking", "applying"}:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@login_required
def application(request: Request, upload_id: int) -> HttpResponse:
    """Ask for the file to be put in."""
    found, _kind = _find_upload(request, upload_id)
    with refused_above(request):
        uploads.ask(upload=found, by=request.user, at=clock.now())
    return redirect("core:upload", upload_id)


@require_safe
@never_cache
@login_required
def notes(request: Request, upload_id: int) -> HttpResponse:
    """The same file back, with what to change beside each row; only while it is still kept."""
    found, kind = _find_upload(request, upload_id)
    data, said = queries.file_of(found), show.notes(queries.findings_of(found))
    if not data or not said:
        raise Http404
    name = found.file_name.rpartition(".")[0] or found.file_name
    content = paper.with_notes(read_tables(found.file_name, data), said, kind.headings())
    return excel.download(f"{name}-{_('需要改的地方')}", content)


def _find_sheet(request: Request, kind: str) -> Sheet:
    """One of the kinds that this person imports somewhere."""
    found = SHEETS.get(kind)
    if found is None or not found.may(request.user):
        raise Http404
    return found


def _find_upload(request: Request, upload_id: int) -> tuple[Upload, Sheet]:
    """One of one's own uploads, while one still imports its kind."""
    found = get_object_or_404(queries.uploads_of(request.user), pk=upload_id)
    return found, _find_sheet(request, found.kind)

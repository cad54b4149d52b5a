"""学生名册: upload, watch the check, read what it found, put it in."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock, excel
from baiye.core.refusals import refused_above, refused_on
from baiye.core.sheets import show as sheets
from baiye.core.sheets.queries import file_of
from baiye.core.sheets.tables import read_tables
from baiye.schools import queries as people
from baiye.schools.forms import RosterForm
from baiye.schools.permissions import holds_in_office
from baiye.schools.roster import actions, papers, queries, show


@require_http_methods(["GET", "POST"])
@login_required
def roster_list(request: SignedInRequest) -> HttpResponse:
    """The files so far, and the form for the next one."""
    _require_roster(request)
    schools = {school.pk: school for school in people.roster_schools(request.user)}
    choices = [(pk, str(school)) for pk, school in schools.items()]
    form = RosterForm(request.POST or None, request.FILES or None, schools=choices, today=clock.today())
    if form.is_valid():
        given = form.cleaned_data
        common = {
            "school": schools[given["school"]],
            "for_year": given["for_year"],
            "by": request.user,
            "at": clock.now(),
        }
        with refused_on(form, "file"):
            upload = actions.upload_roster(file_name=given["file"].name, data=given["file"].read(), **common)
            return redirect("schools:roster", upload.pk)
    page = Paginator(queries.uploads_for(request.user), 20).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "many": len(schools) > 1}
    return render(request, "schools/roster_list.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def template(request: SignedInRequest) -> HttpResponse:
    _require_roster(request)
    return excel.download(_("学生名册模板"), papers.template())


@require_safe
@login_required
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    upload = get_object_or_404(queries.uploads_for(request.user), pk=pk)
    found = queries.findings_of(upload) if upload.checked_at else {}
    kind = sheets.kind_of(request.GET.get("show", ""), found, show.KINDS)
    page = Paginator(show.lines(kind, found), 50).get_page(request.GET.get("page"))
    choices = sheets.choices(found, kind, show.KINDS)
    context = {"upload": upload, "phase": sheets.phase(upload), "kind": kind, "page": page, "choices": choices}
    context |= {"stats": show.stats(upload), "left": found.get("left", []), "changes": show.changes(upload)}
    return render(request, "schools/roster.html", context)


@require_safe
@login_required
def state(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far the job is, for htmx; once it is done the whole page is asked for again."""
    upload = get_object_or_404(queries.uploads_for(request.user), pk=pk)
    phase = sheets.phase(upload)
    response = render(request, "schools/_roster_state.html", {"upload": upload, "phase": phase})
    if phase not in {"checking", "applying"}:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@login_required
def application(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for the file to be put in, with the leavers that were ticked."""
    upload = get_object_or_404(queries.uploads_for(request.user), pk=pk)
    leavers = [int(pick) for pick in request.POST.getlist("pick") if pick.isdigit()]
    with refused_above(request):
        actions.ask_import(upload=upload, leavers=leavers, by=request.user, at=clock.now())
    return redirect("schools:roster", pk)


@require_safe
@login_required
def errors(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same file back, with what is wrong beside each row; only while it is still kept."""
    upload = get_object_or_404(queries.uploads_for(request.user), pk=pk)
    data, found = file_of(upload), queries.findings_of(upload)["errors"]
    if not data or not found:
        raise Http404
    name = upload.file_name.rpartition(".")[0] or upload.file_name
    return excel.download(f"{name}-{_('需要改的地方')}", papers.with_errors(read_tables(upload.file_name, data), found))


def _require_roster(request: SignedInRequest) -> None:
    if not holds_in_office(request.user, Permission.ROSTER_IMPORT):
        raise Http404

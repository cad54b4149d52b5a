"""Papers of hosts at the desk: handed in, looked at, judged; and what ends soon (快到期)."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baiye.accounts.permissions import Permission, may, paths
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock, excel, files
from baiye.core.refusals import refused_above, refused_on
from baiye.registry.actions import documents as actions
from baiye.registry.forms.applications import PaperForm
from baiye.registry.forms.hosts import EndingFilter
from baiye.registry.forms.review import VerdictForm
from baiye.registry.models import DOCUMENTS, Host, HostDocument
from baiye.registry.queries import documents as queries
from baiye.registry.queries.hosts import find_desk_host, open_venues

PER_PAGE = 50


@require_safe
@login_required
def host_papers(request: SignedInRequest, host_id: int) -> HttpResponse:
    """All papers of a host, with how each stands today."""
    host, today = _find_host(request, host_id), clock.today()
    papers = queries.documents_of(host)
    judged = queries.judged_by(request.user, host, papers)
    venues = [venue.pk for venue in open_venues(host, today)]
    needs = queries.standing_of(papers, queries.needs_of(host, today), today, venues)
    context = {
        "host": host,
        "papers": [(paper, queries.state_of(paper, today), paper.pk in judged) for paper in papers],
        "needs": needs,
        "may_manage": may(request.user, Permission.HOST_MANAGE, host.unit),
    }
    return render(request, "registry/host_papers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def paper_new(request: SignedInRequest, host_id: int) -> HttpResponse:
    """Hand in a paper of a host."""
    host = _find_host(request, host_id)
    if not may(request.user, Permission.HOST_MANAGE, host.unit):
        raise Http404
    kind = request.GET.get("kind", "")
    start = {"request": uuid.uuid4(), "kind": kind if kind in dict(DOCUMENTS) else ""}
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    seen = may(request.user, Permission.HOST_ACCREDIT, host.unit)  # only the desk may say that it saw a paper
    venues = open_venues(host, clock.today())
    form = PaperForm(*posted, initial=start, seen_on_paper=seen, today=clock.today(), venues=venues)
    if request.method == "POST" and form.is_valid() and _hand_in(request, form, host):
        messages.success(request, _("交上去了，等核对"))
        return redirect("registry:host-papers", host_id)
    return render(request, "registry/paper_new.html", {"host": host, "form": form}, status=422 if form.errors else 200)


def _hand_in(request: SignedInRequest, form: PaperForm, host: Host) -> bool:
    data = dict(form.cleaned_data)
    request_id, venue = data.pop("request"), data.pop("venue")
    with refused_on(form, "file"):
        actions.hand_in(host=host, paper=actions.Paper(**data), request=request_id, venue=venue, by=request.user)
        return True
    return False


@require_safe
@login_required
def paper_file(request: SignedInRequest, document_id: int) -> HttpResponse:
    """The file of a paper; the look is noted."""
    paper = _find_paper(request, document_id)
    if paper.file is None:
        raise Http404
    actions.note_look(document=paper, by=request.user)
    return files.answer(paper.file)


@require_POST
@login_required
def paper_verdict(request: SignedInRequest, document_id: int) -> HttpResponse:
    """Accept or refuse a paper, and back to where it was listed."""
    paper = _find_paper(request, document_id)
    form = VerdictForm(request.POST)
    with refused_above(request):
        if not form.is_valid():
            messages.error(request, _("请选「通过」或「退回」，原因不超过 200 字"))
        elif form.cleaned_data["verdict"] == "accept":
            actions.accept_document(document=paper, by=request.user, at=clock.now())
            messages.success(request, _("核对通过：%(paper)s") % {"paper": paper.get_kind_display()})
        else:
            because = form.cleaned_data["because"]
            actions.refuse_document(document=paper, because=because, by=request.user, at=clock.now())
            messages.success(request, _("已退回：%(paper)s") % {"paper": paper.get_kind_display()})
    if paper.application_id is not None and "of_host" not in request.POST:
        return redirect("registry:application", paper.application_id)
    return redirect("registry:host-papers", paper.host_id)


@require_safe
@login_required
def ending_list(request: SignedInRequest) -> HttpResponse:
    """What ends soon, or ended lately, at the hosts one sees."""
    form = _ending_form(request)
    asked = form.asked()
    found = queries.endings_for(request.user, clock.today(), **asked)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "export": "?" + urlencode(request.GET)}
    return render(request, "registry/ending_list.html", context)


@require_safe
@login_required
def ending_export(request: SignedInRequest) -> HttpResponse:
    """The same list as an Excel file."""
    found = queries.endings_for(request.user, clock.today(), **_ending_form(request).asked())
    header = [_("基地"), _("材料或认定"), _("编号"), _("最后一天"), _("还有几天")]
    rows = [[one.host.unit.name, one.what, one.number, one.until.isoformat(), one.days] for one in found]
    return excel.download(_("快到期"), excel.workbook(_("快到期"), header, rows))


def _ending_form(request: SignedInRequest) -> EndingFilter:
    if not (paths(request.user, Permission.HOST_MANAGE) or paths(request.user, Permission.HOST_ACCREDIT)):
        raise Http404
    return EndingFilter(request.GET)


def _find_host(request: SignedInRequest, host_id: int) -> Host:
    host = find_desk_host(request.user, host_id)
    if host is None or host.merged_into is not None:
        raise Http404
    return host


def _find_paper(request: SignedInRequest, document_id: int) -> HostDocument:
    return get_object_or_404(queries.documents_for(request.user), pk=document_id)

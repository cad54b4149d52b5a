"""Pledges of a term, and each host's account with its letter."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.permissions import paths
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.core import choosing, clock, excel
from baiye.core.refusals import refused_above, refused_on
from baiye.partners import actions, papers, queries
from baiye.partners.forms import HandOverForm, PledgeForm, SpanForm, WithdrawalForm
from baiye.partners.models import Pledge
from baiye.registry.models import Host
from baiye.schools.models import Term, school_year
from baiye.schools.queries import all_terms, term_on


@login_required
@require_GET
def index(request: SignedInRequest) -> HttpResponse:
    """What was promised for a term, what was published of it, what was used."""
    require_somewhere(request, queries.MANAGE)
    term = _term(request)
    context = {
        "terms": all_terms(),
        "term": term,
        "rows": queries.kept(queries.pledges_for(request.user, term)) if term else [],
    }
    return render(request, "partners/pledge_list.html", context)


@login_required
@require_GET
def export(request: SignedInRequest) -> HttpResponse:
    """The same as Excel."""
    require_somewhere(request, queries.MANAGE)
    term = _term(request)
    if term is None:
        raise Http404
    header = [_("基地"), _("承诺"), _("名称"), _("承诺数"), _("公布"), _("用到"), _("说明")]
    rows = [
        (
            one.pledge.host.unit.name,
            str(one.pledge.get_kind_display()),
            one.pledge.title,
            one.pledge.quantity,
            one.published if one.published is not None else "",
            one.used if one.used is not None else "",
            one.pledge.note,
        )
        for one in queries.kept(queries.pledges_for(request.user, term))
    ]
    name = _("承诺与兑现 %(term)s") % {"term": term.name}
    return excel.download(name, excel.workbook(_("承诺与兑现"), header, rows))


@login_required
@require_http_methods(["GET", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """One more line."""
    require_somewhere(request, queries.MANAGE)
    rows: dict[str, Any] = {"hosts": queries.hosts_with_pledges(request.user), "terms": all_terms()}
    form = PledgeForm(request.POST, **rows) if request.method == "POST" else PledgeForm.fresh(_term(request), **rows)
    if suggested := choosing.suggestions(request, form):
        return suggested
    if form.is_valid():
        cleaned = dict(form.cleaned_data)
        key = cleaned.pop("request")
        with refused_on(form):
            pledge = actions.make_pledge(
                promise=actions.Promise(**cleaned), request=key, by=request.user, at=clock.now()
            )
            messages.success(request, _("记下了。"))
            return redirect(f"{_list_address()}?term={pledge.term_id}")
    return render(request, "partners/pledge_new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def handover(request: SignedInRequest, pledge_id: int) -> HttpResponse:
    """Notes that equipment was handed over."""
    pledge = _find(request, pledge_id)
    form = HandOverForm(request.POST)
    with refused_above(request):
        if form.is_valid():
            actions.hand_over(pledge=pledge, on=form.cleaned_data["on"], by=request.user, at=clock.now())
            messages.success(request, _("记下了。"))
        else:
            messages.error(request, _("请填交付日期。"))
    return redirect(f"{_list_address()}?term={pledge.term_id}")


@login_required
@require_http_methods(["GET", "POST"])
def withdrawal(request: SignedInRequest, pledge_id: int) -> HttpResponse:
    """Takes a line back, after asking why."""
    pledge = _find(request, pledge_id)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.withdraw(pledge=pledge, because=form.cleaned_data["because"], by=request.user, at=clock.now())
            messages.success(request, _("撤回了。"))
            return redirect(f"{_list_address()}?term={pledge.term_id}")
    context = {"pledge": pledge, "form": form}
    return render(request, "partners/withdrawal.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def statements(request: SignedInRequest) -> HttpResponse:
    """Each host's account for a time, a school year at first."""
    require_somewhere(request, queries.MANAGE)
    form, first, last = SpanForm.asked(request.GET, *_this_year())
    hosts = list(queries.hosts_with_visits(request.user, first, last))
    counted = queries.accounts([host.pk for host in hosts], first, last)
    context = {
        "form": form,
        "first": first,
        "last": last,
        "rows": [(host, counted[host.pk]) for host in hosts],
    }
    return render(request, "partners/statements.html", context)


@login_required
@require_GET
def statement(request: SignedInRequest, host_id: int) -> HttpResponse:
    """One host's letter as PDF."""
    host = get_object_or_404(queries.hosts_with_pledges(request.user), pk=host_id)
    _form, first, last = SpanForm.asked(request.GET, *_this_year())
    pdf = papers.letter(_letters(request, [host], first, last)[0])
    actions.record_statements(hosts=1, first=first, last=last, by=request.user, at_unit=host.unit.path)
    return _file(pdf, f"{_('致谢信')}-{host.unit.name}.pdf", "application/pdf")


@login_required
@require_GET
def letters(request: SignedInRequest) -> HttpResponse:
    """Every letter of the time as a zip."""
    require_somewhere(request, queries.MANAGE)
    _form, first, last = SpanForm.asked(request.GET, *_this_year())
    hosts = list(queries.hosts_with_visits(request.user, first, last))
    packed = papers.letters(_letters(request, hosts, first, last))
    where = min(paths(request.user, queries.MANAGE))
    actions.record_statements(hosts=len(hosts), first=first, last=last, by=request.user, at_unit=where)
    return _file(packed, f"{_('致谢信')}-{first:%Y%m%d}-{last:%Y%m%d}.zip", "application/zip")


def _letters(request: SignedInRequest, hosts: Sequence[Host], first: date, last: date) -> list[papers.Letter]:
    counted = queries.accounts([host.pk for host in hosts], first, last)
    pledged = queries.pledges_for(request.user).filter(
        host__in=hosts, term__starts_on__lte=last, term__ends_on__gte=first
    )
    kept = queries.kept(pledged)
    return [
        papers.Letter(
            host=host,
            account=counted[host.pk],
            pledges=[one for one in kept if one.pledge.host_id == host.pk],
            first=first,
            last=last,
            on=clock.today(),
            district=settings.BAIYE_DISTRICT,
        )
        for host in hosts
    ]


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})


def _this_year() -> tuple[date, date]:
    """The school year so far."""
    today = clock.today()
    return date(school_year(today), 9, 1), today


def _term(request: SignedInRequest) -> Term | None:
    asked = request.GET.get("term", "")
    found = all_terms().filter(pk=int(asked)).first() if asked.isdecimal() else None
    return found or term_on(clock.today()) or all_terms().first()


def _list_address() -> str:
    return reverse("partners:pledge-list")


def _find(request: SignedInRequest, pledge_id: int) -> Pledge:
    return get_object_or_404(queries.pledges_for(request.user), pk=pledge_id)

"""The desk of applications (申报受理): the list, one application, and what can be done with it."""

import uuid
from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baiye.accounts.permissions import Permission, within
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.core import clock, excel
from baiye.core.refusals import refused_above, refused_on
from baiye.core.shapes import Choice
from baiye.registry import credit_code
from baiye.registry.actions import applications, review
from baiye.registry.forms.review import ApplicationFilter, BeginForm, ReturnForm
from baiye.registry.models import Application
from baiye.registry.queries import applications as queries
from baiye.registry.queries.documents import state_of
from baiye.registry.queries.hosts import find_desk_host

PER_PAGE = 30


@require_safe
@login_required
def application_list(request: SignedInRequest) -> HttpResponse:
    """Applications under the standards one keeps, oldest first, by state."""
    require_somewhere(request, Permission.HOST_ACCREDIT)
    form = ApplicationFilter(request.GET)
    asked = form.asked()
    page = Paginator(queries.find_applications(request.user, asked), PER_PAGE).get_page(request.GET.get("page"))
    counts = queries.counts_by_state(request.user, asked)
    context = {"form": form, "page": page, "states": _states(asked, counts), "is_filtered": asked != queries.Asked()}
    context["export"] = "?" + urlencode(_address(asked, asked.state))
    return render(request, "registry/application_list.html", context)


@require_safe
@login_required
def application_export(request: SignedInRequest) -> HttpResponse:
    """The same list, by the same filter and in the same order, as an Excel file; nobody's phone is in it."""
    require_somewhere(request, Permission.HOST_ACCREDIT)
    asked = ApplicationFilter(request.GET).asked()
    header = [_("单位"), _("统一社会信用代码"), _("性质"), _("地址"), _("街镇"), _("标准"), _("申报类别"), _("基地")]
    header += [_("提交"), _("受理人"), _("状态"), _("期限"), _("纸质录入"), _("示例")]
    rows = (_row(one) for one in queries.find_applications(request.user, asked).iterator())
    return excel.download(_("基地申报"), excel.workbook(_("基地申报"), header, rows))


def _row(one: Application) -> list[object]:
    submitted = clock.day_of(one.submitted_at).isoformat() if one.submitted_at else ""
    due = one.due_on.isoformat() if one.due_on else ""
    host = one.host.unit.name if one.host else ""
    said: list[object] = [one.name, one.credit_code, one.host_kind, one.address, one.street]
    said += [str(one.standard), one.get_kind_display(), host]
    said += [submitted, one.handled_by.name if one.handled_by else "", one.get_state_display(), due]
    return [*said, _("是") if one.on_paper_by_id else "", _("是") if one.is_example else ""]


def _address(asked: queries.Asked, state: str) -> dict[str, str]:
    """What is asked as an address says it, in ``state``; what is empty is left out."""
    said = {"q": asked.q, "mine": "on" if asked.mine else "", "sort": asked.sort, "state": state}
    return {name: value for name, value in said.items() if value}


def _states(asked: queries.Asked, counts: dict[str, int]) -> list[Choice]:
    """全部 and each state that holds something, as links that keep what else is asked."""
    shown = [("", _("全部"), sum(counts.values()))]
    shown += [
        (key, str(name), counts.get(key, 0)) for key, name in Application.STATES if key in counts or key == asked.state
    ]
    return [
        Choice(name, "?" + urlencode(_address(asked, key)), asked.state == key, count) for key, name, count in shown
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def application_on_paper(request: SignedInRequest) -> HttpResponse:
    """Enter a paper form: the same pages as an applicant's, noted as entered by this person."""
    require_somewhere(request, Permission.HOST_ACCREDIT)
    mine = within(request.user, Permission.HOST_ACCREDIT, "keeper")
    standards = queries.open_standards(clock.today()).filter(mine)
    form = BeginForm(request.POST or None, standards=standards, initial={"request": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            made = applications.start_application(**form.cleaned_data, on=clock.today(), by=request.user)
            return redirect(applications.link_of(made))
    context = {"form": form, "standards": standards}
    return render(request, "registry/application_on_paper.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def application(request: SignedInRequest, application_id: int) -> HttpResponse:
    """One application: what was said, which host it may be, its papers, its steps."""
    return _page(request, _find(request, application_id), ReturnForm())


@require_POST
@login_required
def taking(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Take it up."""
    found = _find(request, application_id)
    return _do(request, found, _("由您受理"), lambda: review.take_application(application=found, by=request.user))


@require_POST
@login_required
def return_(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Return it, to be completed by a day."""
    found = _find(request, application_id)
    form = ReturnForm(request.POST)
    if form.is_valid():
        with refused_on(form):
            review.return_application(application=found, **form.cleaned_data, by=request.user, at=clock.now())
            messages.success(request, _("已退回，申报单位会看到原因"))
            return redirect("registry:application", application_id)
    return _page(request, found, form, status=422)


@require_POST
@login_required
def credit_code_confirmation(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Say that the certificate was seen and the code is right."""
    found = _find(request, application_id)
    done = _("记下了：看过原件，代码无误")
    return _do(request, found, done, lambda: review.confirm_credit_code(application=found, by=request.user))


@require_POST
@login_required
def host_choice(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Say which host it is: one that is there, or a new one."""
    found = _find(request, application_id)
    chosen = request.POST.get("host", "")
    if chosen == "new":
        done = _("录入了新基地，接着可以请基地负责人来登录")
        return _do(request, found, done, lambda: review.make_host_of(application=found, by=request.user))
    if not chosen.isdecimal():
        messages.error(request, _("请选一家：名单里已有的，或录入新的"))
        return redirect("registry:application", application_id)
    host = next((one for one in queries.likely_hosts(found) if one.pk == int(chosen)), None)
    host = host or find_desk_host(request.user, int(chosen))
    if host is None:
        raise Http404
    done = _("归到了这家基地")
    return _do(request, found, done, lambda: review.attach_host(application=found, host=host, by=request.user))


@require_POST
@login_required
def passage(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Let it through to the inspection."""
    found = _find(request, application_id)
    done = _("材料初审通过，接着安排现场核查")
    return _do(request, found, done, lambda: review.let_through(application=found, by=request.user, at=clock.now()))


@require_POST
@never_cache
@login_required
def phone(request: SignedInRequest, application_id: int) -> HttpResponse:
    """Show the contact's phone in clear, this once; the look is noted."""
    found = _find(request, application_id)
    said = review.note_phone_look(application=found, by=request.user)
    return _page(request, found, ReturnForm(), phone=said)


def _page(
    request: SignedInRequest, found: Application, form: ReturnForm, status: int = 200, phone: str = ""
) -> HttpResponse:
    today = clock.today()
    context = {
        "application": found,
        "papers": [(paper, state_of(paper, today)) for paper in queries.papers_of(found)],
        "lacks": applications.lacking(found, queries.papers_counted_for(found), today),
        "steps": list(queries.steps_of(found)),
        "likely": queries.likely_hosts(found) if found.host_id is None and found.name else [],
        "form": form,
        "code_is_odd": bool(found.credit_code) and not credit_code.holds(found.credit_code),
        "phone": phone,
        "link": applications.link_of(found) if found.on_paper_by_id == request.user.pk else "",
    }
    return render(request, "registry/application.html", context, status=status)


def _find(request: SignedInRequest, application_id: int) -> Application:
    rows = queries.applications_for(request.user).select_related("standard__keeper", "host__unit", "handled_by")
    return get_object_or_404(rows.select_related("on_paper_by", "credit_confirmed_by"), pk=application_id)


def _do(request: SignedInRequest, found: Application, done: str, action: Callable[[], object]) -> HttpResponse:
    """Do it, say how it went, and back to the application."""
    with refused_above(request):
        action()
        messages.success(request, done)
    return redirect("registry:application", found.pk)

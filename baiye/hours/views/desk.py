"""The ledger's desk: how far everyone is, what waits, certificates in bulk, the file for the city platform."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.models import Unit
from baiye.accounts.permissions import ROLES, Permission
from baiye.accounts.requests import SignedInRequest
from baiye.attendance.shell import shell_of
from baiye.core import clock, excel
from baiye.core.refusals import refused_on
from baiye.core.shapes import Stat
from baiye.hours import actions, forms, progress, queries
from baiye.schools.models import SchoolClass
from baiye.schools.queries import classes_for


@require_GET
@login_required
def desk(request: SignedInRequest) -> HttpResponse:
    """Progress by school, or, where there is one school (or ``?school=``), by class; and what waits there."""
    if not any(Permission.HOURS_VIEW in ROLES.get(role, ()) for role in request.user.roles - {"pupil", "guardian"}):
        raise Http404
    today = clock.today()
    classes = list(progress.classes_of_desk(request.user, today))
    reached = progress.progress_of([one.pk for one in classes])
    units = {one.school.unit_id: one.school.unit for one in classes}
    chosen = request.GET.get("school", "")
    unit = units.get(int(chosen)) if chosen.isdecimal() else None
    if unit is None and len(units) == 1:
        (unit,) = units.values()
    rows: list[tuple[SchoolClass | Unit, str, progress.Progress]] = []
    if unit is not None:
        classes = [one for one in classes if one.school.unit_id == unit.pk]
        rows += [(one, one.name(today), reached[one.pk]) for one in classes]
    else:
        rows += [(one, str(one), figures) for one, figures in progress.by_school(classes, reached).items()]
    total = sum((figures for _one, _name, figures in rows), progress.Progress())
    context = {
        "shell": shell_of(request.user),
        "unit": unit,
        "several": len(units) > 1,
        "rows": rows,
        "stats": _stats(total),
        "work": progress.work_at(request.user, unit, today) if unit else None,
        "may_export": queries.schools_where(request.user, Permission.HOURS_EXPORT).exists(),
    }
    return render(request, "hours/desk.html", context)


def _stats(total: progress.Progress) -> list[Stat]:
    share = f"{100 * total.done / total.pupils:.0f}%" if total.pupils else "—"
    return [
        Stat(_("学生"), total.pupils),
        Stat(_("满 16 课时"), total.done, note=share),
        Stat(_("有课时的"), total.begun),
        Stat(_("人均（职业院校）"), f"{total.hours_each:.1f}", unit=_("课时")),
    ]


@require_GET
@login_required
def school_class(request: SignedInRequest, class_id: int) -> HttpResponse:
    """One class: each pupil's hours, half-days, and whether a certificate stands."""
    found = get_object_or_404(classes_for(request.user, Permission.HOURS_VIEW), pk=class_id)
    rows = progress.class_rows(found, clock.now())
    context = {
        "shell": shell_of(request.user),
        "school_class": found,
        "name": found.name(clock.today()),
        "rows": rows,
        "papers": any(row.certificates for row in rows),
    }
    return render(request, "hours/class.html", context)


@require_POST
@login_required
def issue(request: SignedInRequest, unit_id: int) -> HttpResponse:
    """Certifies everything at a school that may be certified."""
    unit = get_object_or_404(queries.schools_where(request.user, Permission.CERTIFICATE_ISSUE), pk=unit_id)
    made = actions.issue_certificates(school=unit.school, by=request.user, at=clock.now())
    if made:
        messages.success(request, _("开好了 %(n)s 张证明，家长会收到消息") % {"n": len(made)})
    else:
        messages.info(request, _("现在没有可以开证明的课时：公示要先结束，异议要先核对"))
    return redirect(f"{reverse('hours:desk')}?school={unit.pk}")


@require_http_methods(["GET", "POST"])
@login_required
def exports(request: SignedInRequest) -> HttpResponse:
    """Takes a file for the city platform; every file taken stands in the list."""
    units = queries.schools_where(request.user, Permission.HOURS_EXPORT)
    if not units.exists():
        raise Http404
    form = forms.ExportForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            export, content = actions.export_hours(by=request.user, at=clock.now(), **form.cleaned_data)
            return excel.download(f"{_('课时导出')}-{export.batch}", content)
    context = {"form": form, "exports": queries.exports_for(request.user)[:50]}
    return render(request, "hours/exports.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def revocation(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    """Withdraws one certificate, after a reason."""
    found = get_object_or_404(queries.certificates_to_revoke(request.user), pk=certificate_id)
    form = forms.RevocationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.revoke_certificate(certificate=found, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("撤回了。扫码查验会显示已撤回"))
            return redirect("hours:pupil", found.pupil_id)
    context = {"shell": shell_of(request.user), "certificate": found, "form": form}
    return render(request, "hours/revocation.html", context, status=422 if form.errors else 200)

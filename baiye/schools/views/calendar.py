"""The district's calendar: terms, and the days that are not what their weekday says."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import refused_on
from baiye.schools import actions, queries
from baiye.schools.forms import SchoolDayForm, TermForm
from baiye.schools.permissions import holds_in_office

SHOWN = timedelta(days=400)


@require_safe
@login_required
def calendar(request: SignedInRequest) -> HttpResponse:
    _require_calendar(request)
    return _page(request, TermForm(), SchoolDayForm())


@require_POST
@login_required
def terms(request: SignedInRequest) -> HttpResponse:
    _require_calendar(request)
    form = TermForm(request.POST)
    if form.is_valid():
        with refused_on(form, "ends_on"):
            term = actions.set_term(by=request.user, **form.cleaned_data)
            messages.success(request, _("%(name)s已记下") % {"name": term.name})
            return redirect("schools:calendar")
    return _page(request, form, SchoolDayForm())


@require_POST
@login_required
def days(request: SignedInRequest) -> HttpResponse:
    _require_calendar(request)
    form = SchoolDayForm(request.POST)
    if form.is_valid():
        with refused_on(form, "acts_as"):
            actions.set_school_day(by=request.user, **form.cleaned_data)
            messages.success(request, _("这一天已记下"))
            return redirect("schools:calendar")
    return _page(request, TermForm(), form)


@require_POST
@login_required
def day_removal(request: SignedInRequest, pk: int) -> HttpResponse:
    _require_calendar(request)
    day = get_object_or_404(queries.all_days(), pk=pk)
    actions.clear_school_day(day=day, by=request.user)
    messages.success(request, _("这一天恢复成平常的样子"))
    return redirect("schools:calendar")


def _page(request: SignedInRequest, term_form: Form, day_form: Form) -> HttpResponse:
    today = clock.today()
    context = {
        "terms": queries.all_terms(),
        "days": queries.special_days(today - SHOWN, today + SHOWN),
        "term_form": term_form,
        "day_form": day_form,
    }
    return render(request, "schools/calendar.html", context, status=422 if term_form.errors or day_form.errors else 200)


def _require_calendar(request: SignedInRequest) -> None:
    if not holds_in_office(request.user, Permission.ROUND_PREPARE):
        raise Http404

"""Public notices, objections to them, rulings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from baiye.accounts.permissions import Permission, may
from baiye.accounts.requests import SignedInRequest
from baiye.attendance.shell import shell_of
from baiye.core import clock
from baiye.core.refusals import refused_on
from baiye.hours import actions, forms, queries

A_PAGE = 60


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Notices: of one's own school with the way in; to a visitor only which school shows what, from when to when."""
    today = clock.today()
    user = request.user if request.user.is_authenticated else None
    notices = queries.notices_for(user) if user else queries.public_notices(today)
    publishes = queries.schools_where(user, Permission.HOURS_PUBLISH)[:3] if user else []
    context = {
        "shell": shell_of(request.user),
        "page": Paginator(notices, 20).get_page(request.GET.get("page")),
        "today": today,
        "publishes": [(unit, queries.entries_to_notice(unit).count()) for unit in publishes],
    }
    return render(request, "hours/notice_list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: SignedInRequest, unit_id: int) -> HttpResponse:
    """Puts a school's new entries on show."""
    unit = get_object_or_404(queries.schools_where(request.user, Permission.HOURS_PUBLISH), pk=unit_id)
    today = clock.today()
    form = forms.NoticeForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        with refused_on(form):
            notice = actions.open_notice(school=unit.school, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("公示开始了，家长会收到消息"))
            return redirect("hours:notice", notice.pk)
    context = {
        "unit": unit,
        "form": form or forms.NoticeForm.beginning(today, queries.shortest_end(today, actions.shortest_days())),
        "count": queries.entries_to_notice(unit).count(),
    }
    return render(request, "hours/notice_new.html", context, status=422 if form else 200)


@require_GET
@login_required
def show(request: SignedInRequest, notice_id: int) -> HttpResponse:
    """One notice: classes, shortened names, dates, hours; one's own children in full, and the way to object."""
    notice = get_object_or_404(queries.notices_for(request.user), pk=notice_id)
    today = clock.today()
    pupils = queries.pupils_on(notice)
    own = queries.own_on(request.user, notice)
    show_own = request.GET.get("show") == "own"
    chosen = pupils.filter(pk__in=own) if show_own else pupils
    page = Paginator(chosen, A_PAGE).get_page(request.GET.get("page"))
    runs = notice.starts_on <= today <= notice.ends_on
    staff = may(request.user, Permission.CERTIFICATE_ISSUE, notice.school_unit)
    context = {
        "shell": shell_of(request.user),
        "notice": notice,
        "page": page,
        "rows": queries.notice_rows(notice, list(page.object_list), own),
        "runs": runs,
        "showing_own": show_own,
        "showing_all": not show_own,
        "objects": (runs and request.user.kind != "staff") or staff,
        "children": queries.family_pupils(request.user, notice.school_unit) if runs else [],
        "total": queries.notice_minutes(notice) // 40,
    }
    return render(request, "hours/notice.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def object_to(request: SignedInRequest, notice_id: int) -> HttpResponse:
    """The form for one objection: ``?entry=`` to a line, ``?pupil=`` to one that is missing."""
    notice = get_object_or_404(queries.notices_for(request.user), pk=notice_id)
    entry = queries.find_line(notice, request.GET.get("entry", ""))
    about = entry.pupil if entry else queries.find_missing_pupil(request.user, notice, request.GET.get("pupil", ""))
    if about is None:
        raise Http404
    form = forms.ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            objection = actions.object_to(
                notice=notice,
                pupil=about,
                entry=entry,
                text=form.cleaned_data["text"],
                by=request.user,
                at=clock.now(),
            )
            messages.success(request, _("收到了。学校核对后会发消息告诉您"))
            return redirect("hours:objection", objection.pk)
    context = {
        "shell": shell_of(request.user),
        "notice": notice,
        "entry": entry,
        "pupil": about,
        "own": about.pk in queries.own_on(request.user, notice, [about.pk]),
        "form": form,
    }
    return render(request, "hours/object.html", context, status=422 if form.errors else 200)


@require_GET
@login_required
def objections(request: SignedInRequest) -> HttpResponse:
    """Objections to decide, open ones first, and one's own."""
    page = Paginator(queries.objections_for(request.user), 30).get_page(request.GET.get("page"))
    return render(request, "hours/objection_list.html", {"shell": shell_of(request.user), "page": page})


@require_http_methods(["GET", "POST"])
@login_required
def objection(request: SignedInRequest, objection_id: int) -> HttpResponse:
    """One objection, what the marks say, and the ruling."""
    found = get_object_or_404(queries.objections_for(request.user), pk=objection_id)
    rules = may(request.user, Permission.OBJECTION_RULE, found.notice.school_unit)
    form = forms.RulingForm(request.POST or None) if rules and found.ruled_at is None else None
    if request.method == "POST" and form is not None and form.is_valid():
        with refused_on(form):
            actions.rule_on(objection=found, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("核对结果记下了，提出的人会收到消息"))
            return redirect("hours:objection", found.pk)
    context = {
        "shell": shell_of(request.user),
        "objection": found,
        "rules": rules,
        "own_objection": found.made_by_id == request.user.pk,
        "form": form,
        "days": queries.half_days(found.pupil, clock.now()) if rules else [],
    }
    return render(request, "hours/objection.html", context, status=422 if form and form.errors else 200)

"""The school's side: which visits wait for its signature, and who was there by name."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baiye.accounts.models import User
from baiye.accounts.permissions import ROLES, Permission
from baiye.accounts.requests import SignedInRequest
from baiye.attendance import actions, forms, queries
from baiye.attendance.shell import shell_of
from baiye.core import clock
from baiye.core.refusals import Refused, refused_on
from baiye.core.shapes import Choice

A_PAGE = 30


@require_http_methods(["GET", "POST"])
@login_required
def index(request: SignedInRequest) -> HttpResponse:
    """Visits that are over, open ones first to be seen; several can be signed at once."""
    if not any(Permission.CONFIRM_AS_SCHOOL in ROLES.get(role, ()) for role in request.user.roles):
        raise Http404
    at = clock.now()
    if request.method == "POST":
        _sign_picked(request)
        return redirect("attendance:confirm-list")
    rows = queries.sheets_of(request.user, at)
    show = "all" if request.GET.get("show") == "all" else "open"
    open_rows = rows.filter(queries.OPEN)
    page = Paginator(open_rows if show == "open" else rows, A_PAGE).get_page(request.GET.get("page"))
    sheets = queries.sheets(page.object_list, at)
    context = {
        "shell": shell_of(request.user),
        "page": page,
        "sheets": sheets,
        "pickable": any(one.may_pick for one in sheets),
        "show": show,
        "shows": [
            Choice(_("待确认"), "?show=open", show == "open", open_rows.count()),
            Choice(_("全部"), "?show=all", show == "all"),
        ],
    }
    return render(request, "attendance/confirm_list.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def sheet(request: SignedInRequest, visit_id: int, unit_id: int) -> HttpResponse:
    """One visit, the pupils of one school by name, and the signature."""
    at = clock.now()
    found = _find(request.user, visit_id, unit_id)
    form = forms.ConfirmForm(request.POST or None, initial={"present": found.present})
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.confirm(
                visit=found.visit, side="school", unit=found.unit, by=request.user, at=at, **form.cleaned_data
            )
            messages.success(request, _("确认好了。基地也确认后，课时自动记上"))
            return redirect("attendance:confirm-list")
    context = {
        "shell": shell_of(request.user),
        "sheet": found,
        "rows": queries.school_rows(request.user, found),
        "form": form if found.is_open and found.whole else None,
    }
    return render(request, "attendance/confirm_sheet.html", context, status=422 if form.errors else 200)


def _find(user: User, visit_id: int, unit_id: int) -> queries.Sheet:
    at = clock.now()
    rows = queries.sheet_rows(user, visit_id, unit_id, at)
    if not rows:
        raise Http404
    (found,) = queries.sheets(rows, at)
    return found


def _sign_picked(request: SignedInRequest) -> None:
    """Sign what was ticked, school by school; what looks odd or is not wholly theirs must be opened one by one."""
    at = clock.now()
    picked = set(request.POST.getlist("pick"))
    chosen = [one for one in queries.picked_sheets(request.user, picked, at) if one.may_pick]
    done = 0
    try:
        for unit in {one.unit for one in chosen}:
            visits = [one.visit for one in chosen if one.unit == unit]
            actions.confirm_many(visits=visits, side="school", unit=unit, by=request.user, at=at)
            done += len(visits)
    except (Refused, PermissionDenied) as refusal:
        messages.error(request, str(refusal))
    if done:
        messages.success(request, _("确认了 %(n)s 场") % {"n": done})
    if len(picked) > len(chosen):
        messages.warning(request, _("有 %(n)s 场要点开看一看再确认") % {"n": len(picked) - len(chosen)})

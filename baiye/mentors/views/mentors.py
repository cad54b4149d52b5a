"""The roster of mentors: the list and its export, one mentor, somebody new, changes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from baiye.accounts.permissions import Permission, may, paths
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.core import audit, choosing, clock
from baiye.core.refusals import Refused, refused_on
from baiye.mentors import hindrances
from baiye.mentors.actions import mentors as actions
from baiye.mentors.forms.mentors import AccountForm, MentorFilter, MentorForm
from baiye.mentors.models.mentors import LANGUAGES, SLOTS
from baiye.mentors.permissions import may_over
from baiye.mentors.queries import mentors as queries
from baiye.mentors.sheets.roster import mentor_sheet
from baiye.mentors.views.entry import Entry, asked

PER_PAGE = 50


@never_cache
@login_required
@require_GET
def mentor_list(request: SignedInRequest) -> HttpResponse:
    """Mentors one sees, by name, kind and state."""
    require_somewhere(request, Permission.MENTOR_VIEW)
    form, on = MentorFilter(request.GET), clock.today()
    looked_for = form.asked()
    found = queries.find_mentors(request.user, looked_for, on)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(one, hindrances.sentence(getattr(one, "hindered", None))) for one in page],
        "is_filtered": looked_for != queries.Asked(),
        "query": request.GET.urlencode(),
        "may_manage": bool(paths(request.user, Permission.MENTOR_MANAGE)),
        "may_train": queries.appointers_for(request.user).exists(),
    }
    return render(request, "mentors/mentor_list.html", context)


@never_cache
@login_required
@require_GET
def mentor_export(request: SignedInRequest) -> HttpResponse:
    """The list as it is filtered, as an Excel file; phones are left out."""
    require_somewhere(request, Permission.MENTOR_VIEW)
    on = clock.today()
    found = queries.find_mentors(request.user, MentorFilter(request.GET).asked(), on)
    answer = mentor_sheet(found.prefetch_related("occupations"), on)
    audit.record("mentors.exported", by=request.user)
    return answer


@never_cache
@login_required
@require_GET
def mentor(request: SignedInRequest, mentor_id: int) -> HttpResponse:
    """All that is known of one mentor, and what keeps them from pupils today."""
    found = get_object_or_404(queries.with_file(queries.mentors_for(request.user)), pk=mentor_id)
    today = clock.today()
    code = hindrances.why_not(found, today, today)
    context = {
        "mentor": found,
        "hindered": hindrances.sentence(code),
        "evaluations": sorted(found.evaluations.all(), key=lambda one: -one.school_year),
        "today": today,
        "free": [name for slot, name in SLOTS if slot in found.free_slots],
        "languages": [name for language, name in LANGUAGES if language in found.languages],
        "may_manage": may_over(request.user, Permission.MENTOR_MANAGE, found),
        "may_vet": may(request.user, Permission.MENTOR_VET, found.unit),
        "appointers": set(queries.appointers_for(request.user).values_list("pk", flat=True)),
        "union": actions.union_of(request.user, found),
    }
    return render(request, "mentors/mentor.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def mentor_new(request: SignedInRequest) -> HttpResponse:
    """Somebody new."""
    units = queries.units_for(request.user)
    first = units.first()
    if first is None:
        raise Http404
    form = MentorForm(request.POST or None, units=units, bodies=queries.appointers_of(first))
    if suggested := choosing.suggestions(request, form):
        return suggested
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            made = actions.add_mentor(**form.fields_of(), by=request.user)
            messages.success(request, _("已登记。下一步：登记从业查询结果。"))
            return redirect("mentors:mentor", made.pk)
    return render(request, "mentors/mentor_new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def particulars(request: SignedInRequest, mentor_id: int) -> HttpResponse:
    """Change what is known of somebody."""
    found = get_object_or_404(queries.mentors_for(request.user, Permission.MENTOR_MANAGE), pk=mentor_id)
    form = MentorForm(request.POST or None, units=None, bodies=queries.appointers_of(found.unit), of=found)
    entry = Entry(_("修改资料"), _("存好"), _("已存好。"))
    return asked(
        request,
        found,
        form,
        entry,
        lambda _data: actions.change_mentor(mentor=found, **form.fields_of(), by=request.user),
    )


@login_required
@require_http_methods(["GET", "POST"])
def account(request: SignedInRequest, mentor_id: int) -> HttpResponse:
    """Which account is somebody's own."""
    found = get_object_or_404(queries.mentors_for(request.user, Permission.MENTOR_MANAGE), pk=mentor_id)
    form = AccountForm(request.POST or None)
    entry = Entry(_("本人账号"), _("存好"), _("已存好。"))

    def link(data: dict[str, str]) -> None:
        user = queries.account_named(data["username"]) if data["username"] else None
        if data["username"] and user is None:
            raise Refused(_("没有这个用户名。请核对。"))
        actions.link_account(mentor=found, user=user, by=request.user)

    return asked(request, found, form, entry, link)

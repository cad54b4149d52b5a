"""Staff accounts and their roles, for whoever holds GRANT_MANAGE."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baiye.accounts import queries
from baiye.accounts.actions import grants, people
from baiye.accounts.forms import GrantForm, InviteForm, PeopleFilterForm
from baiye.accounts.models import Grant, User
from baiye.accounts.permissions import ROLE_NAMES, Permission, may_give
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.core import choosing, clock
from baiye.core.refusals import refused_above, refused_on

A_PAGE = 50


@require_safe
@login_required
def grant_list(request: SignedInRequest) -> HttpResponse:
    """Who may do what where, within one's own units."""
    form = PeopleFilterForm(request.GET, by=_manager(request))
    given = form.cleaned_data if form.is_valid() else {}
    found = queries.people_for(request.user, words=given.get("q", ""), role=given.get("role", ""))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    people_shown = [(one, [(name_of(grant), grant) for grant in queries.shown_grants(one)]) for one in page]
    return render(request, "accounts/grant_list.html", {"page": page, "people": people_shown, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def person_create(request: SignedInRequest) -> HttpResponse:
    """Invite someone; the link is shown once."""
    form = InviteForm(request.POST or None, by=_manager(request), today=clock.today())
    if suggested := choosing.suggestions(request, form):
        return suggested
    if form.is_valid():
        with refused_on(form):
            given = dict(form.cleaned_data)
            newcomer = people.Newcomer(*(given.pop(name) for name in ("username", "name", "email")))
            link = people.invite_person(newcomer=newcomer, **given, by=request.user, at=clock.now())
            return render(request, "accounts/link.html", {"link": link, "days": people.LINK_LIVES.days})
    return render(request, "accounts/person_create.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@login_required
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One account: its roles, and what can be done with it."""
    return _person_page(request, _find(request, pk), GrantForm(by=request.user, today=clock.today()))


@require_POST
@login_required
def grant_create(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give a role."""
    found = _find(request, pk)
    form = GrantForm(request.POST, by=request.user, today=clock.today())
    if suggested := choosing.suggestions(request, form):
        return suggested
    if form.is_valid():
        with refused_on(form):
            grants.give_grant(user=found, **form.cleaned_data, by=request.user, at=clock.now())
            messages.success(request, _("权限加好了"))
            return redirect("accounts:person", pk)
    return _person_page(request, found, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def grant_ending(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then end a role at once."""
    _manager(request)
    grant = get_object_or_404(queries.grants_for(request.user), pk=pk)
    if request.method != "POST":
        context = {"grant": grant, "role": name_of(grant), "is_last": grants.is_last(grant, on=clock.today())}
        return render(request, "accounts/grant_ending.html", context)
    return _do(request, grant.user_id, _("权限已经结束"), partial(grants.end_grant, grant=grant))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def closure(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then close an account; or open a closed one."""
    found = _find(request, pk)
    if request.method != "POST":
        return render(request, "accounts/closure.html", {"person": found})
    action = people.close_account if found.is_active else people.reopen_account
    done = _("账号已停用，正在用的页面下一步就会退出") if found.is_active else _("账号重新启用了")
    return _do(request, pk, done, partial(action, person=found))


@require_POST
@never_cache
@login_required
def link_create(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new one-time link, shown once."""
    found = _find(request, pk)
    with refused_above(request):
        link = people.renew_link(person=found, by=request.user, at=clock.now())
        return render(request, "accounts/link.html", {"link": link, "days": people.LINK_LIVES.days})
    return redirect("accounts:person", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def second_factor_clearing(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then remove the second factors of who lost theirs."""
    found = _find(request, pk)
    if request.method != "POST":
        return render(request, "accounts/second_factor_clearing.html", {"person": found})
    done = _("第二步验证和密码都已清除，请给本人一个新链接")
    return _do(request, pk, done, partial(people.clear_second_factor, person=found))


def _manager(request: SignedInRequest) -> User:
    """The signed-in person, if they manage accounts anywhere; else there is no such page."""
    require_somewhere(request, Permission.GRANT_MANAGE)
    return request.user


def _do(request: SignedInRequest, pk: int, done: str, action: Callable[..., None]) -> HttpResponse:
    """Do it, say how it went, and back to the account."""
    with refused_above(request):
        action(by=request.user, at=clock.now())
        messages.success(request, done)
    return redirect("accounts:person", pk)


def _find(request: SignedInRequest, pk: int) -> User:
    return get_object_or_404(queries.people_for(_manager(request)), pk=pk)


def _person_page(request: SignedInRequest, found: User, form: GrantForm, status: int = 200) -> HttpResponse:
    lines = [(grant, name_of(grant), _may_end(request.user, grant)) for grant in queries.shown_grants(found)]
    context = {
        "person": found,
        "lines": lines,
        "form": form,
        "may_manage": queries.may_manage(request.user, found, clock.today()),
        "has_second_factor": queries.has_second_factor(found),
    }
    return render(request, "accounts/person.html", context, status=status)


def name_of(grant: Grant) -> str:
    """What the role of a grant is called."""
    return str(ROLE_NAMES.get(grant.role, grant.role))


def _may_end(user: User, grant: Grant) -> bool:
    return grant.user_id != user.pk and may_give(user, grant.role, grant.unit)

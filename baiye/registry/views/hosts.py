"""The desk side of hosts: the list, one host's file, its details, venues and manager."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baiye.accounts.actions import people
from baiye.accounts.deliveries import failed_for
from baiye.accounts.permissions import Permission, may, may_give, paths
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import refused_on
from baiye.registry import credit_code
from baiye.registry.actions import hosts as actions
from baiye.registry.forms.hosts import ClosureForm, CreditCodeForm, DeskFilter, HostForm, ManagerForm, VenueForm
from baiye.registry.models import Host, Venue
from baiye.registry.permissions import keeps, kept_paths
from baiye.registry.queries import documents as papers
from baiye.registry.queries import hosts as queries
from baiye.registry.queries.applications import hosts_like
from baiye.registry.queries.register import map_shapes, middles_of, schools_on_the_map, streets
from baiye.registry.sheets import hosts, venues
from baiye.registry.sketch import sketch

PER_PAGE = 50


@require_safe
@login_required
def host_desk(request: SignedInRequest) -> HttpResponse:
    """The hosts one manages or reviews; who manages only one goes straight to it."""
    if not (paths(request.user, Permission.HOST_MANAGE) or paths(request.user, Permission.HOST_ACCREDIT)):
        raise Http404
    form = DeskFilter(request.GET)
    asked = form.asked()
    found = queries.desk_hosts_for(request.user, **asked, on=clock.today())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    if not any(asked.values()) and page.paginator.count == 1:
        return redirect("registry:host-file", page[0].pk)
    context = {"form": form, "page": page, "is_filtered": any(asked.values())}
    context["may_merge"] = bool(kept_paths(request.user))
    context |= {"may_import": hosts.may_import(request.user), "may_manage": venues.may_import(request.user)}
    context["lost"] = failed_for(request.user, to_hosts=True, at=clock.now()).count()
    return render(request, "registry/host_desk.html", context)


@require_safe
@login_required
def host_file(request: SignedInRequest, host_id: int) -> HttpResponse:
    """One host as those see it who manage or review it; one that was merged leads to the other."""
    return _file(request, _find(request, host_id))


@require_POST
@never_cache
@login_required
def host_phone(request: SignedInRequest, host_id: int) -> HttpResponse:
    """Show the contact's phone in clear, this once; the look is noted."""
    host = _managed(request, host_id)
    return _file(request, host, phone=actions.note_phone_look(host=host, by=request.user))


def _file(request: SignedInRequest, host: Host, phone: str = "") -> HttpResponse:
    if host.merged_into is not None:
        messages.info(request, _("「%(old)s」已并入这家基地") % {"old": host.unit.name})
        return redirect("registry:host-file", host.merged_into_id)
    today, user = clock.today(), request.user
    documents, venues = papers.documents_of(host), list(queries.venues_of(host))
    open_ones = [venue.pk for venue in venues if venue.closed_on is None or venue.closed_on > today]
    context = {
        "host": host,
        "venues": venues,
        "needs": papers.standing_of(documents, papers.needs_of(host, today), today, open_ones),
        "waiting": sum(papers.state_of(one, today) == "waiting" for one in documents),
        "accreditations": list(queries.accreditations_of(host)),
        "managers": list(queries.managers_of(host, today)),
        "merged": list(queries.merged_into(host)),
        "likely": hosts_like(host) if keeps(user, host.unit) else [],
        "may_manage": may(user, Permission.HOST_MANAGE, host.unit),
        "may_accredit": may(user, Permission.HOST_ACCREDIT, host.unit),
        "may_invite": may_give(user, "host_manager", host.unit),
        "code_is_odd": bool(host.credit_code) and not credit_code.holds(host.credit_code),
        "today": today,
        "phone": phone,
    }
    return render(request, "registry/host_file.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def host_details(request: SignedInRequest, host_id: int) -> HttpResponse:
    """What the host says of itself."""
    host = _managed(request, host_id)
    form = HostForm(request.POST or None, of=host, streets=_streets())
    if request.method == "POST" and form.is_valid():
        done = lambda: actions.edit_host(host=host, fields=form.cleaned_data, by=request.user)  # noqa: E731
        if _did(form, done):
            messages.success(request, _("已保存"))
            return redirect("registry:host-file", host_id)
    context = {"host": host, "form": form} | _place_map()
    return render(request, "registry/host_details.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def host_credit_code(request: SignedInRequest, host_id: int) -> HttpResponse:
    """The credit code; one whose check fails needs a person's word."""
    host = _managed(request, host_id)
    if not may(request.user, Permission.HOST_ACCREDIT, host.unit):
        raise Http404
    form = CreditCodeForm(request.POST or None, initial={"code": host.credit_code})
    save = lambda: actions.set_credit_code(host=host, **form.cleaned_data, by=request.user)  # noqa: E731
    if request.method == "POST" and form.is_valid() and _did(form, save):
        messages.success(request, _("已保存"))
        return redirect("registry:host-file", host_id)
    context = {"host": host, "form": form, "title": _("统一社会信用代码"), "button": _("保存")}
    return render(request, "registry/host_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def venue_new(request: SignedInRequest, host_id: int) -> HttpResponse:
    """A new venue."""
    return _venue_page(request, _managed(request, host_id), None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def venue(request: SignedInRequest, venue_id: int) -> HttpResponse:
    """One venue, to change it."""
    found = _find_venue(request, venue_id)
    return _venue_page(request, found.host, found)


def _venue_page(request: SignedInRequest, host: Host, venue: Venue | None) -> HttpResponse:
    form = VenueForm(request.POST or None, of=venue, streets=_streets())
    if request.method == "POST" and form.is_valid():
        save = lambda: actions.save_venue(host=host, venue=venue, fields=form.cleaned_data, by=request.user)  # noqa: E731
        if _did(form, save):
            messages.success(request, _("场地存好了"))
            return redirect("registry:host-file", host.pk)
    context = {"host": host, "venue": venue, "form": form} | _place_map()
    return render(request, "registry/venue.html", context, status=422 if form.errors else 200)


def _place_map() -> dict[str, Any]:
    """What ``registry/_place_map.html`` needs: the map, and from where one may start on it; two queries."""
    shapes = list(map_shapes())
    drawn = sketch(shapes, ())
    starts = [*schools_on_the_map(), *middles_of(shape for shape in shapes if shape.kind == "street")]
    place = {"frame": drawn.frame.data(), "starts": [asdict(each) for each in starts]} if drawn else {}
    return {"map": drawn, "starts": starts, "place": place}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def venue_closure(request: SignedInRequest, venue_id: int) -> HttpResponse:
    """Close a venue from a day on, or open a closed one again."""
    found, today = _find_venue(request, venue_id), clock.today()
    if request.method == "POST" and found.closed_on is not None:
        actions.reopen_venue(venue=found, by=request.user)
        messages.success(request, _("场地重新开放了"))
        return redirect("registry:host-file", found.host_id)
    form = ClosureForm(request.POST or None, initial={"from_on": today})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["from_on"]
        if _did(form, lambda: actions.close_venue(venue=found, from_on=day, by=request.user, at=clock.now())):
            messages.success(request, _("记下了，那天起不再安排学生"))
            return redirect("registry:host-file", found.host_id)
    context = {"host": found.host, "form": form, "title": _("关闭「%(name)s」") % {"name": found.name}}
    context |= {"button": _("关闭"), "note": _("已经安排的场次不会自动取消，请到「场次」里改场地或取消。")}
    return render(request, "registry/host_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def manager_new(request: SignedInRequest, host_id: int) -> HttpResponse:
    """Invite who manages the host; the link is shown once."""
    host = _managed(request, host_id)
    if not may_give(request.user, "host_manager", host.unit):
        raise Http404
    form = ManagerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        newcomer = people.Newcomer(**form.cleaned_data)
        with refused_on(form):
            link = actions.invite_manager(host=host, newcomer=newcomer, by=request.user, at=clock.now())
            address = request.build_absolute_uri(link.path)
            context = {"host": host, "link": link, "address": address, "days": people.LINK_LIVES.days}
            return render(request, "registry/host_manager_link.html", context)
    context = {"host": host, "form": form, "title": _("请基地负责人来登录"), "button": _("建账号，得到链接")}
    context["note"] = _("提交后得到一个只能用一次的链接，请当面或用可靠的方式交给本人，由本人设密码。")
    return render(request, "registry/host_form.html", context, status=422 if form.errors else 200)


def _did(form: HostForm | VenueForm | ClosureForm | CreditCodeForm, action: Callable[[], object]) -> bool:
    """Do it; a refusal becomes an error of the form."""
    with refused_on(form):
        action()
        return True
    return False


def _find(request: SignedInRequest, host_id: int) -> Host:
    host = queries.find_desk_host(request.user, host_id)
    if host is None:
        raise Http404
    return host


def _managed(request: SignedInRequest, host_id: int) -> Host:
    host = _find(request, host_id)
    if not may(request.user, Permission.HOST_MANAGE, host.unit) or host.merged_into is not None:
        raise Http404
    return host


def _find_venue(request: SignedInRequest, venue_id: int) -> Venue:
    found = queries.find_venue(request.user, venue_id)
    if found is None:
        raise Http404
    return found


def _streets() -> list[str]:
    return [shape.name for shape in streets()]

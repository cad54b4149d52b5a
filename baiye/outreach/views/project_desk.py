"""The desk of community projects: the list with its figures, a new one, one project, its door."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, may, paths
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.catalogue.queries.courses import current_versions_for
from baiye.core import choosing, clock, excel
from baiye.core.refusals import refused_above, refused_on
from baiye.core.templatetags.text import han_range
from baiye.outreach.actions import projects as actions
from baiye.outreach.actions import sign_up as sign_ups
from baiye.outreach.actions import walk_ins as door
from baiye.outreach.forms.projects import AboutForm, DeskFilter, ProgrammeForm, ProjectForm, SignUpForm, WalkInForm
from baiye.outreach.models import Project
from baiye.outreach.queries import project_desk as queries
from baiye.outreach.queries import stations
from baiye.outreach.queries.organisers import organisers
from baiye.outreach.queries.projects import masters_of
from baiye.outreach.standing import opening_of, standing_of
from baiye.registry.queries.hosts import venues_for

PER_PAGE = 50
BOTH = ["GET", "HEAD", "POST"]


@require_safe
@login_required
def project_desk(request: SignedInRequest) -> HttpResponse:
    """Projects one manages or checks people in at, with who signed up, who came, who walked in."""
    _require_desk(request)
    form = DeskFilter(request.GET)
    asked, at = form.said(), clock.now()
    page = Paginator(queries.on_the_desk(request.user, **asked, at=at), PER_PAGE).get_page(request.GET.get("page"))
    figures = queries.figures_of(list(page))
    manages = bool(paths(request.user, Permission.PROJECT_MANAGE))
    context = {
        "form": form,
        "page": page,
        "rows": [(each, figures[each.pk], standing_of(each, at), _has_door(request.user, each)) for each in page],
        "may_make": bool(paths(request.user, Permission.VISIT_MANAGE)) and manages,
        "may_found": manages and organisers(request.user, Permission.PROJECT_MANAGE).exists(),
        "has_stations": manages and stations.stations_for(request.user).exists(),
        "is_filtered": any(asked.values()),
        "query": request.GET.urlencode(),
    }
    return render(request, "outreach/project_desk.html", context)


@require_safe
@login_required
def project_export(request: SignedInRequest) -> HttpResponse:
    """The same as Excel; walk-ins stand in columns of their own."""
    _require_desk(request)
    found = list(queries.on_the_desk(request.user, **DeskFilter(request.GET).said(), at=clock.now()))
    figures = queries.figures_of(found)
    header = [_("时间"), _("系列"), _("项目"), _("基地"), _("街镇")]
    header += [_("名额"), _("报名"), _("到场"), _("散客：孩子"), _("散客：大人")]
    rows = [
        (
            han_range(each.visit.starts_at, each.visit.ends_at, "full"),
            each.programme.title,
            each.visit.version.title,
            each.visit.venue.host.unit.name,
            each.street,
            each.visit.seats,
            figures[each.pk].expected,
            figures[each.pk].arrived,
            figures[each.pk].children,
            figures[each.pk].adults,
        )
        for each in found
    ]
    return excel.download(_("社区公益项目"), excel.workbook(_("社区公益项目"), header, rows))


@require_http_methods(BOTH)
@login_required
def programmes(request: SignedInRequest) -> HttpResponse:
    """The programmes of one's district; a POST founds one."""
    require_somewhere(request, Permission.PROJECT_MANAGE)
    units = organisers(request.user, Permission.PROJECT_MANAGE)
    form = ProgrammeForm(request.POST or None, units=units) if units else None
    if request.method == "POST" and form is None:
        raise Http404
    if request.method == "POST" and form is not None and form.is_valid():
        with refused_on(form):
            actions.make_programme(**form.cleaned_data, by=request.user, at=clock.now())
            messages.success(request, _("建好了，可以往里加项目。"))
            return redirect("outreach:programmes")
    context = {"programmes": queries.programmes_for(request.user), "form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, "outreach/programmes.html", context, status=status)


@require_http_methods(BOTH)
@login_required
def project_new(request: SignedInRequest) -> HttpResponse:
    """A new project, as a draft."""
    require_somewhere(request, Permission.VISIT_MANAGE)
    require_somewhere(request, Permission.PROJECT_MANAGE)
    user, at = request.user, clock.now()
    form = ProjectForm(
        request.POST or None,
        programmes=queries.programmes_for(user),
        versions=current_versions_for(user, Permission.VISIT_MANAGE),
        venues=venues_for(user),
        masters=queries.masters_for(user, at),
    )
    if suggested := choosing.suggestions(request, form):
        return suggested
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            project = actions.make_project(**form.made(), by=user, at=at)
            messages.success(request, _("存成草稿了。开放报名，或写明不用报名，就可以公布。"))
            return redirect("outreach:project-page", project.pk)
    has_programmes = form.fields["programme"].queryset.exists()  # type: ignore[attr-defined]
    context = {"form": form, "has_programmes": has_programmes}
    return render(request, "outreach/project_new.html", context, status=422 if form.errors else 200)


@require_http_methods(BOTH)
@login_required
def project_page(request: SignedInRequest, project_id: int) -> HttpResponse:
    """One project at the desk; a POST changes who may come and what families are told."""
    project = get_object_or_404(queries.projects_for(request.user), pk=project_id)
    at = clock.now()
    initial = {"takes_walk_ins": project.takes_walk_ins, "note": project.note}
    form = AboutForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.set_walk_ins(project=project, **form.cleaned_data, by=request.user, at=at)
            messages.success(request, _("已保存"))
            return redirect("outreach:project-page", project.pk)
    context = {
        "project": project,
        "visit": project.visit,
        "form": form,
        "opening": opening_of(project),
        "standing": standing_of(project, at),
        "figures": queries.figures_of([project])[project.pk],
        "lead": masters_of([project]).get(project.visit_id),
        "is_over": project.visit.ends_at <= at or project.visit.cancelled_at is not None,
        "may_visit": may(request.user, Permission.VISIT_MANAGE, project.visit.venue.host.unit),
        "has_door": _has_door(request.user, project),
    }
    return render(request, "outreach/project_page.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def publication(request: SignedInRequest, project_id: int) -> HttpResponse:
    """Show the project to everyone."""
    project = get_object_or_404(queries.projects_for(request.user), pk=project_id)
    with refused_above(request):
        actions.publish_project(project=project, by=request.user, at=clock.now())
        messages.success(request, _("公布了。"))
    return redirect("outreach:project-page", project.pk)


@require_http_methods(BOTH)
@login_required
def sign_up(request: SignedInRequest, project_id: int) -> HttpResponse:
    """Open the project to sign-up."""
    project = get_object_or_404(queries.projects_for(request.user), pk=project_id)
    if not may(request.user, Permission.VISIT_MANAGE, project.visit.venue.host.unit):
        raise Http404
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key, said = form.cleaned_data["request"], form.sign_up()
        with refused_on(form):
            sign_ups.open_sign_up(project=project, sign_up=said, request=key, by=request.user, at=clock.now())
            messages.success(request, _("报名定好了，到时间自动开放。"))
            return redirect("outreach:project-page", project.pk)
    context = {"project": project, "visit": project.visit, "form": form}
    return render(request, "outreach/project_sign_up.html", context, status=422 if form.errors else 200)


@require_http_methods(BOTH)
@login_required
def walk_ins(request: SignedInRequest, project_id: int) -> HttpResponse:
    """The door: how many came without a seat; a POST adds to the count."""
    project = get_object_or_404(queries.at_the_door_of(request.user), pk=project_id)
    form = WalkInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refused_on(form):
            door.count_walk_in(project=project, **data, by=request.user, at=clock.now())
            messages.success(request, _("记下了：孩子 %(children)d，大人 %(adults)d。") % data)
            return redirect("outreach:project-walk-ins", project.pk)
    context = {
        "project": project,
        "visit": project.visit,
        "form": form,
        "figures": queries.figures_of([project])[project.pk],
        "counts": queries.walk_ins_of(project),
    }
    return render(request, "outreach/walk_ins.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def walk_in_voiding(request: SignedInRequest, walk_in_id: int) -> HttpResponse:
    """Take a count back."""
    walk_in = get_object_or_404(queries.walk_ins_at_the_door_of(request.user), pk=walk_in_id)
    door.void_walk_in(walk_in=walk_in, by=request.user, at=clock.now())
    messages.success(request, _("这一笔作废了。"))
    return redirect("outreach:project-walk-ins", walk_in.project_id)


def _has_door(user: User, project: Project) -> bool:
    """Whether ``user`` counts walk-ins of ``project``; no query."""
    is_open = project.takes_walk_ins and project.published_at is not None
    return is_open and may(user, Permission.CHECKIN, project.visit.venue.host.unit)


def _require_desk(request: SignedInRequest) -> None:
    """404 for who neither manages projects nor checks anybody in."""
    if not paths(request.user, Permission.CHECKIN):
        require_somewhere(request, Permission.PROJECT_MANAGE)

"""The catalogue for everyone (找项目), and the desk where courses are drafted and published."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from baiye.accounts.permissions import Permission, may, paths
from baiye.accounts.requests import SignedInRequest
from baiye.catalogue.actions import courses as actions
from baiye.catalogue.actions.content import CourseRefused
from baiye.catalogue.forms.courses import CatalogueForm, DraftForm, NewCourseForm
from baiye.catalogue.models import HAZARDS, RIASEC, STEPS, CourseVersion
from baiye.catalogue.queries import courses as queries
from baiye.catalogue.queries.search import find_courses
from baiye.core import clock
from baiye.core.search import CappedPaginator
from baiye.core.shapes import Choice
from baiye.registry.queries.hosts import hosts_for

PER_PAGE = 20


@require_safe
def course_list(request: HttpRequest) -> HttpResponse:
    """Published courses by interest, host and words; below, what public sources tell of and nobody offers here yet."""
    form = CatalogueForm(request.GET, hosts=queries.hosts_with_courses())
    asked = form.asked()
    found = find_courses(q=asked.q, riasec=asked.k, host=asked.host)
    page = CappedPaginator(found, PER_PAGE).get_page(request.GET.get("page"))
    kinds = [("", _("全部")), *RIASEC]
    query = {
        name: value for name, value in (("q", asked.q), ("k", asked.k), ("host", asked.host and asked.host.pk)) if value
    }
    context = {
        "form": form,
        "page": page,
        "asked": asked,
        "kinds": [(k, Choice(str(name), "?" + urlencode(query | {"k": k}), asked.k == k)) for k, name in kinds],
        "reported": [] if query or page.number > 1 else queries.reported_courses(),
        "shell": _shell(request),
    }
    return render(request, "catalogue/course_list.html", context)


@require_safe
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """One course: what it is, its four steps, what to bring, what must be said before."""
    version = get_object_or_404(queries.current_versions(), course__slug=slug)
    context = {
        "version": version,
        "course": version.course,
        "host": version.course.host,
        "steps": [(name, version.steps.get(key, "")) for key, name in STEPS],
        "hazards": _questions(version),
        "shell": _shell(request),
    }
    return render(request, "catalogue/course.html", context)


@login_required
@require_GET
def draft_list(request: SignedInRequest) -> HttpResponse:
    """Every course one may draft, with the version in force and the draft."""
    _require_somewhere(request)
    found = queries.versions_for(request.user).filter(title__icontains=request.GET.get("q", "")[:40])
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "catalogue/draft_list.html", {"page": page, "q": request.GET.get("q", "")})


@login_required
@require_http_methods(["GET", "POST"])
def draft_new(request: SignedInRequest) -> HttpResponse:
    """A new course with its first draft."""
    _require_somewhere(request)
    form = NewCourseForm(request.POST or None, hosts=hosts_for(request.user, Permission.COURSE_MANAGE))
    if request.method == "POST" and form.is_valid():
        host = form.cleaned_data.pop("host")
        version = actions.draft_course(host=host, content=form.content(), by=request.user)
        messages.success(request, _("草稿已存。写完四步就可以发布。"))
        return redirect("catalogue:draft", version.pk)
    return render(request, "catalogue/draft.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: SignedInRequest, version_id: int) -> HttpResponse:
    """A version: a draft to write in, a published one to read."""
    version = get_object_or_404(queries.versions_for(request.user), pk=version_id)
    form = DraftForm(request.POST or None, initial=DraftForm.initial_of(version))
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_draft(version=version, content=form.content(), by=request.user)
        except CourseRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("草稿已存。"))
            return redirect("catalogue:draft", version.pk)
    context = {
        "form": form,
        "version": version,
        "host": version.course.host,
        "steps": STEPS,
        "hazards": _questions(version),
        "may_publish": may(request.user, Permission.COURSE_PUBLISH, version.course.host.unit),
    }
    return render(request, "catalogue/draft.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def publication(request: SignedInRequest, version_id: int) -> HttpResponse:
    """Publish a draft."""
    version = get_object_or_404(queries.versions_for(request.user, Permission.COURSE_PUBLISH), pk=version_id)
    try:
        actions.publish_version(version=version, by=request.user, at=clock.now())
    except CourseRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("第 %(n)d 版已发布，可以排场次了。") % {"n": version.number})
    return redirect("catalogue:draft", version.pk)


@login_required
@require_POST
def revision(request: SignedInRequest, version_id: int) -> HttpResponse:
    """Begin the next version of a course."""
    version = get_object_or_404(queries.versions_for(request.user), pk=version_id)
    new = actions.draft_version(course=version.course, by=request.user)
    return redirect("catalogue:draft", new.pk)


@login_required
@require_http_methods(["GET", "POST"])
def retirement(request: SignedInRequest, version_id: int) -> HttpResponse:
    """Take the course of a version out of the catalogue, once one has read what that means."""
    version = get_object_or_404(queries.versions_for(request.user, Permission.COURSE_PUBLISH), pk=version_id)
    if request.method == "GET":
        return render(request, "catalogue/retirement.html", {"version": version})
    try:
        actions.retire_course(course=version.course, by=request.user, at=clock.now())
    except CourseRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("项目已下架。已经排好的场次照常。"))
    return redirect("catalogue:draft", version.pk)


def _questions(version: CourseVersion) -> list[object]:
    """What must be asked because of the hazards of ``version``."""
    return [HAZARDS[hazard] for hazard in version.hazards if hazard in HAZARDS]


def _shell(request: HttpRequest) -> str:
    """The phone for families, the public page for everybody else."""
    on_the_phone = request.user.is_authenticated and request.user.kind != "staff"
    return "core/phone.html" if on_the_phone else "core/public.html"


def _require_somewhere(request: SignedInRequest) -> None:
    """404 for who manages courses nowhere."""
    if not paths(request.user, Permission.COURSE_MANAGE):
        raise Http404

"""The desk where courses are drafted, proposed, published, revised, copied, compared and retired."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.permissions import Permission, may
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.catalogue.actions import courses as actions
from baiye.catalogue.actions.reviews import propose_version, withdraw_proposal
from baiye.catalogue.comparing import compare
from baiye.catalogue.forms.drafts import CopyForm, DraftForm, DraftsForm, NewCourseForm
from baiye.catalogue.forms.reviews import ProposalForm
from baiye.catalogue.queries import courses as queries
from baiye.catalogue.queries.drafts import desk_versions, filtered
from baiye.catalogue.queries.reviews import find_standing_review, reviews_of
from baiye.catalogue.queries.supplies import supplied
from baiye.catalogue.reading import reading
from baiye.core import choosing, clock
from baiye.core.refusals import refused_above, refused_on
from baiye.registry.queries.hosts import hosts_for

PER_PAGE = 20


@login_required
@require_GET
def draft_list(request: SignedInRequest) -> HttpResponse:
    """Every version of every course one may draft: its state, and whether nobody visited it for a year."""
    require_somewhere(request, Permission.COURSE_MANAGE)
    form = DraftsForm(request.GET)
    found = filtered(desk_versions(request.user, at=clock.now()), **form.asked())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "catalogue/draft_list.html", {"page": page, "form": form, "asked": form.asked()})


@login_required
@require_http_methods(["GET", "POST"])
def draft_new(request: SignedInRequest) -> HttpResponse:
    """A new course with its first draft."""
    require_somewhere(request, Permission.COURSE_MANAGE)
    form = NewCourseForm(request.POST or None, hosts=hosts_for(request.user, Permission.COURSE_MANAGE))
    if suggested := choosing.suggestions(request, form):
        return suggested
    if request.method == "POST" and form.is_valid():
        host = form.cleaned_data.pop("host")
        version = actions.draft_course(host=host, content=form.content(), by=request.user)
        messages.success(request, _("草稿已存。写完四步，就可以提交评审。"))
        return redirect("catalogue:draft", version.pk)
    return render(request, "catalogue/draft.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: SignedInRequest, version_id: int) -> HttpResponse:
    """A version: a draft to write in; one that is in review or published, to read."""
    version = get_object_or_404(queries.versions_for(request.user), pk=version_id)
    form = DraftForm(request.POST or None, initial=DraftForm.initial_of(version))
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.edit_draft(version=version, content=form.content(), by=request.user)
            messages.success(request, _("草稿已存。"))
            return redirect("catalogue:draft", version.pk)
    reviews = list(reviews_of(version))
    context = reading(version) | {
        "form": form,
        "reviews": reviews,
        "standing": next((each for each in reviews if each.is_standing), None),
        "others": queries.other_versions(version),
        "may_publish": may(request.user, Permission.COURSE_PUBLISH, version.course.host.unit),
    }
    return render(request, "catalogue/draft.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def proposal(request: SignedInRequest, version_id: int) -> HttpResponse:
    """Hand a draft in for review, once one has read what that means."""
    version = get_object_or_404(queries.versions_for(request.user), pk=version_id)
    form = ProposalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            propose_version(version=version, note=form.cleaned_data["note"], by=request.user, at=clock.now())
            messages.success(request, _("已提交评审。评完会在消息里告诉你。"))
            return redirect("catalogue:draft", version.pk)
    context = {"form": form, "version": version, "supplied": supplied(version)}
    return render(request, "catalogue/proposal.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withdrawal(request: SignedInRequest, version_id: int) -> HttpResponse:
    """Take a proposal back, to change the draft."""
    version = get_object_or_404(queries.versions_for(request.user), pk=version_id)
    review = find_standing_review(version)
    if review is None:
        messages.info(request, _("这一版没有在评审，可以直接修改。"))
        return redirect("catalogue:draft", version.pk)
    with refused_above(request):
        withdraw_proposal(review=review, by=request.user, at=clock.now())
        messages.success(request, _("评审已撤回，可以修改草稿了。"))
    return redirect("catalogue:draft", version.pk)


@login_required
@require_POST
def publication(request: SignedInRequest, version_id: int) -> HttpResponse:
    """Publish a draft that passed its review."""
    version = get_object_or_404(queries.versions_for(request.user, Permission.COURSE_PUBLISH), pk=version_id)
    with refused_above(request):
        actions.publish_version(version=version, by=request.user, at=clock.now())
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
@require_GET
def comparison(request: SignedInRequest, version_id: int) -> HttpResponse:
    """A version beside another of the same course: what was taken out, what was put in."""
    version = get_object_or_404(queries.versions_for(request.user), pk=version_id)
    others = list(queries.other_versions(version))
    asked = request.GET.get("with", "")
    other = next((each for each in others if str(each.number) == asked), others[0] if others else None)
    if other is None:
        raise Http404
    older, newer = sorted((other, version), key=lambda each: each.number)
    rows = compare(older, newer)
    context = {
        "version": version,
        "older": older,
        "newer": newer,
        "others": others,
        "other": other,
        "rows": [row for row in rows if row.is_changed],
        "same": [row.label for row in rows if not row.is_changed],
    }
    return render(request, "catalogue/comparison.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def copy(request: SignedInRequest, slug: str) -> HttpResponse:
    """Begin a course at one's own host from what a published one says."""
    require_somewhere(request, Permission.COURSE_MANAGE)
    version = get_object_or_404(queries.current_versions(), course__slug=slug)
    form = CopyForm(request.POST or None, hosts=hosts_for(request.user, Permission.COURSE_MANAGE))
    if suggested := choosing.suggestions(request, form):
        return suggested
    if request.method == "POST" and form.is_valid():
        new = actions.copy_course(version=version, host=form.cleaned_data["host"], by=request.user)
        messages.success(request, _("草稿已建好，写着从哪里复制。改成自己的再提交评审。"))
        return redirect("catalogue:draft", new.pk)
    context = {"form": form, "version": version}
    return render(request, "catalogue/copy.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def retirement(request: SignedInRequest, version_id: int) -> HttpResponse:
    """Take the course of a version out of the catalogue, once one has read what that means."""
    version = get_object_or_404(queries.versions_for(request.user, Permission.COURSE_PUBLISH), pk=version_id)
    if request.method == "GET":
        return render(request, "catalogue/retirement.html", {"version": version})
    with refused_above(request):
        actions.retire_course(course=version.course, by=request.user, at=clock.now())
        messages.success(request, _("项目已下架。已经排好的场次照常。"))
    return redirect("catalogue:draft", version.pk)

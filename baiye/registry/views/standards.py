"""The desk of standards: list, editor, publication by a second person, next version, withdrawal."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.core import clock
from baiye.core.refusals import refused_above, refused_on
from baiye.registry.actions import standards
from baiye.registry.forms.standards import LineFormSet, NewStandardForm, StandardForm, lines_of
from baiye.registry.models import DOCUMENTS, Standard
from baiye.registry.queries.standards import keepers_for, standards_for


@login_required
@require_GET
def standard_list(request: SignedInRequest) -> HttpResponse:
    """Every version of the standards one keeps."""
    require_somewhere(request, Permission.STANDARD_EDIT)
    return render(request, "registry/standard_list.html", {"standards": list(standards_for(request.user))})


@login_required
@require_http_methods(["GET", "POST"])
def standard_new(request: SignedInRequest) -> HttpResponse:
    """A new standard with its first draft."""
    require_somewhere(request, Permission.STANDARD_EDIT)
    form = NewStandardForm(request.POST or None, keepers=keepers_for(request.user))
    lines = LineFormSet(request.POST or None, prefix="line")
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        said = {"keeper": form.cleaned_data["keeper"], "name": form.cleaned_data["name"]}
        with refused_on(form):
            made = standards.draft_standard(**said, content=form.content(lines_of(lines)), by=request.user)
            messages.success(request, _("草稿已存。请另一位同事看过后发布。"))
            return redirect("registry:standard", made.pk)
    return _editor(request, form, lines)


@login_required
@require_http_methods(["GET", "POST"])
def standard(request: SignedInRequest, standard_id: int) -> HttpResponse:
    """A version: a draft to write in, a published one to read."""
    found = get_object_or_404(standards_for(request.user), pk=standard_id)
    content = standards.content_of(found)
    if found.published_on is not None:
        return render(request, "registry/standard.html", {"standard": found, "content": content} | _words(content))
    said = asdict(content)
    form = StandardForm(request.POST or None, initial=said)
    lines = LineFormSet(request.POST or None, prefix="line", initial=said["lines"])
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        with refused_on(form):
            standards.edit_standard(standard=found, content=form.content(lines_of(lines)), by=request.user)
            messages.success(request, _("草稿已存。请另一位同事看过后发布。"))
            return redirect("registry:standard", found.pk)
    return _editor(request, form, lines, found)


@login_required
@require_POST
def standard_publication(request: SignedInRequest, standard_id: int) -> HttpResponse:
    """Put a draft in force."""
    found = get_object_or_404(standards_for(request.user), pk=standard_id)
    with refused_above(request):
        standards.publish_standard(standard=found, by=request.user, on=clock.today())
        messages.success(request, _("标准已发布，从今天起按它收申报。"))
    return redirect("registry:standard", found.pk)


@login_required
@require_POST
def standard_revision(request: SignedInRequest, standard_id: int) -> HttpResponse:
    """Begin the next version."""
    found = get_object_or_404(standards_for(request.user), pk=standard_id)
    draft = standards.revise_standard(standard=found, by=request.user)
    return redirect("registry:standard", draft.pk)


@login_required
@require_POST
def standard_withdrawal(request: SignedInRequest, standard_id: int) -> HttpResponse:
    """Take no applications by a version any more."""
    found = get_object_or_404(standards_for(request.user), pk=standard_id)
    with refused_above(request):
        standards.withdraw_standard(standard=found, by=request.user, on=clock.today())
        messages.success(request, _("停用了：不再收申报，已有的认定照常到期。"))
    return redirect("registry:standard", found.pk)


def _editor(request: SignedInRequest, form: StandardForm, lines: Any, found: Standard | None = None) -> HttpResponse:
    wrong = bool(form.errors) or (request.method == "POST" and not lines.is_valid())
    context = {"form": form, "lines": lines, "standard": found}
    context["self_edited"] = found is not None and found.edited_by_id == request.user.pk
    return render(request, "registry/standard_edit.html", context, status=422 if wrong else 200)


def _words(content: standards.Content) -> dict[str, object]:
    names = dict(DOCUMENTS)
    lines = [(line, [names[kind] for kind in line.evidence]) for line in content.lines]
    return {"needs": [names[kind] for kind in content.needs], "lines": lines}

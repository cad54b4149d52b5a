"""The desk where proposed courses are reviewed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from baiye.accounts.permissions import Permission, paths
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.catalogue.actions.reviews import decide_part, save_answers
from baiye.catalogue.checklist import HANDS_ON
from baiye.catalogue.forms.reviews import STATES, PartForm
from baiye.catalogue.models import Review, ReviewPart
from baiye.catalogue.queries.reviews import author_ids, in_state, review_counts, reviews_for
from baiye.catalogue.reading import reading
from baiye.core import clock
from baiye.core.refusals import refused_on
from baiye.core.shapes import Choice

PER_PAGE = 20


@login_required
@require_GET
def review_list(request: SignedInRequest) -> HttpResponse:
    """Proposed versions by state, longest waiting first."""
    require_somewhere(request, Permission.COURSE_REVIEW)
    names = dict(STATES)
    state = request.GET.get("state", "")
    state = state if state in names else "waiting"
    counts = review_counts(request.user)
    found = reviews_for(request.user).filter(in_state(state))
    labels = {key: f"{name} {counts[key]}" if key in counts else str(name) for key, name in names.items()}
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "states": [Choice(label, f"?state={key}", key == state) for key, label in labels.items()],
        "state": state,
    }
    return render(request, "catalogue/review_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def review(request: SignedInRequest, review_id: int) -> HttpResponse:
    """One proposed version with its two checklists; what is posted is one of them, to be kept or decided."""
    found = get_object_or_404(reviews_for(request.user), pk=review_id)
    part = next((each for each in found.parts.all() if each.kind == request.POST.get("part")), None)
    form = PartForm(request.POST, part=part, prefix=part.kind) if part else None
    if part and form and form.is_valid():
        with refused_on(form):
            _judge(request, part, form)
            return redirect("catalogue:review", found.pk)
    return render(request, "catalogue/review.html", _context(request, found, form), status=422 if form else 200)


def _judge(request: SignedInRequest, part: ReviewPart, form: PartForm) -> None:
    answers, because = form.answers(), form.cleaned_data["because"]
    verdict = request.POST.get("verdict", "")
    if verdict not in {"passed", "returned"}:
        save_answers(part=part, answers=answers, because=because, by=request.user)
        messages.success(request, _("评到这里已存下。"))
        return
    decided = decide_part(part=part, verdict=verdict, answers=answers, because=because, by=request.user, at=clock.now())
    said = _("已退回，基地会收到理由。") if verdict == "returned" else _("这一部分已通过。")
    messages.success(request, _("两部分都通过了，可以发布。") if decided.passed_at else said)


def _context(request: SignedInRequest, found: Review, posted: PartForm | None) -> dict[str, object]:
    barred = {found.proposed_by_id, *author_ids(found.version)}
    parts = [
        (part, posted if posted and posted.part == part else PartForm(part=part, prefix=part.kind))
        for part in found.parts.all()
    ]
    share = found.version.hands_on_percent
    return reading(found.version) | {
        "review": found,
        "parts": parts,
        "may_judge": found.is_open and request.user.pk not in barred,
        "is_author": request.user.pk in barred,
        "low_hands_on": share is not None and share < HANDS_ON,
        "may_publish": bool(paths(request.user, Permission.COURSE_PUBLISH)),
    }

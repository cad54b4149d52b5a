"""Match runs at the desk: ask, watch, read, compare, publish."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.permissions import Permission, may
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import refused_above
from baiye.core.shapes import Stat
from baiye.outreach.actions import matches as actions
from baiye.outreach.forms.campaigns import LineFilter
from baiye.outreach.half_days import name_of
from baiye.outreach.models import Match, MatchedTalk
from baiye.outreach.queries import talks as queries

PAGE = 25
AIMS: dict[str, str | Promise] = {
    "need": gettext_lazy("交流机会少的学校先得（按需要加权的场数）"),
    "points": gettext_lazy("合志愿（志愿分数）"),
    "minutes": gettext_lazy("路上时间（分钟，越少越好）"),
    "load": gettext_lazy("主讲人场数平均（平方和，越小越好）"),
    "lots": gettext_lazy("公开抽签定同分"),
}


@login_required
@require_POST
def match_create(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    campaign = get_object_or_404(queries.campaigns_managed_by(request.user), pk=campaign_id)
    with refused_above(request):
        made = actions.ask_match(campaign=campaign, by=request.user, at=clock.now())
        return redirect("outreach:match", made.pk)
    return redirect("outreach:campaign", campaign.pk)


@never_cache
@login_required
@require_GET
def match(request: SignedInRequest, match_id: UUID) -> HttpResponse:
    """One run: its figures and proofs, beside those of another, and what each request gets."""
    found = get_object_or_404(queries.matches_for(request.user), pk=match_id)
    if not found.finished_at:
        return render(request, "outreach/match_wait.html", {"match": found, "campaign": found.campaign})
    form = LineFilter(request.GET)
    page = Paginator(queries.lines_of(found, form.asked()), PAGE).get_page(request.GET.get("page"))
    others = [each for each in queries.matches_of(found.campaign) if each.finished_at and each.pk != found.pk]
    beside = next((each for each in others if str(each.pk) == request.GET.get("beside")), None)
    context = {
        "match": found,
        "campaign": found.campaign,
        "stats": stats_of(found),
        "aims": aim_rows(found, beside),
        "others": others,
        "beside": beside,
        "form": form,
        "page": page,
        "rows": [(line, name_of(line.half_day) if line.half_day else "") for line in page],
        "why_counts": why_counts(found),
        "may_publish": may(request.user, Permission.TALK_PUBLISH, found.campaign.unit),
        "may_manage": may(request.user, Permission.TALK_MANAGE, found.campaign.unit),
    }
    return render(request, "outreach/match.html", context)


def stats_of(match: Match) -> list[Stat]:
    figures = match.figures
    first = figures["ranks"].get("1", 0)
    return [
        Stat(_("排到讲座"), figures["met"], _("项"), note=_("共 %d 项需求") % figures["requests"]),
        Stat(_("第一志愿"), first, _("项")),
        Stat(_("主讲人"), figures["speakers"], _("位")),
        Stat(_("平均路上"), figures["minutes"] // max(1, figures["met"]), _("分钟")),
    ]


def aim_rows(match: Match, beside: Match | None = None) -> list[dict[str, object]]:
    """Each aim with its value, its proved bound, and the value of another run."""
    other = {aim["aim"]: aim["value"] for aim in beside.figures["aims"]} if beside else {}
    return [
        {"name": AIMS[aim["aim"]], "other": other.get(aim["aim"], ""), "is_best": aim["value"] == aim["bound"]} | aim
        for aim in match.figures["aims"]
    ]


def why_counts(match: Match) -> list[tuple[str, int]]:
    names = dict(MatchedTalk.WHYS)
    return [(str(names[why]), count) for why, count in match.figures["whys"].items()]


@login_required
@require_POST
def match_discard(request: SignedInRequest, match_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.matches_for(request.user), pk=match_id)
    with refused_above(request):
        actions.discard_match(match=found, by=request.user, at=clock.now())
        messages.success(request, _("已作废，可以重新匹配。"))
    return redirect("outreach:match", found.pk)


@login_required
@require_POST
def match_propose(request: SignedInRequest, match_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.matches_for(request.user), pk=match_id)
    with refused_above(request):
        actions.propose_match(match=found, by=request.user, at=clock.now())
        messages.success(request, _("已提请公布，等另一位同事复核。"))
    return redirect("outreach:match", found.pk)


@login_required
@require_POST
def match_withdraw(request: SignedInRequest, match_id: UUID) -> HttpResponse:
    found = get_object_or_404(queries.matches_for(request.user), pk=match_id)
    with refused_above(request):
        actions.withdraw_match(match=found, by=request.user)
        messages.success(request, _("提请已撤回。"))
    return redirect("outreach:match", found.pk)


@login_required
@require_http_methods(["GET", "POST"])
def match_approval(request: SignedInRequest, match_id: UUID) -> HttpResponse:
    """The second person's page: what was checked, then the one button."""
    found = get_object_or_404(queries.matches_for(request.user), pk=match_id, proposed_at__isnull=False)
    if request.method == "POST":
        with refused_above(request):
            actions.approve_match(match=found, by=request.user, at=clock.now())
            messages.success(request, _("已公布。主讲人和学校会在消息里看到。"))
        return redirect("outreach:match", found.pk)
    context = {"match": found, "campaign": found.campaign, "why_counts": why_counts(found)}
    return render(request, "outreach/match_approval.html", context)

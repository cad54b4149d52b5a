"""The desk of a campaign of talks: plan, announce, look at what is offered and asked, look after the talks."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.permissions import Permission, may, paths
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import Refused, refused_above, refused_on
from baiye.core.shapes import Stat, Step
from baiye.core.templatetags.text import han_date
from baiye.mentors import hindrances
from baiye.outreach.actions import campaigns as actions
from baiye.outreach.forms.campaigns import CampaignForm, FeedbackUntilForm, OfferFilter, RequestFilter, TalkFilter
from baiye.outreach.models import Campaign
from baiye.outreach.models.talks import PHASES
from baiye.outreach.queries import talks as queries
from baiye.outreach.queries.organisers import organisers
from baiye.outreach.sheets import talks as sheets
from baiye.outreach.talk_words import with_states

PAGE = 25


@never_cache
@login_required
@require_GET
def campaign_list(request: SignedInRequest) -> HttpResponse:
    """Campaigns one plans or publishes; a school's people see those in which they may ask."""
    user, on = request.user, clock.today()
    at_desk = bool(paths(user, Permission.TALK_MANAGE) or paths(user, Permission.TALK_PUBLISH))
    if not at_desk and not paths(user, Permission.TALK_ASK):
        raise Http404
    found = queries.with_counts(queries.campaigns_for(user) if at_desk else queries.campaigns_for_schools(user))
    context = {
        "rows": [(campaign, dict(PHASES)[campaign.phase(on)]) for campaign in found],
        "at_desk": at_desk,
        "may_make": bool(paths(user, Permission.TALK_MANAGE)),
    }
    return render(request, "outreach/campaign_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def campaign_new(request: SignedInRequest) -> HttpResponse:
    units = organisers(request.user, Permission.TALK_MANAGE)
    if not units.exists():
        raise Http404
    form = CampaignForm(request.POST or None, units=units, terms=queries.terms())
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            made = actions.make_campaign(**form.cleaned_data, by=request.user, at=clock.now())
            messages.success(request, _("已存好。核对日期和规则以后再公布。"))
            return redirect("outreach:campaign", made.pk)
    context = {"form": form, "campaign": None}
    return render(request, "outreach/campaign_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def campaign_particulars(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    """Change days and rules, until they are announced."""
    campaign = get_object_or_404(queries.campaigns_managed_by(request.user), pk=campaign_id)
    form = CampaignForm(request.POST or None, units=None, terms=queries.terms(), of=campaign)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.change_campaign(campaign=campaign, by=request.user, **form.cleaned_data)
            messages.success(request, _("已存好。"))
            return redirect("outreach:campaign", campaign.pk)
    context = {"form": form, "campaign": campaign}
    return render(request, "outreach/campaign_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def announcement(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    """What everybody will see, then the one button that fixes it."""
    campaign = get_object_or_404(queries.campaigns_managed_by(request.user), pk=campaign_id)
    if request.method == "POST":
        with refused_above(request):
            actions.announce_campaign(campaign=campaign, by=request.user, at=clock.now())
            messages.success(request, _("已公布。主讲人和学校会在消息里看到。"))
        return redirect("outreach:campaign", campaign.pk)
    return render(request, "outreach/campaign_announcement.html", {"campaign": campaign})


@login_required
@require_POST
def feedback_until(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    campaign = get_object_or_404(queries.campaigns_managed_by(request.user), pk=campaign_id)
    form = FeedbackUntilForm(request.POST)
    with refused_above(request):
        if not form.is_valid():
            raise Refused(_("请填一个日期。"))
        actions.extend_feedback(campaign=campaign, by=request.user, **form.cleaned_data)
        messages.success(request, _("已延后。"))
    return redirect("outreach:campaign", campaign.pk)


@never_cache
@login_required
@require_GET
def campaign(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    """Where a campaign stands: phases, figures, runs, who speaks how often, which schools have how much."""
    found = get_object_or_404(queries.with_counts(queries.campaigns_for(request.user)), pk=campaign_id)
    on = clock.today()
    spread, states = queries.loads(found), [talk.state for talk in queries.talks_of(found)]
    context = {
        "campaign": found,
        "phase": dict(PHASES)[found.phase(on)],
        "steps": steps(found, on),
        "stats": _stats(found, states, len(queries.talks_at(found))),
        "spread": spread,
        "most_spread": max(spread.values(), default=0),
        "matches": list(queries.matches_of(found)),
        "hindered": [(talk, hindrances.sentence(code)) for talk, code in queries.hindered_talks(found)],
        "may_manage": may(request.user, Permission.TALK_MANAGE, found.unit),
        "may_match": on >= found.match_from and found.announced_at is not None and on < found.last_on,
        "until_form": FeedbackUntilForm(initial={"until": found.feedback_until}),
    }
    return render(request, "outreach/campaign.html", context)


def steps(campaign: Campaign, on: date) -> list[Step]:
    """The phases as a river."""
    now = campaign.phase(on)
    begins = {
        "offer": campaign.offer_from,
        "ask": campaign.ask_from,
        "match": campaign.match_from,
        "confirm": campaign.confirm_from,
        "hold": campaign.first_on,
        "feedback": campaign.last_on,
    }
    kinds = [kind for kind, _name in PHASES]
    found = []
    for kind, start in begins.items():
        state = "now" if kind == now else "done" if kinds.index(kind) < kinds.index(now) else ""
        note = (
            _("%s 起") % han_date(start, "short")
            if kind != "feedback"
            else _("到 %s") % han_date(campaign.feedback_until, "short")
        )
        found.append(Step(label=dict(PHASES)[kind], note=note, state=state))  # type: ignore[arg-type]
    return found


def _stats(campaign: Campaign, states: list[str], schools: int) -> list[Stat]:
    waiting = states.count("proposed") + states.count("accepted")
    return [
        Stat(_("主讲人"), getattr(campaign, "offers_n"), _("位")),  # noqa: B009 - annotated
        Stat(_("学校需求"), getattr(campaign, "requests_n"), _("项")),  # noqa: B009
        Stat(_("讲座"), len(states), _("场"), note=_("%d 所学校") % schools),
        Stat(_("等答复或确认"), waiting, _("场")),
        Stat(_("已讲"), states.count("held"), _("场"), note=_("%d 人次") % queries.heard_in(campaign)),
    ]


# ── lists ──


@never_cache
@login_required
@require_GET
def talk_list(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    """The talks of a campaign, filtered; ``?print`` sets all of them on paper."""
    found = get_object_or_404(queries.campaigns_for(request.user), pk=campaign_id)
    form = TalkFilter(request.GET)
    talks = queries.talks_of(found, form.asked())
    page = Paginator(talks, PAGE).get_page(request.GET.get("page"))
    first = queries.first_timers(list(page))
    context = {"campaign": found, "form": form, "page": page, "rows": with_states(page), "first": first}
    return render(request, "outreach/talk_list.html", context | {"query": request.GET.urlencode()})


@login_required
@require_GET
def talk_export(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    found = get_object_or_404(queries.campaigns_for(request.user), pk=campaign_id)
    return sheets.talk_sheet(found, queries.talks_of(found, TalkFilter(request.GET).asked()), by=request.user)


@never_cache
@login_required
@require_GET
def talk_plan(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    """All talks by day, to print."""
    found = get_object_or_404(queries.campaigns_for(request.user), pk=campaign_id)
    return render(request, "outreach/talk_plan.html", {"campaign": found, "talks": queries.talks_of(found)})


@never_cache
@login_required
@require_GET
def offer_list(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    """What is offered, filtered, and for whom the desk may enter something."""
    found = get_object_or_404(queries.campaigns_for(request.user), pk=campaign_id)
    form = OfferFilter(request.GET)
    page = Paginator(queries.offers_of(found, form.asked()), PAGE).get_page(request.GET.get("page"))
    manages = may(request.user, Permission.TALK_MANAGE, found.unit)
    open_now = found.takes_offers(clock.today())
    speakers = queries.speakers_named(request.user, found, request.GET.get("who", "")) if manages and open_now else []
    context = {"campaign": found, "form": form, "page": page, "speakers": speakers, "may_enter": manages and open_now}
    context |= {"query": request.GET.urlencode(), "who": request.GET.get("who", "")}
    return render(request, "outreach/offer_list.html", context)


@login_required
@require_GET
def offer_export(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    found = get_object_or_404(queries.campaigns_for(request.user), pk=campaign_id)
    return sheets.offer_sheet(found, queries.offers_of(found, OfferFilter(request.GET).asked()), by=request.user)


@never_cache
@login_required
@require_GET
def request_list(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    """What schools ask, filtered."""
    found = get_object_or_404(queries.campaigns_for(request.user), pk=campaign_id)
    form = RequestFilter(request.GET)
    page = Paginator(queries.requests_of(found, form.asked()), PAGE).get_page(request.GET.get("page"))
    context = {"campaign": found, "form": form, "page": page, "query": request.GET.urlencode()}
    return render(request, "outreach/request_list.html", context)


@never_cache
@login_required
@require_GET
def school_list(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    """Schools that ask: what they had so far, their need by the published formula, what they get."""
    found = get_object_or_404(queries.campaigns_for(request.user), pk=campaign_id)
    page = Paginator(queries.needs_of(found, clock.now()), PAGE).get_page(request.GET.get("page"))
    return render(request, "outreach/school_list.html", {"campaign": found, "page": page})


@login_required
@require_GET
def school_export(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    found = get_object_or_404(queries.campaigns_for(request.user), pk=campaign_id)
    return sheets.school_sheet(found, queries.needs_of(found, clock.now()), by=request.user)


@login_required
@require_GET
def request_export(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    found = get_object_or_404(queries.campaigns_for(request.user), pk=campaign_id)
    return sheets.request_sheet(found, queries.requests_of(found, RequestFilter(request.GET).asked()), by=request.user)

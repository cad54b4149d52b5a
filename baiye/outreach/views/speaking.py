"""A speaker's own pages, on a phone too: what may be offered, what was offered, where to be."""

from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.navigation import shell_of
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import Refused
from baiye.mentors import hindrances
from baiye.outreach.actions import talk_offers as actions
from baiye.outreach.forms.talk_offers import OfferForm
from baiye.outreach.forms.talks import BecauseForm
from baiye.outreach.half_days import day_of, half_days_of
from baiye.outreach.queries import talks as queries
from baiye.outreach.talk_words import STATE_KINDS, STATES
from baiye.registry.queries.register import streets

Week = tuple[date, list[tuple[date, list[str]]]]


@never_cache
@login_required
@require_GET
def my_talks(request: SignedInRequest) -> HttpResponse:
    """Talks to answer and to give; campaigns in which one may offer."""
    mentor = queries.own_mentor(request.user)
    if mentor is None and "mentor" not in request.user.roles:
        raise Http404
    context: dict[str, object] = {"mentor": mentor, "shell": shell_of(request.user)}
    if mentor is not None:
        on = clock.today()
        talks = list(queries.talks_of_speaker(mentor))
        rows = [(talk, STATES[talk.state], STATE_KINDS[talk.state]) for talk in talks]
        offers = {offer.campaign_id: offer for offer in queries.offers_for(request.user).filter(speaker=mentor)}
        campaigns = [
            (each, offers.get(each.pk), each.takes_offers(on)) for each in queries.campaigns_near([mentor.unit])
        ]
        context |= {
            "waiting": [row for row in rows if row[0].state == "proposed"],
            "coming": [row for row in rows if row[0].state in ("accepted", "confirmed")],
            "held": [row for row in rows if row[0].state == "held"],
            "campaigns": [row for row in campaigns if row[1] or row[2]],
            "hindered": hindrances.sentence(hindrances.why_not(mentor, on, on)),
        }
    return render(request, "outreach/my_talks.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def offer(request: SignedInRequest, campaign_id: int, mentor_id: int) -> HttpResponse:
    """Offer talks, or change what is offered: oneself, or the desk for somebody on the phone."""
    campaign = get_object_or_404(queries.public_campaigns(), pk=campaign_id)
    speaker = get_object_or_404(queries.speakers_for(request.user, campaign), pk=mentor_id)
    standing = queries.offers_of(campaign).filter(speaker=speaker).first()
    half_days = half_days_of(campaign)
    form = OfferForm(request.POST or None, speaker=speaker, half_days=half_days, streets=streets(), of=standing)
    is_own = speaker.user_id == request.user.pk
    if request.method == "POST" and form.is_valid():
        try:
            actions.offer_talks(campaign=campaign, speaker=speaker, by=request.user, at=clock.now(), **form.fields_of())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已报上。匹配以前都可以改。"))
            return redirect("outreach:my-talks") if is_own else redirect("outreach:offer-list", campaign.pk)
    context = {
        "campaign": campaign,
        "speaker": speaker,
        "offer": standing if standing and standing.withdrawn_at is None else None,
        "form": form,
        "because": BecauseForm(),
        "weeks": weeks_of(half_days),
        "chosen": set(form["half_days"].value() or []),
        "is_own": is_own,
        "is_open": campaign.takes_offers(clock.today()),
        "shell": shell_of(request.user),
    }
    return render(request, "outreach/offer_form.html", context, status=422 if form.errors else 200)


def weeks_of(half_days: list[str]) -> list[Week]:
    """Half-days by week (its Monday) and day."""
    weeks: dict[date, dict[date, list[str]]] = {}
    for half_day in half_days:
        day = day_of(half_day)
        monday = day - timedelta(days=day.weekday())
        weeks.setdefault(monday, {}).setdefault(day, []).append(half_day)
    return [(monday, list(days.items())) for monday, days in weeks.items()]


@login_required
@require_POST
def offer_withdraw(request: SignedInRequest, offer_id: int) -> HttpResponse:
    found = get_object_or_404(queries.offers_for(request.user), pk=offer_id)
    because = request.POST.get("because", "")[:200]
    try:
        actions.withdraw_offer(offer=found, because=because, by=request.user, at=clock.now())
        messages.success(request, _("已撤回。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("outreach:offer", found.campaign_id, found.speaker_id)
    is_own = found.speaker.user_id == request.user.pk
    return redirect("outreach:my-talks") if is_own else redirect("outreach:offer-list", found.campaign_id)

"""A speaker's own pages, on a phone too: what may be offered, what was offered, where to be."""

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
from baiye.core.refusals import refused_above, refused_on
from baiye.mentors import hindrances
from baiye.mentors.models import Mentor
from baiye.outreach.actions import talk_offers as actions
from baiye.outreach.forms.talk_offers import OfferForm
from baiye.outreach.forms.talks import BecauseForm
from baiye.outreach.half_days import half_days_of, weeks_of
from baiye.outreach.queries import talks as queries
from baiye.outreach.talk_words import with_states
from baiye.registry.queries.register import streets


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
        rows = with_states(queries.talks_of_speaker(mentor))
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
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.offer_talks(campaign=campaign, speaker=speaker, by=request.user, at=clock.now(), **form.fields_of())
            messages.success(request, _("已报上。匹配以前都可以改。"))
            return _back(request, speaker, campaign.pk)
    context = {
        "campaign": campaign,
        "speaker": speaker,
        "offer": standing if standing and standing.withdrawn_at is None else None,
        "form": form,
        "because": BecauseForm(),
        "weeks": weeks_of(half_days),
        "chosen": set(form["half_days"].value() or []),
        "is_own": speaker.user_id == request.user.pk,
        "is_open": campaign.takes_offers(clock.today()),
        "shell": shell_of(request.user),
    }
    return render(request, "outreach/offer_form.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def offer_withdraw(request: SignedInRequest, offer_id: int) -> HttpResponse:
    found = get_object_or_404(queries.offers_for(request.user), pk=offer_id)
    because = request.POST.get("because", "")[:200]
    with refused_above(request):
        actions.withdraw_offer(offer=found, because=because, by=request.user, at=clock.now())
        messages.success(request, _("已撤回。"))
        return _back(request, found.speaker, found.campaign_id)
    return redirect("outreach:offer", found.campaign_id, found.speaker_id)


def _back(request: SignedInRequest, speaker: Mentor, campaign_id: int) -> HttpResponse:
    """To one's own page, or to the desk's list where one entered it for somebody on the phone."""
    is_own = speaker.user_id == request.user.pk
    return redirect("outreach:my-talks") if is_own else redirect("outreach:offer-list", campaign_id)

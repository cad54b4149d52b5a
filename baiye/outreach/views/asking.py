"""A school's pages: what is offered, what it asks for, its talks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.permissions import Permission, may
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import refused_above, refused_on
from baiye.outreach.actions import talk_requests as actions
from baiye.outreach.forms.talk_offers import RequestForm
from baiye.outreach.half_days import half_days_of, weeks_of
from baiye.outreach.models import Campaign, TalkRequest
from baiye.outreach.queries import talks as queries
from baiye.outreach.talk_words import with_states
from baiye.outreach.views.campaigns import steps
from baiye.schools.models import School


@never_cache
@login_required
@require_GET
def school_campaign(request: SignedInRequest, campaign_id: int) -> HttpResponse:
    """A campaign for one's schools: their requests, their talks, who speaks of what."""
    campaign = get_object_or_404(queries.campaigns_for_schools(request.user), pk=campaign_id)
    on, schools = clock.today(), queries.schools_for(request.user)
    keys = [school.pk for school in schools]
    asked = list(queries.requests_of(campaign).filter(school__in=keys, withdrawn_at=None))
    context = {
        "campaign": campaign,
        "steps": steps(campaign, on),
        "schools": schools,
        "requests": asked,
        "talks": with_states(queries.talks_of(campaign).filter(school__in=keys)),
        "offers": list(queries.offers_of(campaign, queries.Asked(state="standing"))),
        "is_open": campaign.takes_requests(on),
    }
    return render(request, "outreach/school_campaign.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def request_new(request: SignedInRequest, campaign_id: int, school_id: int) -> HttpResponse:
    campaign = get_object_or_404(queries.public_campaigns(), pk=campaign_id)
    school = get_object_or_404(queries.schools_in(request.user, campaign), pk=school_id)
    return _asked(request, campaign, school, None)


@login_required
@require_http_methods(["GET", "POST"])
def talk_request(request: SignedInRequest, request_id: int) -> HttpResponse:
    """Change what a school asks for, while it may."""
    ask = get_object_or_404(queries.requests_for(request.user), pk=request_id)
    return _asked(request, ask.campaign, ask.school, ask)


def _asked(request: SignedInRequest, campaign: Campaign, school: School, ask: TalkRequest | None) -> HttpResponse:
    half_days = half_days_of(campaign)
    form = RequestForm(
        request.POST or None,
        campaign=campaign,
        half_days=half_days,
        classes=queries.classes_of(school, campaign.first_on),
        offers=list(queries.offers_of(campaign, queries.Asked(state="standing"))),
        occupations=list(queries.occupations_offered(campaign)),
        on=campaign.first_on,
        of=ask,
    )
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            _write(request, campaign, school, ask, form)
            messages.success(request, _("已提交。截止以前都可以改。"))
            return _back(request, campaign)
    context = {
        "campaign": campaign,
        "school": school,
        "ask": ask,
        "form": form,
        "weeks": weeks_of(half_days),
        "chosen": set(form["half_days"].value() or []),
        "is_open": campaign.takes_requests(clock.today()),
        "at_school": may(request.user, Permission.TALK_ASK, school.unit),
    }
    return render(request, "outreach/request_form.html", context, status=422 if form.errors else 200)


def _write(
    request: SignedInRequest, campaign: Campaign, school: School, ask: TalkRequest | None, form: RequestForm
) -> None:
    given = form.fields_of()
    if ask is None:
        actions.ask_for_talk(campaign=campaign, school=school, by=request.user, at=clock.now(), **given)
    else:
        del given["request"]
        actions.change_request(ask=ask, by=request.user, at=clock.now(), **given)


def _back(request: SignedInRequest, campaign: Campaign) -> HttpResponse:
    """To the school's page, or to the desk's list where one is there for the schools."""
    at_school = queries.campaigns_for_schools(request.user).filter(pk=campaign.pk).exists()
    return redirect("outreach:school-campaign" if at_school else "outreach:request-list", campaign.pk)


@login_required
@require_POST
def request_withdraw(request: SignedInRequest, request_id: int) -> HttpResponse:
    ask = get_object_or_404(queries.requests_for(request.user), pk=request_id)
    with refused_above(request):
        actions.withdraw_request(ask=ask, by=request.user, at=clock.now())
        messages.success(request, _("已撤回。"))
    return _back(request, ask.campaign)

"""One talk, for its three sides: the speaker, the school, the organisers."""

from collections.abc import Callable
from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from baiye.accounts.navigation import shell_of
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import refused_above, refused_on
from baiye.mentors import hindrances
from baiye.outreach import talk_papers
from baiye.outreach.actions import talks as actions
from baiye.outreach.forms.talks import BecauseForm, ConfirmForm, FeedbackForm, HeldForm, RehearsalForm
from baiye.outreach.models import Talk
from baiye.outreach.queries import talks as queries
from baiye.outreach.talk_scope import sides_of
from baiye.outreach.talk_words import STATE_KINDS, STATES


@never_cache
@login_required
@require_GET
def talk(request: SignedInRequest, talk_id: int) -> HttpResponse:
    """Where and when, how far it is, and what one's own side can do next."""
    found = get_object_or_404(queries.talks_for(request.user), pk=talk_id)
    return render(request, "outreach/talk.html", _page(request, found))


def _page(request: SignedInRequest, talk: Talk) -> dict[str, object]:
    now, sides = clock.now(), sides_of(request.user, talk)
    day = clock.day_of(talk.starts_at)
    said = {feedback.side: feedback for feedback in talk.feedback.all()}
    state = talk.state
    may_say = [side for side in ("speaker", "school") if side in sides or "desk" in sides]
    may_say = [side for side in may_say if side not in said and state == "held"]
    return {
        "talk": talk,
        "campaign": talk.offer.campaign,
        "state": state,
        "state_name": STATES[state],
        "state_kind": STATE_KINDS[state],
        "sides": sides,
        "classes": [each.name(day) for each in talk.ask.classes.all()],
        "is_first": talk.pk in queries.first_timers([talk]),
        "is_past": talk.starts_at <= now,
        "hindered": ""
        if talk.held_at or talk.ended_at
        else hindrances.sentence(hindrances.why_not(talk.speaker, day, day)),
        "said": said.values(),
        "feedback_forms": [FeedbackForm(initial={"side": side}, auto_id=f"id_{side}_%s") for side in may_say],
        "confirm": ConfirmForm(talk=talk) if talk.starts_at > now else None,
        "because": BecauseForm(auto_id="id_because_%s"),
        "cancelling": BecauseForm(auto_id="id_cancel_%s"),
        "rehearsal": RehearsalForm(auto_id="id_rehearsal_%s"),
        "held": HeldForm(auto_id="id_held_%s"),
        "shell": shell_of(request.user),
    }


def _mine(request: SignedInRequest, talk_id: int, *sides: str) -> Talk:
    """The talk, for whoever answers for one of ``sides``, or for the desk; who only reads it is denied."""
    found = get_object_or_404(queries.talks_for(request.user), pk=talk_id)
    if not {*sides, "desk"} & set(sides_of(request.user, found)):
        raise PermissionDenied(f"talk {talk_id}")
    return found


@login_required
@require_POST
def acceptance(request: SignedInRequest, talk_id: int) -> HttpResponse:
    found = _mine(request, talk_id, "speaker")
    with refused_above(request):
        actions.accept_talk(talk=found, by=request.user, at=clock.now())
        messages.success(request, _("已接受。学校会来确认礼堂和时间。"))
    return redirect("outreach:talk", found.pk)


@login_required
@require_POST
def refusal(request: SignedInRequest, talk_id: int) -> HttpResponse:
    found = _mine(request, talk_id, "speaker")
    form = BecauseForm(request.POST, auto_id="id_because_%s")
    decline = partial(actions.decline_talk, talk=found, by=request.user, at=clock.now())
    return _answered(request, found, "because", form, decline, _("已告诉学校和主办方，会另请别人。"))


@login_required
@require_POST
def confirmation(request: SignedInRequest, talk_id: int) -> HttpResponse:
    found = _mine(request, talk_id, "school")
    form = ConfirmForm(request.POST, talk=found)
    confirm = partial(actions.confirm_talk, talk=found, by=request.user, at=clock.now())
    return _answered(request, found, "confirm", form, confirm, _("已确认，主讲人会收到时间和地点。"))


@login_required
@require_POST
def rehearsal(request: SignedInRequest, talk_id: int) -> HttpResponse:
    found = _mine(request, talk_id)
    form = RehearsalForm(request.POST, auto_id="id_rehearsal_%s")
    note = partial(actions.note_rehearsal, talk=found, by=request.user, at=clock.now())
    return _answered(request, found, "rehearsal", form, note, _("试讲已登记。"))


@login_required
@require_POST
def holding(request: SignedInRequest, talk_id: int) -> HttpResponse:
    found = _mine(request, talk_id, "school")
    form = HeldForm(request.POST, auto_id="id_held_%s")
    note = partial(actions.note_held, talk=found, by=request.user, at=clock.now())
    return _answered(request, found, "held", form, note, _("已登记。感谢信可以下载了。"))


@login_required
@require_POST
def cancellation(request: SignedInRequest, talk_id: int) -> HttpResponse:
    found = _mine(request, talk_id, "school")
    form = BecauseForm(request.POST, auto_id="id_cancel_%s")
    cancel = partial(actions.cancel_talk, talk=found, by=request.user, at=clock.now())
    return _answered(request, found, "cancelling", form, cancel, _("已取消，另一方会看到原因。"))


@login_required
@require_POST
def feedback(request: SignedInRequest, talk_id: int) -> HttpResponse:
    found = _mine(request, talk_id, "speaker", "school")
    form = FeedbackForm(request.POST)
    form.auto_id = f"id_{request.POST.get('side', '')}_%s"
    say = partial(actions.say_how_it_was, talk=found, by=request.user, at=clock.now())
    return _answered(request, found, "feedback_forms", form, say, _("谢谢，已记下。"))


@login_required
@require_GET
def letter(request: SignedInRequest, talk_id: int) -> HttpResponse:
    """The letter of thanks for a talk that was held."""
    found = get_object_or_404(queries.talks_for(request.user), pk=talk_id, held_at__isnull=False)
    paper = talk_papers.letter_of_thanks(found)
    headers = {"Content-Disposition": f'inline; filename="talk-{found.pk}.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


def _answered(
    request: SignedInRequest, talk: Talk, name: str, form: forms.Form, do: Callable[..., object], done: str
) -> HttpResponse:
    """Do what the form says; what is wrong with it stands on the page again, with everything that was typed."""
    if form.is_valid():
        with refused_on(form):
            do(**form.cleaned_data)
            messages.success(request, done)
            return redirect("outreach:talk", talk.pk)
    context = _page(request, get_object_or_404(queries.talks_for(request.user), pk=talk.pk))
    if name == "feedback_forms":
        others = [each for each in context[name] if each.initial["side"] != form.data.get("side")]  # type: ignore[attr-defined]
        context[name] = [form, *others]
    else:
        context[name] = form
    context["failed"] = form
    return render(request, "outreach/talk.html", context, status=422)

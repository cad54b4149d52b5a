"""A pupil's file; every look at it is written down."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import refused_above
from baiye.schools import actions, queries
from baiye.schools.cards import cards as make_cards
from baiye.schools.cards import sign_in_address
from baiye.schools.models import Consent
from baiye.schools.shells import shell_of


@never_cache
@require_safe
@login_required
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    pupil = get_object_or_404(queries.pupils_for(request.user), pk=pk)
    actions.note_look(pupil=pupil, by=request.user, page="file")
    today = clock.today()
    guardianships, contacts = list(queries.guardianships_of(pupil, today)), list(queries.contacts_of(pupil))
    standing = queries.standing_consents(pupil)
    context = {
        "pupil": pupil,
        "class_name": pupil.school_class.name(today),
        "guardianships": guardianships,
        "contacts": contacts,
        "signed_in": {each.user.phone_blind for each in guardianships},
        "on_roster": {contact.phone_blind for contact in contacts},
        "requests": queries.open_requests(pupil),
        "consents": [(label, standing.get(purpose)) for purpose, label in Consent.PURPOSES],
        "code": queries.live_code(pupil, today),
        "may_issue": queries.may(request.user, Permission.CODE_ISSUE, pupil),
        "may_move": queries.may(request.user, Permission.ROSTER_IMPORT, pupil),
        "may_consent": queries.consents_open_to(request.user).filter(pk=pupil.pk).exists(),
        "shell": shell_of(request.user),
    }
    return render(request, "schools/pupil.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def card(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asks, then issues one new card; the answer to the POST shows its code, once."""
    pupil = get_object_or_404(queries.pupils_for(request.user, Permission.CODE_ISSUE), pk=pk)
    context = {"pupil": pupil, "name": pupil.school_class.name(clock.today()), "shell": shell_of(request.user)}
    context["school_class"] = pupil.school_class
    if request.method == "GET":
        return render(request, "schools/card_ask.html", context)
    with refused_above(request):
        code = actions.reissue_code(pupil=pupil, by=request.user, at=clock.now())
        term = queries.term_for_codes(clock.today())
        context |= {"cards": make_cards([(pupil, code)]), "address": sign_in_address()}
        return render(request, "schools/cards.html", context | {"expires_on": term.ends_on if term else None})
    return redirect("schools:pupil", pk)


@require_http_methods(["GET", "POST"])
@login_required
def departure(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asks, then notes that the pupil left the school."""
    pupil = get_object_or_404(queries.pupils_for(request.user, Permission.ROSTER_IMPORT), pk=pk)
    if request.method == "GET":
        return render(request, "schools/departure.html", {"pupil": pupil, "shell": shell_of(request.user)})
    with refused_above(request):
        actions.mark_left(pupil=pupil, by=request.user, at=clock.now())
        messages.success(request, _("已标记转出，档案还在，新学校导入名册时会接过去"))
    return redirect("schools:pupil", pk)

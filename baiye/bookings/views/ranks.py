"""The family's ranking of a release: up, down, out, and what else may be added."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from baiye.accounts.requests import SignedInRequest
from baiye.bookings import lines, rules
from baiye.bookings.actions import cancellations
from baiye.bookings.actions import ranks as actions
from baiye.bookings.models import Booking, Release
from baiye.bookings.queries import mine
from baiye.bookings.queries import openings as queries
from baiye.bookings.queries.ranks import ranked_releases, ranks_of
from baiye.bookings.views.openings import child_of
from baiye.core import clock
from baiye.core.refusals import refused_above
from baiye.schools.models import Pupil

MOST = 5


@login_required
@require_http_methods(["GET", "POST"])
def ranks(request: SignedInRequest, release_id: int) -> HttpResponse:
    """The ranking; each arrow and cross is a submit of its one form."""
    pupil, at = child_of(request), clock.now()
    release = get_object_or_404(ranked_releases(pupil), pk=release_id)
    if request.method == "POST":
        _change(request, release, pupil)
        return redirect("bookings:ranks", release.pk)
    state = rules.state_of(release, at)
    ranked = list(mine.loaded(ranks_of(release, pupil)))
    openings = list(queries.open_to(pupil, at).filter(release=release))
    chosen = {one.opening_id for one in ranked}
    rest = [one for one in openings if one.pk not in chosen]
    taken = {one.rank for one in ranked}
    context = {"release": release, "pupil": pupil, "ranked": ranked, "version": actions.version_of(ranked)}
    context |= {
        "rest": [(line, uuid.uuid4()) for line in lines.lines_of(rest, {}, at)],
        "own": pupil.user_id == request.user.pk,
    }
    context |= {"next_rank": _next(taken), "is_open": state == "open", "state": state, "most": MOST}
    context |= {"left": lines.in_words(lines.seconds_until(release.closes_at, at))}
    context |= {"mode_sentence": rules.mode_sentence(release), "rules": rules.release_rules(release)}
    return render(request, "bookings/ranks.html", context)


@login_required
@require_POST
def rank_order(request: SignedInRequest, release_id: int) -> HttpResponse:
    """The whole order, saved by itself after a move; 409 when it was changed elsewhere meanwhile."""
    pupil = child_of(request)
    release = get_object_or_404(ranked_releases(pupil), pk=release_id)
    with refused_above(request):
        saved = _save(request, release, pupil, _shown(request))
        return HttpResponse(status=204, headers={"X-Version": actions.version_of(saved)})
    return HttpResponse(status=409)


def _next(taken: set[int | None]) -> int:
    """The rank of one more: behind the last, or the first that is free; 0 when all are taken."""
    last = max((rank for rank in taken if rank), default=0)
    free = [rank for rank in range(1, MOST + 1) if rank not in taken]
    return 0 if not free else last + 1 if last < MOST else free[0]


def _change(request: SignedInRequest, release: Release, pupil: Pupil) -> None:
    """What the pressed button asks for; a refusal becomes a message, the page shows what stands."""
    order = _shown(request)
    with refused_above(request):
        if drop := request.POST.get("drop", ""):
            found = get_object_or_404(ranks_of(release, pupil), opening=drop if drop.isdecimal() else 0)
            cancellations.cancel(booking=found, by=request.user, at=clock.now())
            return
        for name, way in (("up", -1), ("down", 1)):
            if (wanted := request.POST.get(name, "")).isdecimal() and int(wanted) in order:
                _save(request, release, pupil, _moved(order, int(wanted), way))
                return
        _save(request, release, pupil, order)


def _shown(request: SignedInRequest) -> list[int]:
    return [int(one) for one in request.POST.getlist("opening") if one.isdecimal()]


def _moved(order: list[int], opening: int, way: int) -> list[int]:
    """``order`` with one opening a place further up (-1) or down (1)."""
    here = order.index(opening)
    there = min(max(here + way, 0), len(order) - 1)
    moved = [one for one in order if one != opening]
    return [*moved[:there], opening, *moved[there:]]


def _save(request: SignedInRequest, release: Release, pupil: Pupil, order: list[int]) -> list[Booking]:
    version = request.POST.get("version", "")
    return actions.set_order(
        release=release, pupil=pupil, openings=order, version=version, by=request.user, at=clock.now()
    )

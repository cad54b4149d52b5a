"""The family's pages of what is open: the list, one opening, the live number of its seats."""

import uuid
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baiye.accounts.requests import SignedInRequest
from baiye.bookings import lines, rules
from baiye.bookings.forms.openings import OpeningFilter
from baiye.bookings.models import Opening
from baiye.bookings.queries import consents, mine
from baiye.bookings.queries import openings as queries
from baiye.core import clock
from baiye.core.shapes import Choice
from baiye.schools.models import Pupil
from baiye.schools.queries import current_child

PER_PAGE = 30
LONGEST_KEY = 19  # figures of a key
ASK_NO_MORE = 286  # htmx: nothing will change any more


@login_required
@require_GET
def opening_list(request: SignedInRequest) -> HttpResponse:
    """What the child may book now or soon, by words, day, occupation, street and stage."""
    pupil, at = current_child(request), clock.now()
    if pupil is None:
        return no_child(request)
    every = queries.open_to(pupil, at)
    form = OpeningFilter(request.GET, choices=queries.choices_among(every))
    page = Paginator(queries.matching(every, form.asked()), PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    found = lines.lines_of(shown, queries.live_bookings(pupil, shown), at)
    context = {
        "pupil": pupil,
        "form": form,
        "page": page,
        "groups": lines.grouped(found),
        "found_count": page.paginator.count,
    }
    context |= {"tabs": tabs("opening-list"), "offered": len(mine.offers_to(pupil.pk))}
    moving = [line.free for line in sorted(found, key=lambda line: line.opening.pk) if line.shows_free]
    context |= {"house_rules": rules.house_rules(), "asking": _asking(moving)}
    return render(request, "bookings/opening_list.html", context)


@login_required
@require_GET
def opening(request: SignedInRequest, opening_id: int) -> HttpResponse:
    """One opening: what, where, by which rule, how many seats are left, and the button."""
    pupil, at = child_of(request), clock.now()
    found = get_object_or_404(queries.openings_for(pupil), pk=opening_id)
    booking = mine.live_booking(found, pupil)
    line, asked = lines.Line(found, at, booking), consents.needed(found, pupil, request.user)
    hindrance = _hindrance(line, pupil) or _unanswered(asked)
    may, ranks = not booking and not hindrance, found.release.mode == "ranked" and found.release.drawn_at is None
    context = {"pupil": pupil, "opening": found, "visit": found.visit, "line": line, "booking": booking}
    context |= {"consents": asked, "rules": rules.opening_rules(found), "free": queries.free_at(found, at)}
    context |= {"hindrance": hindrance, "may_press": may and not ranks, "may_rank": may and ranks}
    context |= {"request_id": uuid.uuid4(), "standing": mine.standing(booking, at) if booking else None}
    context["swappable"] = may and found.release.is_settled and mine.droppable(pupil, found, at).exists()
    return render(request, "bookings/opening.html", context)


@require_GET
def free(request: HttpRequest, opening_id: int) -> HttpResponse:
    """The seats left of a published opening: one row is read, for whoever looks; nothing sent where nothing moved."""
    found = queries.free_of([opening_id], clock.now())
    if not found:
        raise Http404
    if found[0].is_live and request.GET.get("seen") == found[0].mark:
        return _unkept(HttpResponse(status=204))
    status = 200 if found[0].is_live else ASK_NO_MORE
    return _unkept(render(request, "bookings/_free.html", {"free": found[0]}, status=status))


@require_GET
def free_tags(request: HttpRequest) -> HttpResponse:
    """The same for the openings of a list, in one request."""
    asked = [int(one) for one in request.GET.getlist("opening") if one.isdecimal() and len(one) < LONGEST_KEY][
        :PER_PAGE
    ]
    found = queries.free_of(asked, clock.now())
    if found and all(one.is_live for one in found) and request.GET.get("seen") == _mark(found):
        return _unkept(HttpResponse(status=204))
    context = {"frees": found, "asking": _asking(found)}
    status = 200 if any(one.is_live for one in found) else ASK_NO_MORE
    return _unkept(render(request, "bookings/_free_tags.html", context, status=status))


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _mark(frees: list[queries.Free]) -> str:
    return "-".join(one.mark for one in frees)


def _asking(frees: list[queries.Free]) -> str:
    """The address by which a list asks again; empty where nothing moves."""
    live = [one for one in frees if one.is_live]
    return urlencode({"opening": [one.opening_id for one in live], "seen": _mark(live)}, doseq=True) if live else ""


def no_child(request: SignedInRequest) -> HttpResponse:
    """A guardian without a child yet: the home page says how to bind one; 404 for whoever is no family."""
    if request.user.kind == "staff":
        raise Http404
    return redirect("home")


def child_of(request: SignedInRequest) -> Pupil:
    """The child whose bookings these are; 404 for who is neither a pupil nor stands for one."""
    pupil = current_child(request)
    if pupil is None:
        raise Http404
    return pupil


def tabs(current: str) -> list[Choice]:
    """The two pages of a family."""
    pages = (("opening-list", _("能约的")), ("mine", _("我的预约")))
    return [Choice(word, reverse(f"bookings:{name}"), name == current) for name, word in pages]


def _hindrance(line: lines.Line, pupil: Pupil) -> str:
    """Why there is no button, in a sentence; empty where there is one. What else may hinder, the press says."""
    opening: Opening = line.opening
    if opening.visit.cancelled_at is not None:
        return _("这一场取消了：{why}").format(why=opening.visit.cancelled_because)
    if not opening.is_for(pupil):
        return _("这一场开给{grades}，{name}这次不在里面。").format(grades=line.grades, name=pupil.name)
    if line.state == "drawing":
        return _("正在抽签，几分钟就好。抽完还有名额或候补的话，这里可以再报名。")
    if line.state in {"placing", "closed"} or opening.visit.starts_at <= line.at:
        return _("这一场的报名截止了。")
    return _full(line)


def _full(line: lines.Line) -> str:
    """That no seat is free and nobody may wait for one; empty where there is a seat, or a line."""
    if not line.opening.release.is_settled or line.seats_left > 0 or line.free.takes_line:
        return ""
    if line.at >= line.opening.cancel_until_at:
        return _("名额满了，候补也结束了。开始以前有人退的话，先点先得。")
    return _("名额满了，这一场不设候补。有人退的话，这里的数字会变。")


def _unanswered(asked: list[consents.Needed]) -> str:
    """That a guardian has to agree first, where they have not."""
    return _("上面写着要家长先同意的，同意以后这里就能约。") if any(one.is_missing for one in asked) else ""

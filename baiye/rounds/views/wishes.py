"""The family's pages of wishes: courses to choose from (p02), the ranked list (p03), the safety notice."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import refused_above
from baiye.rounds import words
from baiye.rounds.actions import notices
from baiye.rounds.actions import wishes as actions
from baiye.rounds.forms.wishes import CourseFilter
from baiye.rounds.models import Round, WishList
from baiye.rounds.queries import wishes as queries
from baiye.rounds.queries.notices import notice_read, safety_notice
from baiye.rounds.queries.rounds import rounds_of_class
from baiye.rounds.queries.trips import trips_of_class
from baiye.schools.models import Pupil
from baiye.schools.queries import pupils_for


@login_required
@require_GET
def courses(request: SignedInRequest, round_id: int, pupil_id: int) -> HttpResponse:
    """Courses this pupil may wish for, by type, host, day and words."""
    round, pupil = _place(request, round_id, pupil_id)
    wish_list = queries.find_wish_list(round, pupil)
    open_courses = queries.courses_open_to(round, pupil)
    form = CourseFilter(request.GET, courses=open_courses)
    ranks = {course: rank for rank, course in enumerate(queries.ranked_courses(wish_list), start=1)}
    found = form.found()
    context = {"round": round, "pupil": pupil, "form": form, "all_count": len(open_courses), "chosen": len(ranks)}
    context |= {"rows": [(course, ranks.get(course.pk, 0)) for course in found], "wish": round.phase("wish")}
    return render(request, "rounds/courses.html", context | _state(round))


@login_required
@require_http_methods(["GET", "POST"])
def wishes(request: SignedInRequest, round_id: int, pupil_id: int) -> HttpResponse:
    """The ranked list; each arrow, the cross and 提交 are submits of its one form."""
    round, pupil = _place(request, round_id, pupil_id)
    if request.method == "POST":
        _change(request, round, pupil)
        return redirect("rounds:wishes", round.pk, pupil.pk)
    wish_list = queries.find_wish_list(round, pupil)
    ranked = queries.ranked_wishes(wish_list, queries.courses_open_to(round, pupil))
    context = {"round": round, "pupil": pupil, "wishes": ranked, "wish_list": wish_list}
    context |= {"version": queries.version_of(wish_list), "room": round.wishes_max - len(ranked)}
    context |= {"advice": words.advice(round), "rules": words.rules(round), "own": pupil.user_id == request.user.pk}
    return render(request, "rounds/wishes.html", context | _state(round))


@login_required
@require_POST
def wish_order(request: SignedInRequest, round_id: int, pupil_id: int) -> HttpResponse:
    """The whole order, saved by itself after a move; 409 when the list was changed elsewhere meanwhile."""
    round, pupil = _place(request, round_id, pupil_id)
    with refused_above(request):
        saved = _save_order(request, round, pupil)
        return HttpResponse(status=204, headers={"X-Version": queries.version_of(saved)})
    return HttpResponse(status=409)


@login_required
@require_POST
def wish_create(request: SignedInRequest, round_id: int, pupil_id: int, course_id: int) -> HttpResponse:
    round, pupil = _place(request, round_id, pupil_id)
    course = get_object_or_404(queries.courses_in(round), pk=course_id)
    with refused_above(request):
        actions.add_wish(round=round, pupil=pupil, course=course, by=request.user, at=clock.now())
    back = redirect("rounds:courses", round.pk, pupil.pk)
    back["Location"] += f"?{request.GET.urlencode()}#c{course.pk}"
    return back


@login_required
@require_http_methods(["GET", "POST"])
def notice(request: SignedInRequest, round_id: int, pupil_id: int) -> HttpResponse:
    """The safety notice: anyone of the family reads it, a guardian says so."""
    round, pupil = _place(request, round_id, pupil_id)
    if request.method == "POST":
        get_object_or_404(pupils_for(request.user, Permission.CONSENT_GIVE), pk=pupil.pk)
        with refused_above(request):
            notices.read_notice(round=round, pupil=pupil, by=request.user, at=clock.now())
            messages.success(request, _("记下了，您已读安全告知书。"))
        return redirect("rounds:notice", round.pk, pupil.pk)
    context: dict[str, object] = {"round": round, "pupil": pupil, "notice": safety_notice()}
    context["read"] = notice_read(round, pupil)
    context |= {"trips": trips_of_class(round, pupil.school_class), "own": pupil.user_id == request.user.pk}
    return render(request, "rounds/notice.html", context)


def _place(request: SignedInRequest, round_id: int, pupil_id: int) -> tuple[Round, Pupil]:
    """The round and the pupil for whom this person gives wishes; 404 for anyone else."""
    pupil = get_object_or_404(pupils_for(request.user, Permission.WISH_GIVE), pk=pupil_id)
    return get_object_or_404(rounds_of_class(pupil.school_class), pk=round_id), pupil


def _state(round: Round) -> dict[str, object]:
    at = clock.now()
    wish = round.phase("wish")
    is_open = wish is not None and wish.starts_at <= at < wish.ends_at
    return {
        "deadline": wish.ends_at if wish else None,
        "left": words.remaining(wish.ends_at, at) if wish and is_open else "",
        "is_open": is_open,
        "is_over": wish is not None and at >= wish.ends_at,
    }


def _change(request: SignedInRequest, round: Round, pupil: Pupil) -> None:
    """What the pressed button asks for; a refusal becomes a message, the page shows what stands."""
    common: dict[str, Any] = {"round": round, "pupil": pupil, "by": request.user, "at": clock.now()}
    with refused_above(request):
        if "submit" in request.POST:
            _save_order(request, round, pupil)
            actions.submit_wishes(**common)
            messages.success(request, _("志愿交上了。截止前还可以改，改完再交一次。"))
            return
        for name, places in (("up", -1), ("down", 1)):
            for course in queries.find_courses(request.POST.getlist(name)):
                actions.move_wish(course=course, places=places, **common)
        for course in queries.find_courses(request.POST.getlist("drop")):
            actions.drop_wish(course=course, **common)


def _save_order(request: SignedInRequest, round: Round, pupil: Pupil) -> WishList:
    """Save the order the page shows; what a refused page had is named in the message, so that nothing is lost."""
    wanted = queries.find_courses(request.POST.getlist("course"))
    version = request.POST.get("version", "")
    try:
        return actions.save_wishes(
            round=round, pupil=pupil, courses=wanted, by=request.user, at=clock.now(), version=version
        )
    except actions.WishesMoved as moved:
        titles = queries.titles_of([course.pk for course in wanted])
        mine = "、".join(titles[course.pk].title for course in wanted)
        raise actions.WishesMoved(_("{sentence}你刚才排的是：{mine}。").format(sentence=moved, mine=mine)) from moved

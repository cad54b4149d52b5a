"""The class teacher's pages: my classes, one class in a round (t01), and what came back on paper."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import refused_above, refused_on
from baiye.core.shapes import Choice
from baiye.rounds import words
from baiye.rounds.actions import notices, reminders, wishes
from baiye.rounds.forms.paper import PaperForm
from baiye.rounds.models import Round
from baiye.rounds.queries import classes as queries
from baiye.rounds.queries.homes import teacher_cards
from baiye.rounds.queries.rounds import rounds_of_class
from baiye.rounds.queries.trips import trips_of_class
from baiye.rounds.queries.wishes import courses_open_to_class, find_wish_list, ranked_wishes
from baiye.schools.actions import note_look
from baiye.schools.models import SchoolClass
from baiye.schools.queries import classes_for, pupils_for


@login_required
@require_GET
def teacher_home(request: SignedInRequest) -> HttpResponse:
    """Each class of this teacher with the round that matters now and how far it is."""
    cards = teacher_cards(request.user, clock.now())
    return render(request, "rounds/teacher_home.html", {"cards": cards, "today": clock.today()})


@login_required
@require_http_methods(["GET", "POST"])
def school_class(request: SignedInRequest, round_id: int, class_id: int) -> HttpResponse:
    """Who is done and who is not; chosen pupils are reminded, or noted as having returned the notice on paper."""
    one = get_object_or_404(classes_for(request.user, Permission.WISH_RECORD), pk=class_id)
    round = get_object_or_404(rounds_of_class(one), pk=round_id)
    if request.method == "POST":
        _act(request, round, one)
        return redirect(request.get_full_path())
    progress = queries.class_progress(round, one)
    open_ones = [each for each in progress if not each.is_done]
    show_all = request.GET.get("show") == "all"
    context = {"round": round, "one": one, "name": one.name(clock.today()), "pupils": len(progress)}
    context |= {"rows": progress if show_all else open_ones, "figures": _figures(progress)}
    context |= {
        "choices": _choices(len(open_ones), len(progress), show_all),
        "reminded": queries.last_reminder(round, one),
    }
    context |= {"steps": words.steps(round.phases.all(), clock.now()), "trips": trips_of_class(round, one)}
    return render(request, "rounds/class.html", context | _clock(round))


@login_required
@require_http_methods(["GET", "POST"])
def paper(request: SignedInRequest, round_id: int, pupil_id: int) -> HttpResponse:
    """Wishes and the notice of one pupil, entered by the teacher from paper."""
    pupil = get_object_or_404(pupils_for(request.user, Permission.WISH_RECORD), pk=pupil_id)
    round = get_object_or_404(rounds_of_class(pupil.school_class), pk=round_id)
    courses = courses_open_to_class(round, pupil.school_class)
    standing = find_wish_list(round, pupil)
    form = PaperForm(request.POST or None, courses=courses, standing=standing, wishes_max=round.wishes_max)
    if request.method == "POST" and form.is_valid():
        common: dict[str, Any] = {
            "round": round,
            "pupil": pupil,
            "by": request.user,
            "at": clock.now(),
            "from_paper": True,
        }
        with refused_on(form):
            wishes.record_wishes(courses=form.courses_in_order(), **common)
            messages.success(request, _("%s 的纸质志愿已录入并提交。") % pupil.name)
            return redirect("rounds:class", round.pk, pupil.school_class_id)
    note_look(pupil=pupil, by=request.user, page="paper")
    context = {"round": round, "pupil": pupil, "form": form, "courses": courses, "standing": standing}
    context["wishes"] = ranked_wishes(standing, courses)
    return render(request, "rounds/paper.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def paper_sheet(request: SignedInRequest, round_id: int, class_id: int) -> HttpResponse:
    """The empty sheet to copy for a class: courses with their numbers, places for the wishes, the notice's slip."""
    one = get_object_or_404(classes_for(request.user, Permission.WISH_RECORD), pk=class_id)
    round = get_object_or_404(rounds_of_class(one), pk=round_id)
    context = {"round": round, "one": one, "name": one.name(clock.today()), "trips": trips_of_class(round, one)}
    context |= {"courses": courses_open_to_class(round, one), "ranks": range(1, round.wishes_max + 1)}
    return render(request, "rounds/paper_sheet.html", context | _clock(round))


def _act(request: SignedInRequest, round: Round, one: SchoolClass) -> None:
    chosen = pupils_for(request.user, Permission.WISH_RECORD).filter(
        school_class=one, pk__in=[pk for pk in request.POST.getlist("pick") if pk.isdecimal()]
    )
    common: dict[str, Any] = {
        "round": round,
        "school_class": one,
        "pupils": chosen,
        "by": request.user,
        "at": clock.now(),
    }
    with refused_above(request):
        if request.POST.get("do") == "notice":
            n = notices.record_notices(**common)
            messages.success(request, ngettext("登记了 %(n)d 份纸质回执。", "登记了 %(n)d 份纸质回执。", n) % {"n": n})
        else:
            n = reminders.remind(**common)
            messages.success(request, ngettext("提醒发给了 %(n)d 人。", "提醒发给了 %(n)d 人。", n) % {"n": n})


def _figures(progress: list[queries.PupilProgress]) -> queries.ClassFigures:
    return queries.ClassFigures(
        len(progress), sum(each.submitted for each in progress), sum(each.read for each in progress)
    )


def _choices(unfinished: int, everyone: int, show_all: bool) -> list[Choice]:
    return [
        Choice(_("没完成"), "?show=open", not show_all, unfinished),
        Choice(_("全部"), "?show=all", show_all, everyone),
    ]


def _clock(round: Round) -> dict[str, object]:
    wish = round.phase("wish")
    return {
        "deadline": wish.ends_at if wish else None,
        "left": words.remaining(wish.ends_at, clock.now()) if wish else "",
    }

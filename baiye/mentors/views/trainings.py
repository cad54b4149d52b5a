"""Trainings: the list, one of them with its sessions, who was there, certificates."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.permissions import Permission, may
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.refusals import Refused, refused_on
from baiye.mentors.actions import trainings as actions
from baiye.mentors.forms.trainings import SessionForm, TrainingForm
from baiye.mentors.queries import mentors, trainings

PER_PAGE = 30


@login_required
@require_GET
def training_list(request: SignedInRequest) -> HttpResponse:
    """Trainings one's district or agency holds."""
    _require_trainer(request)
    page = Paginator(trainings.trainings_for(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "mentors/training_list.html", {"page": page})


@login_required
@require_http_methods(["GET", "POST"])
def training_new(request: SignedInRequest) -> HttpResponse:
    """A new training."""
    _require_trainer(request)
    form = TrainingForm(request.POST or None, units=mentors.appointers_for(request.user))
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            made = actions.make_training(**form.cleaned_data, by=request.user)
            messages.success(request, _("已建好。加上每次课的时间。"))
            return redirect("mentors:training", made.pk)
    return render(request, "mentors/training_new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def training(request: SignedInRequest, training_id: int) -> HttpResponse:
    """One training: sessions, who attended how long, certificates; a POST adds a session."""
    found = get_object_or_404(trainings.trainings_for(request.user), pk=training_id)
    may_manage = may(request.user, Permission.MENTOR_MANAGE, found.unit)
    form = SessionForm(request.POST or None)
    if request.method == "POST":
        if not may_manage:
            raise Http404
        if form.is_valid():
            with refused_on(form):
                actions.add_session(training=found, **form.session(), by=request.user)
                messages.success(request, _("已加上这次课。"))
                return redirect("mentors:training", found.pk)
    context = {
        "training": found,
        "form": form,
        "sessions": trainings.sessions_of(found),
        "people": trainings.attendance_of(found, request.user),
        "may_manage": may_manage,
        "now": clock.now(),
    }
    return render(request, "mentors/training.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def attendance(request: SignedInRequest, session_id: int) -> HttpResponse:
    """Who was at a session: one list of boxes."""
    session = get_object_or_404(trainings.sessions_for(request.user), pk=session_id)
    people = list(trainings.trainees(request.user))
    there = trainings.there_at(session)
    refused = ""
    if request.method == "POST":
        ticked = {int(pk) for pk in request.POST.getlist("pick") if pk.isdecimal()}
        there = ticked & {person.pk for person in people}
        try:
            count = actions.note_attendance(session=session, mentor_ids=there, by=request.user, at=clock.now())
        except Refused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("已登记，到课 %(n)d 人。") % {"n": count})
            return redirect("mentors:training", session.training_id)
    context = {"session": session, "people": people, "there": there, "refused": refused}
    return render(request, "mentors/attendance.html", context, status=422 if refused else 200)


@login_required
@require_POST
def training_certificates(request: SignedInRequest, training_id: int) -> HttpResponse:
    """Certificates for everybody who attended enough."""
    mine = trainings.trainings_for(request.user, Permission.MENTOR_MANAGE)
    found = get_object_or_404(mine, pk=training_id)
    made = actions.certify(training=found, by=request.user, at=clock.now())
    if made:
        messages.success(request, _("发了 %(n)d 份合格证书。") % {"n": len(made)})
    else:
        messages.info(request, _("没有新的可发：到课还不够，或都已发过。"))
    return redirect("mentors:training", found.pk)


def _require_trainer(request: SignedInRequest) -> None:
    """404 for who manages mentors at no district or agency."""
    if not mentors.appointers_for(request.user).exists():
        raise Http404

"""The door: today's visits, the roll, marks, and the host's confirmation."""

import uuid
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baiye.accounts.permissions import Permission, may
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.attendance import actions, forms, queries, wire
from baiye.attendance.rule import EARLY_LIMIT_MIN
from baiye.core import clock
from baiye.core.refusals import refused_above, refused_on
from baiye.core.shapes import Choice
from baiye.core.templatetags.text import mask_name
from baiye.visits.models import Visit
from baiye.visits.queries import visits_at

SHOWS = ("all", "missing", "care")


@require_GET
@login_required
def day(request: SignedInRequest) -> HttpResponse:
    """The visits of one day, soonest first, with counts; and the next day that has any."""
    require_somewhere(request, Permission.CHECKIN)
    today = clock.today()
    on = parse_date(request.GET.get("on", "")) or today
    visits = list(visits_at(request.user, on))
    counts = queries.counts_of([visit.pk for visit in visits])
    context = {
        "on": on,
        "today": today,
        "rows": [(visit, counts[visit.pk]) for visit in visits],
        "days": [_day_choice(on + timedelta(days=n), on, today) for n in (-1, 0, 1)],
    }
    if not visits and (next_on := queries.next_day(request.user, on)):
        context |= {"next_on": next_on, "next_address": f"?on={next_on.isoformat()}"}
    return render(request, "attendance/day.html", context)


@require_GET
@login_required
def visit(request: SignedInRequest, visit_id: int) -> HttpResponse:
    """One visit: counts, roll, scanning, and afterwards the confirmation."""
    found = get_object_or_404(queries.door_visits(request.user), pk=visit_id)
    context = _visit_context(request, found)
    partial = "HX-Request" in request.headers
    return render(request, "attendance/_roll.html" if partial else "attendance/visit.html", context)


@require_GET
@login_required
def counts(request: SignedInRequest, visit_id: int) -> HttpResponse:
    """The counts alone, asked for every few seconds; tells the page when the roll has changed."""
    found = get_object_or_404(queries.door_visits(request.user), pk=visit_id)
    now = queries.counts_of([found.pk])[found.pk]
    response = render(request, "attendance/_counts.html", {"visit": found, "counts": now} | _clock(found, clock.now()))
    if request.GET.get("seen") != str(now.marks):
        response["HX-Trigger"] = "baiye:marks"
    return response


@require_POST
@login_required
def marks(request: SignedInRequest, visit_id: int) -> HttpResponse:
    """Marks of this visit: one from a form, or a batch from a device's queue."""
    found = get_object_or_404(queries.door_visits(request.user), pk=visit_id)
    if request.content_type == "application/json":
        return _batch(request, found)
    form = forms.MarkForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有看懂要给谁签到，请再点一次名字"))
        return redirect(_back(request, found))
    (outcome,) = actions.record_marks(visit=found, marks=[form.marking(clock.now())], by=request.user)
    if outcome.status == "refused":
        messages.error(request, outcome.sentence)
    elif outcome.seat:
        word = _("已到") if outcome.marking.kind == "in" else _("已离开")
        said = f"{mask_name(outcome.seat.pupil.name)} {word} {clock.local(outcome.marking.at):%H:%M}"
        messages.success(request, "，".join(filter(None, [said, outcome.sentence])))
    return redirect(_back(request, found))


def _batch(request: SignedInRequest, found: Visit) -> HttpResponse:
    try:
        markings = wire.read_batch(request.body, now=clock.now())
    except wire.BadWire:
        return HttpResponseBadRequest()
    outcomes = actions.record_marks(visit=found, marks=markings, by=request.user)
    answers = [
        {
            "id": str(outcome.marking.id),
            "status": outcome.status,
            "seat": outcome.seat.pk if outcome.seat else None,
            "sentence": outcome.sentence,
        }
        for outcome in outcomes
    ]
    return JsonResponse({"outcomes": answers})


@login_required
def roll_call(request: SignedInRequest, visit_id: int) -> HttpResponse:
    """Asks back before everyone without a mark is marked at one go, then does it."""
    found = get_object_or_404(queries.door_visits(request.user), pk=visit_id)
    form = forms.RollCallForm(request.POST or None, initial={"kind": request.GET.get("kind", "in")})
    if request.method == "POST" and form.is_valid():
        with refused_above(request):
            said = form.cleaned_data
            count = actions.roll_call(visit=found, at=clock.now(), by=request.user, **said)
            messages.success(request, _("记下了 %(n)s 人") % {"n": count})
        return redirect(_back(request, found))
    kind = "out" if form["kind"].value() == "out" else "in"
    rows = [row for row in queries.roll(found, clock.now()) if _waits(row, kind)]
    context = {"visit": found, "form": form, "rows": rows, "kind": kind, "back": _back(request, found)}
    return render(request, "attendance/roll_call.html", context)


@login_required
def seat(request: SignedInRequest, visit_id: int, seat_id: int) -> HttpResponse:
    """One pupil at this visit: every mark with who made it, taking one back, entering one later."""
    found = get_object_or_404(queries.door_visits(request.user), pk=visit_id)
    row = next((row for row in queries.roll(found, clock.now()) if row.seat.pk == seat_id), None)
    if row is None:
        return redirect(_back(request, found))
    kind = "out" if row.in_at else "in"
    form = forms.LateMarkForm(request.POST or None, initial={"kind": kind, "at": forms.default_time(found, kind)})
    if request.method == "POST" and form.is_valid():
        (outcome,) = actions.record_marks(visit=found, marks=[form.marking(found, seat_id)], by=request.user)
        if outcome.status != "refused":
            messages.success(request, _("补记好了。学校确认时会看到这一条"))
            return redirect("attendance:seat", found.pk, seat_id)
        form.add_error(None, outcome.sentence)
    context = {"visit": found, "row": row, "form": form, "marks": queries.marks_of(row.seat)}
    context["confirmed"] = any(one.side == "host" for one in queries.confirmations_of(found))
    return render(request, "attendance/seat.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def void(request: SignedInRequest, visit_id: int, mark_id: uuid.UUID) -> HttpResponse:
    """Takes one mark back."""
    mark = get_object_or_404(queries.marks_at(request.user).filter(seat__visit=visit_id), pk=mark_id)
    with refused_above(request):
        actions.void_mark(mark=mark, by=request.user, at=clock.now())
        messages.success(request, _("撤回了。这一步会留痕"))
    return redirect("attendance:seat", visit_id, mark.seat_id)


@require_POST
@login_required
def confirmation(request: SignedInRequest, visit_id: int) -> HttpResponse:
    """The host says how many were there."""
    found = get_object_or_404(queries.door_visits(request.user), pk=visit_id)
    form = forms.ConfirmForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        unit = found.venue.host.unit
        with refused_on(form):
            actions.confirm(visit=found, side="host", unit=unit, by=request.user, at=clock.now(), **said)
            messages.success(request, _("确认好了。学校也确认后，课时自动记上"))
            return redirect("attendance:visit", found.pk)
    return render(request, "attendance/visit.html", _visit_context(request, found, form), status=422)


# ── what the pages show ──


def _visit_context(request: SignedInRequest, found: Visit, form: forms.ConfirmForm | None = None) -> dict[str, object]:
    at = clock.now()
    rows = queries.roll(found, at)
    way = _way(request, found, at)
    asked = request.GET.get("show", "")
    show = asked if asked in SHOWS else "all"
    waiting = [row for row in rows if _waits(row, way)]
    shown = {"all": rows, "missing": waiting, "care": [row for row in rows if row.notes]}
    counts = queries.counts_in(rows)
    signed = queries.confirmations_of(found)
    hosts = [one for one in signed if one.side == "host"]
    due = at >= found.ends_at - timedelta(minutes=EARLY_LIMIT_MIN) and queries.unsigned(found, hosts)
    signs = may(request.user, Permission.CONFIRM_AS_HOST, found.venue.host.unit)
    return {
        "visit": found,
        "counts": counts,
        "rows": shown[show],
        "waiting": waiting,
        "way": way,
        "way_word": _("签到") if way == "in" else _("签退"),
        "show": show,
        "ways": _ways(found, way, show),
        "shows": _shows(found, way, show, {name: len(some) for name, some in shown.items()}),
        "hosts": hosts,
        "mark_id": uuid.uuid4(),
        "confirm": (form or forms.ConfirmForm(initial={"present": counts.arrived})) if due and signs else None,
        "form": form,
    } | _clock(found, at)


def _way(request: SignedInRequest, found: Visit, at: datetime) -> str:
    """Whether pupils come or go: what was chosen, else by the clock."""
    chosen = request.GET.get("way")
    late = at >= found.ends_at - timedelta(minutes=3 * EARLY_LIMIT_MIN)
    return chosen if chosen in {"in", "out"} else ("out" if late else "in")


def _waits(row: queries.Row, way: str) -> bool:
    return row.in_at is None if way == "in" else row.in_at is not None and row.out_at is None


def _ways(found: Visit, way: str, show: str) -> list[Choice]:
    return [
        Choice(label, _address(found, way=name, show=show), name == way, icon=icon)
        for name, label, icon in (("in", _("签到"), "door-enter"), ("out", _("签退"), "door-exit"))
    ]


def _shows(found: Visit, way: str, show: str, sizes: dict[str, int]) -> list[Choice]:
    labels = {"all": _("全部"), "missing": _("未到") if way == "in" else _("没离开"), "care": _("要留意")}
    return [Choice(labels[name], _address(found, way=way, show=name), name == show, sizes[name]) for name in SHOWS]


def _clock(found: Visit, at: datetime) -> dict[str, object]:
    """Where the clock stands: before (with minutes), during, after."""
    if at < found.starts_at:
        return {"phase": "before", "minutes": -(-(found.starts_at - at) // timedelta(minutes=1))}
    return {"phase": "after" if at >= found.ends_at else "during", "minutes": 0}


def _address(found: Visit, **query: str) -> str:
    return f"{reverse('attendance:visit', args=[found.pk])}?{urlencode(query)}"


def _back(request: SignedInRequest, found: Visit) -> str:
    given = request.POST if request.method == "POST" else request.GET
    way, show = given.get("kind", ""), given.get("show", "")
    return _address(found, way=way if way in {"in", "out"} else "in", show=show if show in SHOWS else "all")


def _day_choice(day: date, on: date, today: date) -> Choice:
    names = {-1: _("昨天"), 0: _("今天"), 1: _("明天")}
    label = names.get((day - today).days) or f"{day.month}.{day.day:02}"
    return Choice(label, f"?on={day.isoformat()}", day == on)

"""Series and reported events for everyone, and the desk where a series is drawn up."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.catalogue.actions import series as actions
from baiye.catalogue.forms.series import EventsForm, NewSeriesForm, SeriesForm
from baiye.catalogue.queries import series as queries
from baiye.catalogue.queries.courses import current_versions, reported_courses
from baiye.catalogue.shell import shell_of
from baiye.core import clock
from baiye.core.refusals import refused_above

PER_PAGE = 20
FOUND = 12  # courses to choose from


@require_safe
def series_list(request: HttpRequest) -> HttpResponse:
    """Every series, published ones first, then those that sources tell of."""
    page = Paginator(queries.open_series(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "catalogue/series_list.html", {"page": page, "shell": shell_of(request.user)})


@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """One series: its path from stop to stop."""
    found = get_object_or_404(queries.open_series(), slug=slug)
    context = {"series": found, "stops": queries.stops_of(found), "shell": shell_of(request.user)}
    return render(request, "catalogue/series.html", context)


@require_safe
def reported_event_list(request: HttpRequest) -> HttpResponse:
    """Events that public sources tell of, each with its source."""
    form = EventsForm(request.GET, kinds=queries.event_kinds())
    asked = form.asked()
    page = Paginator(queries.reported_events(**asked), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "is_filtered": any(asked.values()), "shell": shell_of(request.user)}
    return render(request, "catalogue/reported_event_list.html", context)


@login_required
@require_GET
def series_desk(request: SignedInRequest) -> HttpResponse:
    """Series that one may draw up."""
    require_somewhere(request, Permission.COURSE_PUBLISH)
    page = Paginator(queries.series_for(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "catalogue/series_desk.html", {"page": page})


@login_required
@require_http_methods(["GET", "POST"])
def series_new(request: SignedInRequest) -> HttpResponse:
    """Begin a series."""
    require_somewhere(request, Permission.COURSE_PUBLISH)
    form = NewSeriesForm(request.POST or None, units=queries.districts_for(request.user))
    if request.method == "POST" and form.is_valid():
        made = actions.make_series(unit=form.cleaned_data["unit"], content=form.content(), by=request.user)
        messages.success(request, _("系列已建。把项目一站一站加进来，再公开。"))
        return redirect("catalogue:series-edit", made.pk)
    return render(request, "catalogue/series_new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def series_edit(request: SignedInRequest, series_id: int) -> HttpResponse:
    """A series with its stops in order, its words, and courses to add."""
    found = get_object_or_404(queries.series_for(request.user), pk=series_id)
    form = SeriesForm(request.POST or None, initial=SeriesForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        actions.edit_series(series=found, content=form.content(), by=request.user)
        messages.success(request, _("系列已存。"))
        return redirect("catalogue:series-edit", found.pk)
    q = request.GET.get("q", "")[:40]
    context = {
        "series": found,
        "form": form,
        "stops": queries.stops_of(found),
        "q": q,
        "courses": queries.choosable(found, q)[:FOUND],
        "reports": queries.choosable_reports(found),
    }
    return render(request, "catalogue/series_edit.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def series_steps(request: SignedInRequest, series_id: int) -> HttpResponse:
    """Add a stop: a published course by key, or a reported one."""
    found = get_object_or_404(queries.series_for(request.user), pk=series_id)
    course, reported = request.POST.get("course", ""), request.POST.get("reported", "")
    what: dict[str, object]
    if course.isdecimal():
        what = {"course": get_object_or_404(current_versions(), course=int(course)).course}
    elif reported.isdecimal():
        what = {"reported": get_object_or_404(reported_courses(), pk=int(reported))}
    else:
        messages.error(request, _("请先选一个项目再加。"))
        return redirect("catalogue:series-edit", found.pk)
    with refused_above(request):
        actions.add_step(series=found, by=request.user, **what)  # type: ignore[arg-type]
    return redirect("catalogue:series-edit", found.pk)


@login_required
@require_POST
def series_step(request: SignedInRequest, step_id: int) -> HttpResponse:
    """Move a stop (``up`` or ``down``), say a word on it (``note``), or take it out (``remove``)."""
    step = get_object_or_404(queries.steps_for(request.user), pk=step_id)
    series_id, do = step.series_id, request.POST.get("do", "")
    with refused_above(request):
        if do in {"up", "down"}:
            actions.move_step(step=step, up=do == "up", by=request.user)
        elif do == "note":
            actions.note_step(step=step, note=request.POST.get("note", ""), by=request.user)
        elif do == "remove":
            actions.remove_step(step=step, by=request.user)
    return redirect("catalogue:series-edit", series_id)


@login_required
@require_POST
def series_publication(request: SignedInRequest, series_id: int) -> HttpResponse:
    """Show a series to everyone, or take it back (``off``)."""
    found = get_object_or_404(queries.series_for(request.user), pk=series_id)
    with refused_above(request):
        if request.POST.get("off"):
            actions.take_back_series(series=found, by=request.user)
            messages.success(request, _("系列已收回，公众看不到了。"))
        else:
            actions.publish_series(series=found, by=request.user, at=clock.now())
            messages.success(request, _("系列已公开。"))
    return redirect("catalogue:series-edit", found.pk)

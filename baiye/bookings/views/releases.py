"""The desk of releases: the list, a new one, its rules, what families will see, publishing in two steps."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.bookings import lines, rules, tables
from baiye.bookings.actions import releases as actions
from baiye.bookings.actions.easing import ease_release
from baiye.bookings.forms.releases import CapsForm, ReleaseFilter, ReleaseForm
from baiye.bookings.models import Release
from baiye.bookings.queries import desk as queries
from baiye.core import clock, excel
from baiye.core.refusals import refused_above, refused_on
from baiye.schools.queries import all_terms

PER_PAGE = 30


@login_required
@require_GET
def release_list(request: SignedInRequest) -> HttpResponse:
    """Releases that one manages, by words, state and mode."""
    require_somewhere(request, queries.MANAGE)
    form, now = ReleaseFilter(request.GET), clock.now()
    asked = form.asked()
    page = Paginator(queries.find_releases(request.user, asked, now), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(release, rules.state_of(release, now)) for release in page]
    context = {"form": form, "page": page, "rows": rows, "is_filtered": asked != queries.Asked()}
    return render(request, "bookings/release_list.html", context)


@login_required
@require_GET
def release_export(request: SignedInRequest) -> HttpResponse:
    """The same list as Excel."""
    require_somewhere(request, queries.MANAGE)
    now = clock.now()
    found = queries.find_releases(request.user, ReleaseFilter(request.GET).asked(), now)
    book = excel.workbook(_("放号"), tables.release_header(), tables.releases(found, now))
    return excel.download(_("放号"), book)


@login_required
@require_http_methods(["GET", "POST"])
def release_new(request: SignedInRequest) -> HttpResponse:
    """A new draft."""
    require_somewhere(request, queries.MANAGE)
    form = ReleaseForm(request.POST or None, units=queries.units_for(request.user), terms=all_terms())
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            made = actions.make_release(
                unit=form.cleaned_data["unit"],
                rules=form.rules(),
                request=form.cleaned_data["request"],
                by=request.user,
                at=clock.now(),
            )
            return redirect("bookings:additions", made.pk)
    return render(request, "bookings/release_new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def release_rules(request: SignedInRequest, release_id: int) -> HttpResponse:
    """Other rules for a draft."""
    release = find(request, release_id)
    form = ReleaseForm(request.POST or None, units=queries.units_for(request.user), terms=all_terms(), release=release)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.change_release(release=release, rules=form.rules(), by=request.user)
            messages.success(request, _("改好了。"))
            return redirect("bookings:release-desk", release.pk)
    context = {"form": form, "release": release}
    return render(request, "bookings/release_rules.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def release_desk(request: SignedInRequest, release_id: int) -> HttpResponse:
    """One release: a draft with what it still lacks, or how it stands, opening by opening."""
    release, now = find(request, release_id), clock.now()
    openings = list(queries.watched(release, now))
    context = {"release": release, "openings": openings, "state": rules.state_of(release, now), "now": now}
    context |= {"stats": tables.figures(openings), "lacks": actions.why_not_published(release, now)}
    context |= {"mode_sentence": rules.mode_sentence(release), "rules": rules.release_rules(release)}
    return render(request, "bookings/release_desk.html", context)


@login_required
@require_GET
def opening_export(request: SignedInRequest, release_id: int) -> HttpResponse:
    """The openings of a release as Excel: seats, offers, who waits, who did not come."""
    release = find(request, release_id)
    rows = tables.openings(queries.watched(release, clock.now()))
    return excel.download(release.title, excel.workbook(_("场次"), tables.opening_header(), rows))


@login_required
@require_GET
def preview(request: SignedInRequest, release_id: int) -> HttpResponse:
    """What families will see, as it will look on their phones."""
    release, now = find(request, release_id), clock.now()
    found = lines.lines_of(queries.watched(release, now), {}, now)
    context = {"release": release, "groups": lines.grouped(found), "house_rules": rules.house_rules()}
    context |= {"mode_sentence": rules.mode_sentence(release), "rules": rules.release_rules(release)}
    return render(request, "bookings/preview.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def publication(request: SignedInRequest, release_id: int) -> HttpResponse:
    """Asks once more, with what follows; then publishes."""
    release, now = find(request, release_id), clock.now()
    if request.method == "POST":
        with refused_above(request):
            actions.publish(release=release, by=request.user, at=now)
            messages.success(request, _("公布了。家长现在就能在日历上看到。"))
            return redirect("bookings:release-desk", release.pk)
        return redirect("bookings:publication", release.pk)
    openings = list(queries.watched(release, now))
    context = {"release": release, "openings": openings, "lacks": actions.why_not_published(release, now)}
    context |= {"stats": tables.figures(openings), "mode_sentence": rules.mode_sentence(release)}
    return render(request, "bookings/publication.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def release_easing(request: SignedInRequest, release_id: int) -> HttpResponse:
    """Higher caps: what is published changes only in favour of families."""
    release = find(request, release_id)
    form = CapsForm(request.POST or None, release=release)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            ease_release(release=release, by=request.user, **form.cleaned_data)
            messages.success(request, _("改好了。"))
            return redirect("bookings:release-desk", release.pk)
    context = {"release": release, "form": form}
    return render(request, "bookings/release_easing.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def discard(request: SignedInRequest, release_id: int) -> HttpResponse:
    """Throws a draft away."""
    release = find(request, release_id)
    with refused_above(request):
        actions.discard_release(release=release, by=request.user)
        messages.success(request, _("草稿删掉了，场次都还在。"))
        return redirect("bookings:release-list")
    return redirect("bookings:release-desk", release.pk)


def find(request: SignedInRequest, release_id: int) -> Release:
    """A release that one manages; 404 for any other."""
    return get_object_or_404(queries.releases_for(request.user), pk=release_id)

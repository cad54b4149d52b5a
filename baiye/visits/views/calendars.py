"""Calendars: one's own link, what it gives, and one visit as a file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from baiye.accounts.navigation import shell_of
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock, throttle
from baiye.visits import calendar_entries, calendar_feed, calendar_links

AN_HOUR = 3600
READS_AN_HOUR = 60  # of one link: a phone, a tablet, a computer, each every few minutes
GUESSES_AN_HOUR = 30  # from one network


@never_cache
@login_required
@require_GET
def calendar(request: SignedInRequest) -> HttpResponse:
    """What one's calendar is for, whether a link is open, and the ways to renew and to end it."""
    context = {"link": calendar_links.open_link(request.user), "shell": shell_of(request.user)}
    return render(request, "visits/calendar.html", context)


@never_cache
@login_required
@require_POST
def calendar_link_create(request: SignedInRequest) -> HttpResponse:
    """A new link, shown once; the one before ends."""
    path = reverse("visits:calendar-feed", args=[calendar_links.make_link(by=request.user, at=clock.now())])
    context = {
        "address": request.build_absolute_uri(path),
        "subscribe": f"webcal://{request.get_host()}{path}",
        "shell": shell_of(request.user),
    }
    return render(request, "visits/calendar_link.html", context)


@login_required
@require_POST
def calendar_link_end(request: SignedInRequest) -> HttpResponse:
    """End one's link."""
    if calendar_links.revoke_link(by=request.user, at=clock.now()):
        messages.success(request, _("日历链接已停用，用它的日历不再更新。"))
    return redirect("visits:calendar")


@require_safe
def calendar_feed_of(request: HttpRequest, token: str) -> HttpResponseBase:
    """The calendar behind a secret link; 404 for one that is not, or no longer; 429 for who comes too often."""
    link = calendar_links.find_link(token)
    if link is None:
        may = throttle.hit_from(request, "calendar", limit=GUESSES_AN_HOUR, per_s=AN_HOUR)
        return HttpResponse(status=404) if may else _too_often()
    if not throttle.hit(f"calendar link {link.pk}", limit=READS_AN_HOUR, per_s=AN_HOUR):
        return _too_often()
    feed = calendar_links.read(link, at=clock.now())
    response = _file(feed.content, "baiye.ics")
    etag, changed = f'"{feed.etag}"', int(feed.changed_at.timestamp())
    response["ETag"], response["Last-Modified"] = etag, http_date(changed)
    found = get_conditional_response(request, etag=etag, last_modified=changed, response=response) or response
    patch_cache_control(found, private=True, no_cache=True)
    return found


@login_required
@require_safe
def visit_calendar(request: SignedInRequest, visit_id: int) -> HttpResponse:
    """One visit, as it stands in one's own calendar, as a file."""
    mine = [entry for entry in calendar_entries.entries(request.user, clock.now()) if entry.visit_id == visit_id]
    if not mine:
        raise Http404
    return _file(calendar_feed.write(mine), f"baiye-{visit_id}.ics")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _too_often() -> HttpResponse:
    return HttpResponse(status=429, headers={"Retry-After": str(AN_HOUR)})

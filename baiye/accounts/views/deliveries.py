"""Copies of messages that did not arrive, for who looks after the people they were for."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from baiye.accounts import deliveries
from baiye.accounts.actions.deliveries import retry_delivery
from baiye.accounts.models import User
from baiye.accounts.navigation import shell_of
from baiye.accounts.permissions import Permission, paths
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock
from baiye.core.models import Delivery
from baiye.core.refusals import refused_above
from baiye.core.shapes import Choice, Stat

A_PAGE = 50
TO_HOSTS = "hosts"


@require_safe
@never_cache
@login_required
def delivery_list(request: SignedInRequest) -> HttpResponse:
    """What failed within thirty days, by channel; and how each channel did within a day."""
    _require_office(request)
    asked = request.GET.get("show", "")
    channel = asked if asked in dict(Delivery.CHANNELS) else ""
    now = clock.now()
    found = deliveries.failed_for(request.user, channel=channel, to_hosts=asked == TO_HOSTS, at=now)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lost": [deliveries.shown(delivery) for delivery in page],
        "ways": _ways(channel or (TO_HOSTS if asked == TO_HOSTS else "")),
        "health": [_figure(one) for one in deliveries.health(now)] if _is_districts(request.user) else [],
        "shell": shell_of(request.user),
    }
    return render(request, "accounts/delivery_list.html", context)


@require_POST
@login_required
def retrial(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Send one again."""
    _require_office(request)
    now = clock.now()
    delivery = get_object_or_404(deliveries.failed_for(request.user, at=now), pk=pk)
    with refused_above(request):
        retry_delivery(delivery=delivery, by=request.user, at=now)
        messages.success(request, _("已重新发送，稍后再看这里有没有它。"))
    return redirect("accounts:delivery-list")


def _ways(shown: str) -> list[Choice]:
    """All, by channel, or those to hosts."""
    named = [("", _("全部")), *Delivery.CHANNELS, (TO_HOSTS, _("发给基地的"))]
    return [Choice(label=str(name), url=f"?show={slug}", current=slug == shown) for slug, name in named]


def _figure(health: deliveries.Health) -> Stat:
    """How a channel did within a day."""
    if not health.is_open:
        return Stat(health.name, health.delivered, note=_("没有开通"))
    note = _("没送到 %(failed)d，等着发 %(waiting)d") % {"failed": health.failed, "waiting": health.waiting}
    return Stat(health.name, health.delivered, unit=_("已送出"), note=note, tone="down" if health.failed else "")


def _is_districts(user: User) -> bool:
    """Whether ``user`` looks after a whole district, and so sees how the channels do."""
    return any(path.count("/") == 2 for path in paths(user, Permission.DELIVERY_VIEW))


def _require_office(request: SignedInRequest) -> None:
    """There is no such page for who looks after nobody."""
    if not deliveries.looks_after_somebody(request.user):
        raise Http404

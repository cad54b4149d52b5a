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
from baiye.core.refusals import Refused

A_PAGE = 50


@require_safe
@never_cache
@login_required
def delivery_list(request: SignedInRequest) -> HttpResponse:
    """What failed within thirty days, by channel; and how each channel did within a day."""
    _require_office(request)
    channel = request.GET.get("channel", "")
    channel = channel if channel in dict(Delivery.CHANNELS) else ""
    now = clock.now()
    to_hosts = request.GET.get("hosts") == "1"
    found = deliveries.failed_for(request.user, channel=channel, to_hosts=to_hosts, at=now)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lost": [deliveries.shown(delivery) for delivery in page],
        "to_hosts": to_hosts,
        "channel": channel,
        "channels": Delivery.CHANNELS,
        "health": deliveries.health(now) if _is_districts(request.user) else [],
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
    try:
        retry_delivery(delivery=delivery, by=request.user, at=now)
        messages.success(request, _("已重新发送，稍后再看这里有没有它。"))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("accounts:delivery-list")


def _is_districts(user: User) -> bool:
    """Whether ``user`` looks after a whole district, and so sees how the channels do."""
    return any(path.count("/") == 2 for path in paths(user, Permission.DELIVERY_VIEW))


def _require_office(request: SignedInRequest) -> None:
    """There is no such page for who looks after nobody."""
    if not deliveries.looks_after_somebody(request.user):
        raise Http404

"""What a person was told."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from baiye.accounts import navigation
from baiye.accounts.deliveries import looks_after_somebody, shown
from baiye.accounts.requests import SignedInRequest
from baiye.core import clock, messages

A_PAGE = 30


@require_safe
@login_required
def inbox(request: SignedInRequest) -> HttpResponse:
    """All messages, newest first."""
    context = {
        "page": Paginator(messages.inbox(request.user), A_PAGE).get_page(request.GET.get("page")),
        "looks_after": looks_after_somebody(request.user),
        "shell": navigation.shell_of(request.user),
    }
    return render(request, "accounts/inbox.html", context)


@require_safe
@login_required
def message(request: SignedInRequest, pk: int) -> HttpResponse:
    """One message, and what became of its copies; opening it is reading it."""
    found = get_object_or_404(messages.inbox(request.user).select_related("in_digest"), pk=pk)
    messages.mark_read(request.user, at=clock.now(), pk=pk)
    context = {
        "message": found,
        "copies": [shown(copy) for copy in found.deliveries.all()],
        "shell": navigation.shell_of(request.user),
    }
    return render(request, "accounts/message.html", context)


@require_POST
@login_required
def reading_create(request: SignedInRequest) -> HttpResponse:
    """All are read."""
    messages.mark_read(request.user, at=clock.now())
    return redirect("accounts:inbox")

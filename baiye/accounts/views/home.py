"""The address "/": everyone is sent to the page where their work begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from baiye.accounts import navigation


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Visitors to the public page, everyone else by their role."""
    return redirect(navigation.home_of(request.user) if request.user.is_authenticated else navigation.NOWHERE)

"""Keys of partners' programs, for whoever holds API_KEY_MANAGE."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from baiye.accounts import queries
from baiye.accounts.actions import api_keys
from baiye.accounts.forms import ApiKeyForm
from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.accounts.requests import SignedInRequest, require_somewhere
from baiye.core import choosing, clock
from baiye.core.refusals import refused_on

A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def key_list(request: SignedInRequest) -> HttpResponse:
    """Every key one manages, and a form for another; a new key's text is shown once."""
    form = ApiKeyForm(request.POST or None, by=_manager(request))
    if suggested := choosing.suggestions(request, form):
        return suggested
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            key, text = api_keys.make_key(**form.cleaned_data, by=request.user, at=clock.now())
            return render(request, "accounts/api_key.html", {"key": key, "text": text})
    page = Paginator(queries.keys_for(request.user), A_PAGE).get_page(request.GET.get("page"))
    status = 422 if form.errors else 200
    return render(request, "accounts/api_key_list.html", {"page": page, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def revocation(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then end a key at once."""
    key = get_object_or_404(queries.keys_for(_manager(request)), pk=pk)
    if request.method != "POST":
        return render(request, "accounts/api_key_revocation.html", {"key": key})
    api_keys.revoke_key(key=key, by=request.user, at=clock.now())
    messages.success(request, _("密钥已停用，用它的程序马上就读不到了"))
    return redirect("accounts:api-key-list")


def _manager(request: SignedInRequest) -> User:
    """The signed-in person, if they manage keys anywhere; else there is no such page."""
    require_somewhere(request, Permission.API_KEY_MANAGE)
    return request.user

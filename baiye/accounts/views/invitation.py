"""Where a one-time link leads."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from baiye.accounts import queries
from baiye.accounts.actions import people
from baiye.accounts.forms import FirstPasswordForm
from baiye.core import clock
from baiye.core.refusals import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password; then sign in by it."""
    found = queries.find_invitation(token, clock.now())
    if found is None:
        return render(request, "accounts/invitation_over.html", status=404)
    form = FirstPasswordForm(request.POST or None, user=found.user)
    if form.is_valid():
        try:
            people.accept_invitation(token=token, password=form.cleaned_data["password1"], at=clock.now())
        except Refused:
            return render(request, "accounts/invitation_over.html", status=404)
        messages.success(request, _("密码设好了，请用它登录"))
        return redirect("accounts:staff-sign-in")
    context = {"form": form, "person": found.user}
    return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)

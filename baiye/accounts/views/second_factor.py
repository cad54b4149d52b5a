"""allauth's pages of the second factor, where they do more here than there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse

from baiye.accounts import sessions
from baiye.accounts.adapters import place_of
from baiye.accounts.requests import SignedInRequest
from baiye.core import audit

View = Callable[..., HttpResponse]


def for_staff(view: View) -> View:
    """Who signs in without a password has nothing to set up here: for pupils and guardians there is no such page."""

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return respond


def _note(request: SignedInRequest, kind: Authenticator.Type) -> None:
    """In the trail, in the transaction that added it; and in the session, where it was shown just now."""
    user = request.user
    audit.record("second_factor.added", by=user, on=user, at_unit=place_of(user), type=kind.value)
    sessions.note_second_factor(request, kind)


class TotpView(ActivateTOTPView):
    """A new authenticator app; its first code also counts as shown in this session."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _note(self.request, Authenticator.Type.TOTP)
        return response


class PasskeyView(AddWebAuthnView):
    """A new passkey; its first use also counts as shown in this session."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _note(self.request, Authenticator.Type.WEBAUTHN)
        return response

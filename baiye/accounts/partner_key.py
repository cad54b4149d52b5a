"""How a partner's program says who it is: Authorization: Bearer and the key's text."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from baiye.accounts.actions.api_keys import use_key
from baiye.accounts.models import ApiKey, Unit
from baiye.core import clock


class PartnerKey(HttpBearer):
    """Lets in whoever sends a key that stands; ``request.auth`` is the key, its unit loaded. Each use is counted."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        return use_key(text=token, at=clock.now())


def unit_of(request: HttpRequest) -> Unit:
    """The unit whose key the request came with."""
    key = request.auth  # type: ignore[attr-defined]
    assert isinstance(key, ApiKey)
    return key.unit

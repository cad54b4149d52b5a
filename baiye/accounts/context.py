"""What the shells need to know about the signed-in person."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from baiye.accounts import navigation
from baiye.accounts.requests import SignedInRequest
from baiye.core import messages


def shell(request: SignedInRequest) -> dict[str, object]:
    """``nav`` (the rail or tab bar), ``unread`` (messages not yet read), ``outside`` (others' accounts that open ours).

    The first two ask the database, and only when a template uses them.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav": [], "unread": 0, "outside": settings.OIDC}
    return {
        "outside": settings.OIDC,
        "nav": SimpleLazyObject(lambda: navigation.items(request)),
        "unread": SimpleLazyObject(lambda: messages.unread(user)),
    }

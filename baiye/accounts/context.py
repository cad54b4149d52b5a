"""What the shells need to know about the signed-in person."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from baiye.accounts import navigation
from baiye.core import messages


def shell(request: HttpRequest) -> dict[str, object]:
    """``nav`` (the rail or tab bar) and ``unread`` (messages not yet read); each asks the database only when used."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav": [], "unread": 0}
    return {
        "nav": SimpleLazyObject(lambda: navigation.items(request)),
        "unread": SimpleLazyObject(lambda: messages.unread(user)),
    }

"""What a session knows of its sign-in: which factors were shown, and when its person was last seen."""

from datetime import UTC, datetime, timedelta

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

SEEN = "seen_at"
WRITE_AFTER = timedelta(seconds=60)  # so that not every page writes the session


def has_second_factor(request: HttpRequest) -> bool:
    """Whether the signed-in person showed a second factor, or a passkey, in this session."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def was_idle(request: HttpRequest, *, at: datetime) -> bool:
    """Whether the last request was too long ago; if not, remember this one (at most once a minute)."""
    seen = _seen_at(request) or at
    if at - seen > timedelta(seconds=settings.STAFF_IDLE_S):
        return True
    if at - seen > WRITE_AFTER:
        request.session[SEEN] = at.timestamp()
    return False


def _seen_at(request: HttpRequest) -> datetime | None:
    """What the session says, else when its person signed in."""
    stamp = request.session.get(SEEN)
    if stamp is not None:
        return datetime.fromtimestamp(stamp, tz=UTC)
    return request.user.last_login

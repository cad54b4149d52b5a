"""What a session knows of its sign-in: which ways were shown, and when its person was last seen."""

from datetime import UTC, datetime, timedelta

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from baiye.accounts.models import User

SEEN = "seen_at"
WRITE_AFTER = timedelta(seconds=60)  # so that not every page writes the session
FRESH = timedelta(minutes=5)


def begin(request: HttpRequest, *, at: datetime) -> None:
    """Note when a session began."""
    request.session[SEEN] = at.timestamp()


def ways(request: HttpRequest) -> list[str]:
    """By which ways the signed-in person showed who they are (password, totp, webauthn)."""
    records = get_authentication_records(request, request.user)
    return [str(record.get("type") or record["method"]) for record in records]


def has_second_factor(request: HttpRequest) -> bool:
    """Whether the signed-in person showed a second factor, or a passkey, in this session."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def note_second_factor(request: HttpRequest, kind: "Authenticator.Type") -> None:
    """Note that a new second factor was shown as it was set up."""
    record_authentication(request, request.user, "mfa", type=kind)


def is_fresh(request: HttpRequest, *, at: datetime) -> bool:
    """Whether the signed-in person showed who they are within the last minutes."""
    records = get_authentication_records(request, request.user)
    return any(at.timestamp() - record["at"] < FRESH.total_seconds() for record in records)


def was_idle(request: HttpRequest, user: User, *, at: datetime) -> bool:
    """Whether the last request was too long ago; if not, remember this one (at most once a minute)."""
    seen = _seen_at(request, user) or at
    if at - seen > timedelta(seconds=settings.STAFF_IDLE_S):
        return True
    if at - seen > WRITE_AFTER:
        request.session[SEEN] = at.timestamp()
    return False


def _seen_at(request: HttpRequest, user: User) -> datetime | None:
    """What the session says, else when its person signed in."""
    stamp = request.session.get(SEEN)
    return datetime.fromtimestamp(stamp, tz=UTC) if stamp is not None else user.last_login

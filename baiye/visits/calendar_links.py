"""Secret links to one's calendar: made, renewed, revoked, read."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation

from baiye.accounts.links import make_token
from baiye.accounts.models import User
from baiye.core import audit, crypto
from baiye.visits import calendar_entries, calendar_feed
from baiye.visits.models import CalendarLink

READ_WRITTEN_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a link gives: the file, its digest, and since when it is as it is."""

    content: bytes
    etag: str
    changed_at: datetime


def open_link(user: User) -> CalendarLink | None:
    """The link by which ``user``'s calendar is read now."""
    return CalendarLink.objects.filter(user=user, revoked_at=None).first()


def find_link(token: str) -> CalendarLink | None:
    """The open link with this token, of an open account; user loaded."""
    links = CalendarLink.objects.filter(digest=_digest(token), revoked_at=None, user__is_active=True)
    return links.select_related("user").first()


@transaction.atomic
def make_link(*, by: User, at: datetime) -> str:
    """Give ``by`` a new link to their own calendar, and its token, which is kept nowhere; the one before ends."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    CalendarLink.objects.filter(user=by, revoked_at=None).update(revoked_at=at)
    token = make_token()
    link = CalendarLink.objects.create(user=by, digest=_digest(token), made_at=at)
    audit.record("calendar_link.made", by=by, on=link)
    return token


@transaction.atomic
def revoke_link(*, by: User, at: datetime) -> bool:
    """End one's link at once; False where there is none."""
    link = CalendarLink.objects.filter(user=by, revoked_at=None).first()
    if link is None or not CalendarLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=at):
        return False
    audit.record("calendar_link.revoked", by=by, on=link)
    return True


def read(link: CalendarLink, *, at: datetime) -> Feed:
    """The calendar of whose link this is, in Chinese whoever reads it; that it was read is noted once an hour."""
    with translation.override(settings.LANGUAGE_CODE):
        content = calendar_feed.write(calendar_entries.entries(link.user, at))
    etag = hashlib.sha256(content).hexdigest()
    row = CalendarLink.objects.filter(pk=link.pk)
    if link.etag != etag or link.changed_at is None:
        link.etag, link.changed_at, link.read_at = etag, at, at
        row.update(etag=etag, changed_at=at, read_at=at)
    elif link.read_at is None or at - link.read_at > READ_WRITTEN_EVERY:
        row.update(read_at=at)
    return Feed(content, etag, link.changed_at)


def _digest(token: str) -> str:
    return crypto.blind(f"calendar link\0{token}")

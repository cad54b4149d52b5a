"""A calendar as an iCalendar file (RFC 5545)."""

from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from baiye.core import clock
from baiye.visits.calendar_entries import Entry

AGAIN = timedelta(hours=1)  # how often readers are asked to come back
ZONES_FROM = date(2020, 1, 1)  # no entry is older


def write(entries: Iterable[Entry]) -> bytes:
    """The bytes of a calendar with these entries; the same entries give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Baiye//Calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("百业职业体验"))
    calendar.add("x-wr-timezone", str(clock.SHANGHAI))
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_event(entry))
    calendar.add_missing_timezones(first_date=ZONES_FROM)
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@{urlsplit(settings.BAIYE_SITE_URL).hostname}")
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("dtstart", clock.local(entry.starts_at))
    event.add("dtend", clock.local(entry.ends_at))
    event.add("summary", entry.title)
    event.add("location", entry.place)
    if entry.text:
        event.add("description", entry.text)
    return event

"""The secret link: shown once, kept as a digest, renewed, revoked, throttled, and in no log."""

import logging

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from icalendar import Calendar

from baiye.accounts.models import User
from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.core.models import Event
from baiye.schools.tests.people import guardian_of
from baiye.visits import actions, calendar_links
from baiye.visits.models import CalendarLink
from baiye.visits.tests.factories import SeatFactory
from baiye.visits.tests.people import coordinator_of
from baiye.visits.views import calendars

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    return SeatFactory()


@pytest.fixture
def guardian(seat):
    return guardian_of(seat.pupil)


def address_of(user):
    return reverse("visits:calendar-feed", args=[calendar_links.make_link(by=user, at=clock.now())])


def test_a_link_is_shown_once_and_kept_as_a_digest(client, guardian):
    client.force_login(guardian)

    shown = client.post(reverse("visits:calendar-link-create"))
    page = client.get(reverse("visits:calendar"))

    token = shown.context["address"].rpartition("/")[2].removesuffix(".ics")
    assert token in shown.content.decode()
    assert shown.context["subscribe"] == shown.context["address"].replace("http://", "webcal://")
    assert token not in page.content.decode()
    link = CalendarLink.objects.get()
    assert (link.user, token in link.digest) == (guardian, False)
    assert Event.objects.get(kind="calendar_link.made").object_id == str(link.pk)


def test_a_feed_needs_no_sign_in_and_is_kept_by_no_proxy(client, guardian, seat):
    response = client.get(address_of(guardian))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert {"private", "no-cache"} <= set(response["Cache-Control"].split(", "))
    assert [event["SUMMARY"] for event in Calendar.from_ical(response.content).events] == [seat.visit.version.title]
    assert CalendarLink.objects.get().read_at is not None


def test_a_feed_that_did_not_change_is_not_sent_again(client, guardian, seat):
    address = address_of(guardian)
    first = client.get(address)

    same = client.get(address, headers={"If-None-Match": first["ETag"]})
    since = client.get(address, headers={"If-Modified-Since": first["Last-Modified"]})
    actions.give_up_seat(seat=seat, because="不去", by=coordinator_of(seat.visit, seat.pupil), at=clock.now())
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (same.status_code, same.content, since.status_code) == (304, b"", 304)
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert b"STATUS:CANCELLED" in changed.content


def test_a_renewed_or_revoked_link_or_one_of_a_closed_account_is_not_found(client, guardian):
    first, second = address_of(guardian), address_of(guardian)
    assert [client.get(address).status_code for address in (first, second)] == [404, 200]

    client.force_login(guardian)
    client.post(reverse("visits:calendar-link-ending"))
    assert client.get(second).status_code == 404

    third = address_of(guardian)
    User.objects.filter(pk=guardian.pk).update(is_active=False)
    client.logout()
    assert client.get(third).status_code == 404


def test_guesses_and_a_link_read_too_often_are_told_to_wait(client, guardian, monkeypatch, own_database):
    monkeypatch.setattr(calendars, "GUESSES_AN_HOUR", 2)
    monkeypatch.setattr(calendars, "READS_AN_HOUR", 1)
    address, guess = address_of(UserFactory()), reverse("visits:calendar-feed", args=["x" * 32])

    assert [client.get(guess).status_code for _ in range(3)] == [404, 404, 429]
    assert [client.get(address).status_code for _ in range(2)] == [200, 429]
    assert client.get(address)["Retry-After"] == "3600"


def test_no_token_stands_in_the_log(client, guardian, caplog):
    caplog.set_level(logging.DEBUG)
    address = address_of(guardian)

    client.get(address)
    CalendarLink.objects.update(revoked_at=clock.now())
    client.get(address)

    token = address.rpartition("/")[2].removesuffix(".ics")
    from baiye.core.logs import HideSecrets

    written = []
    for record in caplog.records:
        HideSecrets().filter(record)
        written.append(record.getMessage())
    assert any("Not Found: /calendars/" in line for line in written)
    assert not any(token in line for line in written)


def test_ending_without_a_link_changes_nothing(client, guardian):
    client.force_login(guardian)

    response = client.post(reverse("visits:calendar-link-ending"))

    assert response["Location"] == reverse("visits:calendar")
    assert not Event.objects.filter(kind="calendar_link.revoked").exists()


def test_one_open_link_each_says_the_database(guardian):
    address_of(guardian)

    with pytest.raises(IntegrityError, match="calendar_link_one_open_each"), transaction.atomic():
        CalendarLink.objects.create(user=guardian, digest="0" * 64, made_at=clock.now())


def test_one_visit_is_a_file_for_whom_it_concerns(client, guardian, seat):
    address = reverse("visits:visit-calendar", args=[seat.visit_id])

    client.force_login(UserFactory())
    assert client.get(address).status_code == 404
    client.force_login(guardian)
    response = client.get(address)

    assert len(Calendar.from_ical(response.content).events) == 1
    assert response["Content-Disposition"] == f'attachment; filename="baiye-{seat.visit_id}.ics"'
    assert client.get(reverse("visits:visit-calendar", args=[0])).status_code == 404

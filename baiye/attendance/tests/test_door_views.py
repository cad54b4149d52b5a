"""The door's pages: by forms alone, in scope, at a fixed cost."""

import json
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.attendance import passes
from baiye.attendance.models import Confirmation, Mark
from baiye.attendance.tests.factories import (
    MarkFactory,
    PastSeatFactory,
    PastVisitFactory,
    attended_seat,
    coordinator_of,
    instructor_of,
    sign,
)
from baiye.core import clock
from baiye.visits.tests.factories import CountingVisitFactory, SeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    """A half-day that began ten minutes ago."""
    return CountingVisitFactory(starts_at=clock.now() - timedelta(minutes=10))


@pytest.fixture
def door(client, visit):
    """The instructor of the visit's host, signed in."""
    client.force_login(instructor_of(visit))
    return client


def address(name, visit, *more):
    return reverse(f"attendance:{name}", args=[visit.pk, *more])


def mark_form(seat, **fields):
    return {"id": str(uuid.uuid4()), "kind": "in", "seat": seat.pk} | fields


# ── day ──


def test_day_shows_todays_visits_at_ones_own_host_with_counts(door, visit):
    MarkFactory(seat=SeatFactory(visit=visit))
    CountingVisitFactory(starts_at=visit.starts_at)

    response = door.get(reverse("attendance:day"))

    ((shown, counts),) = response.context["rows"]
    assert (shown, counts.arrived, counts.expected) == (visit, 1, 1)


def test_day_without_visits_leads_to_the_next_day_that_has_some(door, visit):
    before = clock.today() - timedelta(days=3)

    response = door.get(reverse("attendance:day"), {"on": before.isoformat()})

    assert response.context["next_address"] == f"?on={clock.today().isoformat()}"
    assert "这一天没有场次" in response.text


def test_day_for_who_has_no_door_is_not_found(client):
    client.force_login(coordinator_of(PastSeatFactory().pupil))

    assert client.get(reverse("attendance:day")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_day_costs_as_many_queries_for_three_visits_as_for_one(door, visit, count, django_assert_num_queries):
    for _ in range(count - 1):
        CountingVisitFactory(version=visit.version, venue=visit.venue, starts_at=visit.starts_at)

    with django_assert_num_queries(7):  # session, user, grants, visits, counts, class teacher, unread
        response = door.get(reverse("attendance:day"))

    assert len(response.context["rows"]) == count


# ── visit ──


def test_visit_shows_shortened_names_and_who_is_missing(door, visit):
    here, missing = SeatFactory(visit=visit, pupil__name="林小满"), SeatFactory(visit=visit, pupil__name="周子墨")
    MarkFactory(seat=here)

    response = door.get(address("visit", visit), {"show": "missing"})

    assert [row.seat for row in response.context["rows"]] == [missing]
    assert "周*墨" in response.text
    assert "周子墨" not in response.text
    assert "林" not in response.text


@pytest.mark.parametrize(
    ("minutes_ago", "way", "phase"),
    [(-30, "in", "before"), (10, "in", "during"), (160, "out", "during"), (200, "out", "after")],
)
def test_visit_offers_coming_or_going_by_the_clock(client, minutes_ago, way, phase):
    visit = CountingVisitFactory(starts_at=clock.now() - timedelta(minutes=minutes_ago))
    client.force_login(instructor_of(visit))

    response = client.get(address("visit", visit))

    assert (response.context["way"], response.context["phase"]) == (way, phase)


def test_visit_asked_by_htmx_is_the_roll_alone(door, visit):
    SeatFactory(visit=visit)

    response = door.get(address("visit", visit), headers={"HX-Request": "true"})

    assert response.templates[0].name == "attendance/_roll.html"


@pytest.mark.parametrize("name", ["visit", "counts", "roll-call"])
def test_pages_of_another_hosts_visit_are_not_found(door, name):
    assert door.get(address(name, PastVisitFactory())).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_visit_costs_as_many_queries_for_three_pupils_as_for_one(door, visit, count, django_assert_num_queries):
    for _ in range(count):
        MarkFactory(seat=SeatFactory(visit=visit))

    with django_assert_num_queries(7):  # session, user, grants, visit, roll, marks, confirmations
        response = door.get(address("visit", visit))

    assert len(response.context["rows"]) == count


def test_counts_tell_the_page_when_something_changed(door, visit):
    MarkFactory(seat=SeatFactory(visit=visit))

    changed, same = (door.get(address("counts", visit), {"seen": seen}) for seen in (0, 1))

    assert (changed.headers.get("HX-Trigger"), same.headers.get("HX-Trigger")) == ("baiye:marks", None)


def test_counts_cost_one_query_beside_who_asks_and_what_for(door, visit, django_assert_num_queries):
    SeatFactory.create_batch(3, visit=visit)

    with django_assert_num_queries(5):  # session, user, grants, visit; counts
        door.get(address("counts", visit))


# ── marks ──


@pytest.mark.parametrize("how", ["seat", "code", "token"])
def test_marks_by_form_are_kept_and_said(door, visit, how):
    seat = SeatFactory(visit=visit, pupil__name="林小满", code="7K3Q92")
    said = {"seat": {"seat": seat.pk}, "code": {"code": "7k3 q92"}, "token": {"code": passes.token(seat)}}[how]

    response = door.post(address("marks", visit), {"id": str(uuid.uuid4()), "kind": "in"} | said, follow=True)

    mark = Mark.objects.get()
    assert (mark.seat, mark.source) == (seat, {"seat": "roll", "code": "code", "token": "qr"}[how])
    assert f"林*满 已到 {clock.local(mark.at):%H:%M}" in response.text


def test_marks_by_form_that_name_nobody_of_the_visit_say_so(door, visit):
    response = door.post(
        address("marks", visit), {"id": str(uuid.uuid4()), "kind": "in", "code": "XXXXXX"}, follow=True
    )

    assert "这一场的名单里没有这位同学" in response.text
    assert not Mark.objects.exists()


def test_marks_by_a_broken_form_say_so(door, visit):
    response = door.post(address("marks", visit), {"id": "7", "kind": "in"}, follow=True)

    assert "没有看懂要给谁签到" in response.text


def send(client, visit, *marks):
    message = {"sent": clock.now().isoformat(), "marks": marks}
    return client.post(address("marks", visit), json.dumps(message), content_type="application/json")


def wired(seat, **fields):
    return {"id": str(uuid.uuid4()), "kind": "in", "at": clock.now().isoformat(), "seat": seat.pk} | fields


def test_marks_of_a_queue_are_answered_one_by_one_and_again_the_same(door, visit):
    good = wired(SeatFactory(visit=visit))
    bad = wired(PastSeatFactory())

    first, again = send(door, visit, good, bad).json(), send(door, visit, good, bad).json()

    assert [outcome["status"] for outcome in first["outcomes"]] == ["new", "refused"]
    assert [outcome["status"] for outcome in again["outcomes"]] == ["same", "refused"]
    assert Mark.objects.count() == 1


def test_marks_of_a_queue_that_make_no_sense_are_refused(door, visit):
    assert send(door, visit, {"id": 7}).status_code == 400


def test_marks_for_another_hosts_visit_are_not_found(door):
    seat = PastSeatFactory()

    assert door.post(address("marks", seat.visit), mark_form(seat)).status_code == 404
    assert send(door, seat.visit, wired(seat)).status_code == 404
    assert not Mark.objects.exists()


# ── roll call ──


def test_roll_call_asks_first_and_then_marks_the_rest(door, visit):
    MarkFactory(seat=SeatFactory(visit=visit))
    missing = SeatFactory(visit=visit)

    asked = door.get(address("roll-call", visit), {"kind": "in"})
    assert [row.seat for row in asked.context["rows"]] == [missing]
    assert Mark.objects.count() == 1

    form = asked.context["form"]
    said = {"batch": form["batch"].value(), "kind": "in"}
    door.post(address("roll-call", visit), said)
    response = door.post(address("roll-call", visit), said, follow=True)

    assert (Mark.objects.filter(seat=missing).count(), "记下了 0 人" in response.text) == (1, True)


def test_roll_call_at_a_wrong_time_says_so(client):
    seat = PastSeatFactory()
    client.force_login(instructor_of(seat.visit))

    response = client.post(address("roll-call", seat.visit), {"batch": str(uuid.uuid4()), "kind": "in"}, follow=True)

    assert "时间离这一场太远了" in response.text


# ── one pupil ──


def test_seat_shows_every_mark_and_takes_one_back(door, visit):
    mark = MarkFactory(seat=SeatFactory(visit=visit))
    assert list(door.get(address("seat", visit, mark.seat.pk)).context["marks"]) == [mark]

    response = door.post(address("void", visit, mark.pk), follow=True)

    mark.refresh_from_db()
    assert (mark.voided_at is None, "撤回了" in response.text) == (False, True)


def test_void_once_the_host_confirmed_says_why_not(client):
    seat = attended_seat()
    sign(seat, "host")
    client.force_login(instructor_of(seat.visit))

    response = client.post(address("void", seat.visit, seat.marks.first().pk), follow=True)

    assert "基地已经确认了这一场" in response.text


def test_void_of_another_hosts_mark_is_not_found(door, visit):
    assert door.post(address("void", visit, MarkFactory().pk)).status_code == 404


def test_seat_enters_a_late_mark_with_its_time_and_reason(client):
    seat = PastSeatFactory()
    client.force_login(instructor_of(seat.visit))
    at = clock.local(seat.visit.starts_at).replace(second=0, microsecond=0)

    said = {"id": str(uuid.uuid4()), "kind": "in", "at": f"{at:%H:%M}", "note": "手机没电"}
    client.post(address("seat", seat.visit, seat.pk), said)

    mark = Mark.objects.get()
    assert (mark.note, mark.source, mark.at) == ("手机没电", "roll", at)


def test_seat_without_a_reason_for_the_late_mark_says_so(client):
    seat = PastSeatFactory()
    client.force_login(instructor_of(seat.visit))

    response = client.post(address("seat", seat.visit, seat.pk), {"id": str(uuid.uuid4()), "kind": "in", "at": "09:00"})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["note"])


def test_seat_of_another_visit_leads_back_to_the_roll(door, visit):
    response = door.get(address("seat", visit, PastSeatFactory().pk))

    assert response.headers["Location"].startswith(address("visit", visit))


# ── confirmation ──


def test_confirmation_of_the_host_stands_and_replaces_the_form(client):
    seat = attended_seat()
    client.force_login(instructor_of(seat.visit))
    assert client.get(address("visit", seat.visit)).context["confirm"] is not None

    response = client.post(address("confirmation", seat.visit), {"present": 1}, follow=True)

    assert (Confirmation.objects.get().side, response.context["confirm"]) == ("host", None)


def test_confirmation_of_another_head_count_asks_for_a_note(client):
    seat = attended_seat()
    client.force_login(instructor_of(seat.visit))

    response = client.post(address("confirmation", seat.visit), {"present": 5})

    assert (response.status_code, Confirmation.objects.count()) == (422, 0)
    assert "签到的是 1 人，您写的是 5 人" in response.text


def test_confirmation_is_asked_for_only_once_the_visit_is_over(door, visit):
    assert door.get(address("visit", visit)).context["confirm"] is None

"""Calendars: what stands in whose, how it changes, and that it says nothing it should not."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.core.hooks import Hook
from baiye.schools.tests.factories import ClassTeacherFactory, GuardianshipFactory, PupilFactory
from baiye.schools.tests.people import guardian_of
from baiye.visits import actions, calendar_entries, calendar_feed
from baiye.visits.calendar_entries import Entry
from baiye.visits.models import Assignment, Visit
from baiye.visits.tests.factories import AssignmentFactory, SeatFactory, VisitFactory
from baiye.visits.tests.people import coordinator_of, holder

pytestmark = pytest.mark.django_db


def entries(user):
    return calendar_entries.entries(user, clock.now())


def test_a_guardian_sees_each_childs_seats_and_only_theirs():
    seat = SeatFactory()
    guardian = guardian_of(seat.pupil)
    SeatFactory()

    (entry,) = entries(guardian)

    assert (entry.title, entry.starts_at, entry.visit_id) == (
        seat.visit.version.title,
        seat.visit.starts_at,
        seat.visit_id,
    )
    assert (entry.sequence, entry.is_cancelled) == (0, False)
    assert seat.visit.venue.host.unit.name in entry.place


def test_a_guardian_of_two_tells_them_apart_without_a_full_name():
    seats = SeatFactory.create_batch(2, visit=VisitFactory())
    guardian = guardian_of(seats[0].pupil)
    GuardianshipFactory(pupil=seats[1].pupil, user=guardian)

    found = entries(guardian)

    assert len({entry.title for entry in found}) == 2
    said = calendar_feed.write(found).decode().replace("\r\n ", "")
    assert not any(seat.pupil.name in said for seat in seats)


def test_a_pupil_sees_their_own_without_a_name():
    seat = SeatFactory(pupil=PupilFactory(user=UserFactory(kind="pupil")))

    assert [entry.title for entry in entries(seat.pupil.user)] == [seat.visit.version.title]


def test_a_seat_given_up_and_given_again_is_the_same_entry_with_a_later_sequence():
    seat = SeatFactory()
    guardian, coordinator = guardian_of(seat.pupil), coordinator_of(seat.visit, seat.pupil)

    actions.give_up_seat(seat=seat, because="发烧 39 度", by=coordinator, at=clock.now())
    (lost,) = entries(guardian)
    actions.assign_seat(visit=seat.visit, pupil=seat.pupil, by=coordinator, at=clock.now())
    (again,) = entries(guardian)

    assert (lost.is_cancelled, lost.sequence, again.is_cancelled, again.sequence) == (True, 1, False, 2)
    assert lost.key == again.key
    assert "发烧" not in calendar_feed.write([lost]).decode()


def test_a_visit_that_is_moved_then_cancelled_changes_each_calendar():
    seat = SeatFactory()
    mentor = AssignmentFactory(visit=seat.visit, mentor__user=UserFactory()).mentor.user
    teacher = ClassTeacherFactory(school_class=seat.pupil.school_class).user
    instructor = holder("host_instructor", seat.visit.venue.host.unit)
    people = [guardian_of(seat.pupil), mentor, teacher, instructor]
    later = seat.visit.starts_at + timedelta(hours=1)

    Visit.objects.update(starts_at=later)
    moved = [entries(user)[0] for user in people]
    actions.cancel_visit(visit=seat.visit, because="停电", by=coordinator_of(seat.visit), at=clock.now())
    off = [entries(user)[0] for user in people]

    assert {(entry.starts_at, entry.sequence, entry.is_cancelled) for entry in moved} == {(later, 1, False)}
    assert {(entry.sequence, entry.is_cancelled) for entry in off} == {(2, True)}
    assert [entry.key for entry in moved] == [entry.key for entry in off]


def test_a_mentor_who_is_taken_off_sees_it_cancelled():
    assignment = AssignmentFactory(mentor__user=UserFactory())
    mentor = assignment.mentor.user
    (before,) = entries(mentor)

    Assignment.objects.update(ended_at=clock.now(), ended_by=UserFactory())
    (after,) = entries(mentor)

    assert (before.text, before.is_cancelled) == ("带教", False)
    assert (after.text, after.is_cancelled) == ("已取消。", True)
    assert after.sequence > before.sequence


def test_a_teacher_sees_how_many_of_the_class_go_and_a_host_how_many_come():
    visit = VisitFactory()
    first, second = (SeatFactory(visit=visit) for _ in range(2))
    teacher = ClassTeacherFactory(school_class=first.pupil.school_class).user
    SeatFactory(visit=visit, pupil=PupilFactory(school_class=first.pupil.school_class))

    assert [entry.text for entry in entries(teacher)] == ["本班 2 人。"]
    assert [entry.text for entry in entries(holder("host_manager", visit.venue.host.unit))] == [
        "已有 3 人，名额 30 个。"
    ]
    assert entries(holder("host_manager", second.pupil.school_class.school.unit)) == []


def test_what_is_long_over_is_left_out():
    seat = SeatFactory(visit__starts_at=clock.now() - timedelta(days=61))

    assert entries(guardian_of(seat.pupil)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_calendar_costs_as_many_queries_for_three_visits_as_for_one(count, django_assert_num_queries, monkeypatch):
    for name in [name for name in calendar_entries.PROVIDERS if not name.startswith("visits.")]:
        monkeypatch.delitem(calendar_entries.PROVIDERS, name)
    visits = VisitFactory.create_batch(count)
    for n, visit in enumerate(visits):
        Visit.objects.filter(pk=visit.pk).update(
            starts_at=visit.starts_at + timedelta(days=n), ends_at=visit.ends_at + timedelta(days=n)
        )
    pupil = PupilFactory()
    for visit in Visit.objects.all():
        SeatFactory(visit=visit, pupil=pupil)
    guardian = guardian_of(pupil)
    teacher = ClassTeacherFactory(school_class=pupil.school_class).user

    with django_assert_num_queries(6):  # children, seats, moves; assignments; grants; classes
        assert len(entries(guardian)) == count
    with django_assert_num_queries(6):  # assignments; grants; seats counted, visits, classes, moves
        assert len(entries(teacher)) == count


def test_a_room_above_adds_its_own(monkeypatch):
    now = clock.now()
    entry = Entry("offer-1", now, now + timedelta(minutes=30), "候补名额要确认", "", "", now)
    monkeypatch.setattr(calendar_entries, "PROVIDERS", Hook("a provider"))
    calendar_entries.PROVIDERS.add("bookings.offers", lambda user, at: [entry])

    assert entries(UserFactory()) == [entry]


def test_two_rooms_never_share_a_name(monkeypatch):
    monkeypatch.setattr(calendar_entries, "PROVIDERS", Hook("a provider"))
    calendar_entries.PROVIDERS.add("bookings.offers", lambda user, at: [])

    with pytest.raises(ValueError, match=r"bookings\.offers already"):
        calendar_entries.PROVIDERS.add("bookings.offers", lambda user, at: [])


def test_a_file_is_read_back_as_it_was_meant(settings):
    settings.BAIYE_SITE_URL = "https://baiye.example:8443/x"
    starts = clock.local(clock.now()).replace(microsecond=0)
    words = {"title": "木工；体验，半天" * 9, "place": "木工坊\\二楼", "text": "带围裙"}
    entry = Entry(
        "visit-7-pupil-3",
        starts,
        starts + timedelta(hours=2),
        **words,
        changed_at=starts,
        sequence=4,
        is_cancelled=True,
    )

    written = calendar_feed.write([entry])
    calendar = Calendar.from_ical(written)

    (event,) = calendar.events
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("visit-7-pupil-3@baiye.example", 4, "CANCELLED")
    assert (event["SUMMARY"], event["LOCATION"], event["DESCRIPTION"]) == tuple(words.values())
    assert (event.start, event.end) == (starts, starts + timedelta(hours=2))
    assert b"DTSTART;TZID=Asia/Shanghai:" in written
    assert [zone["TZID"] for zone in calendar.timezones] == ["Asia/Shanghai"]
    assert max(len(line) for line in written.split(b"\r\n")) <= 75
    assert written == calendar_feed.write([entry])

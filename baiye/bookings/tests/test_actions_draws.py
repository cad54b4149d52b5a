"""Draws and ranked placements: frozen, hashed, drawn, given; twice is once."""

import hashlib
from datetime import timedelta
from io import StringIO

import pytest
from baiye_placement import verify_folder
from django.core.management import CommandError, call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.bookings import drawing, engine_files
from baiye.bookings.actions import draws, offers, placements, promotions
from baiye.bookings.actions.cancellations import cancel
from baiye.bookings.models import Booking, Release, ReleaseFiles
from baiye.bookings.queries.settling import releases_due
from baiye.bookings.tests.factories import ask, pressed, published, pupil_of
from baiye.core import clock, folders, invariants
from baiye.core.models import Event
from baiye.schools.models import school_year
from baiye.schools.tests.factories import GuardianshipFactory
from baiye.visits.tests.factories import SeatFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = clock.now()
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LATER = NOW + 2 * HOUR  # the draw of a release that opened an hour ago is due


def states(*bookings: Booking) -> list[str]:
    for booking in bookings:
        booking.refresh_from_db()
    return [booking.because or booking.state for booking in bookings]


def drawn(release: Release) -> tuple[Release, ReleaseFiles]:
    draws.draw(release=release, at=LATER)
    release.refresh_from_db()
    return release, ReleaseFiles.objects.get(release=release)


def test_draw_gives_seats_and_places_by_the_published_order():
    (opening,) = published(seats=2, mode="draw")
    bookings = {
        drawing.alias_of(opening.release_id, one.pupil.pseudonym): one for one in (pressed(opening) for _ in range(5))
    }

    release, files = drawn(opening.release)

    tickets = drawing.read_frozen(bytes(files.frozen))
    assert {one.alias for one in tickets} == bookings.keys()
    assert release.frozen_sha256 == hashlib.sha256(bytes(files.frozen)).hexdigest()
    in_order = [bookings[one.alias] for one in drawing.order(tickets, release.seed)[opening.pk]]
    assert states(*in_order) == ["booked", "booked", "waiting", "waiting", "waiting"]
    assert [one.place for one in in_order] == [None, None, 1, 2, 3]
    assert drawing.faults(bytes(files.result)) == []
    assert files.figures == {"seats": 2, "waiting": 3, "lost": 0}
    assert [event.kind for event in Event.objects.filter(object_type="bookings.release").order_by("pk")] == [
        "release.frozen", "release.drawn",
    ]  # fmt: skip
    told = ProcrastinateJob.objects.filter(task_name="bookings.tell_press").order_by("-pk")[:5]
    assert sorted(job.args["booking_id"] for job in told) == sorted(one.pk for one in in_order)


def test_draw_again_changes_nothing_and_before_its_minute_does_nothing():
    (opening,) = published(seats=1, mode="draw")
    bookings = [pressed(opening) for _ in range(3)]
    draws.draw(release=opening.release, at=NOW)
    assert states(*bookings) == ["pressed"] * 3
    release, files = drawn(opening.release)
    before = states(*bookings)

    again, same = drawn(release)

    assert (again.seed, bytes(same.result), states(*bookings)) == (release.seed, bytes(files.result), before)


def test_draw_after_a_crash_between_freeze_seed_and_seats_gives_what_it_would_have_given():
    (opening,) = published(seats=1, mode="draw")
    bookings = [pressed(opening) for _ in range(3)]
    draws.freeze(release=opening.release, at=LATER)
    seed = draws.draw_seed(release=opening.release)
    late = ask(opening, pupil_of(opening), at=NOW)

    release, files = drawn(opening.release)

    assert (release.seed, late.state) == (seed, "pressed")
    order = [one.alias for one in drawing.order(drawing.read_frozen(bytes(files.frozen)), seed)[opening.pk]]
    first = next(b for b in bookings if drawing.alias_of(release.pk, b.pupil.pseudonym) == order[0])
    assert states(first, Booking.objects.get(pk=late.booking)) == ["booked", "waiting"]
    assert Booking.objects.get(pk=late.booking).place == 3


def test_draw_lets_who_pressed_late_wait_behind_the_drawn_in_order_of_their_press():
    (opening,) = published(seats=1, mode="draw")
    early = pressed(opening)
    late = [pressed(opening, at=LATER + timedelta(seconds=n)) for n in (2, 1)]

    draws.draw(release=opening.release, at=LATER + HOUR)

    assert states(early, *late) == ["booked", "waiting", "waiting"]
    assert [one.place for one in late] == [2, 1]


def test_draw_passes_over_who_withdrew_after_the_freeze():
    (opening,) = published(seats=1, mode="draw")
    bookings = [pressed(opening) for _ in range(2)]
    draws.freeze(release=opening.release, at=LATER)
    cancel(booking=bookings[0], by=GuardianshipFactory(pupil=bookings[0].pupil).user, at=LATER)

    _release, files = drawn(opening.release)

    assert states(*bookings) == ["cancelled", "booked"]
    assert [one.result for one in drawing.read_result(bytes(files.result))[2]].count("withdrawn") == 1


def test_draw_puts_first_whom_more_half_days_are_missing_where_the_visit_counts():
    year = school_year(clock.day_of(NOW + 7 * DAY))
    counts = {"counts_as": "职业体验", "credit_minutes": 160}
    (opening,) = published(seats=1, mode="draw")
    visit = opening.visit
    visit.organised_by, visit.counts_as, visit.credit_minutes = opening.release.unit, *counts.values()
    visit.save()
    young = [pressed(opening, pupil_of(opening, school_class__entry_year=year - 1)) for _ in range(4)]
    last = pressed(opening, pupil_of(opening, school_class__entry_year=year - 3))

    _release, files = drawn(opening.release)

    assert states(last, *young) == ["booked", *["waiting"] * 4]
    assert sorted(one.group for one in drawing.read_frozen(bytes(files.frozen))) == [3, 3, 3, 3, 8]


def test_draw_gives_no_seat_where_the_host_may_not_receive_or_the_pupil_is_elsewhere():
    one, two = published(seats=1, mode="draw", visits=[{"starts_at": NOW + 7 * DAY}, {"starts_at": NOW + 9 * DAY}])
    first, second, third = pressed(one), pressed(one), pressed(two)
    SeatFactory(pupil=first.pupil, visit__starts_at=one.visit.starts_at)
    visit = two.visit
    visit.cancelled_at, visit.cancelled_by = NOW, one.release.made_by
    visit.save()

    drawn(one.release)

    assert states(first, second, third) == ["waiting", "booked", "closed"]


def test_press_after_the_draw_takes_a_seat_that_is_left():
    (opening,) = published(seats=2, mode="draw")
    pressed(opening)
    drawn(opening.release)

    assert [ask(opening, pupil_of(opening), at=LATER + HOUR).state for _ in range(2)] == ["booked", "waiting"]


def test_draws_check_finds_a_changed_list(tmp_path):
    (opening,) = published(seats=1, mode="draw")
    for _ in range(3):
        pressed(opening)
    _release, files = drawn(opening.release)
    path, out = tmp_path / "list.csv", StringIO()
    path.write_bytes(bytes(files.result))

    call_command("draws", "check", str(path), stdout=out)
    *before, last_but_one, last = bytes(files.result).splitlines(keepends=True)
    path.write_bytes(b"".join([*before, last, last_but_one]))
    with pytest.raises(CommandError):
        call_command("draws", "check", str(path), stdout=StringIO())

    assert "相符：3 行" in out.getvalue()


def ranked(n: int, *, seats: int = 1):
    days = [{"starts_at": NOW + timedelta(days=40 + one)} for one in range(n)]
    openings = published(seats=seats, mode="ranked", visits=days, closes_at=LATER)
    return openings, openings[0].release


def test_ranked_release_gives_each_pupil_one_seat_with_files_anyone_can_check():
    (one, two), release = ranked(2)
    first, second = (pupil_of(one) for _ in range(2))
    wishes = [pressed(o, p, rank=rank) for p, o, rank in ((first, one, 1), (first, two, 2), (second, one, 1))]

    placements.place_ranked(release=release, at=LATER)

    release.refresh_from_db()
    files = ReleaseFiles.objects.get(release=release)
    assert states(*wishes) == ["swapped", "booked", "booked"]  # 100 + 80 points: both are seated
    assert (release.drawn_at, files.figures) == (LATER, {"seats": 2, "waiting": 0, "lost": 0})
    with folders.unpacked(bytes(files.result)) as folder:
        assert verify_folder(folder, folder) == []


def test_ranked_release_lets_who_got_none_wait_and_one_seat_ends_their_other_lines():
    (one, two), release = ranked(2)
    people = [pupil_of(one) for _ in range(3)]
    wishes = [(pressed(one, pupil, rank=1), pressed(two, pupil, rank=2)) for pupil in people]
    placements.place_ranked(release=release, at=LATER)
    placements.place_ranked(release=release, at=LATER)
    stands = [tuple(states(*pair)) for pair in wishes]
    assert sorted(stands) == [("booked", "swapped"), ("swapped", "booked"), ("waiting", "waiting")]
    winner, lines = wishes[stands.index(("booked", "swapped"))][0], wishes[stands.index(("waiting", "waiting"))]
    cancel(booking=winner, by=GuardianshipFactory(pupil=winner.pupil).user, at=LATER)

    promotions.promote(opening=one, at=LATER)
    offers.accept(booking=lines[0], by=GuardianshipFactory(pupil=lines[0].pupil).user, at=LATER)

    assert states(*lines) == ["booked", "swapped"]


def test_ranked_release_that_is_placed_is_not_computed_again(monkeypatch):
    (one, _two), release = ranked(2)
    pressed(one, rank=1)
    placements.place_ranked(release=release, at=LATER)
    release.refresh_from_db()
    monkeypatch.setattr(engine_files, "placed", lambda *_: pytest.fail("it was placed already"))

    placements.place_ranked(release=release, at=LATER)

    assert release.drawn_at == LATER


def test_ranked_release_keeps_the_reserve_for_the_last_grades():
    day = NOW + 40 * DAY
    year = school_year(clock.day_of(day))
    reserve = {"reserved": 1, "reserved_from_grade": 9, "reserved_until": LATER + DAY}
    own = {f"opening__{name}": value for name, value in reserve.items()}
    (opening,) = published(seats=2, mode="ranked", visits=[{"starts_at": day, **own}], closes_at=LATER)
    young = [pressed(opening, pupil_of(opening, school_class__entry_year=year - 1), rank=1) for _ in range(3)]
    old = pressed(opening, pupil_of(opening, school_class__entry_year=year - 3), rank=1)

    placements.place_ranked(release=opening.release, at=LATER)

    assert (states(old), sorted(states(*young))) == (["booked"], ["booked", "waiting", "waiting"])


def test_ranked_release_without_a_wish_ends_without_a_seat():
    (_one,), release = ranked(1)

    placements.place_ranked(release=release, at=LATER)

    release.refresh_from_db()
    assert release.drawn_at == LATER


def test_releases_due_are_those_whose_minute_has_come_and_that_are_not_drawn():
    (opening,) = published(mode="draw")
    pressed(opening)

    before, due = list(releases_due(NOW)), list(releases_due(LATER))
    drawn(opening.release)

    assert (before, due, list(releases_due(LATER))) == ([], [opening.release], [])


def test_invariants_find_nothing_after_draws_offers_and_endings():
    (opening,) = published(seats=1, mode="draw")
    bookings = [pressed(opening) for _ in range(3)]
    drawn(opening.release)
    winner = next(one for one in bookings if states(one) == ["booked"])
    cancel(booking=winner, by=GuardianshipFactory(pupil=winner.pupil).user, at=LATER)
    promotions.promote(opening=opening, at=LATER)

    assert [one for one in invariants.findings() if one.rows] == []

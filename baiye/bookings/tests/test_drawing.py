"""The draw as a function of its files, and the check that finds whatever was changed in them."""

import hashlib
from datetime import timedelta

import pytest

from baiye.bookings import drawing
from baiye.bookings.allotting import Opened, Seeker, allot
from baiye.core import clock

PRESSES = ((1, "aa", 0), (1, "bb", 2), (2, "aa", 1), *((1, f"c{n}", 2) for n in range(9)))
PRESSES = ((1, "aa", 0), (1, "bb", 2), (2, "aa", 1), *((1, f"c{n}", 2) for n in range(9)))
TICKETS = [drawing.Ticket(of, alias, group) for of, alias, group in PRESSES]


def result(*, seed: str = "s", **changes: str) -> bytes:
    frozen = drawing.frozen_file(TICKETS)
    lines = [
        drawing.Line(of, n, one.alias, one.group, "seat" if n == 1 else "waiting")
        for of, found in drawing.order(TICKETS, seed).items()
        for n, one in enumerate(found, start=1)
    ]
    return drawing.result_file(lines, sha256=hashlib.sha256(frozen).hexdigest(), seed=seed)


def test_frozen_file_does_not_depend_on_who_was_faster():
    assert drawing.frozen_file(TICKETS) == drawing.frozen_file(TICKETS[::-1])
    assert drawing.read_frozen(drawing.frozen_file(TICKETS)) == sorted(TICKETS)


def test_order_puts_larger_groups_first_and_then_the_smaller_hash():
    found = drawing.order(TICKETS, "seed")

    first = ["bb", *(f"c{n}" for n in range(9))]
    right = sorted(first, key=lambda alias: hashlib.sha256(f"seed|1|{alias}".encode()).hexdigest())
    assert [one.alias for one in found[1]] == [*right, "aa"]
    assert drawing.order(TICKETS[::-1], "seed") == found


@pytest.mark.parametrize(
    ("owed", "years", "group"), [(0, 3, 0), (1, 3, 1), (12, 3, 1), (13, 3, 2), (32, 1, 8), (32, 0, 8), (32, 4, 2)]
)
def test_group_of_is_the_half_days_owed_for_each_year_left_rounded_up(owed: int, years: int, group: int):
    assert drawing.group_of(owed, years) == group


def test_faults_finds_nothing_in_a_sound_result():
    assert drawing.faults(result()) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("# seed s", "# seed t"), (",aa,1,", ",dd,1,"), ("2,1,aa", "2,2,aa"), ("# sha256 ", "# sha256 0"), (",2,", ",1,")],
)
def test_faults_finds_what_was_changed(old: str, new: str):
    changed = result().decode().replace(old, new, 1).encode()

    assert changed != result()
    assert drawing.faults(changed)


def test_faults_finds_a_seat_behind_somebody_left_waiting():
    content = result().decode()
    first = next(line for line in content.splitlines() if line.startswith("1,1,"))
    swapped = content.replace(first, first.replace("seat", "waiting"))
    second = next(line for line in swapped.splitlines() if line.startswith("1,2,"))

    assert drawing.faults(swapped.replace(second, second.replace("waiting", "seat")).encode()) == [
        "opening 1: number 2 has a seat and number 1 has none"
    ]


def opened(pk: int = 1, *, free: int = 1, kept: int = 0, waiting_most: int | None = None, hour: int = 0) -> Opened:
    starts = clock.now().replace(hour=hour)
    return Opened(pk, free, kept, waiting_most, starts, starts + timedelta(hours=2), 0)


def test_allot_gives_seats_in_order_and_places_to_the_rest():
    outcome = allot([opened(free=2)], {1: [Seeker(n, n) for n in (7, 5, 9, 4)]}, most_a_term=9)

    assert (outcome.seats, outcome.places, outcome.lost) == ([7, 5], {9: 1, 4: 2}, [])


def test_allot_ends_who_does_not_fit_into_the_line():
    outcome = allot([opened(waiting_most=1)], {1: [Seeker(n, n) for n in (1, 2, 3)]}, most_a_term=9)

    assert (outcome.seats, outcome.places, outcome.lost) == ([1], {2: 1}, [3])
    assert list(outcome.words.values()) == ["seat", "waiting", "lost"]


def test_allot_passes_over_who_cannot_and_they_wait_at_their_place():
    line = [Seeker(1, 1, why="overlap"), Seeker(2, 2, in_term=3), Seeker(3, 3)]

    outcome = allot([opened()], {1: line}, most_a_term=3)

    assert (outcome.seats, outcome.places, outcome.words[1]) == ([3], {1: 1, 2: 2}, "skipped")


def test_allot_gives_a_pupil_no_two_seats_at_one_time_and_none_beyond_the_term():
    openings = [opened(1), opened(2, hour=1), opened(3, hour=5), opened(4, hour=9)]
    lines = {n: [Seeker(n * 10, 1)] for n in (1, 2, 3, 4)}

    outcome = allot(openings, lines, most_a_term=2)

    assert (outcome.seats, outcome.places) == ([10, 30], {20: 1, 40: 1})


def test_allot_keeps_the_reserve_for_the_last_grades():
    line = [Seeker(1, 1), Seeker(2, 2), Seeker(3, 3, is_last_grade=True), Seeker(4, 4, is_last_grade=True)]

    outcome = allot([opened(free=2, kept=1)], {1: line}, most_a_term=9)

    assert (outcome.seats, outcome.places) == ([1, 3], {2: 1, 4: 2})
    assert [outcome.words[n] for n in (2, 4)] == ["kept", "waiting"]

"""Ranked releases (排志愿): placed at once by the engine when they close; who got none waits in line.

The checker of the engine, which shares no code with it, must find nothing; otherwise no seat is given.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from baiye_placement import problem_sha256
from django.db import transaction

from baiye.bookings import engine_files
from baiye.bookings.actions import draws, locks
from baiye.bookings.allotting import Opened, Outcome, Seeker
from baiye.bookings.drawing import Ticket, alias_of, lot
from baiye.bookings.models import Booking, Release, ReleaseFiles


def place_ranked(*, release: Release, at: datetime) -> None:
    """Place a ranked release that is closed; one that is placed is left alone.

    Frozen and hashed, then the seed, then the placement of both: started again after a crash it gives the same.
    """
    if release.mode != "ranked" or at < release.closes_at or release.drawn_at is not None:
        return
    _freeze(release, at)
    seed = draws.draw_seed(release=release)
    frozen = bytes(ReleaseFiles.objects.get(release=release).frozen)
    won, result = engine_files.placed(frozen, seed)
    _keep(release, won, result, at)


@transaction.atomic
def _freeze(release: Release, at: datetime) -> None:
    locked = draws.lock_release(release)
    if locked.frozen_at is not None:
        return
    presses = draws.live_presses(locked)
    facts = draws.seekers_of(presses, at)
    able = [one for one in presses if not facts[one.pk].why and facts[one.pk].in_term < locked.most_a_term]
    problem = engine_files.problem_of(locked, draws.opened(locked, at), able)
    ReleaseFiles.objects.create(release=locked, frozen=engine_files.packed_problem(problem))
    draws.keep_frozen(locked, problem_sha256(problem), at)


@transaction.atomic
def _keep(release: Release, won: Mapping[str, int], result: bytes, at: datetime) -> None:
    locked = draws.lock_release(release)
    if locked.drawn_at is not None:
        return
    draws.lock_all(locked)
    presses = draws.live_presses(locked)
    openings = {one.pk: one for one in draws.opened(locked, at)}
    outcome, others = _outcome(locked, presses, openings, draws.seekers_of(presses, at), won)
    locks.end(others, "swapped", by=None, at=at)
    draws.keep_result(locked, result, outcome, at)


def _outcome(
    release: Release,
    presses: Iterable[Booking],
    openings: Mapping[int, Opened],
    facts: Mapping[int, Seeker],
    won: Mapping[str, int],
) -> tuple[Outcome, list[int]]:
    """Seats as they were placed, where they still can be given; and the other wishes of who got one, which end."""
    outcome = Outcome()
    free = {pk: one.free for pk, one in openings.items()}
    seated, rest = set[int](), list[Booking]()
    for press in presses:
        is_theirs = won.get(alias_of(release.pk, press.pupil.pseudonym)) == press.opening_id
        can = not facts[press.pk].why and facts[press.pk].in_term < release.most_a_term
        if is_theirs and can and free[press.opening_id] > 0:
            free[press.opening_id] -= 1
            seated.add(press.pupil_id)
            outcome.seats.append(press.pk)
        else:
            rest.append(press)
    _line_up(release, [one for one in rest if one.pupil_id not in seated], openings, outcome)
    return outcome, [one.pk for one in rest if one.pupil_id in seated]


def _line_up(release: Release, presses: Iterable[Booking], openings: Mapping[int, Opened], outcome: Outcome) -> None:
    """Who got none waits: by rank, then by the public lot, as long as a line may be."""
    lines: dict[int, list[Booking]] = defaultdict(list)
    for press in presses:
        lines[press.opening_id].append(press)
    for pk, line in lines.items():
        opening = openings[pk]
        line.sort(key=lambda one: (one.rank or 0, _lot(release, one)))
        most = len(line) if opening.waiting_most is None else opening.waiting_most
        outcome.places |= {one.pk: opening.last_place + n for n, one in enumerate(line[:most], start=1)}
        outcome.lost += [one.pk for one in line[most:]]


def _lot(release: Release, press: Booking) -> str:
    return lot(release.seed, Ticket(press.opening_id, alias_of(release.pk, press.pupil.pseudonym), 0))

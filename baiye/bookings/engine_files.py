"""A ranked release as the engine's problem: each opening a project with one sitting, each pupil one seat at most."""

import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from baiye_placement import Placement, place, verify_folder, write_placement
from baiye_placement.files import read_problem, write_problem
from baiye_placement.problem import POINTS, Policy, Problem, Session
from baiye_placement.problem import Pupil as Seeker

from baiye.bookings.allotting import Opened
from baiye.bookings.drawing import alias_of
from baiye.bookings.models import Booking, Release
from baiye.core import clock, folders

EVERYONE = "all"  # no class travels together here
SECONDS, GAP = 120.0, 0.0002  # the clock is a safety net


def problem_of(release: Release, openings: Iterable[Opened], presses: Iterable[Booking]) -> Problem:
    """Seats that are free now and what families ranked; who ranked nothing is left out."""
    sessions = tuple(
        Session(id=str(one.pk), project=str(one.pk), venue=str(one.pk), slot=_slot(one.starts_at), capacity=one.free)
        for one in openings
        if one.free > 0
    )
    offered = {session.id for session in sessions}
    wishes: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for press in presses:
        if str(press.opening_id) in offered and press.rank:
            wishes[alias_of(release.pk, press.pupil.pseudonym)].append((press.rank, str(press.opening_id)))
    return Problem(
        sessions=sessions,
        pupils=tuple(
            Seeker(id=alias, group=EVERYONE, wishes=tuple(one for _rank, one in sorted(found)), need=1)
            for alias, found in sorted(wishes.items())
        ),
        group_slots={EVERYONE: tuple(sorted({session.slot for session in sessions}))},
        points=POINTS[:5],
        policy=Policy("points"),
    )


def packed_problem(problem: Problem) -> bytes:
    """The problem's folder as a zip, frozen before the seed is drawn."""
    with tempfile.TemporaryDirectory() as folder:
        write_problem(problem, folder)
        return folders.packed(Path(folder))


def placed(frozen: bytes, seed: str) -> tuple[dict[str, int], bytes]:
    """Alias → opening in the placement of a frozen problem with its public seed; and all its files as a zip.

    Raises
    ------
    RuntimeError
        The checker, which shares no code with the solver, finds something wrong.
    """
    with folders.unpacked(frozen) as folder:
        problem = replace(read_problem(folder), seed=seed.encode())
        write_problem(problem, folder)
        if not problem.sessions or not problem.pupils:
            return {}, folders.packed(folder)
        placement = place(problem, time_budget_s=SECONDS, gap_target=GAP)
        write_placement(placement, folder)
        if faults := verify_folder(folder, folder):
            raise RuntimeError("; ".join(str(one) for one in faults[:3]))
        return _won(placement), folders.packed(folder)


def _won(placement: Placement) -> dict[str, int]:
    """Seats that were ranked; one that nobody ranked is no seat here."""
    given = ((alias, seats, placement.ranks[alias]) for alias, seats in placement.seats.items())
    return {alias: int(seats[0]) for alias, seats, ranks in given if seats and ranks[0] > 0}


def _slot(starts_at: datetime) -> int:
    """A half-day as a number: 2 × the day, plus 1 in the afternoon (Shanghai time)."""
    local = clock.local(starts_at)
    return 2 * local.date().toordinal() + (local.hour >= 12)

"""A ranked release as the engine's problem: each opening a project, each pupil one seat at most.

Seats kept for the last grades are a sitting of their own, which only those grades may take.
"""

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

EVERYONE, KEPT = "all", "-kept"  # no class travels together here; a sitting of kept seats
SECONDS, GAP = 120.0, 0.0002  # the clock is a safety net


def problem_of(release: Release, openings: Iterable[Opened], presses: Iterable[Booking]) -> Problem:
    """Seats that are free now and what families ranked; who ranked nothing is left out."""
    sessions = tuple(session for one in openings for session in _sessions(one))
    offered = {session.project for session in sessions}
    wishes: dict[str, list[tuple[int, str]]] = defaultdict(list)
    grades: dict[str, str] = {}
    for press in presses:
        if str(press.opening_id) in offered and press.rank:
            alias, school_class = alias_of(release.pk, press.pupil.pseudonym), press.pupil.school_class
            wishes[alias].append((press.rank, str(press.opening_id)))
            grades[alias] = str(school_class.grade(clock.day_of(press.opening.visit.starts_at)))
    return Problem(
        sessions=sessions,
        pupils=tuple(
            Seeker(alias, EVERYONE, tuple(one for _rank, one in sorted(found)), need=1, stage=grades[alias])
            for alias, found in sorted(wishes.items())
        ),
        group_slots={EVERYONE: tuple(sorted({session.slot for session in sessions}))},
        points=POINTS[:5],
        policy=Policy("points"),
    )


def _sessions(opening: Opened) -> list[Session]:
    """The free seats of an opening, those that are kept apart."""
    pk, slot = str(opening.pk), _slot(opening.starts_at)
    kept = min(opening.kept, opening.free)
    everyone = Session(id=pk, project=pk, venue=pk, slot=slot, capacity=opening.free - kept)
    last = frozenset(str(grade) for grade in range(opening.kept_from or 1, 13))
    apart = Session(id=f"{pk}{KEPT}", project=pk, venue=pk, slot=slot, capacity=kept, stages=last)
    return [session for session in (everyone, apart) if session.capacity > 0]


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
    return {alias: int(seats[0].removesuffix(KEPT)) for alias, seats, ranks in given if seats and ranks[0] > 0}


def _slot(starts_at: datetime) -> int:
    """A half-day as a number: 2 × the day, plus 1 in the afternoon (Shanghai time)."""
    local = clock.local(starts_at)
    return 2 * local.date().toordinal() + (local.hour >= 12)

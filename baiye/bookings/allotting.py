"""Who gets a seat when a whole line stands before the free seats at once: a pure function, the same for every draw."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from baiye.bookings.drawing import KEPT, LOST, SEAT, SKIPPED, WAITING


@dataclass(frozen=True, slots=True)
class Opened:
    """The seats of one opening at the moment; ``kept`` of those that are free wait for the last grades."""

    pk: int
    free: int
    kept: int
    waiting_most: int | None
    starts_at: datetime
    ends_at: datetime
    last_place: int
    kept_from: int | None = None  # the first of the last grades


@dataclass(frozen=True, slots=True)
class Seeker:
    """One booking in the line; ``why`` says what keeps the pupil from a seat now, ``in_term`` how many they hold."""

    booking: int
    pupil: int
    why: str = ""
    in_term: int = 0
    is_last_grade: bool = False


@dataclass(slots=True)
class Outcome:
    """What came of it: bookings that get a seat, places in line, bookings that end, and a word for each booking."""

    seats: list[int] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)


def allot(openings: Sequence[Opened], lines: Mapping[int, Sequence[Seeker]], *, most_a_term: int) -> Outcome:
    """Seats in the order of each line, opening by opening; who gets none takes the next place in line.

    A pupil who won at an overlapping time or has the seats of the term is passed over and waits at their place.
    """
    outcome = Outcome()
    won: dict[int, list[Opened]] = defaultdict(list)
    for opening in openings:
        _allot_one(opening, lines.get(opening.pk, ()), won, most_a_term, outcome)
    return outcome


def _allot_one(
    opening: Opened, line: Sequence[Seeker], won: dict[int, list[Opened]], most_a_term: int, outcome: Outcome
) -> None:
    free, kept, waiting = max(opening.free, 0), min(opening.kept, max(opening.free, 0)), 0
    for seeker in line:
        before = won[seeker.pupil]
        is_held = bool(seeker.why) or seeker.in_term + len(before) >= most_a_term or _clashes(opening, before)
        if not is_held and free > 0 and (free > kept or seeker.is_last_grade):
            free, kept = free - 1, max(0, kept - 1) if seeker.is_last_grade else kept
            before.append(opening)
            outcome.seats.append(seeker.booking)
            outcome.words[seeker.booking] = SEAT
            continue
        waits = opening.waiting_most is None or waiting < opening.waiting_most
        if waits:
            waiting += 1
            outcome.places[seeker.booking] = opening.last_place + waiting
        else:
            outcome.lost.append(seeker.booking)
        outcome.words[seeker.booking] = SKIPPED if is_held else KEPT if free > 0 else WAITING if waits else LOST


def _clashes(opening: Opened, others: Sequence[Opened]) -> bool:
    return any(one.starts_at < opening.ends_at and one.ends_at > opening.starts_at for one in others)

"""The draw (抽签): presses are frozen and hashed, then the seed is drawn, then seats and places follow from both."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from baiye.bookings import drawing
from baiye.bookings.actions import locks
from baiye.bookings.allotting import Opened, Outcome, Seeker, allot
from baiye.bookings.models import Booking, Opening, Release, ReleaseFiles
from baiye.core import audit, clock, jobs
from baiye.hours.queries import balance
from baiye.schools.models import LAST_GRADE
from baiye.visits.actions import lock_visits

CLASS = 26660  # advisory locks of releases: a press holds its release shared, the draw alone
FACTS = """
SELECT b.id, CASE WHEN p.left_on IS NOT NULL THEN 'left'
    WHEN NOT bookings_consents(b.pupil_id, o.consents::text[]) THEN 'consent'
    WHEN bookings_is_elsewhere(b.pupil_id, tstzrange(v.starts_at, v.ends_at)) THEN 'overlap' ELSE '' END,
  s.in_term,
  o.reserved > 0 AND %(at)s < o.reserved_until AND bookings_grade(
    c.stage, c.entry_year, (v.starts_at AT TIME ZONE 'Asia/Shanghai')::date) >= o.reserved_from_grade
FROM bookings_booking b JOIN schools_pupil p ON p.id = b.pupil_id JOIN schools_schoolclass c ON c.id = p.school_class_id
JOIN bookings_opening o ON o.id = b.opening_id JOIN bookings_release r ON r.id = o.release_id
JOIN visits_visit v ON v.id = o.visit_id
CROSS JOIN LATERAL bookings_standing(b.pupil_id, o.id, r.id, r.term_id, tstzrange(v.starts_at, v.ends_at), %(at)s) s
WHERE b.id = ANY (%(ids)s)
"""
PLACES = """
UPDATE bookings_booking b SET place = t.place
FROM unnest(%s::bigint[], %s::integer[]) AS t(id, place) WHERE b.id = t.id
"""
Lines = dict[int, list[tuple[str, int | None, int | None]]]  # opening → alias, group, booking
OPENED = """
SELECT o.id, CASE WHEN v.cancelled_at IS NOT NULL OR v.starts_at <= %(at)s
    OR visits_hinders(v.id, v.venue_id, v.starts_at, v.ends_at) IS NOT NULL
  THEN 0 ELSE v.seats - v.taken - v.offered END,
  CASE WHEN o.reserved > 0 AND %(at)s < o.reserved_until THEN bookings_kept(
    o.id, o.reserved, o.reserved_from_grade, (v.starts_at AT TIME ZONE 'Asia/Shanghai')::date) ELSE 0 END,
  o.waiting_most, v.starts_at, v.ends_at,
  COALESCE((SELECT max(place) FROM bookings_booking b WHERE b.opening_id = o.id), 0), o.reserved_from_grade
FROM bookings_opening o JOIN visits_visit v ON v.id = o.visit_id WHERE o.release_id = %(release)s ORDER BY o.id
"""


def draw(*, release: Release, at: datetime) -> None:
    """Draw a release whose minute has come; one that is drawn is left alone.

    Three commits: the frozen list with its hash; the seed; what follows from both. Killed at any point and run again
    it gives the same list, since neither list nor seed can be made anew.
    """
    if release.mode != "draw" or release.draw_until is None or at < release.draw_until:
        return
    freeze(release=release, at=at)
    draw_seed(release=release)
    _allot(release, at)


@transaction.atomic
def freeze(*, release: Release, at: datetime) -> None:
    """Keep the presses of the lot and their hash; once they are kept, nothing changes them."""
    locked = lock_release(release)
    if locked.frozen_at is not None:
        return
    content = drawing.frozen_file(_tickets(locked))
    sha256 = hashlib.sha256(content).hexdigest()
    ReleaseFiles.objects.create(release=locked, frozen=content)
    keep_frozen(locked, sha256, at)


def keep_frozen(release: Release, sha256: str, at: datetime) -> None:
    """Note the hash of what was frozen: from now on it is public."""
    release.frozen_sha256, release.frozen_at = sha256, at
    release.save(update_fields=["frozen_sha256", "frozen_at"])
    audit.record("release.frozen", by=None, on=release, at_unit=release.unit.path, sha256=sha256)


@transaction.atomic
def draw_seed(*, release: Release) -> str:
    """The public seed, drawn once, after the freeze."""
    locked = lock_release(release)
    if not locked.seed:
        locked.seed = secrets.token_hex(16)
        locked.save(update_fields=["seed"])
    return locked.seed


def lock_release(release: Release) -> Release:
    """The release as it is now; no press of it is under way, none begins before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CLASS, release.pk])
    return Release.objects.select_for_update(of=("self",)).select_related("unit", "term").get(pk=release.pk)


def live_presses(release: Release) -> list[Booking]:
    """Presses that wait for the draw or the placement, by key; opening, visit, pupil and class loaded."""
    waiting = Booking.objects.filter(opening__release=release, ended_at=None, seat=None, place=None)
    return list(waiting.select_related("opening__visit", "pupil__school_class").order_by("pk"))


def _tickets(release: Release) -> list[drawing.Ticket]:
    presses = [one for one in live_presses(release) if release.draw_until and one.pressed_at < release.draw_until]
    owed = balance({one.pupil_id for one in presses if one.opening.visit.counts_as})
    tickets = []
    for one in presses:
        visit, group = one.opening.visit, 0
        if visit.counts_as:
            school_class = one.pupil.school_class
            years = LAST_GRADE[school_class.stage] - school_class.grade(clock.day_of(visit.starts_at)) + 1
            group = drawing.group_of(owed[one.pupil_id].owed(visit.counts_as), years)
        tickets.append(drawing.Ticket(one.opening_id, drawing.alias_of(release.pk, one.pupil.pseudonym), group))
    return tickets


@transaction.atomic
def _allot(release: Release, at: datetime) -> None:
    locked = lock_release(release)
    if locked.drawn_at is not None:
        return
    lock_all(locked)
    frozen = bytes(ReleaseFiles.objects.get(release=locked).frozen)
    lines, seekers = _lines(locked, drawing.read_frozen(frozen), at)
    outcome = allot(opened(locked, at), seekers, most_a_term=locked.most_a_term)
    told = [
        drawing.Line(opening, n, alias, group, outcome.words[booking] if booking else drawing.WITHDRAWN)
        for opening, found in lines.items()
        for n, (alias, group, booking) in enumerate(found, start=1)
    ]
    result = drawing.result_file(told, sha256=locked.frozen_sha256, seed=locked.seed)
    keep_result(locked, result, outcome, at)


def _lines(release: Release, tickets: Sequence[drawing.Ticket], at: datetime) -> tuple[Lines, dict[int, list[Seeker]]]:
    """For each opening its line in the order of the draw, who pressed after the freeze behind; and the same as seekers.

    A line names alias, group and the booking, which is None where the family withdrew after the freeze.
    """
    presses = live_presses(release)
    seeker_of = seekers_of(presses, at)
    live = {(one.opening_id, drawing.alias_of(release.pk, one.pupil.pseudonym)): one for one in presses}
    lines: Lines = {}
    for opening, found in drawing.order(tickets, release.seed).items():
        drawn = [(one.alias, one.group, live.pop((opening, one.alias), None)) for one in found]
        lines[opening] = [(alias, group, one.pk if one else None) for alias, group, one in drawn]
    for (opening, alias), one in sorted(live.items(), key=lambda item: (item[1].pressed_at, item[1].pk)):
        lines.setdefault(opening, []).append((alias, None, one.pk))
    seekers = {
        opening: [seeker_of[booking] for _alias, _group, booking in found if booking]
        for opening, found in lines.items()
    }
    return dict(sorted(lines.items())), seekers


def lock_all(release: Release) -> None:
    """Pupils who pressed and the visits of the release, as every booking locks them; the release is locked already."""
    pressed = Booking.objects.filter(opening__release=release, ended_at=None, seat=None)
    locks.lock_pupils(set(pressed.values_list("pupil", flat=True)))
    lock_visits(Opening.objects.filter(release=release).values_list("visit", flat=True))


def opened(release: Release, at: datetime) -> list[Opened]:
    """The seats of each opening now; none where the visit is off, has begun, or its host may not receive."""
    with connection.cursor() as cursor:
        cursor.execute(OPENED, {"at": at, "release": release.pk})
        return [Opened(*row) for row in cursor.fetchall()]


def seekers_of(presses: Iterable[Booking], at: datetime) -> dict[int, Seeker]:
    """Booking → what keeps its pupil from a seat, how many of the term they hold, whether of the last grades."""
    pupil_of = {one.pk: one.pupil_id for one in presses}
    with connection.cursor() as cursor:
        cursor.execute(FACTS, {"at": at, "ids": list(pupil_of)})
        return {pk: Seeker(pk, pupil_of[pk], why, held, bool(last)) for pk, why, held, last in cursor.fetchall()}


def keep_result(release: Release, result: bytes, outcome: Outcome, at: datetime) -> None:
    """The public result, and what follows from it: the release is drawn, or placed. The locks are held."""
    _keep_outcome(outcome, at)
    figures = {"seats": len(outcome.seats), "waiting": len(outcome.places), "lost": len(outcome.lost)}
    ReleaseFiles.objects.filter(release=release).update(result=result, figures=figures)
    release.drawn_at = at
    release.save(update_fields=["drawn_at"])
    kind = "release.drawn" if release.mode == "draw" else "release.placed"
    audit.record(kind, by=None, on=release, at_unit=release.unit.path, seed=release.seed, **figures)


def _keep_outcome(outcome: Outcome, at: datetime) -> None:
    """Seats, places and endings as they were allotted; each family is told."""
    locks.give_seats(outcome.seats, by=None, at=at)
    with connection.cursor() as cursor:
        cursor.execute(PLACES, [list(outcome.places), list(outcome.places.values())])
    locks.end(outcome.lost, "lost", by=None, at=at)
    told = sorted([*outcome.seats, *outcome.places, *outcome.lost])
    if told:
        jobs.later_many("bookings.tell_press", [{"booking_id": pk} for pk in told])

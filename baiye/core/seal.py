"""Seals over the audit trail: batches of events, each chained to the one before.

An event carries the number of the transaction that wrote it. A seal takes the events of all transactions below the
oldest that still runs: none of these can bring another event, however late it commits, and nobody ever waited.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from baiye.core.models import Event, Seal

LOCK = 7_391_001  # pg_advisory_xact_lock: one seal at a time
LARGEST = 20_000  # events in a seal; one transaction is never split, so it may be more
Line = tuple[int, str]  # event id, sha256 hex


@dataclass(frozen=True, slots=True)
class Verdict:
    """What ``verify`` found; sound when there is no fault."""

    seals: int
    events: int
    unsealed: int
    head: str = ""  # digest of the last seal: kept elsewhere, it proves later that no seal was cut off
    fault: str = ""  # "changed" | "removed" | "slipped in" | "seal changed" | "seal removed" | "seals cut off"
    event: int | None = None  # the first event at fault
    seal: int | None = None

    @property
    def is_sound(self) -> bool:
        return not self.fault


@dataclass(slots=True)
class _Walk:
    """How far a walk along the seals has come."""

    head: str = ""
    upto_xact: int = 0
    after_id: int = 0
    heads: set[str] = field(default_factory=set)
    sealed: set[int] = field(default_factory=set)

    def pass_over(self, seal: Seal) -> None:
        self.head, self.upto_xact, self.after_id = seal.digest, seal.upto_xact, seal.after_id
        self.heads.add(seal.digest)
        self.sealed.update(line[0] for line in seal.events)

    def verdict(self, fault: str, event: int | None, *, seal: int | None = None, unsealed: int = 0) -> Verdict:
        return Verdict(len(self.heads), len(self.sealed), unsealed, self.head, fault, event, seal)


def digest_of(event: Event) -> str:
    """The sha256 over everything an event says."""
    said = [
        event.pk,
        event.at.isoformat(),
        event.kind,
        event.actor_id,
        event.object_type,
        event.object_id,
        event.unit_path,
        event.facts,
        event.xact_id,
    ]
    return hashlib.sha256(_canonical(said)).hexdigest()


def seal_digest(previous: str, upto_xact: int, after_id: int, lines: Sequence[Sequence[object]]) -> str:
    """The sha256 over a seal: what it lists, what it covers, and the seal before."""
    return hashlib.sha256(_canonical([previous, upto_xact, after_id, [list(line) for line in lines]])).hexdigest()


def seal_events() -> int:
    """Seal every event that can be sealed now; how many that were. Safe to run at any time, by anyone."""
    total = 0
    while sealed := _seal_batch():
        total += sealed
    return total


@transaction.atomic
def _seal_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    oldest_running = _oldest_running()
    last = Seal.objects.order_by("-pk").first()
    if last is not None and oldest_running < last.upto_xact:
        return _seal_after_restore(last)
    begin, after_id = (last.upto_xact, last.after_id) if last else (0, 0)
    waiting = Event.objects.filter(xact_id__gte=begin, xact_id__lt=oldest_running, pk__gt=after_id)
    waiting = waiting.order_by("xact_id", "pk")
    upto = _batch_end(waiting, oldest_running)
    return _write(last, list(waiting.filter(xact_id__lt=upto)), upto_xact=upto, after_id=after_id)


def _oldest_running() -> int:
    """The number of the oldest transaction that still runs: every smaller one is over, and all it wrote is seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def _batch_end(waiting: QuerySet[Event], oldest_running: int) -> int:
    """Below which transaction a batch of at most ``LARGEST`` events ends, or a single larger one does."""
    bounds = waiting.values_list("xact_id", flat=True)
    beyond = next(iter(bounds[LARGEST : LARGEST + 1]), None)
    if beyond is None:
        return oldest_running
    return beyond if bounds[0] < beyond else beyond + 1


def _seal_after_restore(last: Seal) -> int:
    """The database now lives in another server, which counts transactions anew: seal all there is, once, alone."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE core_event IN EXCLUSIVE MODE")
    oldest_running = _oldest_running()
    sealed = {line[0] for lines in Seal.objects.values_list("events", flat=True) for line in lines}
    events = [event for event in Event.objects.order_by("xact_id", "pk").iterator() if event.pk not in sealed]
    newest = max(chain(sealed, (event.pk for event in events)))
    return _write(last, events, upto_xact=oldest_running, after_id=newest, even_if_empty=True)


def _write(
    last: Seal | None, events: list[Event], *, upto_xact: int, after_id: int, even_if_empty: bool = False
) -> int:
    if not events and not even_if_empty:
        return 0
    previous = last.digest if last else ""
    lines: list[Line] = [(event.pk, digest_of(event)) for event in events]
    digest = seal_digest(previous, upto_xact, after_id, lines)
    Seal.objects.create(events=lines, upto_xact=upto_xact, after_id=after_id, previous=previous, digest=digest)
    return len(events)


@transaction.atomic
def verify(expect: str = "") -> Verdict:
    """Walk along all seals and events; the first that was changed, removed or slipped in, if there is one.

    ``expect`` is the head of an earlier walk: it must be among the seals.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    walk = _Walk()
    for seal in Seal.objects.order_by("pk").iterator(chunk_size=2):
        if fault := _broken_link(walk, seal) or _broken_event(seal.events):
            return walk.verdict(*fault, seal=seal.pk)
        walk.pass_over(seal)
    if expect and expect not in walk.heads:
        return walk.verdict("seals cut off", None)
    slipped_in = next(_sealed_nowhere(walk), None)
    return walk.verdict("slipped in" if slipped_in else "", slipped_in, unsealed=_unsealed(walk).count())


def _broken_link(walk: _Walk, seal: Seal) -> tuple[str, int | None] | None:
    """Whether ``seal`` says what it said, and follows the one before."""
    if seal.digest != seal_digest(seal.previous, seal.upto_xact, seal.after_id, seal.events):
        return "seal changed", None
    if seal.previous != walk.head:
        return "seal removed", None
    return None


def _broken_event(lines: Sequence[Line]) -> tuple[str, int | None] | None:
    """The first event of a seal that is not there any more, or says something else."""
    for start in range(0, len(lines), 2000):
        batch = lines[start : start + 2000]
        there = Event.objects.in_bulk([pk for pk, _ in batch])
        for pk, digest in batch:
            if pk not in there:
                return "removed", pk
            if digest_of(there[pk]) != digest:
                return "changed", pk
    return None


def _sealed_nowhere(walk: _Walk) -> Iterator[int]:
    """Events that a seal should list, for it was made after their transaction ended, and that none does."""
    due = Q(xact_id__lt=walk.upto_xact) | Q(pk__lte=walk.after_id)
    ids = Event.objects.filter(due).order_by("pk").values_list("pk", flat=True)
    return (pk for pk in ids.iterator() if pk not in walk.sealed)


def _unsealed(walk: _Walk) -> QuerySet[Event]:
    return Event.objects.filter(xact_id__gte=walk.upto_xact, pk__gt=walk.after_id)


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

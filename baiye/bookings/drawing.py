"""The public draw as a pure function of its files: the frozen list, the seed, the order, and the check of it all.

A line of the frozen list is an opening, an alias (holds for one release alone) and a group; larger groups go first.
Within a group whoever has the smaller sha256 of "seed|opening|alias" goes first.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from baiye.core import crypto

HEADER = ("opening", "alias", "group")
RESULT_HEADER = ("opening", "order", "alias", "group", "result")
SEAT, WAITING, LOST = "seat", "waiting", "lost"
SKIPPED, KEPT, WITHDRAWN = "skipped", "kept", "withdrawn"  # passed over, for a reason of their own or the reserve's


@dataclass(frozen=True, slots=True, order=True)
class Ticket:
    """One press of the frozen list."""

    opening: int
    alias: str
    group: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the result; ``group`` is None for a press after the freeze, which goes behind the drawn."""

    opening: int
    order: int
    alias: str
    group: int | None
    result: str


def alias_of(release_id: int, pseudonym: UUID) -> str:
    """What a pupil is called in the public files of one release; only we can tell whose it is."""
    return crypto.blind(f"release {release_id} pupil {pseudonym}")[:12]


def group_of(owed_hours: int, years_left: int) -> int:
    """Half-days (4 class hours) still missing for each year left, rounded up: the published formula."""
    return -(-owed_hours // (4 * max(1, years_left)))


def frozen_file(tickets: Iterable[Ticket]) -> bytes:
    """The list as it is hashed: sorted, so that nobody's speed can be read from it."""
    return _csv(HEADER, [(one.opening, one.alias, one.group) for one in sorted(tickets)])


def read_frozen(content: bytes) -> list[Ticket]:
    rows = csv.DictReader(io.StringIO(content.decode()))
    return [Ticket(int(row["opening"]), row["alias"], int(row["group"])) for row in rows]


def lot(seed: str, ticket: Ticket) -> str:
    """The lot of one press: nobody can know it before the seed is drawn."""
    return hashlib.sha256(f"{seed}|{ticket.opening}|{ticket.alias}".encode()).hexdigest()


def order(tickets: Iterable[Ticket], seed: str) -> dict[int, list[Ticket]]:
    """Opening → its presses in the order of the draw."""
    ranked = sorted(tickets, key=lambda one: (one.opening, -one.group, lot(seed, one), one.alias))
    return {opening: list(found) for opening, found in groupby(ranked, key=lambda one: one.opening)}


def result_file(lines: Sequence[Line], *, sha256: str, seed: str) -> bytes:
    """What came of it, with hash and seed on top: this file alone is enough to check the draw."""
    head = f"# sha256 {sha256}\r\n# seed {seed}\r\n".encode()
    rows = [(x.opening, x.order, x.alias, "" if x.group is None else x.group, x.result) for x in lines]
    return head + _csv(RESULT_HEADER, rows)


def read_result(content: bytes) -> tuple[str, str, list[Line]]:
    """The hash, the seed and the lines of a result.

    Raises
    ------
    ValueError
        It is no such file.
    """
    first, second, rest = content.decode().split("\n", 2)
    sha256, seed = first.strip().removeprefix("# sha256 "), second.strip().removeprefix("# seed ")
    rows = csv.DictReader(io.StringIO(rest))
    if tuple(rows.fieldnames or ()) != RESULT_HEADER or not first.startswith("# sha256 "):
        raise ValueError("no result of a draw")
    return sha256, seed, [_line(row) for row in rows]


def faults(content: bytes) -> list[str]:
    """What is wrong with a result, one line each; empty where hash, order and seats are as the rule says."""
    sha256, seed, lines = read_result(content)
    tickets = [Ticket(one.opening, one.alias, one.group) for one in lines if one.group is not None]
    found = []
    if hashlib.sha256(frozen_file(tickets)).hexdigest() != sha256:
        found.append("the presses are not those that were frozen")
    right = order(tickets, seed)
    for opening, group in groupby(lines, key=lambda one: one.opening):
        of_opening = list(group)
        drawn = [one.alias for one in of_opening if one.group is not None]
        if drawn != [one.alias for one in right.get(opening, [])]:
            found.append(f"opening {opening}: not the order that the seed gives")
        if [one.order for one in of_opening] != list(range(1, len(of_opening) + 1)):
            found.append(f"opening {opening}: the order has a gap")
        found += _unfair(opening, of_opening)
    return found


def _unfair(opening: int, lines: Sequence[Line]) -> list[str]:
    """Nobody with a seat stands behind somebody who was simply left waiting."""
    passed = next((one.order for one in lines if one.result in {WAITING, LOST}), None)
    seated = [one.order for one in lines if one.result == SEAT]
    if passed is not None and seated and max(seated) > passed:
        return [f"opening {opening}: number {max(seated)} has a seat and number {passed} has none"]
    return []


def _line(row: Mapping[str, str]) -> Line:
    group = int(row["group"]) if row["group"] else None
    return Line(int(row["opening"]), int(row["order"]), row["alias"], group, row["result"])


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode()

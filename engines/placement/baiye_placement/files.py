"""A problem as a folder of CSV files that survive a spreadsheet, and its hash.

``sessions.csv`` id, project, venue, slot, capacity, minimum, stages · ``groups.csv`` group, slot · ``pupils.csv`` id,
group, need, multiplier, tied_to [, stage] [, memory] · ``wishes.csv`` pupil, rank, project · ``policy.toml`` policy,
points, seed [, minute_cost]. Optional: ``locks.csv`` pupil, session · ``apart.csv`` first, second · ``caps.csv`` pupil,
projects, limit · ``trips.csv`` group, slots, venue [, minutes, seats, chosen]. Lists in a cell are joined by ``;`` (so
a full-day session has ``slot`` 3;4).
"""

from __future__ import annotations

import csv
import hashlib
import json
import tomllib
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from baiye_placement.problem import Apart, Cap, Lock, Policy, Problem, ProblemError, Pupil, Session, Trip

Row = dict[str, str]
T = TypeVar("T")


def read_problem(folder: Path | str) -> Problem:
    """The problem in ``folder``; ProblemError names file and line of each row that cannot be read."""
    fields, errors = read_fields(folder)
    if errors:
        raise ProblemError(errors)
    return Problem(**{**fields, "policy": Policy(fields["policy"])})


def read_fields(folder: Path | str) -> tuple[dict[str, Any], list[str]]:
    """Fields of a Problem, unchecked, the policy as its name; and what is wrong with rows, which are left out."""
    folder = Path(folder)
    rows = Rows(folder)
    wishes: dict[str, list[tuple[int, str]]] = {}
    for pupil, rank, project in rows.read("wishes.csv", lambda r: (r["pupil"], int(r["rank"]), r["project"])):
        wishes.setdefault(pupil, []).append((rank, project))
    slots: dict[str, list[int]] = {}
    for group, slot in rows.read("groups.csv", lambda r: (r["group"], int(r["slot"]))):
        slots.setdefault(group, []).append(slot)
    trips = rows.read("trips.csv", _trip, optional=True)
    for trip in trips:
        if not trip.chosen:
            slots.setdefault(trip.group, [])
    sessions = rows.read("sessions.csv", _session)
    pupils = rows.read("pupils.csv", lambda r: _pupil(r, sorted(wishes.pop(r["id"], []), key=itemgetter(0))))
    rows.errors += [f"wishes.csv: pupil {pupil!r} is not in pupils.csv" for pupil in sorted(wishes)]
    locks = rows.read("locks.csv", lambda r: Lock(r["pupil"], r["session"]), optional=True)
    apart = rows.read("apart.csv", lambda r: Apart(r["first"], r["second"]), optional=True)
    caps = rows.read(
        "caps.csv", lambda r: Cap(r["pupil"] or None, _split(r["projects"]), int(r["limit"])), optional=True
    )
    policy, points, seed, minute_cost = _policy(folder / "policy.toml", rows.errors)
    fields = {
        "sessions": tuple(sessions),
        "pupils": tuple(pupils),
        "group_slots": {g: tuple(s) for g, s in slots.items()},
        "points": points,
        "policy": policy,
        "seed": seed.encode(),
        "trips": tuple(trips),
        "locks": tuple(locks),
        "apart": tuple(apart),
        "caps": tuple(caps),
        "minute_cost": minute_cost,
    }
    return fields, rows.errors


def write_problem(problem: Problem, folder: Path | str) -> None:
    """Write the folder that ``read_problem`` reads; optional files only where they have rows."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, (header, rows) in _needed_files(problem).items():
        write_csv(folder / name, header, rows)
    for name, (header, rows) in _optional_files(problem).items():
        (folder / name).unlink(missing_ok=True)
        if rows:
            write_csv(folder / name, header, rows)
    policy, seed = _quote(problem.policy.name), _quote(problem.seed.decode())
    text = f"policy = {policy}\npoints = {list(problem.points)}\nseed = {seed}\n"
    text += f"minute_cost = {problem.minute_cost}\n" if problem.minute_cost else ""
    (folder / "policy.toml").write_text(text, encoding="utf-8", newline="")


Table = tuple[Sequence[str], Sequence[Sequence[object]]]  # header, rows


def _needed_files(problem: Problem) -> dict[str, Table]:
    sessions = [
        (s.id, s.project, s.venue, _join(s.slots), s.capacity, s.minimum, _join(sorted(s.stages)))
        for s in problem.sessions
    ]
    more: dict[str, list[object]] = {
        "stage": [p.stage or "" for p in problem.pupils],
        "memory": [p.memory for p in problem.pupils],
    }
    more = {name: cells for name, cells in more.items() if any(cells)}
    pupils = [
        (p.id, p.group, p.need, p.multiplier, p.tied_to or "", *(cells[i] for cells in more.values()))
        for i, p in enumerate(problem.pupils)
    ]
    groups = [(group, slot) for group, slots in problem.group_slots.items() for slot in slots]
    wishes = [(p.id, *wish) for p in problem.pupils for wish in zip(p.wish_ranks, p.wishes, strict=True)]
    return {
        "sessions.csv": (("id", "project", "venue", "slot", "capacity", "minimum", "stages"), sessions),
        "groups.csv": (("group", "slot"), groups),
        "pupils.csv": (("id", "group", "need", "multiplier", "tied_to", *more), pupils),
        "wishes.csv": (("pupil", "rank", "project"), wishes),
    }


def _optional_files(problem: Problem) -> dict[str, Table]:
    caps = [(c.pupil or "", _join(c.projects), c.limit) for c in problem.caps]
    return {
        "locks.csv": (("pupil", "session"), [(k.pupil, k.session) for k in problem.locks]),
        "apart.csv": (("first", "second"), [(a.first, a.second) for a in problem.apart]),
        "caps.csv": (("pupil", "projects", "limit"), caps),
        "trips.csv": _trips_table(problem),
    }


def _trips_table(problem: Problem) -> Table:
    """The last three columns only where a trip has something to say there."""
    plain = all(trip == Trip(trip.group, trip.slots, trip.venue) for trip in problem.trips)
    more = () if plain else ("minutes", "seats", "chosen")
    rows = [
        (t.group, _join(t.slots), t.venue, t.minutes, "" if t.seats is None else t.seats, "yes" if t.chosen else "no")
        for t in problem.trips
    ]
    return ("group", "slots", "venue", *more), [row[: 3 + len(more)] for row in rows]


def problem_sha256(problem: Problem) -> str:
    """SHA-256 over one JSON line per row, sorted: equal for equal problems, whatever the order of their rows.

    A pupil's wishes stand in the pupil's line. The seed is left out, because it is drawn after this hash is published.
    """
    rows: list[list[object]] = [["policy", problem.policy.name, list(problem.points)]]
    rows += [
        ["session", s.id, s.project, s.venue, list(s.slots), s.capacity, s.minimum, sorted(s.stages)]
        for s in problem.sessions
    ]
    rows += [["group", group, slot] for group, slots in problem.group_slots.items() for slot in slots]
    rows += [
        [
            *("pupil", p.id, p.group, p.need, p.multiplier, p.tied_to, p.stage, p.memory),
            sorted(zip(p.wish_ranks, p.wishes, strict=True)),
        ]
        for p in problem.pupils
    ]
    rows += [["lock", k.pupil, k.session] for k in problem.locks]
    rows += [["apart", *sorted((a.first, a.second))] for a in problem.apart]
    rows += [["cap", c.pupil, sorted(c.projects), c.limit] for c in problem.caps]
    rows += [["trip", t.group, slot, t.venue] for t in problem.trips if t.chosen for slot in t.slots]
    rows += [
        ["offer", t.group, sorted(t.slots), t.venue, t.minutes, t.seats, t.chosen]
        for t in problem.trips
        if t != Trip(t.group, t.slots, t.venue)
    ]
    rows += [["minute_cost", problem.minute_cost]] if problem.minute_cost else []
    line = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    lines = sorted(line(row) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """UTF-8, comma, line feed: the same bytes on every machine."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


class Rows:
    """Reads the files of one folder and gathers what is wrong with their rows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.errors: list[str] = []

    def read(self, name: str, make: Callable[[Row], T], *, optional: bool = False) -> list[T]:
        """What ``make`` makes of each row; empty lines are passed over."""
        path = self.folder / name
        if optional and not path.exists():
            return []
        made: list[T] = []
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                for row in reader:
                    if any(row.values()):
                        self._make(f"{name}, line {reader.line_num}", made, make, row)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self.errors.append(f"{name}: {type(error).__name__}: {error}")
        return made

    def _make(self, where: str, made: list[T], make: Callable[[Row], T], row: Row) -> None:
        try:
            made.append(make({key: (value or "").strip() for key, value in row.items() if key}))
        except KeyError as error:
            self.errors.append(f"{where}: column {error} is missing")
        except (ValueError, AttributeError) as error:
            self.errors.append(f"{where}: {error}")


def _session(row: Row) -> Session:
    slots = _numbers(row["slot"])
    return Session(
        row["id"],
        row["project"],
        row["venue"],
        slots[0],
        int(row["capacity"]),
        int(row.get("minimum") or 0),
        frozenset(_split(row.get("stages", ""))),
        slots[1:],
    )


def _pupil(row: Row, wishes: list[tuple[int, str]]) -> Pupil:
    ranks = tuple(rank for rank, _ in wishes)
    return Pupil(
        row["id"],
        row["group"],
        tuple(project for _, project in wishes),
        int(row["need"]),
        int(row.get("multiplier") or 1),
        row.get("tied_to") or None,
        row.get("stage") or None,
        () if ranks == tuple(range(1, len(ranks) + 1)) else ranks,
        int(row.get("memory") or 0),
    )


def _trip(row: Row) -> Trip:
    chosen = {"": True, "yes": True, "no": False}.get(row.get("chosen", ""))
    if chosen is None:
        raise ValueError(f"chosen is {row['chosen']!r}; it must be yes, no or empty")
    minutes, seats = int(row.get("minutes") or 0), row.get("seats")
    return Trip(row["group"], _numbers(row["slots"]), row["venue"], minutes, int(seats) if seats else None, chosen)


def _policy(path: Path, errors: list[str]) -> tuple[str, tuple[int, ...], str, int]:
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        if not all(isinstance(points, int | float) for points in found["points"]):
            raise TypeError(f"points {found['points']} are not all numbers")
        return (
            str(found.get("policy", Policy().name)),
            tuple(found["points"]),
            str(found.get("seed", "")),
            found.get("minute_cost", 0),
        )
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        errors.append(f"policy.toml: {type(error).__name__}: {error}")
        return "", (), "", 0


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _numbers(cell: str) -> tuple[int, ...]:
    numbers = tuple(int(part) for part in _split(cell))
    if not numbers:
        raise ValueError("no number where one is needed")
    return numbers


def _join(values: Iterable[object]) -> str:
    return ";".join(str(value) for value in values)


def _quote(text: str) -> str:
    """``text`` as a TOML string (JSON's escapes are TOML's)."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

"""The verifier's own reading of a problem: rows of plain values, from the files or from the objects.

The problem's hash is over these rows, one JSON line each, sorted; wishes stand at the end of their pupil's line. The
seed is not hashed, because it is drawn after the hash is published. Standard library only.
"""

from __future__ import annotations

import csv
import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from baiye_placement.problem import Problem

Row = list[Any]


def rows_of(p: Problem) -> list[Row]:
    """Rows of the objects."""
    rows: list[Row] = [["seed", p.seed.decode()], ["policy", p.policy.name, list(p.points)]]
    rows += [
        ["session", s.id, s.project, s.venue, [s.slot, *s.more_slots], s.capacity, s.minimum, sorted(s.stages)]
        for s in p.sessions
    ]
    rows += [["group", group, slot] for group, slots in p.group_slots.items() for slot in slots]
    for x in p.pupils:
        rows.append(["pupil", x.id, x.group, x.need, x.multiplier, x.tied_to, x.stage, x.memory])
        rows += [["wish", x.id, x.ranks[i] if x.ranks else i + 1, project] for i, project in enumerate(x.wishes)]
    rows += [["lock", k.pupil, k.session] for k in p.locks]
    rows += [["apart", *sorted([k.first, k.second])] for k in p.apart]
    rows += [["cap", k.pupil, sorted(k.projects), k.limit] for k in p.caps]
    for k in p.trips:
        rows += trip_rows(k.group, list(k.slots), k.venue, k.minutes, k.seats, k.chosen)
    rows += [["minute_cost", p.minute_cost]] if p.minute_cost else []
    return rows


def rows_in(folder: Path) -> list[Row]:
    """Rows of the files, which must be there and readable."""
    policy = tomllib.loads((folder / "policy.toml").read_text(encoding="utf-8"))
    rows: list[Row] = [
        ["seed", policy.get("seed", "")],
        ["policy", policy.get("policy", "floor"), list(policy["points"])],
    ]
    rows += [["minute_cost", policy["minute_cost"]]] if policy.get("minute_cost") else []
    rows += [_session(r) for r in csv_rows(folder, "sessions.csv")]
    rows += [["group", r["group"], int(r["slot"])] for r in csv_rows(folder, "groups.csv")]
    rows += [_pupil(r) for r in csv_rows(folder, "pupils.csv")]
    rows += [["wish", r["pupil"], int(r["rank"]), r["project"]] for r in csv_rows(folder, "wishes.csv")]
    for name in ("locks.csv", "apart.csv", "caps.csv", "trips.csv"):
        if (folder / name).exists():
            rows += [row for r in csv_rows(folder, name) for row in _limits(name, r)]
    return rows


def csv_rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """Rows of one file, spaces at the ends of cells and empty lines left out."""
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if any(row.values()):
                yield {key: (value or "").strip() for key, value in row.items() if key}


def line(row: Row) -> str:
    """What is hashed of a row."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def rows_sha256(rows: Sequence[Row]) -> str:
    """The problem's hash."""
    wishes: dict[str, list[Row]] = {}
    others = [row for row in rows if row[0] not in {"seed", "wish"}]
    for _, pupil, *wish in (row for row in rows if row[0] == "wish"):
        wishes.setdefault(pupil, []).append(wish)
    lines = [line([*row, sorted(wishes.pop(row[1], []))] if row[0] == "pupil" else row) for row in others]
    lines += [line(["wish", *left]) for left in wishes.items()]  # of nobody: no such problem has this hash
    return sha256("\n".join(sorted(lines)))


def body_sha256(body: Mapping[str, Any]) -> str:
    """The digest of a JSON object, whatever the order of its fields."""
    return sha256(json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _session(r: dict[str, str]) -> Row:
    slots, stages = [int(slot) for slot in _list(r["slot"])], sorted(_list(r.get("stages", "")))
    minimum = int(r.get("minimum") or 0)
    return ["session", r["id"], r["project"], r["venue"], slots, int(r["capacity"]), minimum, stages]


def _pupil(r: dict[str, str]) -> Row:
    multiplier, tied_to, stage = int(r.get("multiplier") or 1), r.get("tied_to") or None, r.get("stage") or None
    return ["pupil", r["id"], r["group"], int(r["need"]), multiplier, tied_to, stage, int(r.get("memory") or 0)]


def _limits(name: str, r: dict[str, str]) -> list[Row]:
    if name == "locks.csv":
        return [["lock", r["pupil"], r["session"]]]
    if name == "apart.csv":
        return [["apart", *sorted([r["first"], r["second"]])]]
    if name == "caps.csv":
        return [["cap", r["pupil"] or None, sorted(_list(r["projects"])), int(r["limit"])]]
    slots, minutes, seats = [int(s) for s in _list(r["slots"])], int(r.get("minutes") or 0), r.get("seats")
    return trip_rows(r["group"], slots, r["venue"], minutes, int(seats) if seats else None, r.get("chosen") != "no")


def trip_rows(group: str, slots: list[int], venue: str, minutes: int, seats: int | None, chosen: bool) -> list[Row]:
    """A row a half-day for a trip that is made; one more row for an offer, or a trip with minutes or seats."""
    rows: list[Row] = [["trip", group, slot, venue] for slot in slots if chosen]
    if minutes or seats is not None or not chosen:
        rows.append(["offer", group, sorted(slots), venue, minutes, seats, chosen])
    return rows


def _list(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]

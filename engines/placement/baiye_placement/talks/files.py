"""A campaign as a folder of CSV files, its hash, and a result as talks.csv and certificate.json.

``offers.csv`` id, topics, slots, stages, most_talks, most_classes [, given] · ``requests.csv`` id, school, stage,
classes, slots, wishes, takes_any · ``schools.csv`` id, encounters, pupils [, given] · ``rules.toml`` points, seed
[, unknown_minutes]. Optional: ``minutes.csv`` offer, school, minutes · ``barred.csv`` request, offer · ``busy.csv``
school, slot. Lists in a cell are joined by ``;``.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from baiye_placement.files import Row, Rows, write_csv
from baiye_placement.problem import ProblemError
from baiye_placement.talks.campaign import UNKNOWN_MINUTES, Campaign, Offer, Request, School
from baiye_placement.talks.result import Result
from baiye_placement.version import VERSION

TALKS, CERTIFICATE = "talks.csv", "certificate.json"


def read_campaign(folder: Path | str) -> Campaign:
    """The campaign in ``folder``; ProblemError names file and line of each row that cannot be read."""
    rows = Rows(Path(folder))
    offers, requests = rows.read("offers.csv", _offer), rows.read("requests.csv", _request)
    schools = rows.read("schools.csv", _school)
    minutes = rows.read("minutes.csv", lambda r: ((r["offer"], r["school"]), int(r["minutes"])), optional=True)
    barred = rows.read("barred.csv", lambda r: (r["request"], r["offer"]), optional=True)
    busy = rows.read("busy.csv", lambda r: (r["school"], r["slot"]), optional=True)
    points, unknown, seed = _rules(rows)
    if rows.errors:
        raise ProblemError(rows.errors)
    return Campaign(
        tuple(offers),
        tuple(requests),
        tuple(schools),
        dict(minutes),
        frozenset(barred),
        frozenset(busy),
        points,
        unknown,
        seed,
    )


def write_campaign(campaign: Campaign, folder: Path | str) -> None:
    """Write the folder that ``read_campaign`` reads; optional files only where they have rows."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, tuple[Sequence[str], Sequence[Sequence[object]]]] = {
        "offers.csv": (
            ("id", "topics", "slots", "stages", "most_talks", "most_classes", "given"),
            [
                (*(o.id, _join(sorted(o.topics)), _join(o.slots), _join(sorted(o.stages))), *_numbers(o))
                for o in campaign.offers
            ],
        ),
        "requests.csv": (
            ("id", "school", "stage", "classes", "slots", "wishes", "takes_any"),
            [
                (r.id, r.school, r.stage, r.classes, _join(r.slots), _join(r.wishes), "yes" if r.takes_any else "no")
                for r in campaign.requests
            ],
        ),
        "schools.csv": (
            ("id", "encounters", "pupils", "given"),
            [(s.id, s.encounters, s.pupils, s.given) for s in campaign.schools],
        ),
        "minutes.csv": (("offer", "school", "minutes"), sorted((*pair, m) for pair, m in campaign.minutes.items())),
        "barred.csv": (("request", "offer"), sorted(campaign.barred)),
        "busy.csv": (("school", "slot"), sorted(campaign.busy)),
    }
    for name, (header, rows) in tables.items():
        (folder / name).unlink(missing_ok=True)
        if rows or name in ("offers.csv", "requests.csv", "schools.csv"):
            write_csv(folder / name, header, rows)
    text = f"points = {list(campaign.points)}\nunknown_minutes = {campaign.unknown_minutes}\n"
    text += f"seed = {json.dumps(campaign.seed)}\n"
    (folder / "rules.toml").write_text(text, encoding="utf-8", newline="")


def campaign_sha256(campaign: Campaign) -> str:
    """SHA-256 over one JSON line per row, sorted; the seed is left out, for it is drawn after this is published."""
    rows: list[list[object]] = [["rules", list(campaign.points), campaign.unknown_minutes]]
    rows += [
        ["offer", o.id, sorted(o.topics), sorted(o.slots), sorted(o.stages), o.most_talks, o.most_classes, o.given]
        for o in campaign.offers
    ]
    rows += [
        ["request", r.id, r.school, r.stage, r.classes, sorted(r.slots), list(r.wishes), r.takes_any]
        for r in campaign.requests
    ]
    rows += [["school", s.id, s.encounters, s.pupils, s.given] for s in campaign.schools]
    rows += [["minutes", *pair, minutes] for pair, minutes in campaign.minutes.items()]
    rows += [["barred", *pair] for pair in campaign.barred]
    rows += [["busy", *pair] for pair in campaign.busy]
    line = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    return hashlib.sha256("\n".join(sorted(line(row) for row in rows)).encode()).hexdigest()


def write_result(result: Result, campaign: Campaign, out: Path | str) -> None:
    """``talks.csv``, a line for every request, and ``certificate.json``."""
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    rows = [(t.request, t.offer, t.slot, t.rank, t.minutes, t.why) for t in result.talks]
    write_csv(out / TALKS, ("request", "offer", "slot", "rank", "minutes", "why"), rows)
    certificate = {
        "version": VERSION,
        "input_sha256": campaign_sha256(campaign),
        "seed": campaign.seed,
        "exact": result.exact,
        "aims": [{"aim": p.aim, "value": p.value, "bound": p.bound, "proof": p.tree} for p in result.proofs],
    }
    text = json.dumps(certificate, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    (out / CERTIFICATE).write_text(text + "\n", encoding="utf-8", newline="")


def _rules(rows: Rows) -> tuple[tuple[int, ...], int, str]:
    try:
        found: dict[str, Any] = tomllib.loads((rows.folder / "rules.toml").read_text(encoding="utf-8"))
        points, unknown = tuple(found["points"]), found.get("unknown_minutes", UNKNOWN_MINUTES)
        if not all(type(number) is int for number in (*points, unknown)):
            raise TypeError("points and unknown_minutes must be whole numbers")
        return points, unknown, str(found.get("seed", ""))
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        rows.errors.append(f"rules.toml: {type(error).__name__}: {error}")
        return (), 0, ""


def _offer(row: Row) -> Offer:
    return Offer(
        _named(row["id"]),
        frozenset(_split(row["topics"])),
        tuple(_split(row["slots"])),
        frozenset(_split(row["stages"])),
        int(row["most_talks"]),
        int(row["most_classes"]),
        int(row.get("given") or 0),
    )


def _request(row: Row) -> Request:
    if row["takes_any"] not in ("yes", "no", ""):
        raise ValueError(f"takes_any is {row['takes_any']!r}; it must be yes, no or empty")
    return Request(
        _named(row["id"]),
        row["school"],
        row["stage"],
        int(row["classes"]),
        tuple(_split(row["slots"])),
        tuple(_split(row["wishes"])),
        row["takes_any"] == "yes",
    )


def _school(row: Row) -> School:
    return School(_named(row["id"]), int(row["encounters"]), int(row["pupils"]), int(row.get("given") or 0))


def _numbers(offer: Offer) -> tuple[int, int, int]:
    return offer.most_talks, offer.most_classes, offer.given


def _named(cell: str) -> str:
    if not cell:
        raise ValueError("id is empty")
    return cell


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _join(parts: Any) -> str:
    return ";".join(parts)

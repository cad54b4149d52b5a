"""Checks talks.csv and certificate.json from the files alone: no solver, and nothing of what made them.

Every rule, every figure, and every bound: a bound is believed where a tree of cases leaves nothing out, and in each
case rows times whole numbers add up to it (weak duality, in integers).
"""

from __future__ import annotations

import csv
import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

AIMS = ("need", "points", "minutes", "load", "lots")
SMALL = {"minutes", "load"}
SCALE = 2**20
Row = dict[str, str]
Column = tuple[str, ...]  # ("talk", request, offer, slot), ("nth", school, n) or ("nth of", offer, n)


def verify_talks(folder: Path | str, out: Path | str) -> list[str]:
    """What is wrong with the match in ``out``; empty where it may be believed.

    Raises
    ------
    ValueError, KeyError, OSError
        A file is missing or cannot be read.
    """
    given = _Given.read(Path(folder))
    lines = _table(Path(out) / "talks.csv")
    try:
        certificate = json.loads((Path(out) / "certificate.json").read_text(encoding="utf-8"))
    except RecursionError:
        return ["certificate.json: its cases lie too deep to be read"]
    wrong = list(_broken_rules(given, lines))
    if certificate["input_sha256"] != given.sha256:
        wrong.append("certificate.json: input_sha256 is not that of the campaign")
    if certificate["seed"] != given.seed:
        wrong.append("certificate.json: seed is not that of rules.toml")
    if wrong:
        return wrong
    found = _values(given, lines)
    wrong += _wrong_aims(given, found, certificate["aims"])
    exact = all(aim["value"] == aim["bound"] for aim in certificate["aims"])
    return wrong + ([] if certificate["exact"] == exact else ["certificate.json: exact is not what the bounds say"])


@dataclass(slots=True)
class _Given:
    """The campaign as its files say it, by id."""

    offers: dict[str, Row]
    requests: dict[str, Row]
    schools: dict[str, Row]
    minutes: dict[tuple[str, str], int]
    barred: set[tuple[str, str]]
    busy: set[tuple[str, str]]
    points: list[int]
    unknown: int
    seed: str
    sha256: str
    talks: dict[Column, tuple[int, int]] = field(default_factory=dict)  # possible talk → points, minutes

    @classmethod
    def read(cls, folder: Path) -> _Given:
        rules = tomllib.loads((folder / "rules.toml").read_text(encoding="utf-8"))
        tables = {name: _table(folder / f"{name}.csv") for name in ("offers", "requests", "schools")}
        minutes = {(r["offer"], r["school"]): int(r["minutes"]) for r in _table(folder / "minutes.csv")}
        barred = {(r["request"], r["offer"]) for r in _table(folder / "barred.csv")}
        busy = {(r["school"], r["slot"]) for r in _table(folder / "busy.csv")}
        by_id = {name: {row["id"]: row for row in table} for name, table in tables.items()}
        made = cls(
            offers=by_id["offers"],
            requests=by_id["requests"],
            schools=by_id["schools"],
            minutes=minutes,
            barred=barred,
            busy=busy,
            points=list(rules["points"]),
            unknown=int(rules.get("unknown_minutes", 30)),
            seed=str(rules.get("seed", "")),
            sha256="",
        )
        made.sha256 = _sha256(made)
        made.talks = dict(made.possible())
        return made

    def possible(self) -> Iterator[tuple[Column, tuple[int, int]]]:
        for request in self.requests.values():
            halls = {slot for slot in _list(request["slots"]) if (request["school"], slot) not in self.busy}
            for offer in self.offers.values():
                rank = self.rank(request, offer)
                if rank is not None:
                    points = self.points[rank - 1] if rank else 0
                    minutes = self.minutes.get((offer["id"], request["school"]), self.unknown)
                    for slot in halls & set(_list(offer["slots"])):
                        yield ("talk", request["id"], offer["id"], slot), (points, minutes)

    def rank(self, request: Row, offer: Row) -> int | None:
        """The wish that ``offer`` meets, 0 for none where any is welcome; None where it cannot be."""
        if (
            request["stage"] not in _list(offer["stages"])
            or int(request["classes"]) > int(offer["most_classes"])
            or int(offer["most_talks"]) < 1
            or (request["id"], offer["id"]) in self.barred
        ):
            return None
        about = {offer["id"], *_list(offer["topics"])}
        for rank, wish in enumerate(_list(request["wishes"]), 1):
            if wish in about:
                return rank
        return 0 if request["takes_any"] == "yes" else None

    def why_not(self, request: str) -> str:
        """Why a request has no talk: nobody who could, none with a half-day in common, or others went first."""
        if any(talk[1] == request for talk in self.talks):
            return "others_first"
        asked = self.requests[request]
        could = any(self.rank(asked, offer) is not None for offer in self.offers.values())
        return "no_half_day" if could else "no_speaker"

    def weight(self, school: str, nth: int) -> int:
        """What the ``nth`` talk given now counts: 120, less 20 for each half encounter a pupil, shared by order."""
        row = self.schools[school]
        pupils, had = int(row["pupils"]), int(row["encounters"])
        need = max(20, 120 - 20 * (2 * had // pupils if pupils else 0))
        return need // (int(row.get("given") or 0) + nth)

    def lot(self, request: str, offer: str, slot: str) -> int:
        ticket = hashlib.sha256(f"{self.seed}|{request}|{offer}|{slot}".encode()).hexdigest()
        return int(ticket[:5], 16)


def _broken_rules(given: _Given, lines: list[Row]) -> Iterator[str]:
    if sorted(line["request"] for line in lines) != sorted(given.requests):
        yield "talks.csv: not one line for each request"
        return
    seen: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        request, offer, slot = line["request"], line["offer"], line["slot"]
        if not offer:
            if slot or line["why"] != given.why_not(request):
                yield f"request {request!r}: without a talk it needs the right reason, and no half-day"
            continue
        if ("talk", request, offer, slot) not in given.talks:
            yield f"request {request!r}: offer {offer!r} on {slot!r} is not possible"
            continue
        rank = given.rank(given.requests[request], given.offers[offer])
        minutes = given.talks["talk", request, offer, slot][1]
        if (line["rank"], line["minutes"]) != (str(rank), str(minutes)):
            yield f"request {request!r}: rank or minutes are wrong"
        school = given.requests[request]["school"]
        seen.update([("speaker", offer, slot), ("hall", school, slot), ("most", offer)])
    for key, count in sorted(seen.items()):
        if count > (int(given.offers[key[1]]["most_talks"]) if key[0] == "most" else 1):
            yield f"{' '.join(key)}: {count} talks are too many"


def _values(given: _Given, lines: list[Row]) -> dict[str, int]:
    held = [line for line in lines if line["offer"]]
    at = Counter(given.requests[line["request"]]["school"] for line in held)
    by = Counter(line["offer"] for line in held)
    talks = [("talk", line["request"], line["offer"], line["slot"]) for line in held]
    before = {offer: int(given.offers[offer].get("given") or 0) for offer in by}
    return {
        "need": sum(given.weight(school, nth) for school, n in at.items() for nth in range(1, n + 1)),
        "points": sum(given.talks[talk][0] for talk in talks),
        "minutes": sum(given.talks[talk][1] for talk in talks),
        "load": sum((before[offer] + n) ** 2 - before[offer] ** 2 for offer, n in by.items()),
        "lots": sum(given.lot(*talk[1:]) for talk in talks),
    }


def _wrong_aims(given: _Given, values: dict[str, int], aims: list[dict[str, Any]]) -> list[str]:
    if [aim["aim"] for aim in aims] != list(AIMS):
        return [f"certificate.json: the aims are not {', '.join(AIMS)}"]
    wrong, bounds = [], _Bounds(given)
    for n, aim in enumerate(aims):
        name = aim["aim"]
        if aim["value"] != values[name]:
            wrong.append(f"{name}: the value is {values[name]}, not {aim['value']}")
            continue
        before = {each["aim"]: values[each["aim"]] for each in aims[:n]}
        goal = -aim["bound"] if name in SMALL else aim["bound"]
        try:
            proved = bounds.of(name, before, aim["proof"])
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            wrong.append(f"{name}: the proof cannot be read: {type(error).__name__} {error}")
            continue
        if proved is not None and proved > goal:
            wrong.append(f"{name}: the proof gives {-proved if name in SMALL else proved}, not {aim['bound']}")
    return wrong


class _Bounds:
    """Bounds on an aim from rows of the campaign times whole numbers."""

    def __init__(self, given: _Given) -> None:
        self.given = given
        self.columns: dict[Column, dict[str, int]] = {}  # what each is worth to each aim, as a gain
        for talk, (points, minutes) in given.talks.items():
            worth = {"points": points, "minutes": -minutes, "lots": given.lot(*talk[1:])}
            self.columns[talk] = worth
        wanted = Counter(given.requests[request]["school"] for request in {talk[1] for talk in given.talks})
        for school, count in wanted.items():
            for nth in range(1, count + 1):
                self.columns["nth", school, str(nth)] = {"need": given.weight(school, nth)}
        for offer in {talk[2] for talk in given.talks}:
            held = int(given.offers[offer].get("given") or 0)
            for nth in range(1, int(given.offers[offer]["most_talks"]) + 1):
                self.columns["nth of", offer, str(nth)] = {"load": (held + nth - 1) ** 2 - (held + nth) ** 2}

    def of(self, aim: str, before: Mapping[str, int], tree: Mapping[str, Any]) -> int | None:
        """The most that ``aim`` can gain; None where nothing is possible at all."""
        return self._case(aim, before, tree, ())

    def _case(
        self, aim: str, before: Mapping[str, int], tree: Mapping[str, Any], cases: tuple[tuple[bool, Column], ...]
    ) -> int | None:
        if "if" in tree:
            asked = tuple(tree["if"])
            if len(asked) not in (2, 3):
                raise ValueError(f"case {asked} is no request and offer")
            both = [self._case(aim, before, tree[word], (*cases, (word == "yes", asked))) for word in ("yes", "no")]
            return max((bound for bound in both if bound is not None), default=None)
        if "empty" in tree:
            if self._bound(None, before, tree["empty"], cases) >= 0:
                raise ValueError("a case that is said to be empty is not shown to be")
            return None
        exact = self._bound(aim, before, tree["rows"], cases)
        return exact.numerator // exact.denominator

    def _bound(
        self,
        aim: str | None,
        before: Mapping[str, int],
        rows: Iterable[list[Any]],
        cases: tuple[tuple[bool, Column], ...],
    ) -> Fraction:
        """Σ multiplier · limit, plus what is left of each column that the case allows."""
        factors = {tuple(row[:-1]): row[-1] for row in rows}
        total = 0
        for key, factor in factors.items():
            if not isinstance(factor, int) or (factor < 0 and key[0] not in ("met", "load")):
                raise ValueError(f"multiplier {factor} of {key}")
            total += factor * self._limit(key, before, cases)
        for column, worth in self.columns.items():
            if column[0] == "talk" and any(not yes and column[1 : len(c) + 1] == c for yes, c in cases):
                continue
            rest = SCALE * worth.get(aim, 0) if aim else 0
            rest -= sum(factors.get(key, 0) * sign for key, sign in self._rows_of(column))
            rest += sum(factors.get(("aim", name), 0) * worth.get(name, 0) for name in before)
            total += max(0, rest)
        return Fraction(total, SCALE)

    def _limit(self, key: Column, before: Mapping[str, int], cases: tuple[tuple[bool, Column], ...]) -> int:
        kind = key[0]
        if kind in ("request", "speaker", "hall"):
            return 1
        if kind == "most":
            return int(self.given.offers[key[1]]["most_talks"])
        if kind in ("met", "load"):
            return 0
        if kind == "aim":
            value = before[key[1]]
            return value if key[1] in SMALL else -value
        if kind == "yes" and (True, key[1:]) in cases:
            return -1
        raise ValueError(f"row {key}")

    def _rows_of(self, column: Column) -> Iterator[tuple[Column, int]]:
        """The rows a column stands in, with its sign there."""
        if column[0] == "nth":
            yield ("met", column[1]), -1
        elif column[0] == "nth of":
            yield ("load", column[1]), -1
        else:
            _kind, request, offer, slot = column
            school = self.given.requests[request]["school"]
            yield ("request", request), 1
            yield ("speaker", offer, slot), 1
            yield ("hall", school, slot), 1
            yield ("most", offer), 1
            yield ("met", school), 1
            yield ("load", offer), 1
            yield ("yes", request, offer), -1
            yield ("yes", request, offer, slot), -1


def _sha256(given: _Given) -> str:
    rows: list[list[Any]] = [["rules", given.points, given.unknown]]
    for o in given.offers.values():
        lists = [sorted(set(_list(o["topics"]))), sorted(_list(o["slots"])), sorted(set(_list(o["stages"])))]
        numbers = [int(o["most_talks"]), int(o["most_classes"]), int(o.get("given") or 0)]
        rows.append(["offer", o["id"], *lists, *numbers])
    rows += [
        [
            *("request", r["id"], r["school"], r["stage"], int(r["classes"])),
            *(sorted(_list(r["slots"])), _list(r["wishes"]), r["takes_any"] == "yes"),
        ]
        for r in given.requests.values()
    ]
    rows += [
        ["school", s["id"], int(s["encounters"]), int(s["pupils"]), int(s.get("given") or 0)]
        for s in given.schools.values()
    ]
    rows += [["minutes", *pair, minutes] for pair, minutes in given.minutes.items()]
    rows += [["barred", *pair] for pair in given.barred] + [["busy", *pair] for pair in given.busy]
    lines = sorted(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _table(path: Path) -> list[Row]:
    if not path.exists() and path.name in ("minutes.csv", "barred.csv", "busy.csv"):
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = [{key: (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(file)]
    ids = Counter(row["id"] for row in found if "id" in row)
    if twice := [name for name, count in ids.items() if count > 1]:
        raise ValueError(f"{path.name}: {twice[0]!r} stands there twice")
    return found


def _list(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]

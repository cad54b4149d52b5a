"""What a placement is: the seats, and a certificate with which anyone can check them."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from fractions import Fraction
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from baiye_placement.closures import Closures

T = TypeVar("T")

SEATS, CERTIFICATE = "seats.csv", "certificate.json"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the policy: what was reached, and more than what no placement can reach.

    The bound is for placements that are as good as this one in the levels before. It follows from ``dual``, which is
    U(prices) in 1/scale (sessions left out cost nothing) when a half-day counts ``own`` times what it counts in this
    level, plus ``ranks[k]`` where it is wish k + 1. ``full`` says that the bound holds for placements that fill every
    half-day which a pupil could fill alone, as this one does. Under policy ``floor`` each pupil has the points of a
    claim besides: above the floor that was reached, and in the level ``floor``, where a half-day counts 0, at the floor
    ``bound`` + 1, which nobody can keep: its ``dual`` is below 0, or 0 where nothing is proved.

    ``groups`` are sessions with a minimum that have no one price: each pupil in ``own`` (the first of tied ones) pays
    what stands there, all others the same, which may be below 0; U counts what the dearest group would pay.
    """

    name: str  # "half_days", "points", "floor", "rank_1" … or "turns"
    value: int
    bound: int
    dual: int
    full: bool
    prices: Mapping[str, int]
    own: int = 1
    ranks: tuple[int, ...] = ()
    groups: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # session → {"others": …, "own": {pupil: …}}

    @property
    def gap(self) -> Fraction:
        """(bound - value) / bound; 0 where there is nothing to gain."""
        return Fraction(self.bound - self.value, self.bound) if self.bound else Fraction(0)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What makes the placement checkable without trust in the program that made it."""

    problem_sha256: str
    seats_sha256: str
    policy: str
    seed: str
    seed_given: bool  # with the call, instead of the problem's own
    scale: int
    levels: tuple[Level, ...]
    solver: str
    versions: Mapping[str, str]
    cut_short: bool  # the clock, not the work budget, ended the search

    @property
    def prices(self) -> Mapping[str, int]:
        """Prices of the level ``points``, in 1/scale points; none where points are no level of the policy."""
        for level in self.levels:
            if level.name == "points":
                return {session: price // level.own for session, price in level.prices.items()}
        return {}

    @property
    def gap(self) -> Fraction:
        """Proved distance of the last level from the best possible one."""
        return self.levels[-1].gap

    @property
    def proved_before(self) -> bool:
        """Whether all levels before the last one are proved to be the best possible.

        Under ``dictatorship`` they are no aims, but show what it costs; its turns alone are to be kept.
        """
        return self.policy == "dictatorship" or all(level.value == level.bound for level in self.levels[:-1])


@dataclass(frozen=True, slots=True)
class Placement:
    """Seats of all pupils.

    Parameters
    ----------
    seats, ranks
        Session ids of each pupil in the order of time, and for each of them the rank of the wish (0: nobody's wish).
    points
        Published points of all half-days, multipliers included: the objective.
    rank_vector
        Half-days by rank: nobody's wish, wish 1, wish 2 …
    unfilled
        Pupil id to reason for pupils with fewer half-days than they need: ``"half_days"`` (the group's half-days and
        the sessions open to it do not suffice, even for one pupil alone) or ``"seats"`` (there are too few seats).
    closed
        Sessions with a minimum in which nobody sits, each with what is told of it (``closures.py``).
    """

    seats: Mapping[str, tuple[str, ...]]
    ranks: Mapping[str, tuple[int, ...]]
    points: int
    rank_vector: tuple[int, ...]
    unfilled: Mapping[str, str]
    certificate: Certificate
    closed: Closures = field(default_factory=dict)


class Lists(Mapping[str, tuple[T, ...]], Generic[T]):
    """Tuples by name, kept as arrays until somebody reads one: that of ``names[i]`` is ``ptr[i]`` … of ``index``.

    ``of`` are the things that ``index`` counts; without it, they are the numbers themselves.
    """

    def __init__(
        self, names: Sequence[str], ptr: NDArray[Any], index: NDArray[Any], of: Sequence[T] | None = None
    ) -> None:
        self._names, self._ptr, self._index, self._of = names, ptr, index, of

    @cached_property
    def _tuples(self) -> dict[str, tuple[T, ...]]:
        index, ptr = self._index.tolist(), self._ptr.tolist()
        items: list[T] = index if self._of is None else [self._of[i] for i in index]
        return {name: tuple(items[ptr[i] : ptr[i + 1]]) for i, name in enumerate(self._names)}

    def __getitem__(self, name: str) -> tuple[T, ...]:
        return self._tuples[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tuples)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return repr(self._tuples)


def seats_text(seats: Mapping[str, tuple[str, ...]], ranks: Mapping[str, tuple[int, ...]]) -> str:
    """``seats.csv``: pupil, session, rank; a line a seat, sorted by pupil."""
    return _rows_text(
        (pupil, session, rank)
        for pupil in sorted(seats)
        for session, rank in zip(seats[pupil], ranks[pupil], strict=True)
    )


def _rows_text(rows: Iterable[tuple[str, str, int]]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("pupil", "session", "rank"))
    writer.writerows(rows)
    return text.getvalue()


def seats_sha256(seats: Mapping[str, tuple[str, ...]], ranks: Mapping[str, tuple[int, ...]]) -> str:
    return hashlib.sha256(seats_text(seats, ranks).encode()).hexdigest()


def rows_sha256(rows: Iterable[tuple[str, str, int]]) -> str:
    """``seats_sha256`` of the rows (pupil, session, rank) of ``seats.csv``, in its order."""
    return hashlib.sha256(_rows_text(rows).encode()).hexdigest()


def certificate_json(placement: Placement) -> dict[str, Any]:
    """``certificate.json``; ``digest`` is over all the rest, written without spaces and with sorted keys."""
    body: dict[str, Any] = {
        **asdict(placement.certificate),
        "points": placement.points,
        "rank_vector": list(placement.rank_vector),
        "unfilled": dict(placement.unfilled),
        "closed": dict(placement.closed),
        "gap": str(placement.certificate.gap),
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {**body, "digest": hashlib.sha256(text.encode()).hexdigest()}


def write_placement(placement: Placement, folder: Path | str) -> None:
    """Write ``seats.csv`` and ``certificate.json``: equal placements give equal bytes."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SEATS).write_text(seats_text(placement.seats, placement.ranks), encoding="utf-8", newline="")
    text = json.dumps(certificate_json(placement), ensure_ascii=False, sort_keys=True, indent=1)
    (folder / CERTIFICATE).write_text(text + "\n", encoding="utf-8", newline="")


def read_placement(folder: Path | str) -> Placement:
    """What ``write_placement`` wrote, unchecked: ask ``verify`` before you believe it."""
    folder = Path(folder)
    seats: dict[str, list[str]] = {}
    ranks: dict[str, list[int]] = {}
    with (folder / SEATS).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            seats.setdefault(row["pupil"], []).append(row["session"])
            ranks.setdefault(row["pupil"], []).append(int(row["rank"]))
    body = json.loads((folder / CERTIFICATE).read_text(encoding="utf-8"))
    everyone = {**dict.fromkeys(body["unfilled"], ()), **{p: tuple(s) for p, s in seats.items()}}
    return Placement(
        everyone,
        {p: tuple(ranks.get(p, ())) for p in everyone},
        body["points"],
        tuple(body["rank_vector"]),
        body["unfilled"],
        _certificate(body),
        body.get("closed", {}),
    )


def _certificate(body: Mapping[str, Any]) -> Certificate:
    levels = tuple(Level(**{**_own(Level, level), "ranks": tuple(level["ranks"])}) for level in body["levels"])
    return Certificate(**{**_own(Certificate, body), "levels": levels})


def _own(kind: type[Level | Certificate], body: Mapping[str, Any]) -> dict[str, Any]:
    """What ``body`` says of the fields of ``kind``."""
    return {field.name: body[field.name] for field in fields(kind)}

"""The verifier's check of a policy's levels: values from the seats, bounds from prices and weights, the gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from baiye_placement.verify_bounds import Bounds, Unit
from baiye_placement.verify_groups import wrong_groups
from baiye_placement.verify_turns import wrong_turns

Found = Iterator[tuple[str, str]]  # code and message of what is wrong
Seats = Mapping[str, list[tuple[str, int]]]  # session and rank of each seat of a pupil


def wrong_levels(book: Any, seats: Seats, body: Mapping[str, Any], points: int, ranks: list[int]) -> Found:
    """Whatever in ``levels``, ``unfilled`` and ``gap`` does not follow from the seats, their points and half-days."""
    levels, names = body["levels"], _names(book)
    if [level["name"] for level in levels] != names:
        yield "levels", f"the levels are not {', '.join(names)}"
        return
    if not _whole(body["scale"], 1):
        yield "scale", "the scale is no whole number of at least 1"
        return
    check = _Check(book, seats, body["scale"], points, ranks)
    yield from check.unfilled(body["unfilled"])
    if wrong := [found for level in levels for found in check.shape(level)]:
        yield from wrong
        return
    for level in levels:
        yield from check.level(level, full=levels[0]["value"] == check.bounds.most)
    top = levels[-1]
    gap = Fraction(top["bound"] - top["value"], top["bound"]) if top["bound"] else Fraction(0)
    if body["gap"] != str(gap):
        yield "gap", f"the gap is {gap}, not {body['gap']}"
    if book.policy == "dictatorship":
        yield from wrong_turns(book, check.bounds, seats)


def _names(book: Any) -> list[str]:
    ranks = [f"rank_{k}" for k in range(1, len(book.points) + 1)]
    return {
        "points": ["half_days", "points"],
        "floor": ["half_days", "floor", "points"],
        "rank_maximal": ["half_days", *ranks],
        "dictatorship": ["half_days", "points", "turns"],
    }.get(book.policy, [])


def _whole(value: object, least: int | None = 0) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and (least is None or value >= least)


class _Check:
    def __init__(self, book: Any, seats: Seats, scale: int, points: int, ranks: list[int]) -> None:
        self.book, self.scale, self.points, self.ranks = book, scale, points, ranks
        self.bounds = Bounds(book, scale)
        self.held = {name: [book.sessions[s] for s, _ in held] for name, held in seats.items()}
        self.claims = self._claims() if book.policy == "floor" else []
        self.floor = self._floor()

    def unfilled(self, named: Mapping[str, str]) -> Found:
        """Whether exactly those who lack half-days are named, each with the reason."""
        short = {}
        for unit in self.bounds.units:
            alone = unit.need + unit.locked_half_days
            for name in unit.members:
                need = self.book.pupils[name].need
                if sum(len(s.slots) for s in self.held.get(name, ())) < need:
                    short[name] = "half_days" if alone < need else "seats"
        if short != named:
            wrong = sorted(n for n in {*short, *named} if short.get(n) != named.get(n))
            yield "unfilled", f"pupils {wrong[:5]} lack half-days and are not named, or not for this reason"

    def shape(self, level: Mapping[str, Any]) -> Found:
        """What is wrong with the kind of numbers that a level holds."""
        name, prices, ranks = level["name"], level["prices"], level["ranks"]
        if any(session not in self.book.sessions or not _whole(L) for session, L in prices.items()):
            yield "prices", f"{name}: a price is negative, no whole number, or for no session"
        if name == "turns" and prices:
            yield "prices", "turns: no price proves anything here"
        ranked = name.startswith("rank_")
        usual = 0 if name == "floor" else 1
        if not _whole(level["own"], usual) or (level["own"] != usual and not ranked):
            yield "own", f"{name}: {level['own']!r} is not what the level may count"
        if len(ranks) != (int(name.removeprefix("rank_")) - 1 if ranked else 0) or not all(_whole(w) for w in ranks):
            yield "ranks", f"{name}: the weights of ranks are not those of the better ranks"
        yield from wrong_groups(self.bounds, level, self.book.policy)
        whole = _whole(level["value"]) and _whole(level["bound"]) and _whole(level["dual"], None)
        if not whole or not isinstance(level["full"], bool):
            yield "numbers", f"{name}: value, bound, dual must be whole numbers, full true or false"

    def level(self, level: Mapping[str, Any], *, full: bool) -> Found:
        name = level["name"]
        value = self._value(name)
        if level["value"] != value:
            yield "value", f"{name}: the seats give {value}, not {level['value']}"
        if level["full"] and (name in {"half_days", "turns"} or not full):
            yield "full", f"{name}: the bound is for full placements only, and this is none"
            return
        dual = self._dual(level)
        if level["dual"] != dual:
            yield "dual", f"{name}: the prices prove {dual}, not {level['dual']}"
        bound = self._bound(level, dual)
        if level["bound"] != bound or bound < value:
            yield "bound", f"{name}: the bound is {bound}, not {level['bound']}"

    def _value(self, name: str) -> int:
        if name.startswith("rank_"):
            return int(self.ranks[int(name.removeprefix("rank_"))])
        filled, turns = sum(self.ranks), len(self.bounds.units)
        values = {"half_days": filled, "points": self.points, "floor": self.floor, "turns": turns}
        return values[name]

    def _dual(self, level: Mapping[str, Any]) -> int:
        name, own = level["name"], level["own"]
        if name == "turns":
            return len(self.bounds.units) * self.scale
        if name == "half_days":
            return self.bounds.half_days(level["prices"])
        ranks = [0, *level["ranks"], own]

        def of_rank(unit: Unit) -> dict[str, int]:
            values: dict[str, int] = {}  # a wish that weighs nothing fills a half-day as well as no wish
            for project, rank in unit.ranks:
                if rank < len(ranks):
                    values[project] = values.get(project, 0) + ranks[rank]
            return values

        def of_points(unit: Unit) -> Mapping[str, int]:
            return unit.points if own else dict.fromkeys(unit.points, 0)

        if name.startswith("rank_"):
            return self.bounds.dual(of_rank, level["full"], level["prices"])
        claims = self._claims_at(level["bound"] + 1 if name == "floor" else self.floor) if self.claims else None
        return self.bounds.dual(of_points, level["full"], level["prices"], claims, level.get("groups"))

    def _bound(self, level: Mapping[str, Any], dual: int) -> int:
        name, own, scale = level["name"], int(level["own"]), self.scale
        if name == "floor":  # worth less than 0 where points count nothing: no placement keeps a higher one
            return int(level["bound"]) if dual < 0 else self._top
        if name.startswith("rank_"):
            earlier = sum(w * n for w, n in zip(level["ranks"], self.ranks[1:], strict=False))
            return int((dual - scale * earlier) // (scale * own))
        return dual // scale

    # ── the floor ──
    def _claims(self) -> list[int]:
        """What each unit could have alone, 0 where it has no claim: its pupils wished too little that can be met."""
        claims = []
        for unit, alone in zip(self.bounds.units, self.bounds.alone(), strict=True):
            bits = unit.kind.bits
            met = {s.project: len(s.slots) for s in unit.held}
            met |= {p: max(bits[mask] for mask in by_mask) for p, by_mask in unit.kind.cheapest.items()}
            wanted = unit.need + unit.locked_half_days
            lists = [self.book.pupils[name].wishes for name in unit.members]
            enough = all(sum(met.get(project, 0) for project in wishes) >= wanted for wishes in lists)
            claims.append(alone if enough else 0)
        return claims

    @property
    def _top(self) -> int:
        units = zip(self.bounds.units, self.claims, strict=True)
        return max((-(-own // unit.width) for unit, own in units), default=0)

    def _floor(self) -> int:
        floor = self._top if self.claims else 0
        for unit, own in zip(self.bounds.units, self.claims, strict=False):
            held = self.held.get(unit.members[0], ())
            points = sum(unit.plain.get(s.project, 0) * len(s.slots) for s in held)
            if points < own:
                floor = min(floor, points // unit.width)
        return floor

    def _claims_at(self, floor: int) -> list[int]:
        return [min(floor * unit.width, own) for unit, own in zip(self.bounds.units, self.claims, strict=True)]

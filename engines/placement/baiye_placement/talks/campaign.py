"""A campaign of talks: who offers what and when, which schools ask, and which talk is possible at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from baiye_placement.problem import ProblemError

MOST_NEED, STEP, LEAST_NEED = 120, 20, 20
LOT_BITS = 20
UNKNOWN_MINUTES = 30
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Offer:
    """A speaker's offer: what about, when, to whom, how often; ``given`` talks stand already."""

    id: str
    topics: frozenset[str]
    slots: tuple[str, ...]
    stages: frozenset[str]
    most_talks: int
    most_classes: int
    given: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """A school asks for one talk; ``wishes`` are topics or offers, best first. ``takes_any``: rather any than none."""

    id: str
    school: str
    stage: str
    classes: int
    slots: tuple[str, ...]
    wishes: tuple[str, ...]
    takes_any: bool = False


@dataclass(frozen=True, slots=True)
class School:
    """``encounters`` with the world of work its ``pupils`` had; ``given`` talks of this campaign stand already."""

    id: str
    encounters: int = 0
    pupils: int = 0
    given: int = 0

    def need(self) -> int:
        """120 with no encounter, 20 less for each half encounter a pupil, never under 20."""
        halves = 2 * self.encounters // self.pupils if self.pupils else 0
        return max(LEAST_NEED, MOST_NEED - STEP * halves)

    def weight(self, nth: int) -> int:
        """What the ``nth`` talk it gets now counts: its need, divided by which talk of the campaign that is."""
        return self.need() // (self.given + nth)


@dataclass(frozen=True, slots=True, order=True)
class Option:
    """A possible talk: this request, this offer, this half-day; ``rank`` 0 where it meets no wish."""

    request: str
    offer: str
    slot: str
    rank: int = field(compare=False)
    points: int = field(compare=False)
    minutes: int = field(compare=False)


@dataclass(frozen=True)
class Campaign:
    """Everything a match depends on. Rows are kept in order of their ids, so the order they come in plays no part.

    ``minutes`` is the way from an offer's start to a school; a pair that is not named takes ``unknown_minutes``.
    ``barred`` are pairs of a request and an offer that must not meet (again). ``busy`` are halls that are taken: pairs
    of a school and a half-day.

    Raises
    ------
    ProblemError
        Rows contradict each other; each message names one.
    """

    offers: tuple[Offer, ...]
    requests: tuple[Request, ...]
    schools: tuple[School, ...]
    minutes: Mapping[Pair, int] = field(default_factory=dict)
    barred: frozenset[Pair] = frozenset()
    busy: frozenset[Pair] = frozenset()
    points: tuple[int, ...] = (100, 80, 65, 52, 41, 32)
    unknown_minutes: int = UNKNOWN_MINUTES
    seed: str = ""

    def __post_init__(self) -> None:
        for name in ("offers", "requests", "schools"):
            object.__setattr__(self, name, tuple(sorted(getattr(self, name), key=lambda row: row.id)))
        if wrong := list(self._contradictions()):
            raise ProblemError(wrong)

    def _contradictions(self) -> Iterable[str]:
        for name in ("offers", "requests", "schools"):
            ids = [row.id for row in getattr(self, name)]
            yield from (f"{name}: {id_!r} stands there twice" for id_ in sorted({i for i in ids if ids.count(i) > 1}))
        schools, offers = {school.id for school in self.schools}, {offer.id for offer in self.offers}
        for request in self.requests:
            yield from (f"request {request.id!r}: {what}" for what in self._wrong_in(request, schools))
        for offer in self.offers:
            if offer.most_talks < 0 or offer.most_classes < 1 or offer.given < 0:
                yield f"offer {offer.id!r}: most_talks, most_classes or given is too small"
            if clash := sorted(offers & offer.topics):
                yield f"offer {offer.id!r}: topic {clash[0]!r} is the id of an offer; a wish would mean both"
        for school in self.schools:
            if min(school.encounters, school.pupils, school.given) < 0:
                yield f"school {school.id!r}: a number is negative"
        if list(self.points) != sorted(self.points, reverse=True) or min(self.points, default=0) < 0:
            yield f"points {list(self.points)} do not fall from wish to wish"
        if min([self.unknown_minutes, *self.minutes.values()]) < 0:
            yield "minutes are negative"

    def _wrong_in(self, request: Request, schools: set[str]) -> Iterable[str]:
        if request.school not in schools:
            yield f"school {request.school!r} is not in schools"
        if request.classes < 1:
            yield f"classes is {request.classes}; at least 1"
        if len(request.wishes) > len(self.points):
            yield f"{len(request.wishes)} wishes, but points for {len(self.points)}"
        if len(set(request.wishes)) < len(request.wishes):
            yield "a wish stands there twice"

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """Every possible talk, in order of request, offer, half-day."""
        return tuple(sorted(option for request in self.requests for option in self._options_of(request)))

    def _options_of(self, request: Request) -> Iterable[Option]:
        for offer, rank in self.partners(request):
            points = self.points[rank - 1] if rank else 0
            minutes = self.minutes.get((offer.id, request.school), self.unknown_minutes)
            for slot in sorted(set(offer.slots) & self.free(request)):
                yield Option(request.id, offer.id, slot, rank, points, minutes)

    def partners(self, request: Request) -> list[tuple[Offer, int]]:
        """Offers for such classes that meet a wish (with its rank), or none (0) where any is welcome."""
        found = []
        for offer in self.offers:
            fits = request.stage in offer.stages and request.classes <= offer.most_classes and offer.most_talks
            if not fits or (request.id, offer.id) in self.barred:
                continue
            met = (n for n, wish in enumerate(request.wishes, 1) if wish == offer.id or wish in offer.topics)
            rank = next(met, 0)
            if rank or request.takes_any:
                found.append((offer, rank))
        return found

    def free(self, request: Request) -> set[str]:
        """Half-days on which the school's hall is free for ``request``."""
        return {slot for slot in request.slots if (request.school, slot) not in self.busy}

    def why_not(self, request: Request) -> str:
        """The reason of a request without a talk: no_speaker, no_half_day, or others_first."""
        partners, free = self.partners(request), self.free(request)
        if not partners:
            return "no_speaker"
        return "others_first" if any(free & set(offer.slots) for offer, _rank in partners) else "no_half_day"

    def lot(self, option: Option) -> int:
        """The ticket of a possible talk in the public draw that decides between equal matches."""
        ticket = f"{self.seed}|{option.request}|{option.offer}|{option.slot}"
        return int.from_bytes(hashlib.sha256(ticket.encode()).digest()[:4], "big") >> (32 - LOT_BITS)

    def with_seed(self, seed: str) -> Campaign:
        return replace(self, seed=seed)

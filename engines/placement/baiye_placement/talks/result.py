"""What a match gives: talks, what each aim came to, and why no match does better."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baiye_placement.talks.campaign import Campaign, Option

AIMS = ("need", "points", "minutes", "load", "lots")
LOWER = frozenset({"minutes", "load"})  # aims that are to be small
Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Talk:
    """A request's line: its talk, or why there is none."""

    request: str
    offer: str = ""
    slot: str = ""
    rank: int = 0
    minutes: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """An aim's value, and a bound that no match as good in the aims before can pass; ``tree`` proves the bound."""

    aim: str
    value: int
    bound: int
    tree: Tree

    @property
    def exact(self) -> bool:
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Result:
    """Talks by request, and a proof for each aim, in their order."""

    talks: tuple[Talk, ...]
    proofs: tuple[Proof, ...]

    @property
    def exact(self) -> bool:
        return all(proof.exact for proof in self.proofs)


def values(campaign: Campaign, chosen: Sequence[Option]) -> dict[str, int]:
    """What each aim comes to, in whole numbers."""
    school_of = {request.id: request.school for request in campaign.requests}
    talks_at = Counter(school_of[option.request] for option in chosen)
    talks_of = Counter(option.offer for option in chosen)
    return {
        "need": sum(school.weight(n) for school in campaign.schools for n in range(1, talks_at[school.id] + 1)),
        "points": sum(option.points for option in chosen),
        "minutes": sum(option.minutes for option in chosen),
        "load": sum((offer.given + talks_of[offer.id]) ** 2 - offer.given**2 for offer in campaign.offers),
        "lots": sum(campaign.lot(option) for option in chosen),
    }


def talks_of(campaign: Campaign, chosen: Sequence[Option]) -> tuple[Talk, ...]:
    """A line for every request, in order of their ids."""
    given = {option.request: option for option in chosen}
    lines = []
    for request in campaign.requests:
        option = given.get(request.id)
        lines.append(
            Talk(request.id, option.offer, option.slot, option.rank, option.minutes)
            if option
            else Talk(request.id, why=campaign.why_not(request))
        )
    return tuple(lines)

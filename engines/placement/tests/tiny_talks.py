"""Tiny invented campaigns of talks, and the best match found by trying all."""

from __future__ import annotations

from itertools import product
from random import Random

from baiye_placement.talks import Campaign, Offer, Request, School
from baiye_placement.talks.campaign import Option
from baiye_placement.talks.result import AIMS, LOWER, values

SLOTS = ("0503am", "0503pm", "0504am")
TOPICS = ("baking", "rail", "care")


def some(random: Random, things: tuple[str, ...], least: int = 1) -> tuple[str, ...]:
    return tuple(random.sample(things, random.randint(least, len(things))))


def tiny_campaign(random: Random) -> Campaign:
    """At most 3 offers, 4 requests of 3 schools, 3 half-days."""
    offers = tuple(
        Offer(
            f"o{n}",
            frozenset(some(random, TOPICS)),
            some(random, SLOTS),
            frozenset(some(random, ("junior", "senior"))),
            random.randint(0, 3),
            random.randint(1, 2),
            random.randint(0, 1),
        )
        for n in range(random.randint(1, 3))
    )
    schools = tuple(
        School(f"s{n}", random.randint(0, 200), random.randint(0, 100), random.randint(0, 1)) for n in range(3)
    )
    names = tuple(offer.id for offer in offers)
    requests = tuple(
        Request(
            f"r{n}",
            random.choice(schools).id,
            random.choice(("junior", "senior")),
            random.randint(1, 2),
            some(random, SLOTS),
            some(random, TOPICS + names, 0)[:3],
            random.random() < 0.5,
        )
        for n in range(random.randint(1, 4))
    )
    pairs = [(offer.id, school.id) for offer in offers for school in schools]
    minutes = {pair: random.randint(0, 40) for pair in pairs if random.random() < 0.8}
    barred = frozenset((r.id, o.id) for r in requests for o in offers if random.random() < 0.1)
    busy = frozenset((s.id, slot) for s in schools for slot in SLOTS if random.random() < 0.1)
    return Campaign(offers, requests, schools, minutes, barred, busy, (10, 7, 5), 25, str(random.random()))


def best_by_trying(campaign: Campaign) -> dict[str, int]:
    """What each aim comes to in the best match."""
    choices = [[None, *(o for o in campaign.options if o.request == request.id)] for request in campaign.requests]
    matches = ([option for option in each if option] for each in product(*choices))
    found = (values(campaign, match) for match in matches if fits(campaign, match))
    return max(found, key=lambda each: [-each[aim] if aim in LOWER else each[aim] for aim in AIMS])


def fits(campaign: Campaign, match: list[Option]) -> bool:
    """Nobody and no hall twice at once, no speaker more often than they offer."""
    school = {request.id: request.school for request in campaign.requests}
    speakers, halls = [(o.offer, o.slot) for o in match], [(school[o.request], o.slot) for o in match]
    most = {offer.id: offer.most_talks for offer in campaign.offers}
    once = len(set(speakers)) == len(speakers) and len(set(halls)) == len(halls)
    return once and all(sum(o.offer == offer for o in match) <= limit for offer, limit in most.items())

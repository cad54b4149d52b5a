"""The match as an integer programme: columns for talks, for the nth talk of a school, for the nth talk of a speaker.

The programme and the way its multipliers are written down are the solver's; ``verify`` knows neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from baiye_placement.highs import Program
from baiye_placement.talks.result import AIMS, LOWER

if TYPE_CHECKING:
    from baiye_placement.talks.campaign import Campaign, Option

Key = tuple[str, ...]
Entries = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Model:
    """The rows that always hold, and what each column adds to each aim's gain (less is more where LOWER says so).

    ``slack`` is a column that is 0; a row that may be broken to show that nothing fits has it.
    """

    campaign: Campaign
    options: tuple[Option, ...]
    program: Program
    rows: tuple[Key, ...]
    gains: dict[str, Entries]
    slack: int

    def chosen(self, values: Sequence[float]) -> tuple[Option, ...]:
        """The talks of a solution."""
        return tuple(option for n, option in enumerate(self.options) if values[n] > 0.5)

    def start(self, chosen: Iterable[Option]) -> list[float]:
        """The columns of a match, for the solver to start from."""
        values = [0.0] * len(self.program.uppers)
        talks = set(chosen)
        for column, option in enumerate(self.options):
            values[column] = float(option in talks)
        for key, entries in zip(self.rows, self.program.entries, strict=True):
            if key[0] in ("met", "load"):
                count = int(sum(values[column] for column, factor in entries if factor > 0))
                nth = [column for column, factor in entries if factor < 0]
                for column in nth[:count]:
                    values[column] = 1.0
        return values


def model_of(campaign: Campaign) -> Model:
    """The programme of ``campaign``."""
    program, options = Program(), campaign.options
    school_of = {request.id: request.school for request in campaign.requests}
    caps = {offer.id: offer.most_talks for offer in campaign.offers}
    rows: dict[Key, None] = {}

    def add(key: Key, lower: float, upper: float, column: int, factor: int) -> None:
        rows.setdefault(key)
        program.row(key, lower, upper).append((column, factor))

    infinity = float("inf")
    gains: dict[str, Entries] = {aim: [] for aim in AIMS}
    for option in options:
        column, school = program.column(), school_of[option.request]
        add(("request", option.request), -infinity, 1, column, 1)
        add(("speaker", option.offer, option.slot), -infinity, 1, column, 1)
        add(("hall", school, option.slot), -infinity, 1, column, 1)
        add(("most", option.offer), -infinity, caps[option.offer], column, 1)
        add(("met", school), 0, 0, column, 1)
        add(("load", option.offer), 0, 0, column, 1)
        gains["points"].append((column, option.points))
        gains["minutes"].append((column, -option.minutes))
        gains["lots"].append((column, campaign.lot(option)))
    for school, nths in _nths(campaign, options).items():
        for nth in range(1, nths + 1):
            column = program.column()
            add(("met", school), 0, 0, column, -1)
            gains["need"].append((column, next(s for s in campaign.schools if s.id == school).weight(nth)))
    for offer in campaign.offers:
        if ("load", offer.id) in rows:
            for nth in range(offer.given + 1, offer.given + offer.most_talks + 1):
                column = program.column()
                add(("load", offer.id), 0, 0, column, -1)
                gains["load"].append((column, 1 - 2 * nth))
    return Model(campaign, options, program, tuple(rows), gains, program.column(0.0))


def _nths(campaign: Campaign, options: Sequence[Option]) -> dict[str, int]:
    """School → how many of its requests could be met at all."""
    possible = {option.request for option in options}
    found: dict[str, int] = defaultdict(int)
    for request in campaign.requests:
        found[request.school] += request.id in possible
    return {school: count for school, count in found.items() if count}


def gain(aim: str, value: int) -> int:
    """A value as a gain, and back."""
    return -value if aim in LOWER else value

"""The means of one run: how long it may take, how many threads, who is told how far it is, and who may stop it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from baiye_placement.team import ALONE, Team

STAGES = {"prices": (0.0, 0.5), "seats": (0.5, 0.8), "improve": (0.8, 0.95), "lottery": (0.95, 1.0)}

Progress = Callable[[str, float], None]


def silent(stage: str, done: float) -> None:
    """No progress is shown."""


def never() -> bool:
    return False


@dataclass(slots=True)
class Clock:
    """``ends_at`` is in seconds of ``time.monotonic``."""

    ends_at: float
    shows: Progress = silent
    stop: Callable[[], bool] = never
    team: Team = ALONE
    cut_short: bool = False
    shown: float = 0.0

    def progress(self, stage: str, done: float) -> None:
        """Tell that ``done`` of ``stage`` is done; what is told never goes back."""
        begins, ends = STAGES[stage]
        self.shown = max(self.shown, begins + (ends - begins) * min(done, 1.0))
        self.shows(stage, self.shown)

    @property
    def over(self) -> bool:
        """Whether to end now; asking it when there was more to do marks the run as cut short."""
        self.cut_short = self.cut_short or time.monotonic() > self.ends_at or self.stop()
        return self.cut_short

    @property
    def left(self) -> float:
        return max(0.0, self.ends_at - time.monotonic())

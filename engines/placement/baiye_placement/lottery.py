"""The public lottery: one order of all pupils, which anyone can draw again from the published seed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baiye_placement.problem import Problem


def lottery_order(problem: Problem) -> list[str]:
    """Pupil ids sorted by SHA-256 of the seed followed by the id; the first one goes ahead among equals."""
    return sorted(
        (pupil.id for pupil in problem.pupils),
        key=lambda name: (hashlib.sha256(problem.seed + name.encode()).digest(), name),
    )

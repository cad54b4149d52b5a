"""The public lottery: one order of all pupils, which anyone can draw again from the published seed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baiye_placement.problem import Problem


def lottery_order(problem: Problem) -> list[str]:
    """Pupil ids, the first one goes ahead among equals: by memory, most first, then SHA-256 of the seed and the id."""
    memory = {pupil.id: pupil.memory for pupil in problem.pupils}
    return sorted(memory, key=lambda name: (-memory[name], hashlib.sha256(problem.seed + name.encode()).digest(), name))

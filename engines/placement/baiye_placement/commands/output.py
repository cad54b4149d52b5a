"""What several commands tell: progress, figures, what a checker found; and how SIGTERM ends a search."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from baiye_placement.commands.exits import REFUSED, WITHIN

if TYPE_CHECKING:
    from baiye_placement.verify import Violation


@contextmanager
def until_sigterm() -> Iterator[Callable[[], bool]]:
    """Whether SIGTERM has come, to be asked while a search runs that shows its progress."""
    asked: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: asked.append(number))
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGTERM, before)
        print(file=sys.stderr)


def show(stage: str, done: float) -> None:
    """Progress, on stderr."""
    print(f"\r{done:4.0%} {stage:<8}", end="", file=sys.stderr, flush=True)


def print_summary(summary: Mapping[str, Any], *, as_json: bool) -> None:
    """One JSON object, or a line a figure."""
    lines = (f"{name}: {value}" for name, value in summary.items())
    print(json.dumps(summary, ensure_ascii=False) if as_json else "\n".join(lines))


def print_unfilled(reasons: Mapping[str, str]) -> None:
    """The first of the pupils who cannot be filled, on stderr."""
    for pupil, reason in list(reasons.items())[:20]:
        print(f"pupil {pupil!r} cannot be filled: {reason}", file=sys.stderr)


def print_violations(violations: list[Violation], *, believed: str) -> int:
    """What is wrong, or that all is ``believed``; the exit code of a checker."""
    for violation in violations:
        print(f"{violation.code}: {violation.message}")
    if not violations:
        print(believed)
    return REFUSED if violations else WITHIN

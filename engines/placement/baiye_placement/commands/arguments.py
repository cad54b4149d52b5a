"""Arguments that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def add_problem(command: Any) -> None:
    command.add_argument("problem", type=Path, metavar="DIR")


def add_placement(command: Any) -> None:
    """DIR, and the folder with its placement."""
    add_problem(command)
    command.add_argument("out", type=Path, metavar="OUT")


def add_seconds(command: Any, what: str = "time limit") -> None:
    command.add_argument("--seconds", type=float, default=60.0, help=f"{what} (default: %(default)s)")


def add_json(command: Any) -> None:
    command.add_argument("--json", action="store_true", help="print one JSON object")

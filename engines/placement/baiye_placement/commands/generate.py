# ruff: noqa: PLC0415 - NumPy is loaded where it is needed
"""``generate``: write an invented problem."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from baiye_placement.commands.exits import WITHIN
from baiye_placement.files import write_problem

if TYPE_CHECKING:
    import argparse


def add(commands: Any) -> None:
    command = commands.add_parser("generate", help="write an invented problem")
    command.add_argument("-o", dest="out", type=Path, metavar="DIR", required=True)
    command.add_argument("--pupils", type=int, default=6000)
    command.add_argument("--seed", type=int, default=0)
    command.add_argument(
        "--shape",
        choices=("open", "single", "trips", "plan"),
        default="open",
        help="open: any venue each half-day; single: the same, one half-day a pupil; trips: one venue a day and class; "
        "plan: the same, but trips are only offered",
    )
    command.add_argument("--seats", type=int, default=100, metavar="PERCENT", help="of the seats usually offered")
    command.add_argument(
        "--minimum", type=int, default=0, metavar="PERCENT", help="of its seats that a session needs to be held"
    )
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from baiye_placement.generate import generate

    problem = generate(pupils=args.pupils, seed=args.seed, shape=args.shape, seats=args.seats, minimum=args.minimum)
    write_problem(problem, args.out)
    return WITHIN

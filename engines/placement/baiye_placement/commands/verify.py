"""``verify``: check a placement from its files, without the solver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from baiye_placement.commands.arguments import add_placement
from baiye_placement.commands.output import print_violations
from baiye_placement.verify import verify_folder

if TYPE_CHECKING:
    import argparse


def add(commands: Any) -> None:
    command = commands.add_parser("verify", help="check seats.csv and certificate.json in OUT against DIR")
    add_placement(command)
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    return print_violations(
        verify_folder(args.problem, args.out), believed="every rule is kept, every figure and bound is right"
    )

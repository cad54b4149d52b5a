"""``verify``: check a placement from its files, without the solver."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from baiye_placement.commands.exits import REFUSED, WITHIN
from baiye_placement.verify import verify_folder

if TYPE_CHECKING:
    import argparse


def add(commands: Any) -> None:
    verify = commands.add_parser("verify", help="check seats.csv and certificate.json in OUT against DIR")
    verify.add_argument("problem", type=Path, metavar="DIR")
    verify.add_argument("out", type=Path, metavar="OUT")
    verify.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    violations = verify_folder(args.problem, args.out)
    for violation in violations:
        print(f"{violation.code}: {violation.message}")
    if not violations:
        print("every rule is kept, every figure and bound is right")
    return REFUSED if violations else WITHIN

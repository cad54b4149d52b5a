"""``remember``: what a placement still owes each pupil, for ``pupils.csv`` of the next round."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING, Any

from baiye_placement.commands.arguments import add_placement
from baiye_placement.commands.exits import REFUSED, WITHIN
from baiye_placement.files import read_problem
from baiye_placement.memory import memory_after
from baiye_placement.placement import read_placement
from baiye_placement.verify import verify_folder

if TYPE_CHECKING:
    import argparse


def add(commands: Any) -> None:
    command = commands.add_parser("remember", help="print what the placement in OUT still owes each pupil")
    add_placement(command)
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    for violation in (violations := verify_folder(args.problem, args.out)):
        print(f"{violation.code}: {violation.message}", file=sys.stderr)
    if violations:
        return REFUSED
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("pupil", "memory"))
    writer.writerows(memory_after(read_problem(args.problem), read_placement(args.out)).items())
    return WITHIN

"""``repair``: mend a published placement and disturb as few families as can be."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baiye_placement.commands.arguments import add_json, add_placement, add_seconds
from baiye_placement.commands.exits import LARGER, SHORT, WITHIN
from baiye_placement.commands.output import print_summary, print_unfilled
from baiye_placement.files import read_problem
from baiye_placement.placement import read_placement
from baiye_placement.repair import repair
from baiye_placement.repair_changes import Changes
from baiye_placement.repair_report import figures, write_repaired

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable


def add(commands: Any) -> None:
    command = commands.add_parser("repair", help="mend the placement in OUT after changes; all goes to NEW")
    add_placement(command)
    command.add_argument("--cancel", action="append", default=[], metavar="SESSION", help="it is not held")
    command.add_argument("--move", action="append", default=[], metavar="PUPIL=GROUP", help="is in this group now")
    command.add_argument("--lost", action="append", default=[], metavar="GROUP=SLOT;SLOT", help="half-days fall away")
    command.add_argument("-o", dest="new", type=Path, metavar="NEW", required=True)
    add_seconds(command)
    add_json(command)
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0: proved that no repair disturbs fewer; 3: not proved; 4: some pupils who were full no longer are (named)."""
    lost: dict[str, tuple[int, ...]] = {}
    for group, slots in _pairs(args.lost):
        lost[group] = lost.get(group, ()) + tuple(int(slot) for slot in slots.split(";"))
    changes = Changes(tuple(args.cancel), dict(_pairs(args.move)), lost)
    began = time.monotonic()
    repaired = repair(read_problem(args.problem), read_placement(args.out), changes, time_budget_s=args.seconds)
    write_repaired(repaired, args.new)
    print_summary({**figures(repaired), "seconds": round(time.monotonic() - began, 2)}, as_json=args.json)
    short = {p: reason for p, reason in repaired.placement.unfilled.items() if p not in repaired.unfilled_before}
    print_unfilled(short)
    if short:
        return SHORT
    return WITHIN if repaired.proved else LARGER


def _pairs(given: Iterable[str]) -> list[tuple[str, str]]:
    """Each ``A=B`` in two, at the last sign, so that an id may hold one."""
    pairs = []
    for text in given:
        name, sign, value = text.rpartition("=")
        if not (sign and name and value):
            raise ValueError(f"{text!r} is not of the form NAME=VALUE")
        pairs.append((name, value))
    return pairs

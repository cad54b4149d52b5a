"""``explain``: what became of each wish of a pupil."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from baiye_placement.commands.arguments import add_placement
from baiye_placement.commands.exits import WITHIN
from baiye_placement.explain import explain
from baiye_placement.files import read_problem
from baiye_placement.placement import read_placement

if TYPE_CHECKING:
    import argparse

    from baiye_placement.explain import Reason


def add(commands: Any) -> None:
    command = commands.add_parser("explain", help="why wishes of a pupil were met or not")
    add_placement(command)
    command.add_argument("--pupil", required=True, metavar="ID")
    command.add_argument("--wish", type=int, metavar="K", help="only this one; 1 is the first")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    problem, placement = read_problem(args.problem), read_placement(args.out)
    if args.pupil not in problem.pupil_by_id:
        raise KeyError(f"pupil {args.pupil!r} is not in the problem")
    wishes = range(1, len(problem.pupil_by_id[args.pupil].wishes) + 1) if args.wish is None else [args.wish]
    print(json.dumps([_plain(explain(problem, placement, args.pupil, k)) for k in wishes], ensure_ascii=False))
    return WITHIN


def _plain(reason: Reason) -> dict[str, Any]:
    return {"wish": reason.k, "rank": reason.rank, "project": reason.project, "code": reason.code, **reason.facts}

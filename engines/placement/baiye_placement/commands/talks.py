"""``talks place`` and ``talks verify``: match a campaign of talks, and check a match without the solver."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from baiye_placement.commands.arguments import add_json, add_placement, add_seconds
from baiye_placement.commands.exits import LARGER, REFUSED, WITHIN
from baiye_placement.talks import match_talks, read_campaign, verify_talks, write_result

if TYPE_CHECKING:
    import argparse


def add(commands: Any) -> None:
    parser = commands.add_parser("talks", help="match talks in schools: place, or verify")
    steps = parser.add_subparsers(required=True, metavar="STEP")
    place = steps.add_parser("place", help="match the campaign in DIR; write talks.csv and certificate.json to OUT")
    add_placement(place)
    add_seconds(place)
    add_json(place)
    place.set_defaults(run=run_place)
    verify = steps.add_parser("verify", help="check talks.csv and certificate.json in OUT against DIR")
    add_placement(verify)
    verify.set_defaults(run=run_verify)


def run_place(args: argparse.Namespace) -> int:
    campaign = read_campaign(args.problem)
    result = match_talks(campaign, time_budget_s=args.seconds)
    write_result(result, campaign, args.out)
    figures = {proof.aim: {"value": proof.value, "bound": proof.bound} for proof in result.proofs}
    met = sum(bool(talk.offer) for talk in result.talks)
    if args.json:
        print(json.dumps({"talks": met, "requests": len(result.talks), "exact": result.exact, "aims": figures}))
    else:
        print(f"{met} of {len(result.talks)} requests have a talk")
        for aim, figure in figures.items():
            print(f"{aim}: {figure['value']} (bound {figure['bound']})")
    return WITHIN if result.exact else LARGER


def run_verify(args: argparse.Namespace) -> int:
    wrong = verify_talks(args.problem, args.out)
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        print("every rule is kept, every figure and bound is right")
    return REFUSED if wrong else WITHIN

# ruff: noqa: PLC0415 - what needs the solver imports it, so that verify and explain need no library
"""Place the pupils of a folder of CSV files, check a placement, explain it, or invent a problem.

Exit codes of place and solve: 0 valid and proved within --gap; 3 valid, but the gap is larger; 4 some pupils cannot be
filled; 2 the call or the problem is wrong. verify: 0 believed, 1 refused.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baiye_placement.files import read_problem, write_problem
from baiye_placement.placement import read_placement, write_placement
from baiye_placement.problem import ProblemError
from baiye_placement.verify import verify_folder
from baiye_placement.version import VERSION

if TYPE_CHECKING:
    from baiye_placement.explain import Reason
    from baiye_placement.placement import Placement

WITHIN, REFUSED, USAGE, LARGER, SHORT = 0, 1, 2, 3, 4


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is returned, so that a test can call it."""
    args = _parser().parse_args(argv)
    try:
        return int(args.run(args))
    except ProblemError as error:
        for message in error.messages:
            print(message, file=sys.stderr)
    except (OSError, KeyError, IndexError, ValueError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="baiye-placement", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    place = commands.add_parser("place", help="place the pupils of DIR; the result goes to OUT")
    place.add_argument("problem", type=Path, metavar="DIR")
    place.add_argument("out", type=Path, metavar="OUT")
    solve = commands.add_parser("solve", help="the same, with the result's folder after -o")
    solve.add_argument("problem", type=Path, metavar="DIR")
    solve.add_argument("-o", dest="out", type=Path, metavar="OUT", required=True)
    for command in (place, solve):
        command.add_argument("--seconds", type=float, default=60.0, help="time limit (default: %(default)s)")
        command.add_argument("--gap", type=float, default=0.003, help="proved gap to reach (default: %(default)s)")
        command.add_argument("--seed", help="draw the lottery with this, not with the problem's own seed")
        command.add_argument("--json", action="store_true", help="print one JSON object")
        command.set_defaults(run=_place)
    verify = commands.add_parser("verify", help="check seats.csv and certificate.json in OUT against DIR")
    verify.add_argument("problem", type=Path, metavar="DIR")
    verify.add_argument("out", type=Path, metavar="OUT")
    verify.set_defaults(run=_verify)
    explain = commands.add_parser("explain", help="why wishes of a pupil were met or not")
    explain.add_argument("problem", type=Path, metavar="DIR")
    explain.add_argument("out", type=Path, metavar="OUT")
    explain.add_argument("--pupil", required=True, metavar="ID")
    explain.add_argument("--wish", type=int, metavar="K", help="only this one; 1 is the first")
    explain.set_defaults(run=_explain)
    generate = commands.add_parser("generate", help="write an invented problem")
    generate.add_argument("-o", dest="out", type=Path, metavar="DIR", required=True)
    generate.add_argument("--pupils", type=int, default=6000)
    generate.add_argument("--seed", type=int, default=0)
    generate.add_argument(
        "--shape",
        choices=("open", "trips"),
        default="open",
        help="open: any venue each half-day; trips: one venue a day and class",
    )
    generate.set_defaults(run=_generate)
    return parser


def _place(args: argparse.Namespace) -> int:
    from baiye_placement import place

    problem = read_problem(args.problem)
    asked: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: asked.append(number))
    began = time.monotonic()
    try:
        placement = place(
            problem,
            time_budget_s=args.seconds,
            gap_target=args.gap,
            progress=_show,
            stop=lambda: bool(asked),
            seed=args.seed,
        )
    finally:
        signal.signal(signal.SIGTERM, before)
        print(file=sys.stderr)
    write_placement(placement, args.out)
    code = _code(placement, args.gap)
    summary = {
        "status": {WITHIN: "proved", LARGER: "feasible", SHORT: "infeasible"}[code],
        "seconds": round(time.monotonic() - began, 2),
        **_figures(placement),
    }
    print(json.dumps(summary, ensure_ascii=False) if args.json else _text(summary))
    for pupil, reason in list(placement.unfilled.items())[:20]:
        print(f"pupil {pupil!r} cannot be filled: {reason}", file=sys.stderr)
    return code


def _code(placement: Placement, gap: float) -> int:
    if placement.unfilled:
        return SHORT
    return WITHIN if placement.certificate.proved_before and placement.certificate.gap <= gap else LARGER


def _figures(placement: Placement) -> dict[str, Any]:
    certificate = placement.certificate
    last = certificate.levels[-1]
    levels = [{"name": v.name, "value": v.value, "bound": v.bound, "gap": float(v.gap)} for v in certificate.levels]
    return {
        "objective": last.value,
        "bound": last.bound,
        "gap": float(last.gap),
        "levels": levels,
        "rank_counts": {str(rank): count for rank, count in enumerate(placement.rank_vector)},
        "unfilled": certificate.levels[0].bound - certificate.levels[0].value,
        "unfilled_pupils": len(placement.unfilled),
        "empty_pupils": sum(not held for held in placement.seats.values()),
        "cut_short": certificate.cut_short,
        "problem_sha256": certificate.problem_sha256,
        "seed": certificate.seed,
    }


def _text(summary: dict[str, Any]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in summary.items())


def _show(stage: str, done: float) -> None:
    print(f"\r{done:4.0%} {stage:<8}", end="", file=sys.stderr, flush=True)


def _verify(args: argparse.Namespace) -> int:
    violations = verify_folder(args.problem, args.out)
    for violation in violations:
        print(f"{violation.code}: {violation.message}")
    if not violations:
        print("every rule is kept, every figure and bound is right")
    return REFUSED if violations else WITHIN


def _explain(args: argparse.Namespace) -> int:
    from baiye_placement.explain import explain

    problem, placement = read_problem(args.problem), read_placement(args.out)
    if args.pupil not in problem.pupil_by_id:
        raise KeyError(f"pupil {args.pupil!r} is not in the problem")
    wishes = range(1, len(problem.pupil_by_id[args.pupil].wishes) + 1) if args.wish is None else [args.wish]
    print(json.dumps([_plain(explain(problem, placement, args.pupil, k)) for k in wishes], ensure_ascii=False))
    return WITHIN


def _plain(reason: Reason) -> dict[str, Any]:
    return {"wish": reason.k, "rank": reason.rank, "project": reason.project, "code": reason.code, **reason.facts}


def _generate(args: argparse.Namespace) -> int:
    from baiye_placement.generate import generate

    write_problem(generate(pupils=args.pupils, seed=args.seed, shape=args.shape), args.out)
    return WITHIN


if __name__ == "__main__":
    sys.exit(main())

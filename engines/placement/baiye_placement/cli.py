"""Place the pupils of a folder of CSV files, compare policies, check a placement, explain it, or invent a problem.

Exit codes of place, solve and plan: 0 valid and proved within --gap; 3 valid, but the gap is larger; 4 some pupils
cannot be filled; 2 the call or the problem is wrong. verify, plan --verify, remember: 0 believed, 1 refused. repair:
0 proved that fewer families cannot be disturbed, 3 not proved, 4 some pupils who were full no longer are. check:
0 nothing is wrong, 2 something is.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from baiye_placement.commands import (
    check,
    compare,
    explain,
    generate,
    plan,
    remember,
    repair,
    solve,
    start,
    talks,
    verify,
)
from baiye_placement.commands.exits import USAGE
from baiye_placement.problem import ProblemError
from baiye_placement.version import VERSION

COMMANDS = (start, check, plan, solve, compare, verify, remember, explain, repair, talks, generate)


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
    for command in COMMANDS:
        command.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())

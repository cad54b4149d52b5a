"""The command ``baiye``: Django's command line, with the database started for the commands that need one."""

import os
import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line
from django.db import OperationalError

from baiye.config import database

WITHOUT_DATABASE = {
    "help",
    "version",
    "stop",
    "collectstatic",
    "findstatic",
    "diffsettings",
    "makemessages",
    "compilemessages",
    "startapp",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; Django's own commands end with SystemExit on errors."""
    words = list(sys.argv if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baiye.config.settings")
    try:
        if needs_database(words[1:]):
            database.start()
        execute_from_command_line(words)
    except database.DatabaseInTheWay as obstacle:
        print(obstacle, file=sys.stderr)
        return 1
    except OperationalError as error:
        if "--traceback" in words:
            raise
        print(f"数据库出错：{error}\nThe database failed; --traceback shows where.", file=sys.stderr)
        return 1
    return 0


def needs_database(words: Sequence[str]) -> bool:
    """Whether the command given by ``words`` (without the program's name) reads or writes the database."""
    if not words or words[0].startswith("-") or words[0] in WITHOUT_DATABASE:
        return False
    if "--help" in words or "-h" in words:
        return False
    if words[0] == "check":
        return "--invariants" in words or "--database" in words
    return True


if __name__ == "__main__":
    sys.exit(main())

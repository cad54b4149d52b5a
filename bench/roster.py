"""How long a roster takes: checked, put in, put in again, and with every guardian's phone changed.

Makes a database of its own on the server that the settings name, and drops it afterwards. Exit 0 when checking and
putting in the first time together stay under --limit seconds.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baiye.accounts.models import User
    from baiye.demo.people import Child
    from baiye.schools.models import School

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; its figures on standard output, as lines or with --json as one object."""
    parser = argparse.ArgumentParser(prog="bench/roster.py", description=__doc__)
    parser.add_argument("--rows", type=int, default=25_000, help="pupils in the file (default: %(default)s)")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds it may take (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="figures for machines")
    args = parser.parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baiye.config.settings")
    import django

    django.setup()
    figures = on_scratch_database(lambda: measure(args.rows))
    figures["within_limit"] = figures["check_s"] + figures["apply_s"] <= args.limit
    lines = json.dumps(figures) if args.json else "\n".join(f"{name:16} {value}" for name, value in figures.items())
    sys.stdout.write(lines + "\n")
    return 0 if figures["within_limit"] else 1


def on_scratch_database(run: Callable[[], dict[str, float]]) -> dict[str, float]:
    """What ``run`` gives on an empty, migrated database that is gone afterwards."""
    from django.db import connection

    from baiye.config import database

    database.start()
    connection.settings_dict["TEST"]["NAME"] = f"bench_roster_{os.getpid()}"
    before = connection.settings_dict["NAME"]
    with redirect_stdout(sys.stderr):
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return run()
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def measure(rows: int) -> dict[str, float]:
    """Seconds for each step with ``rows`` pupils in one school, and what the last steps counted."""
    from baiye.demo.people import children

    school, by = a_school()
    pupils = list(children(rows, born_in=2013, seed="bench", first=0))
    checked, applied, plan = import_once(school, by, pupils)
    again_checked, again_applied, again = import_once(school, by, pupils)
    moved = [replace(child, phone=f"159{child.phone[3:]}") for child in pupils]
    changed_checked, changed_applied, changed = import_once(school, by, moved)
    return {
        "rows": rows,
        "check_s": checked,
        "apply_s": applied,
        "added": plan["added"],
        "again_check_s": again_checked,
        "again_apply_s": again_applied,
        "again_changes": again["added"] + again["changed"] + again["moved"],
        "change_check_s": changed_checked,
        "change_apply_s": changed_applied,
        "changed": changed["changed"],
    }


def a_school() -> tuple["School", "User"]:
    """An example school, and the person who imports its roster."""
    from baiye.accounts.actions.units import make_unit
    from baiye.accounts.models import Grant, User
    from baiye.core import clock
    from baiye.schools.models import School

    district = make_unit(parent=None, kind="district", name="示例区", by=None)
    unit = make_unit(parent=district, kind="school", name="示例学校", by=None, is_example=True)
    by = User.objects.create_user("bench")
    Grant.objects.create(user=by, role="school_coordinator", unit=unit, from_on=clock.today())
    return School.objects.create(unit=unit, code="bench", stages=["junior"]), by


def import_once(school: "School", by: "User", pupils: Sequence["Child"]) -> tuple[float, float, dict[str, int]]:
    """Seconds to check, seconds to put in, and the counts of the check, for a file of these pupils."""
    from baiye.core import clock
    from baiye.schools.roster import actions, queries

    given = {"school": school, "for_year": 2026, "by": by, "at": clock.now()}
    upload = actions.upload_roster(file_name="bench.xlsx", data=a_file(pupils), **given)
    checked = timed(lambda: actions.check_roster(upload=queries.find_upload(upload.pk), at=clock.now()))
    actions.ask_import(upload=upload, leavers=[], by=by, at=clock.now())
    applied = timed(lambda: actions.apply_roster(upload=queries.find_upload(upload.pk), at=clock.now()))
    upload.refresh_from_db()
    if upload.applied_at is None:
        raise SystemExit(upload.refused or upload.stopped)
    return checked, applied, upload.plan


def a_file(pupils: Sequence["Child"]) -> bytes:
    """The pupils as an Excel roster, forty to a class."""
    from baiye.core import excel

    header = ("学籍号", "姓名", "性别", "出生日期", "年级", "班级", "监护人", "监护人手机")
    rows = (_line(n, each) for n, each in enumerate(pupils))
    return excel.workbook("名册", header, rows)


def _line(n: int, child: "Child") -> list[str]:
    sex = "女" if child.sex == "F" else "男"
    place = ["七年级", f"七（{n % 60 + 1}）班"]
    return [child.roll_number, child.name, sex, child.born_on.isoformat(), *place, child.guardian, child.phone]


def timed(run: Callable[[], object]) -> float:
    begin = time.perf_counter()
    run()
    return round(time.perf_counter() - begin, 2)


if __name__ == "__main__":
    sys.exit(main())

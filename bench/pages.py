"""How long the ten busiest pages take on the server, with four grades of a real district loaded (25,316 pupils).

Plays the demonstration into a folder of its own the first time (some minutes), then asks each page as different people
for different things. Web process and its database connection share one core. Exit 0 when each p95 is within the limit.
"""

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from unittest import mock

if TYPE_CHECKING:
    from django.test import Client

    from baiye.accounts.models import User
    from baiye.rounds.models import Round

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
LIMIT_MS = 100
ASKS = 40  # different people or things a page
PASSES = 2  # measured, after a first one that warms up
GRADES = (8, 9, 6, 7)  # all of junior school; the demonstration alone loads the last two
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: who asks (nobody: a visitor) for which address."""

    user: "User | None"
    address: str


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; its figures on standard output, as lines or with --json as one object."""
    parser = argparse.ArgumentParser(prog="bench/pages.py", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(".local/bench"), help="its folder (default: %(default)s)")
    parser.add_argument("--limit", type=float, default=LIMIT_MS, help="ms that a p95 may take (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="figures for machines")
    args = parser.parse_args(argv)
    set_up(args.home)
    load()
    on_one_core()
    settle()
    figures = {name: measure(asks) for name, asks in pages().items()}
    report = {"pages": figures, "rows": rows(), "pupils": pupils(), "limit_ms": args.limit}
    same = all(len(set(counts.values())) == 1 for counts in report["rows"].values())
    report["ok"] = same and all(each["p95_ms"] <= args.limit for each in figures.values())
    sys.stdout.write((json.dumps(report) if args.json else "\n".join(lines(report))) + "\n")
    return 0 if report["ok"] else 1


def set_up(home: Path) -> None:
    """Django on the benchmark's own database, whatever else the environment names; as in production, without DEBUG."""
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"BAIYE_HOME": str(home.resolve()), "DJANGO_SETTINGS_MODULE": "baiye.config.settings"}
    os.environ |= {"DEBUG": "0", "DATABASE_POOL": "0", "BAIYE_MODE": "development"}
    import django

    from baiye.config import database

    django.setup()
    database.start()


def settle() -> None:
    """What the web server does before its first request."""
    from baiye.config import running

    running.settle()


def load() -> None:
    """The demonstration with all four grades, where it is not there yet."""
    from django.core.management import call_command
    from django.db import connection

    from baiye.demo.story import schools

    call_command("migrate", verbosity=0)
    if pupils() < 25_000:
        sys.stderr.write("loading 25,000 pupils; this takes some minutes, and only the first time\n")
        with mock.patch.object(schools, "GRADES", GRADES):
            call_command("demo", json=True, stdout=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def pupils() -> int:
    from baiye.schools.models import Pupil

    return Pupil.objects.count()


def on_one_core() -> None:
    """Bind this process, and where we may its database backend too, to one and the same core."""
    from django.db import connection

    if not hasattr(os, "sched_setaffinity"):
        return
    core = {max(os.sched_getaffinity(0))}
    os.sched_setaffinity(0, core)
    with connection.cursor() as cursor, suppress(PermissionError):
        cursor.execute("SELECT pg_backend_pid()")
        os.sched_setaffinity(int(cursor.fetchone()[0]), core)


# ── what is asked ──


def pages() -> dict[str, list[Ask]]:
    """The ten pages, by name; why these: bench/README.md."""
    from django.urls import reverse

    from baiye.rounds.models import Round

    finished, opened = Round.objects.filter(is_example=True).order_by("pk")[:2]
    return {
        "pupil home": [Ask(user, reverse("rounds:home")) for user, _ in _pupils(finished, 20) + _pupils(opened, 20)],
        "courses": [Ask(user, reverse("rounds:courses", args=key)) for user, key in _pupils(opened)],
        "wishes": [Ask(user, reverse("rounds:wishes", args=key)) for user, key in _pupils(opened)],
        "result": [Ask(user, reverse("rounds:result", args=key)) for user, key in _pupils(finished)],
        "hours": [Ask(user, reverse("hours:mine")) for user, _ in _pupils(finished)],
        "class": _class_pages(opened),
        "door": _door_pages(finished),
        "round desk": _round_pages(finished, opened),
        "run list": _run_pages(finished),
        "register": [Ask(None, address) for address in _register_addresses()],
    }


def _pupils(round: "Round", number: int = ASKS) -> list[tuple["User", tuple[int, int]]]:
    """Pupils from all over the round, each with an account to ask as, and the key of their pages."""
    from baiye.accounts.models import User
    from baiye.schools.models import Pupil

    going = Pupil.objects.filter(school_class__entry_year=round.entry_year, left_on=None).order_by("pk")
    found = []
    for pupil in _spread(list(going.select_related("user")), number):
        if pupil.user is None:
            pupil.user = User.objects.create_user(f"bench{pupil.pk}", kind="pupil")
            pupil.save(update_fields=["user"])
        found.append((pupil.user, (round.pk, pupil.pk)))
    return found


def _class_pages(round: "Round") -> list[Ask]:
    from django.urls import reverse

    from baiye.schools.models import ClassTeacher

    teachers = ClassTeacher.objects.filter(school_class__entry_year=round.entry_year, ended_at=None).order_by("pk")
    return [
        Ask(each.user, reverse("rounds:class", args=(round.pk, each.school_class_id)))
        for each in _spread(list(teachers.select_related("user")))
    ]


def _door_pages(round: "Round") -> list[Ask]:
    """The fullest visits, each as the instructor of its host."""
    from django.urls import reverse

    from baiye.accounts.models import Grant
    from baiye.visits.models import Visit

    instructors = {grant.unit_id: grant.user for grant in Grant.objects.filter(role="host_instructor")}
    fullest = (
        Visit.objects.filter(round_visit__round=round).order_by("-taken", "pk").select_related("venue__host")[:ASKS]
    )
    return [Ask(instructors[v.venue.host.unit_id], reverse("attendance:visit", args=(v.pk,))) for v in fullest]


def _round_pages(*rounds: "Round") -> list[Ask]:
    from django.urls import reverse

    desk = _holders("coordinator", "district_officer")
    return list(islice(cycle(Ask(user, reverse("rounds:round", args=(r.pk,))) for r in rounds for user in desk), ASKS))


def _run_pages(round: "Round") -> list[Ask]:
    """Pages of the list of all pupils, in each order, and of each of some schools."""
    from django.urls import reverse

    from baiye.rounds.models import Run
    from baiye.rounds.queries.runs import schools_of

    run = Run.objects.filter(round=round, finished_at__isnull=False).latest("finished_at")
    orders = ("", "first", "-first", "wished", "-wished")
    asked = [f"page={page}&sort={order}" for order in orders for page in (1, 17, 60, 127)]
    asked += [f"school={pk}" for pk, _name in islice(schools_of(run), 14)]
    asked += [f"standing={standing}" for standing in ("all", "none", "short")] + ["q=王", "q=李", "q=陈"]
    users, address = cycle(_holders("coordinator", "district_officer")), reverse("rounds:run", args=(round.pk, run.pk))
    return [Ask(next(users), f"{address}?{query}") for query in asked]


def _register_addresses() -> list[str]:
    from django.urls import reverse

    from baiye.registry.kinds import FAMILIES
    from baiye.registry.models import MapShape

    streets = list(MapShape.objects.values_list("name", flat=True))
    asked = ["", "page=2", "page=3", "view=map", "evidence=confirmed", "evidence=lead"]
    asked += [f"q={word}" for word in ["学校", "中心", "馆", "公司", "医院", "消防", "桥", "河", "书", "车"]]
    asked += [f"family={family}" for family in FAMILIES] + [f"street={street}" for street in streets]
    return [f"{reverse('registry:host-list')}?{query}" for query in islice(cycle(asked), max(ASKS, len(asked)))]


def _holders(*names: str) -> list["User"]:
    from baiye.accounts.models import User

    return list(User.objects.filter(grants__role__in=names, grants__ended_at=None).distinct().order_by("pk"))


def _spread(found: Sequence[T], number: int = ASKS) -> list[T]:
    """So many of them, from first to last at even distances."""
    return [found[n * len(found) // number] for n in range(min(number, len(found)))]


# ── how it is measured ──


def measure(asks: Iterable[Ask]) -> dict[str, float]:
    """Milliseconds a request at the middle and at the 95th of a hundred, and the most queries that one made."""
    ready = [(_client(ask.user), ask.address) for ask in asks]
    queries = [_queries(client, address) for client, address in ready]  # warms up too
    took = sorted(_timed(client, address) for _ in range(PASSES) for client, address in ready)
    return {
        "p50_ms": _at(took, 0.50),
        "p95_ms": _at(took, 0.95),
        "queries": max(queries),
        "queries_least": min(queries),
        "requests": len(took),
    }


def rows() -> dict[str, dict[str, int]]:
    """List pages asked for one row and for three: how many queries each made."""
    from django.urls import reverse

    from baiye.registry.models import Host
    from baiye.rounds.models import Run
    from baiye.schools.models import Pupil

    def queries(user: "User | None", address: str, **query: Any) -> int:
        from django.utils.http import urlencode

        return _queries(_client(user), f"{address}?{urlencode(query)}")

    hosts = list(Host.objects.values_list("unit__name", flat=True))
    few = {n: next(p for name in hosts for p in _parts(name) if sum(p in each for each in hosts) == n) for n in (1, 3)}
    run = Run.objects.filter(finished_at__isnull=False).latest("finished_at")
    names = [p.name for p in Pupil.objects.filter(school_class__entry_year=run.round.entry_year)]
    same = {n: next(name for name in names if sum(name in each for each in names) == n) for n in (1, 3)}
    desk, run_address = _holders("coordinator")[0], reverse("rounds:run", args=(run.round_id, run.pk))
    return {
        "register": {str(n): queries(None, reverse("registry:host-list"), q=few[n]) for n in (1, 3)},
        "run list": {str(n): queries(desk, run_address, q=same[n]) for n in (1, 3)},
    }


def _parts(name: str) -> Iterable[str]:
    return (name[a:b] for a in range(len(name)) for b in range(a + 2, len(name) + 1))


def _client(user: "User | None") -> "Client":
    from django.test import Client

    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def _timed(client: "Client", address: str) -> float:
    begin = time.perf_counter()
    response = client.get(address)
    took = time.perf_counter() - begin
    if response.status_code != 200:
        raise SystemExit(f"{address}: {response.status_code}")
    return took * 1000


def _queries(client: "Client", address: str) -> int:
    from django.db import connection

    made = []

    def count(execute: Callable[..., Any], *given: Any) -> Any:
        made.append(given[0])
        return execute(*given)

    with connection.execute_wrapper(count):
        _timed(client, address)
    return len(made)


def _at(ordered: Sequence[float], share: float) -> float:
    return round(ordered[math.ceil(share * len(ordered)) - 1], 1)


def lines(report: dict[str, Any]) -> Iterable[str]:
    """The figures for people."""
    yield f"{report['pupils']} pupils; limit {report['limit_ms']:g} ms"
    for name, each in report["pages"].items():
        span = "{queries_least}–{queries}".format(**each)
        yield f"{name:12} p50 {each['p50_ms']:7.1f} ms  p95 {each['p95_ms']:7.1f} ms  {span:>7} queries"
    for name, counts in report["rows"].items():
        yield f"{name:12} queries with 1 row {counts['1']}, with 3 rows {counts['3']}"
    yield "ok" if report["ok"] else "NOT ok"


if __name__ == "__main__":
    sys.exit(main())

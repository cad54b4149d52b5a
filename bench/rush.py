"""The opening minute: 6,000 guardians press twice at once, on one visit of 500 seats and on 50 visits at the same time.

Both ways in are measured: the plain page behind the web server, and the batches of `baiye rush`. Client, web server
and PostgreSQL share one core; what counts is presses answered in a second of that core, client and database included.
Beside them, in the same run: what PostgreSQL's own pgbench books by one statement a commit, and how fast this machine
answers a Django page that books nothing. Exit 0 when nothing was sold twice and both ways are as fast as they must be.
"""

import argparse
import gc
import json
import os
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import made_rush
import rush_ceiling
from rush_client import Answer, ask_all
from rush_machine import Machine, Spent, free_port

# pretix 2026.8.0 on one core of a 2-core EPYC virtual machine, REST POST of free orders, gunicorn with 2 workers, 16
# clients: orders per second of the core; and what the same core answered of `rush_bare.py`'s page, with 2 processes.
PRETIX, PRETIX_BARE = 8.2, 480
PLAIN_BAR, BATCH_BAR, P99_BAR_S = 20, 1, 1.0
PUPILS, AT_ONCE = 6000, 500
BATCH_TIMES = 3  # the machine is not equally fast all the time: each beside what pgbench gave before and after it
ENVIRONMENT = {"BAIYE_MODE": "development", "DEBUG": "0", "DJANGO_SETTINGS_MODULE": "baiye.config.settings"}
OVERSOLD = """
SELECT count(*) FROM visits_visit v
WHERE v.taken + v.offered > v.seats
   OR v.taken <> (SELECT count(*) FROM visits_seat s WHERE s.visit_id = v.id AND s.given_up_at IS NULL)
"""
OVERLAPS = """
SELECT count(*) FROM visits_seat a JOIN visits_seat b ON b.pupil_id = a.pupil_id AND b.id > a.id AND a.span && b.span
WHERE a.given_up_at IS NULL AND b.given_up_at IS NULL
"""
MADE = """
SELECT count(*), count(seat_id), (SELECT count(*) FROM core_event WHERE kind = 'booking.made'),
  (SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'bookings.tell_press')
FROM bookings_booking
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; its figures on standard output, as lines or with --json as one object."""
    parser = argparse.ArgumentParser(prog="bench/rush.py", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(".local/bench-rush"), help="its folder (%(default)s)")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)), help="the core (%(default)s)")
    parser.add_argument("--pupils", type=int, default=PUPILS, help="how many press (default: %(default)s)")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="connections at any moment (%(default)s)")
    parser.add_argument("--json", action="store_true", help="figures for machines")
    args = parser.parse_args(argv)
    machine = Machine(args.home.resolve(), args.core)
    set_up(machine)
    try:
        report = measure(machine, made_rush.world(args.pupils), args.at_once)
    finally:
        machine.end()
    sys.stdout.write((json.dumps(report) if args.json else "\n".join(lines(report))) + "\n")
    return 0 if report["ok"] else 1


def set_up(machine: Machine) -> None:
    """Django on the benchmark's own database, whatever else the environment names; as in production, without DEBUG."""
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"BAIYE_HOME": str(machine.home), "DATABASE_POOL": "0"} | ENVIRONMENT
    machine.begin()
    import django

    django.setup()


def measure(machine: Machine, world: made_rush.World, at_once: int) -> dict[str, Any]:
    """Everything the benchmark has to say."""
    runs: dict[str, dict[str, Any]] = {}
    ceilings, bares, batches = [rush_ceiling.ceiling(machine)], [], []
    for _ in range(BATCH_TIMES):
        batches.append(rush(machine, made_rush.presses(world, world.one), "batch", at_once))
        ceilings.append(rush_ceiling.ceiling(machine))
    runs |= {f"batch_one_{n}": run for n, run in enumerate(batches, 1)}
    runs["batch_many"] = rush(machine, made_rush.presses(world, world.many), "batch", at_once)
    runs["batch_once"] = rush(machine, made_rush.presses(world, world.one, times=1), "batch", at_once)
    bares.append(rate_of_bare(machine, world, at_once=64))
    for what, openings in (("plain_one", world.one), ("plain_many", world.many)):
        runs[what] = rush(machine, made_rush.presses(world, openings), "plain", at_once)
        bares.append(rate_of_bare(machine, world, at_once=64))
    return judged(runs, ceilings, bares) | {"pupils": len(world.guardians), "at_once": at_once}


def judged(runs: dict[str, dict[str, Any]], ceilings: list[dict[str, float]], bares: list[float]) -> dict[str, Any]:
    """The runs beside what they are held against, which was measured before and after them."""
    ceiling = {what: statistics.mean(each[what] for each in ceilings) for what in ceilings[0]}
    hot = [statistics.mean(each["hot"] for each in pair) for pair in pairwise(ceilings)]
    batches = [runs[f"batch_one_{n}"] for n in range(1, BATCH_TIMES + 1)]
    pretix = [PRETIX * statistics.mean(pair) / PRETIX_BARE for pair in pairwise(bares)]
    plain = [runs[name]["per_core_s"] for name in ("plain_one", "plain_many")]
    report: dict[str, Any] = {"runs": runs, "pgbench": ceiling, "pgbench_each": ceilings}
    report |= {"bare_per_core_s": statistics.mean(bares), "bare_each": bares}
    report["pretix_here_per_core_s"] = statistics.mean(pretix)
    report["oversold"] = sum(run["oversold"] for run in runs.values())
    report["overlaps"] = sum(run["overlaps"] for run in runs.values())
    report["other_answers"] = sum(run["other_answers"] for run in runs.values())
    report["plain_vs_pretix"] = min(ours / theirs for ours, theirs in zip(plain, pretix, strict=True))
    each = [ours["per_core_s"] / theirs for ours, theirs in zip(batches, hot, strict=True)]
    report |= {"batch_vs_pgbench_each": each, "batch_vs_pgbench_hot": statistics.median(each)}
    report["batch_p99_s"] = max(run["p99_s"] for run in (*batches, runs["batch_many"]))
    report["ok"] = (
        report["oversold"] == report["overlaps"] == report["other_answers"] == 0
        and all(run["whole"] for run in runs.values())
        and report["plain_vs_pretix"] >= PLAIN_BAR
        and report["batch_vs_pgbench_hot"] >= BATCH_BAR
        and report["batch_p99_s"] <= P99_BAR_S
    )
    return report


# ── one run ──


def rush(machine: Machine, presses: list[made_rush.Press], way: str, at_once: int) -> dict[str, Any]:
    """Everybody presses, on a fresh copy of the database; what came of it, and how fast."""
    with machine.database("rush", template="baiye") as name:
        port = free_port()
        command = ["-m", "baiye.config.cli"]
        command += ["rush", f"--port={port}"] if way == "batch" else ["serve", f"--port={port}", *PLAIN]
        machine.serve(name, port, *command, **ENVIRONMENT)
        requests = [made_rush.request(press.guardian, press.opening, press.key, port) for press in presses]
        ask_all((made_rush.HOST, port), [_page(port)] * 20, at_once=4)  # every process has begun
        gc.collect()
        gc.freeze()  # what the benchmark holds is not looked through while the core is measured
        with machine.core_time() as spent:
            answers = ask_all((made_rush.HOST, port), requests, at_once=at_once)
        machine.stop_servers()
        return figures(answers, spent) | outcome(machine, name, presses, answers)


PLAIN = ("--processes=1", "--threads=1")  # the fastest for one core: two of anything take it from each other


def _page(port: int) -> bytes:
    return f"GET /healthz HTTP/1.1\r\nHost: {made_rush.HOST}:{port}\r\nConnection: close\r\n\r\n".encode()


def rate_of_bare(machine: Machine, world: made_rush.World, *, at_once: int) -> float:
    """Requests a core-second of the page that books nothing."""
    with machine.database("rush", template="baiye") as name:
        port = free_port()
        words = ["--interface=wsgi", "--workers=2", "--blocking-threads=1", "--no-log", f"--port={port}"]
        here = {"DJANGO_SETTINGS_MODULE": "rush_bare", "PYTHONPATH": os.pathsep.join(sys.path[:2])}
        machine.serve(name, port, "-m", "granian", *words, "baiye.config.wsgi:application", **(ENVIRONMENT | here))
        presses = made_rush.presses(world, world.one)[:3000]
        requests = [made_rush.request(press.guardian, press.opening, press.key, port) for press in presses]
        ask_all((made_rush.HOST, port), requests[:100], at_once=8)
        with machine.core_time() as spent:
            answers = ask_all((made_rush.HOST, port), requests, at_once=at_once)
        machine.stop_servers()
    if Counter(answer.status for answer in answers) != {200: len(requests)}:
        raise RuntimeError("the bare page did not answer as it should")
    return len(answers) / spent.seconds


def figures(answers: list[Answer], spent: Spent) -> dict[str, Any]:
    """How fast they came, and what each cost."""
    took = sorted(answer.seconds for answer in answers)
    return {
        "answers": len(answers),
        "statuses": {str(status): n for status, n in sorted(Counter(answer.status for answer in answers).items())},
        "per_core_s": len(answers) / spent.seconds,
        "per_s": len(answers) / spent.clock_s,
        "core_share": spent.seconds / spent.clock_s,
        "client_us": spent.client_s / len(answers) * 1e6,
        "web_us": spent.web_s / len(answers) * 1e6,
        "database_us": spent.database_s / len(answers) * 1e6,
        "p50_s": statistics.median(took),
        "p95_s": took[int(len(took) * 0.95)],
        "p99_s": took[int(len(took) * 0.99)],
    }


def outcome(machine: Machine, database: str, presses: list[made_rush.Press], answers: list[Answer]) -> dict[str, Any]:
    """What stands in the database; and how many requests were answered in two ways."""
    with machine.server.connect(database) as connection:
        oversold, overlaps = (int(str(connection.execute(sql).fetchall()[0][0])) for sql in (OVERSOLD, OVERLAPS))
        bookings, seats, events, jobs = (int(str(n)) for n in connection.execute(MADE).fetchall()[0])
    said: dict[object, set[tuple[object, ...]]] = {}
    for press, answer in zip(presses, answers, strict=True):
        one = json.loads(answer.body) if answer.status == 200 else {}
        said.setdefault(press.key, set()).add(tuple(one.get(name) for name in ("state", "booking", "place")))
    made = {one[1] for kinds in said.values() for one in kinds if one[1] is not None}
    return {
        "oversold": oversold,
        "overlaps": overlaps,
        "other_answers": sum(len(kinds) - 1 for kinds in said.values()),
        "bookings": bookings,
        "seats": seats,
        "events": events,
        "jobs": jobs,
        "whole": bookings == events == jobs == len(made) and {answer.status for answer in answers} == {200},
    }


def lines(report: dict[str, Any]) -> list[str]:
    """The figures for people."""
    said = [f"{report['pupils']} pupils press twice, {report['at_once']} connections at once, one core for everything"]
    for name, run in report["runs"].items():
        said.append(
            f"{name:11} {run['per_core_s']:7.0f} a core-second  {run['per_s']:7.0f} a second  p50 {run['p50_s']:.3f} s"
            f"  p95 {run['p95_s']:.3f} s  p99 {run['p99_s']:.3f} s  {run['seats']} seats, {run['bookings']} bookings,"
            f" {run['events']} events, {run['jobs']} jobs; statuses {run['statuses']}"
        )
    pgbench = report["pgbench"]
    said.append(
        f"pgbench     {pgbench['hot']:.0f} a second on one sitting ({pgbench['hot_per_core_s']:.0f} a core-second),"
        f" {pgbench['spread']:.0f} on fifty ({pgbench['spread_per_core_s']:.0f})"
    )
    said.append(
        f"no booking {report['bare_per_core_s']:.0f} a core-second; pretix here {report['pretix_here_per_core_s']:.1f}"
    )
    said.append(
        f"oversold {report['oversold']}, overlaps {report['overlaps']}, other answers {report['other_answers']}"
    )
    said.append(
        f"plain {report['plain_vs_pretix']:.1f} × pretix (bar {PLAIN_BAR}),"
        f" batch {report['batch_vs_pgbench_hot']:.2f} × pgbench on one sitting (bar {BATCH_BAR}),"
        f" batch p99 {report['batch_p99_s']:.3f} s (bar {P99_BAR_S:.0f})"
    )
    return [*said, "ok" if report["ok"] else "NOT ok"]


if __name__ == "__main__":
    sys.exit(main())

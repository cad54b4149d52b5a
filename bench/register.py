"""How long the register and the catalogue take to search with 20,000 hosts and 50,000 courses, on one core.

Makes the rows in a folder of its own the first time (some minutes), then asks for words of one, two and more
characters, by sound and by first letters, with filters, orders and pages: the whole request, and beside it the search
alone against the plain way, a scan with LIKE. What counts is the time that a core worked for a request: this process
and its database backend together, which other programs on the machine do not lengthen; the clock's time stands beside
it. Exit 0 when each p95 of that work is within the limit.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pages
from made_register import COURSES, HOSTS, fill

if TYPE_CHECKING:
    from django.test import Client

LIMIT_MS = 100
ASKS = 60  # different questions of a kind


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; its figures on standard output, as lines or with --json as one object."""
    parser = argparse.ArgumentParser(prog="bench/register.py", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(".local/bench-register"), help="its folder (%(default)s)")
    parser.add_argument("--hosts", type=int, default=HOSTS, help="hosts to make (default: %(default)s)")
    parser.add_argument("--courses", type=int, default=COURSES, help="courses to make (default: %(default)s)")
    parser.add_argument("--limit", type=float, default=LIMIT_MS, help="ms that a p95 may take (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="figures for machines")
    args = parser.parse_args(argv)
    pages.set_up(args.home)
    fill(args.hosts, args.courses)
    pages.on_one_core()
    pages.settle()
    report = {"limit_ms": args.limit, "hosts": args.hosts, "courses": args.courses, "words": len(set(words()))}
    report["requests"] = {kind: requests(addresses) for kind, addresses in asked()}
    report["searches"] = {kind: beside(found) for kind, found in searches()}
    report["ok"] = all(each["p95_ms"] <= args.limit for each in report["requests"].values())
    sys.stdout.write((json.dumps(report) if args.json else "\n".join(lines(report))) + "\n")
    return 0 if report["ok"] else 1


# ── what is asked ──


def parts(length: int, names: Sequence[str]) -> list[str]:
    """``ASKS`` different pieces of names, of so many characters (0: three to six)."""
    drawn, found = random.Random(f"parts{length}"), dict[str, None]()  # noqa: S311 (a benchmark, not a secret)
    while len(found) < ASKS:
        name = drawn.choice(names)
        size = length or drawn.randint(3, 6)
        begin = drawn.randrange(max(1, len(name) - size + 1))
        found[name[begin : begin + size]] = None
    return list(found)


def kinds_of_words() -> dict[str, list[str]]:
    """Words by kind, cut from the names of hosts, courses and occupations."""
    from baiye.catalogue.models import Occupation
    from baiye.core import pinyin
    from baiye.registry.models import Host

    names = list(Host.objects.order_by("pk").values_list("unit__name", flat=True)[:5000])
    names += list(Occupation.objects.order_by("pk").values_list("name", flat=True)[:500])
    three, two = parts(0, names), parts(2, names)
    return {
        "1 character": parts(1, names),
        "2 characters": two,
        "3–6 characters": three,
        "first letters": ["".join(each[0] for each in pinyin.key(word).split()) for word in parts(3, names)],
        "2 first letters": ["".join(each[0] for each in pinyin.key(word).split()) for word in two],
        "by sound": [pinyin.key(word).replace(" ", "") for word in two],
        "not there": [f"{word}龘" for word in two],
    }


def words() -> Iterable[str]:
    """Every word asked for."""
    return (word for each in kinds_of_words().values() for word in each)


def asked() -> Iterator[tuple[str, list[str]]]:
    """Addresses of the register and of the courses, by kind of question."""
    from django.urls import reverse

    from baiye.registry.kinds import FAMILIES
    from baiye.registry.queries.register import streets

    register, courses = reverse("registry:host-list"), reverse("catalogue:course-list")
    by_kind = kinds_of_words()
    for kind, found in by_kind.items():
        yield f"hosts, {kind}", [f"{register}?{urlencode({'q': word})}" for word in found]
    two = by_kind["2 characters"]
    towns, origins = [shape.name for shape in streets()], [f"street-{shape.code}" for shape in streets()]
    filters: list[dict[str, object]] = [{"street": town, "family": family} for town in towns for family in FAMILIES]
    filters += [{"evidence": said, "stage": "初中"} for said in ("accredited", "confirmed", "stopped", "lead")]
    filters += [{"q": word, "access": 1, "keeper": 0} for word in two[:10]]
    filters += [{"occupation": word} for word in two[:10]]
    yield "hosts, filters", [f"{register}?{urlencode(each)}" for each in filters[:ASKS] + filters[-24:]]
    walks = [{"start": start, "minutes": 15, "sort": "distance"} for start in origins]
    yield "hosts, on foot", [f"{register}?{urlencode(each)}" for each in walks * 5]
    orders = [{"sort": sort, "page": page} for sort in ("name", "expiry", "") for page in range(1, 50, 4)]
    yield "hosts, orders and pages", [f"{register}?{urlencode(each)}" for each in orders]
    for kind in ("1 character", "2 characters", "3–6 characters", "first letters", "by sound"):
        yield f"courses, {kind}", [f"{courses}?{urlencode({'q': word})}" for word in by_kind[kind]]


def searches() -> Iterator[tuple[str, list[tuple[Callable[[], object], Callable[[], object]]]]]:
    """Our search beside the plain way, for the same word: the keys of the first page and the count."""
    for kind, found in kinds_of_words().items():
        yield kind, [(lambda word=word: ours(word), lambda word=word: scan(word)) for word in found]


def ours(word: str) -> tuple[list[int], int]:
    """The register's own search: first page and capped count."""
    from baiye.core.clock import today
    from baiye.core.search import CappedPaginator
    from baiye.registry.queries.register import Asked, find

    page = CappedPaginator(find(Asked(q=word), today()).values_list("pk", flat=True), 20, words=word).get_page(1)
    return list(page), page.paginator.count


def scan(word: str) -> tuple[list[int], int]:
    """The plain way: LIKE over the same columns and a regular expression over the sounds, with a full count."""
    from django.db.models import Q

    from baiye.core import pinyin
    from baiye.registry.models import Host

    hosts = Host.objects.filter(unit__is_example=False).order_by("evidence", "unit__pinyin", "pk")
    names = ("unit__name", "unit__short_name", "address", "street", "kind", "occupations")
    like = Q(*((f"{name}__icontains", word) for name in names), _connector=Q.OR)
    if letters := pinyin.pattern(word):
        like |= Q(unit__pinyin__regex=letters)
    found = hosts.filter(like)
    return list(found.values_list("pk", flat=True)[:20]), found.count()


# ── measuring ──


def requests(addresses: Sequence[str]) -> dict[str, float | int]:
    """Each address once to warm up and twice measured, as a visitor: work of both processes, of each, and the clock."""
    client, backend = pages._client(None), backend_clock()
    queries = [pages._queries(client, address) for address in addresses]
    took = [_worked(client, address, backend) for _ in range(2) for address in addresses]
    figures = {f"p{share}_ms": _at([web + data for web, data, _clock in took], share / 100) for share in (50, 95)}
    for n, name in enumerate(("web", "database", "clock")):
        figures |= {f"{name}_p{share}_ms": _at([each[n] for each in took], share / 100) for share in (50, 95)}
    return {**figures, "queries": max(queries), "requests": len(took)}


def backend_clock() -> int:
    """The clock that runs while the process behind our database connection has a core (Linux, its own machine)."""
    from django.db import connection

    connection.ensure_connection()
    return ~connection.connection.info.backend_pid << 3 | 2  # as clock_getcpuclockid of the C library makes it


def _worked(client: "Client", address: str, backend: int) -> tuple[float, float, float]:
    """Milliseconds that this process and the backend had a core, and that passed."""
    web, data = time.process_time(), time.clock_gettime(backend)
    clock = pages._timed(client, address)
    return (time.process_time() - web) * 1000, (time.clock_gettime(backend) - data) * 1000, clock


def beside(pairs: Sequence[tuple[Callable[[], Any], Callable[[], Any]]]) -> dict[str, float]:
    """Both ways in turn; refuses to compare when they find different hosts."""
    mine, plain = [], []
    for our, scan in pairs:
        took = [_ms(our), _ms(scan)]
        if took[0][1][0] != took[1][1][0]:
            raise SystemExit(f"the two ways differ: {took[0][1]} {took[1][1]}")
        mine.append(took[0][0])
        plain.append(took[1][0])
    figures = {"p50_ms": _at(mine, 0.5), "p95_ms": _at(mine, 0.95)}
    figures |= {"scan_p50_ms": _at(plain, 0.5), "scan_p95_ms": _at(plain, 0.95)}
    return figures | {"times_faster": round(_at(plain, 0.5) / max(_at(mine, 0.5), 0.1), 1)}


def _ms(run: Callable[[], Any]) -> tuple[float, Any]:
    run()
    begin = time.perf_counter()
    found = run()
    return (time.perf_counter() - begin) * 1000, found


def _at(took: Sequence[float], share: float) -> float:
    return pages._at(sorted(took), share)


def lines(report: dict[str, Any]) -> Iterable[str]:
    """The figures for people."""
    yield "{hosts} hosts, {courses} courses, {words} words; limit {limit_ms:g} ms".format(**report)
    for kind, each in report["requests"].items():
        share = each["p95_ms"] / report["limit_ms"]
        work = "p50 {p50_ms:6.1f}  p95 {p95_ms:6.1f} ms of a core".format(**each)
        beside = "database p95 {database_p95_ms:6.1f}  clock p95 {clock_p95_ms:6.1f} ms".format(**each)
        yield f"{kind:26} {work}  {beside}  {share:4.0%} of the limit"
    for kind, each in report["searches"].items():
        ours, plain = "p50 {p50_ms:6.1f}  p95 {p95_ms:6.1f} ms", "scan {scan_p50_ms:6.1f} {scan_p95_ms:6.1f} ms"
        yield f"{kind:26} {ours.format(**each)}  {plain.format(**each)}  {each['times_faster']:.1f} × faster"
    yield "ok" if report["ok"] else "NOT ok"


if __name__ == "__main__":
    sys.exit(main())

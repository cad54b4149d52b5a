"""The register as open data: the same rows for spreadsheets (CSV) and for programs (JSON)."""

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import StringIO

from django.db.models import QuerySet

from baiye.core.openapi import LICENCE, LICENCE_URL
from baiye.registry.linked import address_of
from baiye.registry.models import Host, Listing
from baiye.registry.queries.register import hosts_in_order
from baiye.registry.queries.verdicts import Verdict, verdicts

AT_A_TIME = 500
STATES = {
    "accredited": "已认定",
    "revoked": "认定已撤销",
    "suspended": "认定暂停",
    "expired": "认定已到期",
    "confirmed": "有公开记载，未认定",
    "lead": "线索，未证实",
}
COLUMNS = {  # name in JSON → heading in the spreadsheet
    "name": "名称",
    "kind": "类型",
    "evidence": "证据",
    "note": "说明",
    "occupations": "职业",
    "address": "地址",
    "street": "街镇",
    "lon": "经度",
    "lat": "纬度",
    "verdict": "结论",
    "standard": "认定标准",
    "keeper": "牵头部门",
    "number": "认定编号",
    "valid_from": "认定自",
    "valid_until": "认定至",
    "trust": "来源可信度",
    "source": "来源",
    "url": "网页",
}


def records(listings: QuerySet[Listing], on: date) -> Iterator[dict[str, object]]:
    """One record a host, in the order of ``listings``; two queries for five hundred."""
    keys = list(listings.values_list("pk", flat=True))
    for begin in range(0, len(keys), AT_A_TIME):
        yield from records_of(hosts_in_order(keys[begin : begin + AT_A_TIME]), on)


def records_of(hosts: Sequence[Host], on: date) -> Iterator[dict[str, object]]:
    """One record for each of ``hosts``; one query."""
    said = verdicts(hosts, on)
    for host in hosts:
        yield record(host, said[host.pk])


def record(host: Host, verdict: Verdict) -> dict[str, object]:
    """What is public of a host; no person's name and no phone is."""
    by = verdict.by
    keeper = by.standard.keeper if by else None
    return {
        "name": host.unit.name,
        "kind": host.kind,
        "evidence": str(host.get_evidence_display()),
        "note": "：".join(filter(None, [str(host.get_grounds_display()), host.evidence_note])),
        "occupations": host.occupations,
        "address": host.address,
        "street": host.street,
        "lon": host.lon,
        "lat": host.lat,
        "verdict": STATES[verdict.state],
        "standard": str(by.standard) if by else "",
        "keeper": keeper.name if keeper else "",
        "number": by.number if by else "",
        "valid_from": by.valid_from.isoformat() if by else None,
        "valid_until": by.valid_until.isoformat() if by else None,
        "trust": host.trust,
        "source": host.unit.source,
        "url": address_of(host),
    }


def as_csv(listings: QuerySet[Listing], on: date) -> Iterator[str]:
    """Lines for a spreadsheet, headings first; no cell is a formula."""
    yield "\ufeff" + _line(COLUMNS.values())  # the mark by which Excel takes it for UTF-8
    for each in records(listings, on):
        yield _line(_plain(each[name]) for name in COLUMNS)


def as_json(listings: QuerySet[Listing], at: datetime, on: date) -> Iterator[str]:
    """One JSON object with licence, moment and all hosts, a piece at a time."""
    head = {"title": "职业体验单位名单", "licence": LICENCE, "licence_url": LICENCE_URL, "as_of": at.isoformat()}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "hosts": ['
    before = "\n"
    for each in records(listings, on):
        yield before + json.dumps(each, ensure_ascii=False)
        before = ",\n"
    yield "\n]}\n"


def _line(cells: object) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)  # type: ignore[arg-type]
    return line.getvalue()


def _plain(cell: object) -> object:
    """What a spreadsheet would take for a formula, as words."""
    said = "、".join(map(str, cell)) if isinstance(cell, list) else "" if cell is None else cell
    return f"'{said}" if str(said).startswith(("=", "+", "-", "@", "\t", "\r")) else said

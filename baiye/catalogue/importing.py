"""Public lists of occupations, reported courses and events become rows of the catalogue; nothing is deleted."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db import transaction

from baiye.accounts.models import Unit
from baiye.catalogue.models import Occupation, OccupationAlias, ReportedCourse, ReportedEvent, Series, SeriesStep
from baiye.core import pinyin
from baiye.core.importing import Counts, put
from baiye.registry.models import Host

USABLE = {"A", "B", "C"}  # how far a source is trusted; "U" has no usable address
RAINBOW = "半马苏河 彩虹学院"
CLASSIFICATION_2022 = date(2022, 9, 28)  # 《职业分类大典（2022 年版）》was made public that day


@transaction.atomic
def import_occupations(
    rows: Iterable[Mapping[str, str]],
    interests: Iterable[Mapping[str, str]],
    added: Iterable[Mapping[str, str]] = (),
) -> Counts:
    """Make the table hold every occupation (细类) of ``rows``, with O*NET interests where ``interests`` has them.

    Columns: level, code, name, source; code_2022, riasec_top3, source; and of those ``added`` later code, name,
    valid_from, source.
    """
    known = {row["code_2022"]: row for row in interests}
    occupations = []

    for row in (row for row in rows if row["level"] == "细类"):
        interest = known.get(row["code"])
        occupations.append(
            {
                "code": row["code"],
                "name": row["name"],
                "pinyin": pinyin.key(row["name"])[:240],
                "riasec": interest["riasec_top3"] if interest else "",
                "valid_from": CLASSIFICATION_2022,
                "source": (interest or row)["source"][:200],
            }
        )
    for row in added:
        facts = {"code": row["code"], "name": row["name"], "pinyin": pinyin.key(row["name"])[:240], "riasec": ""}
        occupations.append(facts | {"valid_from": date.fromisoformat(row["valid_from"]), "source": row["source"][:200]})
    return put(Occupation, ["code"], occupations)


@transaction.atomic
def import_aliases(rows: Iterable[Mapping[str, str]]) -> Counts:
    """Make the table hold the older codes of ``rows``; one whose occupation is not there is left out.

    Columns: code, code_2022, valid_from, source.
    """
    rows = list(rows)
    known = dict(Occupation.objects.filter(code__in={row["code_2022"] for row in rows}).values_list("code", "pk"))
    aliases = [
        {
            "code": row["code"],
            "occupation_id": known[row["code_2022"]],
            "valid_from": date.fromisoformat(row["valid_from"]),
            "source": row["source"][:200],
        }
        for row in rows
        if row["code_2022"] in known
    ]
    return put(OccupationAlias, ["code"], aliases, skipped=len(rows) - len(aliases))


@transaction.atomic
def import_reported_courses(rows: Iterable[Mapping[str, str]]) -> Counts:
    """Make the catalogue hold the courses that public sources tell of; one whose host is not stated has none.

    Columns: title, host, occupation, stage, date, detail, trust ("U" is left out), source.
    """
    hosts = dict(Host.objects.filter(unit__is_example=False).values_list("unit__name", "pk"))
    courses, skipped = [], 0
    for row in rows:
        if row["trust"] not in USABLE:
            skipped += 1
            continue
        courses.append(
            {
                "title": row["title"],
                "host_text": row["host"],
                "host_id": hosts.get(row["host"]),
                "occupation_text": row["occupation"],
                "audience": row["stage"],
                "held": row["date"],
                "note": row["detail"],
                "trust": row["trust"],
                "source": row["source"],
            }
        )
    return put(ReportedCourse, ["title", "host_text"], courses, skipped=skipped)


@transaction.atomic
def import_reported_events(rows: Iterable[Mapping[str, str]]) -> Counts:
    """Make the catalogue hold the events in the district that public sources tell of.

    Columns: title, kind, date, time, place, organiser_or_host, audience, attended, capacity, notes, in_putuo ("yes"),
    trust ("U" is left out), source.
    """
    rows = list(rows)
    events = [
        {
            "title": row["title"],
            "kind": row["kind"],
            "held": row["date"],
            "hours": row["time"],
            "place": row["place"],
            "organiser": row["organiser_or_host"],
            "audience": row["audience"],
            "attended": row["attended"],
            "capacity": row["capacity"],
            "note": row["notes"],
            "trust": row["trust"],
            "source": row["source"],
        }
        for row in rows
        if row["trust"] in USABLE and row["in_putuo"] == "yes"
    ]
    return put(ReportedEvent, ["title", "held"], events, skipped=len(rows) - len(events))


@transaction.atomic
def import_rainbow_academy(rows: Iterable[Mapping[str, str]], *, district: Unit) -> Counts:
    """Make the series 半马苏河 彩虹学院 as its source tells of it, with the courses reported of it as its stops.

    What it holds once it is there is for the coordination centre to say: it is made once and not changed again.
    """
    told = [row for row in rows if row["title"].startswith(RAINBOW) and row["trust"] in USABLE]
    if not told:
        return Counts()
    series, is_new = Series.objects.get_or_create(
        slug="rainbow-academy",
        defaults={
            "unit": district,
            "title": RAINBOW,
            "glyph": "虹",
            "riasec": "S",
            "about": "团区委面向少先队员的系列活动，文件列出金融家、社区工作者、科学家、律师；分期题目与日期没有找到。",
            "trust": told[0]["trust"],
            "source": told[0]["source"],
        },
    )
    if not is_new:
        return Counts(same=1)
    reports = ReportedCourse.objects.filter(title__startswith=RAINBOW).order_by("title")
    SeriesStep.objects.bulk_create(
        SeriesStep(series=series, place=place, reported=report) for place, report in enumerate(reports, 1)
    )
    return Counts(added=1)


def stations_as_hosts(rows: Iterable[Mapping[str, str]], *, known: Collection[str]) -> list[dict[str, str]]:
    """Employment stations in the columns of hosts.csv: each a lead, for none is proven to receive pupils.

    Those that are ``known`` by name stand among the hosts already.
    Columns: name, kind, street, address, services, notes, trust, source.
    """
    empty = dict.fromkeys(("occupations", "lon", "lat", "opening"), "")
    return [
        empty
        | {
            "name": row["name"],
            "type": "就业服务",
            "address": row["address"],
            "street": row["street"],
            "evidence": "candidate",
            "evidence_detail": "；".join(filter(None, (row["kind"], row["services"], row["notes"]))),
            "trust": row["trust"],
            "source": row["source"],
        }
        for row in rows
        if row["name"] not in known
    ]

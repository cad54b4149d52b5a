"""Public lists of occupations and of reported courses become rows of the catalogue; nothing is deleted."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from baiye.catalogue.models import Occupation, ReportedCourse
from baiye.core import pinyin
from baiye.core.importing import Counts, put
from baiye.registry.models import Host

CLASSIFICATION_2022 = date(2022, 9, 28)  # 《职业分类大典（2022 年版）》was made public that day


@transaction.atomic
def import_occupations(rows: Iterable[Mapping[str, str]], interests: Iterable[Mapping[str, str]]) -> Counts:
    """Make the table hold every occupation (细类) of ``rows``, with O*NET interests where ``interests`` has them.

    Columns: level, code, name, source; and code_2022, riasec_top3, source.
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
    return put(Occupation, ["code"], occupations)


@transaction.atomic
def import_reported_courses(rows: Iterable[Mapping[str, str]]) -> Counts:
    """Make the catalogue hold the courses that public sources tell of; one whose host is not stated has none.

    Columns: title, host, occupation, stage, date, detail, trust ("U" is left out), source.
    """
    hosts = dict(Host.objects.filter(unit__is_example=False).values_list("unit__name", "pk"))
    courses, skipped = [], 0
    for row in rows:
        if row["trust"] not in {"A", "B", "C"}:
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

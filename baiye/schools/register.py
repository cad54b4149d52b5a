"""The register of schools: rows of a public list become units and schools; a school is never deleted."""

import hashlib
import re
from collections.abc import Iterable, Mapping

from django.db import transaction

from baiye.accounts.actions.units import make_unit, note_source
from baiye.accounts.models import Unit, User
from baiye.core.importing import Counts, put
from baiye.schools.models import STAGES, School


@transaction.atomic
def import_schools(rows: Iterable[Mapping[str, str]], *, district: Unit, by: User | None = None) -> Counts:
    """Make the register hold the schools of ``rows``; vocational schools are hosts and left to that register.

    Columns: code (admission code 招生代码, may be empty), name, stages ("primary;junior"), nature, address, street,
    lon, lat (WGS84), trust ("U" is left out), source.
    """
    schools, skipped = [], 0
    for row in rows:
        stages = [stage for stage in row["stages"].split(";") if stage in dict(STAGES)]
        if row["trust"] == "U" or not stages or stages == ["vocational"]:
            skipped += 1
            continue
        name = row["name"]
        short_name = re.sub(rf"^上海市(?:{district.name})?", "", name)
        unit = make_unit(parent=district, kind="school", name=name, by=by, short_name=short_name, source=row["source"])
        schools.append(
            {
                "unit_id": unit.pk,
                "code": row["code"] or _own_code(name),
                "stages": stages,
                "nature": row["nature"],
                "address": row["address"],
                "street": row["street"],
                "lon": float(row["lon"]) if row["lon"] else None,
                "lat": float(row["lat"]) if row["lat"] else None,
            }
        )
        note_source(unit=unit, source=row["source"])
    return put(School, ["unit_id"], schools, skipped=skipped)


def _own_code(name: str) -> str:
    """A code for a school whose public one is not known; the same for the same name."""
    return "N" + hashlib.sha256(name.encode()).hexdigest()[:10]

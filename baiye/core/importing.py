"""What every importer of public registers does: read rows, add what is new, change what differs, never delete."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import models


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import did with its rows."""

    added: int = 0
    changed: int = 0
    same: int = 0
    skipped: int = 0  # rows that may not be shown as fact, or say nothing we keep

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a UTF-8 file with a header line; cells without the spaces around them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{name: (cell or "").strip() for name, cell in row.items()} for row in csv.DictReader(file)]


def put(
    model: type[models.Model], key: Sequence[str], rows: Sequence[Mapping[str, Any]], *, skipped: int = 0
) -> Counts:
    """Make the table hold ``rows`` (all with the same fields), known by the fields of ``key``; three statements."""
    manager = model._default_manager
    standing = {tuple(getattr(row, name) for name in key): row for row in manager.all()}
    new, changed, fields = [], [], [name for name in (rows[0] if rows else {}) if name not in key]
    for row in rows:
        found = standing.get(tuple(row[name] for name in key))
        if found is None:
            new.append(model(**row))
        elif any(getattr(found, name) != row[name] for name in fields):
            for name in fields:
                setattr(found, name, row[name])
            changed.append(found)
    manager.bulk_create(new, batch_size=1000)
    if changed:
        manager.bulk_update(changed, [model._meta.get_field(name).name for name in fields], batch_size=1000)
    return Counts(len(new), len(changed), len(rows) - len(new) - len(changed), skipped)

"""Rows against the database: what is new, changed, the same, and what cannot be; written row by row in savepoints."""

import hashlib
import json
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from baiye.core.refusals import Refused
from baiye.core.sheets.columns import Column
from baiye.core.sheets.kinds import Blame, Entry, Found, Sheet, Worker
from baiye.core.sheets.rows import Mistake, Reading, mistake
from baiye.core.sheets.sentences import sentence
from baiye.core.sheets.values import BadValue


@dataclass(frozen=True, slots=True)
class Line:
    """One row that goes in: ``fields`` are (what, before, after)."""

    sheet: str
    row: int
    name: str
    pk: int | None
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(slots=True)
class Plan:
    """What a file does."""

    added: list[Line] = field(default_factory=list)
    changed: list[Line] = field(default_factory=list)
    same: int = 0
    mistakes: list[Mistake] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        bad = len({(each.sheet, each.row) for each in self.mistakes})
        return {"added": len(self.added), "changed": len(self.changed), "same": self.same, "errors": bad}

    def findings(self) -> dict[str, list[dict[str, Any]]]:
        lines = {
            kind: [
                {"sheet": each.sheet, "row": each.row, "name": each.name, "fields": [list(one) for one in each.fields]}
                for each in found
            ]
            for kind, found in (("added", self.added), ("changed", self.changed))
        }
        return lines | {"errors": [each.as_dict() for each in self.mistakes]}

    def fingerprint(self) -> str:
        """The same for the same rows, rows of the database, and changes."""
        pks = [each.pk for each in self.changed]
        said = json.dumps([self.findings(), pks, self.same], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def carry_out(sheet: Sheet, reading: Reading, by: Any) -> Plan:
    """Write every row that can be written, inside the caller's transaction, which may roll all of it back.

    A dry run is the same, rolled back: what a room's actions would refuse is found before anything is asked.
    """
    plan = Plan(mistakes=list(reading.mistakes))
    worker = sheet.worker(by, reading.entries)
    columns = {column.name: column for column in sheet.columns}
    first: dict[Hashable, int] = {}
    for entry in reading.entries:
        try:
            with transaction.atomic():
                _carry_out(plan, sheet, columns, worker, entry, first)
        except Blame as blame:
            plan.mistakes.append(mistake(reading, entry, columns.get(blame.column), str(blame)))
        except Refused as refusal:
            plan.mistakes.append(mistake(reading, entry, None, str(refusal)))
        except IntegrityError as error:
            why = _("数据库不收这一行：%(rule)s。请核对各格是否矛盾") % {"rule": _rule(error)}
            plan.mistakes.append(mistake(reading, entry, None, why))
        except PermissionDenied:
            plan.mistakes.append(mistake(reading, entry, None, _("这一行不归您管，请删掉这一行")))
    plan.mistakes.sort(key=lambda each: (each.sheet, each.row))
    return plan


def _carry_out(
    plan: Plan, sheet: Sheet, columns: dict[str, Column], worker: Worker, entry: Entry, first: dict[Hashable, int]
) -> None:
    found = worker.find(entry)
    if found.key in first:
        raise Blame(sheet.known_by[0], sentence("twice", {"row": first[found.key], "unit": str(sheet.unit)}))
    first[found.key] = entry.row
    if found.pk is None:
        for column in sheet.columns:
            if column.must and column.name not in entry.values:
                raise Blame(column.name, sentence("empty", {}))
        worker.write(entry, found, entry.values)
        plan.added.append(Line(entry.sheet, entry.row, found.name, None))
        return
    fields = {
        name: value
        for name, value in entry.values.items()
        if name in found.standing and _differs(columns[name], found.standing[name], value)
    }
    if not fields:
        plan.same += 1
        return
    worker.write(entry, found, fields)
    plan.changed.append(Line(entry.sheet, entry.row, found.name, found.pk, _told(columns, found, fields)))


def _rule(error: IntegrityError) -> str:
    """The name of the constraint that refused a row: a room's action should have said it in words before."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "?"


def _differs(column: Column, standing: Any, value: Any) -> bool:
    """Whether a cell says something new: what an export writes for ``standing``, read again, is not ``value``."""
    written = column.write(standing)
    try:
        return not written or bool(column.read(written) != value)
    except BadValue:
        return True  # what stands could not come in so today


def _told(columns: dict[str, Column], found: Found, fields: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (str(columns[name].label), columns[name].shown(found.standing[name]), columns[name].shown(value))
        for name, value in fields.items()
    )

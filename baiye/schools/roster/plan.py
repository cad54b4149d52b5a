"""What an import would do: pure comparison of what the file says with what the database knows."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from baiye.core import crypto
from baiye.schools.models import SchoolClass
from baiye.schools.roll import mask_phone, mask_roll
from baiye.schools.roster.rows import ClassKey, Entry, Mistake, Reading
from baiye.schools.roster.sentences import COLUMNS

SHOWN_ADDED = 2000  # of the new pupils, how many stand in the findings by name


@dataclass(slots=True)
class Known:
    """A pupil as the database has them; ``contacts`` are those of the roster, ``vouched`` phones others added."""

    pk: int
    blind: str
    roll_sealed: bytes
    name: str
    sex: str
    born_on: date
    school_id: int
    school_class: ClassKey
    is_here: bool  # has not left
    in_scope: bool  # of the person who imports
    contacts: dict[str, tuple[str, bytes]] = field(default_factory=dict)  # blind phone → name, sealed phone
    vouched: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Change:
    """A pupil whom the file has differently: field → (old, new) as shown to a person."""

    entry: Entry
    known: Known
    fields: dict[str, tuple[str, str]]
    moved: bool  # to another class or school, or back after leaving


@dataclass(slots=True)
class Plan:
    """What would happen, and what cannot. ``left`` is a suggestion: only a person's tick makes a leaver."""

    added: list[Entry] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    left: list[Known] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    same: int = 0

    def counts(self) -> dict[str, int]:
        moved = sum(change.moved for change in self.changed)
        return {
            "added": len(self.added),
            "changed": len(self.changed) - moved,
            "moved": moved,
            "left": len(self.left),
            "same": self.same,
            "errors": len({mistake.place for mistake in self.mistakes}),
        }

    def fingerprint(self) -> str:
        """A digest of everything that applying would write: it changes when the database did in the meantime."""
        added = sorted((crypto.blind(entry.roll), str(entry)) for entry in self.added)
        changed = sorted((change.known.pk, str(change.fields), str(change.entry)) for change in self.changed)
        left = sorted(known.pk for known in self.left)
        return hashlib.sha256(json.dumps([added, changed, left], ensure_ascii=False).encode()).hexdigest()


def make_plan(reading: Reading, known: Mapping[str, Known], school_id: int, on: date) -> Plan:
    """Compare; ``known`` holds the school's pupils and all others whose roll number the file names, by blind number."""
    plan = Plan(mistakes=list(reading.mistakes))
    for entry in reading.entries:
        pupil = known.get(crypto.blind(entry.roll))
        if pupil is None:
            plan.added.append(entry)
        elif pupil.school_id != school_id and pupil.is_here and not pupil.in_scope:
            value = mask_roll(entry.roll)
            plan.mistakes.append(Mistake(entry.place, "roll", "", value, "roll_elsewhere"))
        elif fields := _differences(entry, pupil, school_id, on):
            moved = not fields.keys().isdisjoint({"class", "school", "back"})
            plan.changed.append(Change(entry, pupil, fields, moved))
        else:
            plan.same += 1
    here = (pupil for pupil in known.values() if pupil.school_id == school_id and pupil.is_here)
    named = {crypto.blind(number) for number in reading.seen}
    years = {entry.school_class[:2] for entry in reading.entries}  # a file of one grade says nothing about the others
    plan.left = [
        pupil
        for pupil in here
        if pupil.school_class[:2] in years and pupil.blind not in named and pupil.name not in reading.unsure
    ]
    return plan


def _differences(entry: Entry, known: Known, school_id: int, on: date) -> dict[str, tuple[str, str]]:
    fields = {}
    for name, old, new in (("name", known.name, entry.name), ("sex", known.sex, entry.sex)):
        if old != new:
            fields[name] = (old, new)
    if known.born_on != entry.born_on:
        fields["born_on"] = (known.born_on.isoformat(), entry.born_on.isoformat())
    if known.school_class != entry.school_class or known.school_id != school_id:
        fields["class"] = (class_text(known.school_class, on), class_text(entry.school_class, on))
    if known.school_id != school_id:
        fields["school"] = ("", "")
    if not known.is_here:
        fields["back"] = ("", "")
    return fields | _guardian_difference(entry, known)


def _guardian_difference(entry: Entry, known: Known) -> dict[str, tuple[str, str]]:
    if entry.guardians is None:
        return {}
    wanted = {crypto.blind(phone): (name, phone) for name, phone in entry.guardians}
    had = {blind: name for blind, (name, _phone) in known.contacts.items()}
    if had == {blind: name for blind, (name, _phone) in wanted.items() if blind in had or blind not in known.vouched}:
        return {}
    old = [f"{name} {mask_phone(crypto.decrypt(sealed))}" for name, sealed in known.contacts.values()]
    new = [f"{name} {mask_phone(phone)}" for name, phone in entry.guardians]
    return {"guardian": ("、".join(old), "、".join(new))}


def class_text(key: ClassKey, on: date) -> str:
    """What a class is called on a day: 七（3）班."""
    stage, entry_year, number = key
    return SchoolClass(stage=stage, entry_year=entry_year, number=number).name(on)


def findings(plan: Plan, on: date) -> dict[str, list[dict[str, object]]]:
    """What the page shows, row by row, as plain JSON; roll numbers and phones are masked."""
    return {
        "errors": [
            {
                "sheet": each.place.sheet,
                "row": each.place.row,
                "column": each.column,
                "cell": each.cell,
                "value": each.value,
                "code": each.code,
                "facts": each.facts,
            }
            for each in plan.mistakes
        ],
        "added": [
            {
                "row": each.place.row,
                "roll": mask_roll(each.roll),
                "name": each.name,
                "class": class_text(each.school_class, on),
            }
            for each in plan.added[:SHOWN_ADDED]
        ],
        "changed": [_shown(each, on) for each in plan.changed if not each.moved],
        "moved": [_shown(each, on) for each in plan.changed if each.moved],
        "left": [
            {
                "pk": each.pk,
                "roll": mask_roll(crypto.decrypt(each.roll_sealed)),
                "name": each.name,
                "class": class_text(each.school_class, on),
            }
            for each in plan.left
        ],
    }


def _shown(change: Change, on: date) -> dict[str, object]:
    return {
        "row": change.entry.place.row,
        "roll": mask_roll(change.entry.roll),
        "name": change.entry.name,
        "class": class_text(change.entry.school_class, on),
        "fields": {name: list(pair) for name, pair in change.fields.items() if name in COLUMNS},
        "notes": [name for name in ("school", "back") if name in change.fields],
    }

"""A plan into the database, in a handful of statements, inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from baiye.accounts.models import User
from baiye.core import audit, clock, crypto, pinyin
from baiye.schools.models import GuardianContact, Pupil, PupilCode, School, SchoolClass
from baiye.schools.roster.plan import Change, Known, Plan
from baiye.schools.roster.rows import ClassKey, Entry

BATCH = 2000
CHANGE = """
UPDATE schools_pupil AS p SET school_class_id = v.school_class, name = v.name, pinyin = v.pinyin, sex = v.sex,
    born_on = v.born_on, left_on = NULL, joined_on = CASE WHEN v.back THEN %s ELSE p.joined_on END
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::date[], %s::boolean[])
    AS v(id, school_class, name, pinyin, sex, born_on, back)
WHERE p.id = v.id
"""
RENAME_USERS = """
UPDATE accounts_user AS u SET name = p.name FROM schools_pupil AS p
WHERE p.user_id = u.id AND p.id = ANY(%s::bigint[]) AND u.name <> p.name
"""
FORGET_CODES = """
DELETE FROM schools_phonecode AS p
USING schools_guardiancontact AS c, unnest(%s::bigint[], %s::text[]) AS v(pupil, blind)
WHERE p.contact_id = c.id AND c.pupil_id = v.pupil AND c.phone_blind = v.blind
"""
FORGET_CONTACTS = """
DELETE FROM schools_guardiancontact AS c USING unnest(%s::bigint[], %s::text[]) AS v(pupil, blind)
WHERE c.pupil_id = v.pupil AND c.phone_blind = v.blind
"""


def write(plan: Plan, leavers: Sequence[Known], *, school: School, by: User, at: datetime) -> None:
    """Add, change and mark as left; one event for each pupil touched."""
    classes = _classes(plan, school)
    added = _add(plan.added, classes, at)
    _change(plan.changed, classes, school, at)
    _write_contacts(plan, added)
    _leave(leavers, at)
    kinds = {
        "pupil.added": list(added.values()),
        "pupil.changed": [Pupil(pk=each.known.pk) for each in plan.changed if not each.moved],
        "pupil.moved": [Pupil(pk=each.known.pk) for each in plan.changed if each.moved],
        "pupil.left": [Pupil(pk=each.pk) for each in leavers],
    }
    for kind, pupils in kinds.items():
        audit.record_many(kind, by=by, on=pupils, at_unit=school.unit.path)


def _classes(plan: Plan, school: School) -> dict[ClassKey, int]:
    """The school's classes by key; those that are new are made."""
    wanted = {each.school_class for each in plan.added} | {each.entry.school_class for each in plan.changed}
    SchoolClass.objects.bulk_create(
        [SchoolClass(school=school, stage=key[0], entry_year=key[1], number=key[2]) for key in sorted(wanted)],
        ignore_conflicts=True,
    )
    found = SchoolClass.objects.filter(school=school).values_list("stage", "entry_year", "number", "pk")
    return {(stage, entry_year, number): pk for stage, entry_year, number, pk in found}


def _add(entries: Sequence[Entry], classes: dict[ClassKey, int], at: datetime) -> dict[str, Pupil]:
    made = [
        Pupil(
            school_class_id=classes[entry.school_class],
            roll_sealed=crypto.encrypt(entry.roll),
            roll_blind=crypto.blind(entry.roll),
            name=entry.name,
            pinyin=pinyin.key(entry.name)[:120],
            sex=entry.sex,
            born_on=entry.born_on,
            joined_on=clock.day_of(at),
        )
        for entry in entries
    ]
    Pupil.objects.bulk_create(made, batch_size=BATCH)
    return {pupil.roll_blind: pupil for pupil in made}


def _change(changes: Sequence[Change], classes: dict[ClassKey, int], school: School, at: datetime) -> None:
    if not changes:
        return
    ids = [each.known.pk for each in changes]
    columns: list[list[Any]] = [
        ids,
        [classes[each.entry.school_class] for each in changes],
        [each.entry.name for each in changes],
        [pinyin.key(each.entry.name)[:120] for each in changes],
        [each.entry.sex for each in changes],
        [each.entry.born_on for each in changes],
        [not each.known.is_here or each.known.school_id != school.pk for each in changes],
    ]
    with connection.cursor() as cursor:
        cursor.execute(CHANGE, [clock.day_of(at), *columns])
        cursor.execute(RENAME_USERS, [ids])


def _write_contacts(plan: Plan, added: dict[str, Pupil]) -> None:
    """Guardians as the file names them; phones that others vouched for stay."""
    gone: list[tuple[int, str]] = []
    made: list[GuardianContact] = []
    for entry in plan.added:
        made += _contacts(added[crypto.blind(entry.roll)].pk, entry, had=set())
    for change in plan.changed:
        if change.entry.guardians is None:
            continue
        wanted = {crypto.blind(phone): name for name, phone in change.entry.guardians}
        stays = {blind for blind, (name, _phone) in change.known.contacts.items() if wanted.get(blind) == name}
        gone += [(change.known.pk, blind) for blind in change.known.contacts if blind not in stays]
        made += _contacts(change.known.pk, change.entry, had=stays | change.known.vouched)
    if gone:
        pupils, blinds = zip(*gone, strict=True)
        _forget_contacts(pupils, blinds)
    GuardianContact.objects.bulk_create(made, batch_size=BATCH)


def _contacts(pupil_id: int, entry: Entry, had: set[str]) -> list[GuardianContact]:
    return [
        GuardianContact(pupil_id=pupil_id, name=name, phone_sealed=crypto.encrypt(phone), phone_blind=blind)
        for name, phone in entry.guardians or ()
        if (blind := crypto.blind(phone)) not in had
    ]


def _forget_contacts(pupils: Sequence[int], blinds: Sequence[str]) -> None:
    """Remove contacts with the one-time codes sent to them."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET_CODES, [list(pupils), list(blinds)])
        cursor.execute(FORGET_CONTACTS, [list(pupils), list(blinds)])


def _leave(leavers: Sequence[Known], at: datetime) -> None:
    ids = [each.pk for each in leavers]
    Pupil.objects.filter(pk__in=ids, left_on=None).update(left_on=clock.day_of(at))
    PupilCode.objects.filter(pupil__in=ids, revoked_at=None).update(revoked_at=at)

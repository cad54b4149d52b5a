"""Reads of rosters: what the database knows of the pupils a file names, and the uploads of one's own schools."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, paths, within
from baiye.core import crypto
from baiye.core.sheets import queries as sheets
from baiye.schools.models import GuardianContact, Pupil, RosterUpload, School
from baiye.schools.roster.plan import Known

COLUMNS = (
    "pk",
    "roll_blind",
    "roll_sealed",
    "name",
    "sex",
    "born_on",
    "left_on",
    "school_class__school",
    "school_class__school__unit__path",
    "school_class__stage",
    "school_class__entry_year",
    "school_class__number",
)


def uploads_for(user: User) -> QuerySet[RosterUpload]:
    """The roster files of the schools whose roster ``user`` imports, newest first, without their contents."""
    return (
        RosterUpload.objects.filter(within(user, Permission.ROSTER_IMPORT, "school__unit"))
        .select_related("school__unit", "made_by", "applied_by")
        .defer("file_sealed", "findings_sealed")
        .order_by("-made_at", "-pk")
    )


def find_upload(pk: int) -> RosterUpload | None:
    """An upload by number, with school and people loaded; None when it is gone."""
    return RosterUpload.objects.select_related("school__unit", "made_by", "asked_by").filter(pk=pk).first()


def known_pupils(rolls: Iterable[str], school: School, by: User) -> dict[str, Known]:
    """The pupils of the school, and every other with one of these roll numbers, by blind number; two queries."""
    blinds = [crypto.blind(number) for number in rolls]
    scope = paths(by, Permission.ROSTER_IMPORT)
    pupils = Pupil.objects.filter(Q(school_class__school=school) | Q(roll_blind__in=blinds))
    known = {}
    for pk, blind, sealed, name, sex, born_on, left_on, school_id, path, *key in pupils.values_list(*COLUMNS):
        known[pk] = Known(
            pk=pk,
            blind=blind,
            roll_sealed=bytes(sealed),
            name=name,
            sex=sex,
            born_on=born_on,
            school_id=school_id,
            school_class=(key[0], key[1], key[2]),
            is_here=left_on is None,
            in_scope=any(path.startswith(each) for each in scope),
        )
    contacts = GuardianContact.objects.filter(pupil__in=list(known)).order_by("pk")
    for pupil_id, name, sealed, blind, added_by in contacts.values_list(
        "pupil", "name", "phone_sealed", "phone_blind", "added_by"
    ):
        if added_by is None:
            known[pupil_id].contacts[blind] = (name, bytes(sealed))
        else:
            known[pupil_id].vouched.add(blind)
    return {pupil.blind: pupil for pupil in known.values()}


def findings_of(upload: RosterUpload) -> dict[str, list[dict[str, Any]]]:
    """What the check found, row by row; empty lists once they were removed."""
    return sheets.findings_of(upload, (*sheets.KINDS, "moved", "left"))


def stale_uploads(before: date) -> QuerySet[RosterUpload]:
    """Uploads from before a day that still hold a file or findings."""
    return RosterUpload.objects.filter(made_at__date__lt=before).exclude(file_sealed=b"", findings_sealed=b"")

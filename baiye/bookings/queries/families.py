"""For whom a family may press: the scope of `pupils_for(user, Permission.WISH_GIVE)`, asked for many at once."""

from collections.abc import Collection
from datetime import date

from django.db import connection

from baiye.accounts.models import User
from baiye.accounts.permissions import ROLES, Permission

# One statement by index, since a press of an opening minute waits for it.
THEIRS = """
SELECT g.user_id, g.pupil_id FROM unnest(%(guardians)s::bigint[], %(children)s::bigint[]) AS asked (person, pupil)
JOIN schools_guardianship g ON g.user_id = asked.person AND g.pupil_id = asked.pupil
WHERE g.ended_at IS NULL AND g.from_on <= %(on)s AND (g.to_on IS NULL OR g.to_on >= %(on)s)
UNION ALL
SELECT p.user_id, p.id FROM unnest(%(selves)s::bigint[], %(own)s::bigint[]) AS asked (person, pupil)
JOIN schools_pupil p ON p.id = asked.pupil AND p.user_id = asked.person
"""


def in_scope(asked: Collection[tuple[User, int]], *, on: date) -> set[tuple[int, int]]:
    """Of accounts and pupils (by key) those where the account is the pupil's own or, on the day, of a guardian.

    Nobody else gives wishes. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(THEIRS, _words(asked, on))
        return set(cursor.fetchall())


def _words(asked: Collection[tuple[User, int]], on: date) -> dict[str, list[int] | date]:
    guardians = [(user.pk, pupil) for user, pupil in asked if _is(user, "guardian")]
    selves = [(user.pk, pupil) for user, pupil in asked if _is(user, "pupil")]
    return {
        "guardians": [person for person, _ in guardians],
        "children": [pupil for _, pupil in guardians],
        "selves": [person for person, _ in selves],
        "own": [pupil for _, pupil in selves],
        "on": on,
    }


def _is(user: User, kind: str) -> bool:
    return user.kind == kind and Permission.WISH_GIVE in ROLES[kind]

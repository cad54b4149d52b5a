"""What keeps pupils from a visit: asked of the database alone, said here in words that name no person."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from baiye.registry.models import DOCUMENTS

Place = tuple[int, date, date]  # a venue and two days, both included
CONSTRAINTS = frozenset(
    {
        "seat_only_at_an_open_venue",
        "seat_only_at_an_accredited_host",
        "seat_only_with_the_papers_that_are_needed",
        "seat_only_with_vetted_adults",
    }
)


def of_places(asked: Collection[Place]) -> Mapping[Place, str]:
    """Which of the venues and days asked may receive nobody, and the code of why; one query, as triggers ask it."""
    if not asked:
        return {}
    columns: list[list[Any]] = [list(column) for column in zip(*sorted(asked), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT venue, first, last, visits_place_hinders(venue, first, last)
            FROM unnest(%s::bigint[], %s::date[], %s::date[]) AS asked (venue, first, last)
            """,
            columns,
        )
        return {(venue, first, last): code for venue, first, last, code in cursor.fetchall() if code is not None}


def sentence(code: str, day: str) -> str:
    """What hinders on ``day``, and what to do: "document:fire" becomes words."""
    what, _colon, which = code.partition(":")
    if what == "venue":
        return _("%(day)s，这个场地已经停用。换一个场地，或换一天。") % {"day": day}
    if what == "document":
        return _("%(day)s，这家基地缺一份有效的「%(paper)s」。先补交并核验，或换一天。") % {
            "day": day,
            "paper": dict(DOCUMENTS).get(which, which),
        }
    if what == "adult":
        return _("%(day)s，这一场有带教人员的从业查询、聘任或培训不在有效期内。先办好，或换一位。") % {"day": day}
    return _("%(day)s，这家基地不在认定有效期内。先办好认定，或换一天。") % {"day": day}

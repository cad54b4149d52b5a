"""The schools' progress as rows of a file."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from baiye.rounds.queries.figures import SchoolProgress


def header() -> list[str]:
    return [
        _("学校"),
        _("班级"),
        _("应填"),
        _("已交志愿"),
        _("已交占比（%）"),
        _("告知书已读"),
        _("已读占比（%）"),
        _("已排班次"),
        _("应排班次"),
    ]


def rows(schools: Iterable[SchoolProgress]) -> list[list[object]]:
    """School, classes, pupils, submitted and read with their shares in per cent, class days set of those needed."""
    return [
        [
            school.name,
            school.classes,
            school.pupils,
            school.submitted,
            round(100 * school.submitted_share, 1),
            school.read,
            round(100 * school.read_share, 1),
            school.trips,
            school.trips_needed,
        ]
        for school in schools
    ]

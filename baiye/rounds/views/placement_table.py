"""The list of placed pupils as rows: the same on the page and in the file."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from baiye.core import clock
from baiye.rounds.models import Round, Run
from baiye.schools.models import Pupil


def header(round: Round) -> list[str]:
    half_days = [title for n in range(1, round.half_days + 1) for title in (_("第 %d 个半天") % n, _("志愿"))]
    return [_("学校"), _("班级"), _("姓名"), *half_days]


def rows(run: Run, pupils: Iterable[Pupil]) -> list[list[object]]:
    """School, class, name, then visit and wish of each half-day, soonest first; 0 is a seat nobody wished."""
    table: list[list[object]] = []
    for pupil in pupils:
        row: list[object] = [
            str(pupil.school_class.school),
            pupil.school_class.name(clock.day_of(run.asked_at)),
            pupil.name,
        ]
        for seat in pupil.placed_seats:  # type: ignore[attr-defined]
            visit = seat.visit
            row += [
                f"{clock.local(visit.starts_at):%m-%d %H:%M} {visit.version.title}（{visit.version.course.host}）",
                seat.rank,
            ]
        table.append(row)
    return table

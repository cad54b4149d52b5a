"""What the demonstration came to: counted in the database each time, the placement checked from its files on disk."""

import shutil
from pathlib import Path
from typing import Any

from baiye_placement import verify_folder
from baiye_placement.talks import verify_talks
from django.db import connection
from django.db.models import Count, Sum

from baiye.attendance.queries import verdicts
from baiye.core.folders import unpacked
from baiye.hours.models import Certificate, HourEntry
from baiye.outreach.models import Match
from baiye.registry.models import Host
from baiye.rounds.models import Round, Run, Wish, WishList
from baiye.rounds.queries.rounds import half_days, pupils_due
from baiye.schools.models import Pupil, School
from baiye.visits.models import Seat, Visit

OVERLAPS = """
SELECT count(*) FROM visits_seat a JOIN visits_seat b ON a.pupil_id = b.pupil_id AND a.id < b.id AND a.span && b.span
WHERE a.given_up_at IS NULL AND b.given_up_at IS NULL
"""


def figures(finished: Round, opened: Round, out: Path) -> dict[str, Any]:
    """Every figure the demonstration prints; the placement's files are left in ``out`` for whoever wants to check."""
    run = Run.objects.get(round=finished, publication__approved_at__isnull=False)
    seats = Seat.objects.filter(visit__round_visit__round=finished, given_up_at=None)
    attended = sum(verdict.credited for verdict in verdicts(seats).values())
    minutes = HourEntry.objects.filter(certificate_lines__released_at=None, certificate_lines__isnull=False)
    ratios = [each.ratio for each in half_days(finished) if each.ratio]
    return {
        "schools": School.objects.count(),
        "hosts": Host.objects.filter(unit__is_example=False).count(),
        "pupils": pupils_due(finished).count(),
        "pupils_all": Pupil.objects.filter(left_on=None).count(),
        "visits": Visit.objects.filter(round_visit__round=finished).count(),
        "wish_lists": WishList.objects.filter(round=finished).count(),
        "open_round_pupils": pupils_due(opened).count(),
        "open_round_wish_lists": WishList.objects.filter(round=opened).count(),
        "placed": run.figures["placed"],
        "half_days_placed": seats.count(),
        "rank_counts": run.figures["rank_counts"],
        "objective": run.figures["objective"],
        "bound": run.figures["bound"],
        "gap": run.figures["gap"],
        "placement_seconds": run.figures["seconds"],
        "certificate_valid": files_hold(run, out),
        "seats_per_pupil": [round(min(ratios), 3), round(max(ratios), 3)],
        "most_wanted": most_wanted(finished),
        "overlaps": overlaps(),
        "half_days_attended": attended,
        "hours_certified": (minutes.aggregate(n=Sum("minutes"))["n"] or 0) // 40,
        "certificates": Certificate.objects.filter(revoked_at=None).count(),
        **talks(out),
    }


def files_hold(run: Run, out: Path) -> bool:
    """Whether the independent checker finds nothing wrong with the run's files, written to ``out`` first."""
    for name, archive in (("input", run.input_zip), ("output", run.output_zip)):
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        with unpacked(archive or b"") as files:
            for path in files.iterdir():
                (folder / path.name).write_bytes(path.read_bytes())
    return not verify_folder(out / "input", out / "output")


def talks(out: Path) -> dict[str, Any]:
    """What the matched campaign of talks came to, judged by the engine's checker; nothing where there is none."""
    published = Match.objects.filter(campaign__is_example=True, approved_at__isnull=False)
    match = published.order_by("approved_at").first()
    if match is None:
        return {"talks": 0, "talk_requests": 0, "talks_valid": False, "talk_aims": []}
    for name, archive in (("talks-input", match.input_zip), ("talks-output", match.output_zip)):
        with unpacked(archive or b"") as files:
            shutil.copytree(files, out / name, dirs_exist_ok=True)
    return {
        "talks": match.figures["met"],
        "talk_requests": match.figures["requests"],
        "talks_valid": verify_talks(out / "talks-input", out / "talks-output") == [],
        "talk_aims": match.figures["aims"],
    }


def most_wanted(round_: Round) -> dict[str, Any]:
    """The project that most pupils put first, with its seats in the whole round."""
    top = (
        Wish.objects.filter(wish_list__round=round_, rank=1)
        .values("course")
        .annotate(n=Count("pk"))
        .order_by("-n", "course")[0]
    )
    visits = Visit.objects.filter(round_visit__round=round_, version__course=top["course"], cancelled_at=None)
    seats = visits.aggregate(n=Sum("seats"))["n"]
    return {
        "title": str(visits[0].version),
        "first_wishes": top["n"],
        "seats": seats,
        "ratio": round(top["n"] / seats, 2),
    }


def overlaps() -> int:
    """Pupils' seats that overlap in time, counted without the constraint that forbids them."""
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        return int(cursor.fetchone()[0])

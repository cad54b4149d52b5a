"""What runs beside the web pages: roster files, and the daily tidying."""

from baiye.core import clock, jobs
from baiye.schools import actions
from baiye.schools.roster import actions as roster
from baiye.schools.roster import queries


@jobs.task(name="schools.check_roster", queue="roster")
def check_roster(*, upload_id: int, **_: object) -> None:
    """Compare an uploaded roster with the database. May run twice."""
    if upload := queries.find_upload(upload_id):
        roster.check_roster(upload=upload, at=clock.now())


@jobs.task(name="schools.apply_roster", queue="roster")
def apply_roster(*, upload_id: int, **_: object) -> None:
    """Put a checked roster into the database. May run twice: the second time changes nothing."""
    if upload := queries.find_upload(upload_id):
        roster.apply_roster(upload=upload, at=clock.now())


@jobs.periodic("10 3 * * *")
@jobs.task(name="schools.tidy", queue="core", queueing_lock="schools.tidy")
def tidy(**_: object) -> None:
    """Empty old roster files, and delete health notes and phone codes that are over."""
    now = clock.now()
    roster.tidy_uploads(at=now)
    actions.tidy(at=now)

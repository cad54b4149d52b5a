"""What runs beside the web pages: roster files, digests, and the daily tidying."""

from baiye.core import clock, jobs, messages_copies
from baiye.schools import actions
from baiye.schools import queries as schools
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


@jobs.periodic("*/10 17-19 * * *")
@jobs.task(name="schools.send_digests", queue="mail", queueing_lock="schools.send_digests")
def send_digests(**_: object) -> None:
    """From 17:00 on school days, each teacher's digest, once a day; three hours to come back from being down."""
    now = clock.now()
    if schools.is_taught(clock.day_of(now)):
        messages_copies.send_digests(on=clock.day_of(now), at=now)


@jobs.periodic("10 3 * * *")
@jobs.task(name="schools.tidy", queue="core", queueing_lock="schools.tidy")
def tidy(**_: object) -> None:
    """Empty old roster files, and delete health notes and phone codes that are over."""
    now = clock.now()
    roster.tidy_uploads(at=now)
    actions.tidy(at=now)

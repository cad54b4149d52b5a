"""What runs by itself: health notes are deleted a week after the visit that needed them."""

from baiye.attendance import notes
from baiye.core import clock, jobs
from baiye.schools import actions


@jobs.periodic("40 3 * * *")
@jobs.task(name="attendance.forget_health_notes", queue="core", queueing_lock="attendance.forget_health_notes")
def forget_health_notes(**_: object) -> None:
    """Delete the notes whose visit ended a week ago, unless the pupil holds a later seat that needs them."""
    for hazard, pupil_ids in notes.over(clock.now()).items():
        actions.forget_health_notes(pupil_ids=pupil_ids, hazards=[hazard])

"""Which health notes are over: a read for the task that deletes them every night."""

from collections import defaultdict
from datetime import datetime, timedelta

from baiye.attendance.queries import NOTES_UNTIL
from baiye.schools.models import HealthNote

NOTES_FORGOTTEN = timedelta(days=30)  # older visits had their notes deleted on the days before


def over(at: datetime) -> dict[str, set[int]]:
    """Hazard → pupils whose note on it was for a visit that ended 7 to 30 days ago, with no later seat that needs it.

    A note given after that visit is for another one and stays. One query.
    """
    held = HealthNote.objects.filter(
        pupil__seats__given_up_at=None, pupil__seats__visit__ends_at__gt=at - NOTES_FORGOTTEN
    ).order_by("pupil__seats__visit__ends_at")
    facts = ("pupil_id", "hazard", "consent__given_at", "pupil__seats__visit__ends_at")
    last = {
        (hazard, pupil_id): (given_at, ends_at)
        for pupil_id, hazard, given_at, ends_at, hazards in held.values_list(
            *facts, "pupil__seats__visit__version__hazards"
        )
        if hazard in hazards
    }
    found: dict[str, set[int]] = defaultdict(set)
    for (hazard, pupil_id), (given_at, ends_at) in last.items():
        if given_at <= ends_at <= at - NOTES_UNTIL:
            found[hazard].add(pupil_id)
    return found

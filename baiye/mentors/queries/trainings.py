"""Reads of trainings, sessions and attendance."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.mentors.models import Attendance, Mentor, Session, Training
from baiye.mentors.permissions import scope


def trainings_for(user: User, permission: Permission = Permission.MENTOR_VIEW) -> QuerySet[Training]:
    """Trainings of units where ``user`` holds ``permission``, newest first, with ``held`` sessions; unit loaded."""
    mine = Training.objects.filter(within(user, permission, "unit")).select_related("unit")
    counted = mine.annotate(held=Count("sessions", distinct=True), certified=Count("certificates", distinct=True))
    return counted.order_by("-made_at", "-pk")


def sessions_for(user: User, permission: Permission = Permission.MENTOR_MANAGE) -> QuerySet[Session]:
    """Sessions of trainings where ``user`` holds ``permission``, by time; training and unit loaded."""
    mine = Session.objects.filter(within(user, permission, "training__unit"))
    return mine.select_related("training__unit").order_by("starts_at", "pk")


def minutes_of(training: Training) -> dict[int, int]:
    """Mentor → minutes attended; one query."""
    minutes: dict[int, int] = {}
    there = Attendance.objects.filter(session__training=training).order_by("pk")
    for mentor_id, begins, ends in there.values_list("mentor", "session__starts_at", "session__ends_at"):
        minutes[mentor_id] = minutes.get(mentor_id, 0) + int((ends - begins).total_seconds()) // 60
    return minutes


def sessions_of(training: Training) -> QuerySet[Session]:
    """The sessions of ``training`` by time, each with ``there``: how many came."""
    return training.sessions.annotate(there=Count("attendances")).order_by("starts_at", "pk")


def there_at(session: Session) -> set[int]:
    """Who was at ``session``."""
    return set(session.attendances.values_list("mentor", flat=True))


def trainees(user: User) -> QuerySet[Mentor]:
    """Counsellors over whom ``user`` holds MENTOR_MANAGE and who have not left, by pinyin; unit loaded."""
    mine = Mentor.objects.filter(scope(user, Permission.MENTOR_MANAGE), kinds__contains=["counsellor"], left_on=None)
    return mine.select_related("unit").order_by("pinyin", "pk")


@dataclass(frozen=True, slots=True)
class Attended:
    """How long somebody attended a training, and the number of their certificate, if any."""

    mentor: Mentor
    minutes: int
    number: str


def attendance_of(training: Training, user: User) -> list[Attended]:
    """Who attended ``training``, among those ``user`` sees, by pinyin; three queries."""
    minutes = minutes_of(training)
    numbers = dict(training.certificates.values_list("mentor", "number"))
    people = Mentor.objects.filter(scope(user, Permission.MENTOR_VIEW), pk__in=minutes).select_related("unit")
    return [
        Attended(person, minutes[person.pk], numbers.get(person.pk, "")) for person in people.order_by("pinyin", "pk")
    ]

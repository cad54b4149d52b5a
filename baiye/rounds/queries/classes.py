"""Reads of a class in a round: who has done what, and which classes a teacher has."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission
from baiye.core.models import Event
from baiye.rounds.models import NoticeRead, Round, WishList
from baiye.schools.models import Consent, Pupil, SchoolClass
from baiye.schools.queries import classes_for


@dataclass(frozen=True, slots=True)
class PupilProgress:
    """What a family has done in a round."""

    pupil: Pupil
    wishes: int
    submitted: bool
    read: bool
    consents: int  # optional purposes answered, whichever way
    from_paper: bool

    @property
    def is_done(self) -> bool:
        """Wishes submitted and notice read; consents are optional and never make anyone unfinished."""
        return self.submitted and self.read


PURPOSES = len(Consent.PURPOSES)


def class_progress(round: Round, school_class: SchoolClass) -> list[PupilProgress]:
    """Each pupil on the roll with what they have done, by pinyin; 4 queries, whatever the size of the class."""
    pupils = list(Pupil.objects.filter(school_class=school_class, left_on=None).order_by("pinyin", "pk"))
    for pupil in pupils:
        pupil.school_class = school_class
    lists = {
        pupil: (submitted_at is not None, from_paper, wishes)
        for pupil, submitted_at, from_paper, wishes in WishList.objects.filter(round=round, pupil__in=pupils)
        .annotate(n=Count("wishes"))
        .values_list("pupil", "submitted_at", "from_paper", "n")
    }
    read = set(NoticeRead.objects.filter(round=round, pupil__in=pupils).values_list("pupil", flat=True))
    answered = dict(
        Consent.objects.filter(pupil__in=pupils, ended_at=None).order_by().values_list("pupil").annotate(n=Count("pk"))
    )
    found = []
    for pupil in pupils:
        submitted, from_paper, wishes = lists.get(pupil.pk, (False, False, 0))
        found.append(PupilProgress(pupil, wishes, submitted, pupil.pk in read, answered.get(pupil.pk, 0), from_paper))
    return found


def unfinished(round: Round, pupils: QuerySet[Pupil]) -> dict[str, list[int]]:
    """``"wishes"`` and ``"notice"`` → keys of those of ``pupils`` who lack it; 3 queries."""
    ids = list(pupils.filter(left_on=None).order_by("pk").values_list("pk", flat=True))
    submitted = set(
        WishList.objects.filter(round=round, submitted_at__isnull=False, pupil__in=ids).values_list("pupil", flat=True)
    )
    read = set(NoticeRead.objects.filter(round=round, pupil__in=ids).values_list("pupil", flat=True))
    return {
        "wishes": [pk for pk in ids if pk not in submitted],
        "notice": [pk for pk in ids if pk not in read],
    }


def taught_classes(user: User) -> QuerySet[SchoolClass]:
    """Classes for which ``user`` records wishes (a teacher's own, or a whole school's), each with ``size``."""
    return classes_for(user, Permission.WISH_RECORD).annotate(size=Count("pupils", filter=Q(pupils__left_on=None)))


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """How far a class is in a round."""

    pupils: int
    submitted: int
    read: int

    @property
    def open(self) -> int:
        """Pupils who have not submitted."""
        return max(self.pupils - self.submitted, 0)

    @property
    def unread(self) -> int:
        """Pupils whose guardians have not read the notice."""
        return max(self.pupils - self.read, 0)


def class_figures(round: Round, classes: list[SchoolClass]) -> dict[int, ClassFigures]:
    """How far each class (with ``size``) is; 2 queries for all of them."""
    submitted = dict(
        WishList.objects.filter(
            round=round, submitted_at__isnull=False, pupil__school_class__in=classes, pupil__left_on=None
        )
        .order_by()
        .values_list("pupil__school_class")
        .annotate(n=Count("pk"))
    )
    read = dict(
        NoticeRead.objects.filter(round=round, pupil__school_class__in=classes, pupil__left_on=None)
        .order_by()
        .values_list("pupil__school_class")
        .annotate(n=Count("pk"))
    )
    return {
        one.pk: ClassFigures(getattr(one, "size", 0), submitted.get(one.pk, 0), read.get(one.pk, 0)) for one in classes
    }


def last_reminder(round: Round, school_class: SchoolClass) -> datetime | None:
    """When the class was last reminded in the round, or None; one query."""
    told = Event.objects.filter(
        kind="round.reminded",
        object_type="schools.schoolclass",
        object_id=str(school_class.pk),
        facts__round=round.pk,
    )
    return told.order_by("-at").values_list("at", flat=True).first()

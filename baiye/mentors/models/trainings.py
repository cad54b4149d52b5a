"""Courses in which counsellors are trained: sessions, who was there, and the certificate."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from baiye.accounts.models import Unit
from baiye.core.models import File
from baiye.mentors.models.mentors import Mentor

USER = settings.AUTH_USER_MODEL


class Training(models.Model):
    """A training course held by ``unit`` (district or agency); a certificate needs ``minutes_needed`` attended."""

    request = models.UUIDField(default=uuid.uuid4, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="trainings")
    title = models.CharField(max_length=60)
    minutes_needed = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    is_example = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "title"], name="training_named_once_a_unit"),
            models.CheckConstraint(name="training_takes_time", condition=Q(minutes_needed__gte=1)),
        ]

    def __str__(self) -> str:
        return self.title


class Session(models.Model):
    """One dated sitting of a training."""

    training = models.ForeignKey(Training, models.PROTECT, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=60, blank=True)
    topic = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="session_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))),
            models.UniqueConstraint(fields=["training", "starts_at"], name="session_begins_once"),
        ]

    def __str__(self) -> str:
        return f"{self.training} {self.starts_at:%Y-%m-%d}"

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


class Attendance(models.Model):
    """``mentor`` was at ``session``; who was not has no row."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances")
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="attendances")
    noted_at = models.DateTimeField(db_default=Now())
    noted_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "mentor"], name="attendance_once_a_session")]

    def __str__(self) -> str:
        return f"{self.mentor} {self.session}"


class Certificate(models.Model):
    """《少先队辅导员培训合格证书》: earned in a training of ours (trigger: the minutes), or brought with its paper."""

    request = models.UUIDField(default=uuid.uuid4, unique=True)
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="certificates")
    training = models.ForeignKey(Training, models.PROTECT, null=True, related_name="certificates")
    number = models.CharField(max_length=160, unique=True)
    minutes = models.PositiveSmallIntegerField()  # attended, as the paper says
    issued_by = models.CharField(max_length=60)
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)  # empty: no end
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(db_default=Now())
    entered_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="certificate_earned_here_or_with_its_paper",
                condition=Q(training__isnull=False) | Q(file__isnull=False),
            ),
            models.CheckConstraint(
                name="training_certificate_ends_after_it_begins",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("issued_on")),
            ),
            models.UniqueConstraint(fields=["training", "mentor"], name="certificate_once_a_training"),
            models.CheckConstraint(name="training_certificate_has_a_number", condition=~Q(number="")),
        ]

    def __str__(self) -> str:
        return self.number

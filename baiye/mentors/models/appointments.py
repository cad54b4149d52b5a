"""Appointments (聘任) with their term, and what is said of a year's work."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import DateSpan, Unit
from baiye.mentors.models.mentors import Mentor

USER = settings.AUTH_USER_MODEL


class Appointment(models.Model):
    """``unit`` appoints ``mentor`` from–until, both days included; it changes once, when it is ended early (trigger).

    ``shows`` is what the paper (聘书) prints, fixed on the day it was made.
    """

    request = models.UUIDField(default=uuid.uuid4, unique=True)
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="appointments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appointments")
    number = models.CharField(max_length=160, unique=True)
    from_on = models.DateField()
    until_on = models.DateField()
    shows = models.JSONField()
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(null=True)  # from that day on it holds no more
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="appointment_ends_after_it_begins", condition=Q(until_on__gte=F("from_on"))),
            models.CheckConstraint(
                name="appointment_ended_by_whom_when_and_why",
                condition=Q(ended_on=None, ended_by=None, ended_because="")
                | Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(ended_because=""),
            ),
            ExclusionConstraint(
                name="appointment_one_at_a_time",
                expressions=[
                    ("mentor", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    (DateSpan("from_on", "until_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_on=None),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Evaluation(models.Model):
    """What is said of a mentor's school year; said again, it replaces what was said (the trail keeps who and when)."""

    VERDICTS = [("excellent", _("优秀")), ("good", _("称职")), ("fair", _("基本称职")), ("poor", _("不称职"))]
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="evaluations")
    school_year = models.PositiveSmallIntegerField()  # 2026: autumn 2026 to summer 2027
    verdict = models.CharField(max_length=10, choices=VERDICTS)
    text = models.CharField(max_length=400)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mentor", "school_year"], name="evaluation_once_a_year"),
            models.CheckConstraint(name="evaluation_says_why", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.school_year} {self.get_verdict_display()}"

    @property
    def next_year(self) -> int:
        return self.school_year + 1

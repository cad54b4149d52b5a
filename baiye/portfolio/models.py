"""A pupil's portfolio (成长档案): what they did and what they make of it; never graded, theirs to share."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from baiye.catalogue.models import STEPS
from baiye.visits.models import Seat

FEELINGS = [("absorbed", "很投入"), ("hard", "有点难"), ("dull", "有点无聊"), ("again", "想再来")]


class StepRecord(models.Model):
    """One of the four steps of a visit, in the pupil's words."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="step_records")
    step = models.CharField(max_length=10, choices=STEPS)
    text = models.CharField(max_length=300)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "step"], name="step_record_one_a_step"),
            models.CheckConstraint(name="step_record_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text[:20]


class Reflection(models.Model):
    """What a pupil makes of a visit; screened for phones and numbers before it is kept."""

    seat = models.OneToOneField(Seat, models.PROTECT, related_name="reflection")
    feelings = ArrayField(models.CharField(max_length=10, choices=FEELINGS), default=list)
    text = models.CharField(max_length=1000)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="reflection_says_something", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text[:20]

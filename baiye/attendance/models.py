"""What happened at the door: marks, and the two confirmations that make them count."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Func, Q

from baiye.accounts.models import Unit
from baiye.visits.models import Seat, Visit

USER = settings.AUTH_USER_MODEL


class ClockTime(Func):
    """The database's clock at this very moment, not when the transaction began: who locked first is earlier."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()


class Mark(models.Model):
    """A pupil came in or went out. The id is made by the device, so that a re-sent mark is the same mark.

    Two devices may both mark one arrival: both rows stay, the earliest "in" and the latest "out" count. A mark never
    changes: one made by mistake is voided, until the host has confirmed the visit (triggers).
    """

    KINDS = [("in", "到"), ("out", "离")]
    SOURCES = [("qr", "扫码"), ("code", "输入码"), ("card", "学生证"), ("roll", "点名")]
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="marks")
    kind = models.CharField(max_length=3, choices=KINDS)
    at = models.DateTimeField()  # by the device
    source = models.CharField(max_length=4, choices=SOURCES)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    note = models.CharField(max_length=100, blank=True)  # why it was entered later by hand
    received_at = models.DateTimeField(db_default=ClockTime())
    voided_at = models.DateTimeField(null=True)  # entered by mistake; the row stays
    voided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["seat", "kind"], name="mark_of_seat")]
        constraints = [
            models.CheckConstraint(
                name="mark_voided_by_whom_and_when",
                condition=Q(voided_at=None, voided_by=None) | Q(voided_at__isnull=False, voided_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class Confirmation(models.Model):
    """The host, or a school, confirms who was there; hours need both, by two different people.

    It covers the marks that the database had received by then. Marks that come later need a further confirmation by
    each side, so nobody adds a pupil to what the other side has signed. A confirmation never changes (a trigger).
    """

    SIDES = [("host", "基地"), ("school", "学校")]
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="confirmations")
    side = models.CharField(max_length=6, choices=SIDES)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")  # the host's, or the school's
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    present = models.PositiveSmallIntegerField()  # head count confirmed
    note = models.CharField(max_length=200, blank=True)
    marks_seen = models.PositiveSmallIntegerField()  # marks ever made that it covers; a school's: its pupils'
    received_at = models.DateTimeField(db_default=ClockTime())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "side", "unit", "marks_seen"], name="confirmation_once_a_side_for_the_same_marks"
            ),
            ExclusionConstraint(
                name="confirmation_by_two_different_people",
                expressions=[
                    ("visit", RangeOperators.EQUAL),
                    ("by", RangeOperators.EQUAL),
                    ("side", RangeOperators.NOT_EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.present}"

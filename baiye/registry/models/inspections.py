"""Inspections (现场核查): scores, notes, photos and two signatures; and the decision of a panel."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from baiye.core.models import File
from baiye.registry.models.applications import Application
from baiye.registry.models.hosts import Host
from baiye.registry.models.standards import Indicator, Standard

USER = settings.AUTH_USER_MODEL


class Inspection(models.Model):
    """One visit of an inspector to a host, by a standard's rubric; signed by two people it never changes (trigger).

    The inspector signs once every indicator is judged; from then on findings stay, unless that signature is taken back.
    """

    KINDS = [
        ("first", _("首次核查")),
        ("recheck", _("整改复核")),
        ("yearly", _("年度复核")),
        ("renewal", _("到期复评")),
    ]
    request = models.UUIDField(default=uuid.uuid4, unique=True)  # made by the phone: synced twice, it is one
    host = models.ForeignKey(Host, models.PROTECT, related_name="inspections")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="inspections")
    kind = models.CharField(max_length=10, choices=KINDS, default="first")
    planned_on = models.DateField()
    planned_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    inspector = models.ForeignKey(USER, models.PROTECT, related_name="inspections")
    signed_at = models.DateTimeField(null=True)  # by the inspector
    second_at = models.DateTimeField(null=True)
    second_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    is_example = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="inspection_signed_by_two",
                condition=Q(second_at=None, second_by=None)
                | Q(signed_at__isnull=False, second_at__isnull=False, second_by__isnull=False)
                & ~Q(second_by=F("inspector")),
            ),
            models.CheckConstraint(
                name="inspection_cancelled_by_whom_and_when",
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False, second_at=None),
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(second_at=None, cancelled_at=None),
                name="inspection_one_open_an_application",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host} {self.planned_on}"


class Score(models.Model):
    """What the inspector found on one indicator.

    ``edit`` is the id that the phone gave to the last change: sent twice it is one. ``version`` counts changes, so that
    a phone that was offline is told when somebody else has judged the same indicator meanwhile.
    """

    VERDICTS = [("met", _("符合")), ("deadline", _("限期")), ("unmet", _("不符合")), ("pending", _("待核"))]
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="scores")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=VERDICTS, default="pending")
    points = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=400, blank=True)
    version = models.PositiveIntegerField(default=0)
    edit = models.UUIDField(null=True)
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "indicator"], name="score_once_an_indicator"),
            models.CheckConstraint(
                name="score_has_points_once_judged", condition=Q(verdict="pending") | Q(points__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.get_verdict_display()}"


class Photo(models.Model):
    """A photo taken on an inspection: made anew without place and camera; who took it has said that no face shows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)  # made by the phone
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="photos")
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    no_faces = models.BooleanField()
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="photo_shows_no_face", condition=Q(no_faces=True))]

    def __str__(self) -> str:
        return str(self.file)


class Decision(models.Model):
    """What a panel makes of an inspection: proposed by one, signed by as many as the standard asks, then in force.

    It never changes once it is in force (trigger). The host may appeal; a decision whose appeal was upheld stays as it
    was signed and counts no longer (`queries.decisions.standing`).
    """

    OUTCOMES = [("pass", _("通过")), ("conditions", _("限期整改")), ("fail", _("不通过"))]
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    opinion = models.CharField(max_length=400)  # to the host
    conditions = models.CharField(max_length=400, blank=True)
    due_on = models.DateField(null=True)  # by when conditions are met
    proposed_at = models.DateTimeField(db_default=Now())
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    in_force_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection"], condition=Q(withdrawn_at=None), name="decision_one_an_inspection"
            ),
            models.CheckConstraint(
                name="decision_in_force_or_withdrawn", condition=Q(in_force_at=None) | Q(withdrawn_at=None)
            ),
            models.CheckConstraint(
                name="decision_with_conditions_has_a_day",
                condition=~Q(outcome="conditions") | Q(due_on__isnull=False) & ~Q(conditions=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_outcome_display())

    @property
    def is_open(self) -> bool:
        """Whether members of the panel may still sign."""
        return self.in_force_at is None and self.withdrawn_at is None


class Signature(models.Model):
    """A member of the panel signs, or says why not."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="signatures")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    agrees = models.BooleanField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "by"], name="signature_once_a_person"),
            models.CheckConstraint(name="signature_against_says_why", condition=Q(agrees=True) | ~Q(note="")),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.at:%Y-%m-%d}"

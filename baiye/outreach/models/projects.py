"""Community projects (社区公益项目): visits that families sign up for by themselves, and who came without a seat."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from baiye.accounts.models import Unit
from baiye.visits.models import Visit

USER = settings.AUTH_USER_MODEL


class Programme(models.Model):
    """What projects are part of and called by: 技能大师社区公益行; kept by the district or a lead agency."""

    request = models.UUIDField(default=uuid.uuid4, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = models.CharField(max_length=40)
    about = models.CharField(max_length=400, blank=True)
    is_example = models.BooleanField(default=False)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "title"], name="programme_named_once")]

    def __str__(self) -> str:
        return self.title


class Project(models.Model):
    """An open visit of a programme: nobody organises it for pupils, so it never counts as class hours (trigger).

    The craftsman is whoever leads the visit; sign-up is the visit's opening in `bookings`, where it has one.
    """

    request = models.UUIDField(default=uuid.uuid4, unique=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="projects")
    visit = models.OneToOneField(Visit, models.PROTECT, related_name="project")
    takes_walk_ins = models.BooleanField(default=False)  # one may come without having signed up
    note = models.CharField(max_length=200, blank=True)  # what to bring, where to ring
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="project_published_by_whom_and_when",
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme}：{self.visit}"


class WalkIn(models.Model):
    """People who came to a project without a seat, counted at the door: no names, no seat, no class hours.

    A row changes once, when it is voided; it is never deleted; both are triggers.
    """

    MOST = 500  # at one count: more is a slip of the finger

    request = models.UUIDField(default=uuid.uuid4, unique=True)  # client-made: a count that is sent again is the same
    project = models.ForeignKey(Project, models.PROTECT, related_name="walk_ins")
    children = models.PositiveSmallIntegerField()
    adults = models.PositiveSmallIntegerField()
    counted_at = models.DateTimeField()
    counted_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="walk_in_counts_somebody",
                condition=Q(children__gte=1 - F("adults")) & Q(children__lte=500) & Q(adults__lte=500),
            ),
            models.CheckConstraint(
                name="walk_in_voided_by_whom_and_when",
                condition=Q(voided_at=None, voided_by=None) | Q(voided_at__isnull=False, voided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.children}+{self.adults}"

"""What a course needs besides people: equipment, consumables, papers; and what a venue has of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baiye.catalogue.models.courses import STEPS, CourseVersion
from baiye.core.models import File
from baiye.registry.models import Venue

USER = settings.AUTH_USER_MODEL


class Supply(models.Model):
    """A thing a version needs, so many for each pupil or for the whole group."""

    KINDS = [("equipment", _("设备工具")), ("consumable", _("耗材"))]
    SHARES = [("pupil", _("每人")), ("group", _("每场"))]

    version = models.ForeignKey(CourseVersion, models.CASCADE, related_name="supplies")
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=KINDS)
    quantity = models.PositiveSmallIntegerField()
    share = models.CharField(max_length=5, choices=SHARES)  # what one quantity is for

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "name"], name="supply_named_once"),
            models.CheckConstraint(
                name="supply_makes_sense",
                condition=Q(kind__in=["equipment", "consumable"], share__in=["pupil", "group"], quantity__gte=1)
                & ~Q(name=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def needed(self, pupils: int) -> int:
        """How many a group of so many pupils needs."""
        return self.quantity * pupils if self.share == "pupil" else self.quantity


class VenueStock(models.Model):
    """How many of a thing a venue has for one visit; a thing that is not listed is unknown, not missing."""

    venue = models.ForeignKey(Venue, models.CASCADE, related_name="stock")
    name = models.CharField(max_length=40)
    count = models.PositiveIntegerField()
    counted_at = models.DateTimeField()
    counted_by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["venue", "name"], name="venue_stock_named_once")]

    def __str__(self) -> str:
        return self.name


class Material(models.Model):
    """A paper of a step (材料), for pupils or for the instructor alone."""

    READERS = [("pupil", _("给学生")), ("instructor", _("给带教老师"))]

    version = models.ForeignKey(CourseVersion, models.CASCADE, related_name="materials")
    step = models.CharField(max_length=12, choices=STEPS)
    reader = models.CharField(max_length=10, choices=READERS)
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    request = models.UUIDField()  # made by who sends it: the same request is the same paper

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "request"], name="material_once"),
            models.CheckConstraint(
                name="material_of_a_step_for_someone",
                condition=Q(step__in=[key for key, _name in STEPS], reader__in=["pupil", "instructor"]),
            ),
        ]

    def __str__(self) -> str:
        return self.file.name

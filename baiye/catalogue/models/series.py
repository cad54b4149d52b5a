"""Series (系列): courses of several hosts on one path."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from baiye.accounts.models import Unit
from baiye.catalogue.models.courses import Course
from baiye.catalogue.models.occupations import RIASEC
from baiye.catalogue.models.reported import ReportedCourse

USER = settings.AUTH_USER_MODEL


class Series(models.Model):
    """A themed set of courses in an order, such as 半马苏河 彩虹学院.

    One that public sources tell of (``trust`` and ``source``) is shown as such before anybody published it here.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="series")
    slug = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=60)
    about = models.CharField(max_length=400, blank=True)
    glyph = models.CharField(max_length=1)
    riasec = models.CharField(max_length=1, choices=RIASEC)  # the colour of its tile
    trust = models.CharField(max_length=1, blank=True)
    source = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="series_published_by_whom_and_when",
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
            ),
            models.CheckConstraint(
                name="series_reported_with_its_source",
                condition=Q(trust="", source="") | Q(trust__in=["A", "B", "C"]) & ~Q(source=""),
            ),
            models.CheckConstraint(name="series_has_a_name", condition=~Q(title="") & ~Q(glyph="")),
        ]

    def __str__(self) -> str:
        return self.title


class SeriesStep(models.Model):
    """One stop of a series: a published course (trigger), or one that a source tells of and nobody offers yet."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="steps")
    place = models.PositiveSmallIntegerField()
    course = models.ForeignKey(Course, models.PROTECT, null=True, related_name="series_steps")
    reported = models.ForeignKey(ReportedCourse, models.PROTECT, null=True, related_name="series_steps")
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "place"], name="series_step_has_its_place", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["series", "course"], name="series_has_a_course_once"),
            models.UniqueConstraint(fields=["series", "reported"], name="series_has_a_report_once"),
            models.CheckConstraint(
                name="series_step_is_a_course_or_a_report",
                condition=Q(course=None, reported__isnull=False) | Q(course__isnull=False, reported=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.course or self.reported)

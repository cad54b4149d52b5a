"""What public sources tell of: courses and events that nobody offers here yet."""

from django.db import models
from django.db.models import Q

from baiye.registry.models import Host


class ReportedCourse(models.Model):
    """A course that a public source tells of (有记载的项目): nobody has proposed it here yet, so it has no seats."""

    title = models.CharField(max_length=80)
    host = models.ForeignKey(Host, models.PROTECT, null=True, related_name="reported_courses")
    host_text = models.CharField(max_length=120, blank=True)  # who offered it, in the source's words
    occupation_text = models.CharField(max_length=60, blank=True)
    audience = models.CharField(max_length=60, blank=True)
    held = models.CharField(max_length=60, blank=True)  # when, in the source's words
    note = models.TextField(blank=True)
    trust = models.CharField(max_length=1)  # A official · B press or institution · C mirror
    source = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["title", "host_text"], name="reported_course_once"),
            models.CheckConstraint(name="reported_course_from_a_usable_source", condition=Q(trust__in=["A", "B", "C"])),
        ]

    def __str__(self) -> str:
        return self.title


class ReportedEvent(models.Model):
    """A talk, a camp, a visit that a public source tells of (有记载的活动); everything in the source's words."""

    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=30)
    held = models.CharField(max_length=60, blank=True)
    hours = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=120, blank=True)
    organiser = models.CharField(max_length=120, blank=True)
    audience = models.CharField(max_length=60, blank=True)
    attended = models.CharField(max_length=40, blank=True)
    capacity = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    trust = models.CharField(max_length=1)  # A official · B press or institution · C mirror
    source = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["title", "held"], name="reported_event_once"),
            models.CheckConstraint(
                name="reported_event_from_a_usable_source", condition=Q(trust__in=["A", "B", "C"]) & ~Q(source="")
            ),
        ]

    def __str__(self) -> str:
        return self.title

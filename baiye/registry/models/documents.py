"""Papers of a host, with the days they hold."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from baiye.core.models import File
from baiye.registry.models.applications import Application
from baiye.registry.models.hosts import Host, Venue
from baiye.registry.models.standards import DOCUMENTS

USER = settings.AUTH_USER_MODEL


class HostDocument(models.Model):
    """A paper (保险, 消防, …) that holds from–until, both days included; it counts once somebody has checked it.

    It belongs to an application until its host is known, then to the host.
    """

    request = models.UUIDField(default=uuid.uuid4, unique=True)
    host = models.ForeignKey(Host, models.PROTECT, null=True, related_name="documents")
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, related_name="documents")
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="documents")
    kind = models.CharField(max_length=20, choices=DOCUMENTS)
    number = models.CharField(max_length=60, blank=True)
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")  # empty: seen on paper
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)  # empty: no end
    handed_in_at = models.DateTimeField(db_default=Now())
    handed_in_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")  # empty: the applicant
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    refused_because = models.CharField(max_length=200, blank=True)
    warned_days = models.PositiveSmallIntegerField(null=True)  # the last warning sent: 60, 30 or 7 days before
    is_example = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["host", "kind", "valid_until"], name="document_by_host")]
        constraints = [
            models.CheckConstraint(
                name="document_ends_after_it_begins",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="document_belongs_to_someone", condition=Q(host__isnull=False) | Q(application__isnull=False)
            ),
            models.CheckConstraint(
                name="document_accepted_by_whom_and_when",
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="document_refused_by_whom_and_when",
                condition=Q(refused_at=None, refused_by=None) | Q(refused_at__isnull=False, refused_by__isnull=False),
            ),
            models.CheckConstraint(
                name="document_accepted_or_refused", condition=Q(accepted_at=None) | Q(refused_at=None)
            ),
            models.CheckConstraint(
                name="document_not_checked_by_who_handed_it_in",
                condition=Q(accepted_by=None) | Q(handed_in_by=None) | ~Q(accepted_by=F("handed_in_by")) | Q(file=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def is_over(self, on: date) -> bool:
        """Whether its last day is before ``on``."""
        return self.valid_until is not None and self.valid_until < on

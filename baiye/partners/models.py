"""Pledges (承诺): what a host promises for a term; what became of it is counted, never entered."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from baiye.registry.models import Host
from baiye.schools.models import Term

USER = settings.AUTH_USER_MODEL


class Pledge(models.Model):
    """One line of what a host promises for a term: never money.

    Places, half-days and people are counted from the visits that were held; equipment is handed over by a person.
    """

    KINDS = [
        ("places", _("学生名额（人次）")),
        ("half_days", _("开放半天数")),
        ("people", _("带教人员（人）")),
        ("equipment", _("设备和材料")),
    ]
    request = models.UUIDField(default=uuid.uuid4, unique=True)
    host = models.ForeignKey(Host, models.PROTECT, related_name="pledges")
    term = models.ForeignKey(Term, models.PROTECT, related_name="pledges")
    kind = models.CharField(max_length=10, choices=KINDS)
    title = models.CharField(max_length=60, blank=True)  # of equipment: what it is
    quantity = models.PositiveIntegerField()
    note = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    handed_over_on = models.DateField(null=True)  # equipment alone
    handed_over_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdrawn_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["host", "term", "kind", "title"], condition=Q(withdrawn_at=None), name="pledge_once_a_term"
            ),
            models.CheckConstraint(name="pledge_of_something", condition=Q(quantity__gte=1)),
            models.CheckConstraint(
                name="pledge_equipment_has_a_name_and_only_it",
                condition=Q(kind="equipment") & ~Q(title="") | ~Q(kind="equipment") & Q(title=""),
            ),
            models.CheckConstraint(
                name="pledge_handed_over_by_whom_and_when",
                condition=Q(handed_over_on=None, handed_over_by=None)
                | Q(handed_over_on__isnull=False, handed_over_by__isnull=False, kind="equipment"),
            ),
            models.CheckConstraint(
                name="pledge_withdrawn_by_whom_when_and_why",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.get_kind_display()} {self.quantity}"

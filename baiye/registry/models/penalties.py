"""Checks of penalties (近三年行政处罚): what an officer found in the public registers about a body that applies."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from baiye.registry.models.applications import Application


class PenaltyCheck(models.Model):
    """One look at one public register; it stays as it was written (trigger), and none lets nobody pass (trigger)."""

    PLACES = [("credit_china", _("信用中国")), ("gsxt", _("国家企业信用信息公示系统")), ("other", _("其他公开渠道"))]
    request = models.UUIDField(default=uuid.uuid4, unique=True)  # client-made: sent twice, it is one check
    application = models.ForeignKey(Application, models.PROTECT, related_name="penalty_checks")
    place = models.CharField(max_length=12, choices=PLACES)
    found = models.CharField(max_length=400, blank=True)  # what stands there of the last three years; empty: nothing
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["application", "at"], name="penalty_check_of")]

    def __str__(self) -> str:
        return f"{self.get_place_display()} {self.at:%Y-%m-%d}"

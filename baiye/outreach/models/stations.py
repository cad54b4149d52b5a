"""Stations (就业服务站) of the quarter-of-an-hour circle: what one is served there, and whom to ring."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baiye.registry.models import Host

USER = settings.AUTH_USER_MODEL
STATION_KIND = "就业服务"  # the kind of host that a station is


class Station(models.Model):
    """What a host of the kind 就业服务 offers over its counter; opening hours stand with its venues.

    Only of a host that is proven: a lead (线索) has none (trigger), so nobody walks to a door that may not be there.
    """

    SERVICES = [
        ("guidance", _("职业指导")),
        ("assessment", _("职业兴趣测评")),
        ("experience", _("学生职业体验")),
        ("job_posts", _("岗位信息查询")),
        ("job_fair", _("招聘会")),
        ("training", _("技能培训咨询")),
        ("traineeship", _("青年见习")),
        ("start_up", _("创业指导")),
        ("registration", _("就业失业登记")),
        ("policy", _("就业政策咨询")),
        ("support", _("就业援助")),
        ("self_service", _("自助服务机")),
    ]
    host = models.OneToOneField(Host, models.PROTECT, related_name="station")
    services = ArrayField(models.CharField(max_length=14, choices=SERVICES), default=list)
    telephone = models.CharField(max_length=30, blank=True)  # of the counter, public
    for_pupils = models.CharField(max_length=400, blank=True)  # what a child may do there
    notice = models.CharField(max_length=200, blank=True)  # closed for repairs, moved next door
    notice_until = models.DateField(null=True)  # the last day on which the notice is shown
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="station_serves_something", condition=Q(services__len__gte=1)),
            models.CheckConstraint(
                name="station_notice_has_a_last_day",
                condition=Q(notice="", notice_until=None) | ~Q(notice="") & Q(notice_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.host)

    def notice_on(self, on: date) -> str:
        """The notice, while it is shown; empty afterwards."""
        return self.notice if self.notice_until is not None and self.notice_until >= on else ""

    @property
    def service_names(self) -> list[str]:
        """What is served, in the order of the list."""
        return [str(name) for code, name in self.SERVICES if code in self.services]

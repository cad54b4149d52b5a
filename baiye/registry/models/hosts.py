"""Hosts (基地), their venues, and the lines of the sketch map."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit
from baiye.core import crypto
from baiye.registry.credit_code import CreditCodeHolds

USER = settings.AUTH_USER_MODEL


class MapShape(models.Model):
    """A line or an outline of the schematic map (示意底图) of the register, simplified when it is loaded.

    A street or town (街镇) has its name here even where only the outline of two together is known.
    """

    KINDS = [("district", "区"), ("street", "街镇"), ("road", "高架"), ("metro", "轨道")]
    kind = models.CharField(max_length=10, choices=KINDS)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    lines = models.JSONField(default=list)  # [[[lon, lat], …], …], WGS84
    label_lon = models.FloatField(null=True)
    label_lat = models.FloatField(null=True)
    source = models.TextField(blank=True)
    licence = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="map_shape_once")]

    def __str__(self) -> str:
        return self.name


class Host(models.Model):
    """A body that receives pupils; a place not proven to do so is a lead (线索) and cannot be booked."""

    EVIDENCE = [("confirmed", _("已证实")), ("lead", _("线索"))]
    GROUNDS = [  # what the evidence is
        ("confirmed_host", _("有公开记载接待过学生")),
        ("pupil_practice_base", _("学生社会实践基地，未见职业体验记载")),
        ("study_route", _("出现在研学路线里，未见接待职业体验")),
        ("internship_host", _("接收过大学生实习，未见接待中小学生")),
        ("care_class_site", _("办过假期托管班，未见职业体验记载")),
        ("candidate", _("有人提起，还没有核实")),
        ("applied", _("自己申报，正在审核")),
        ("accredited", _("经申报、核查和评审认定")),
    ]
    unit = models.OneToOneField(Unit, models.PROTECT, related_name="host")
    kind = models.CharField(max_length=20)  # 中职校, 医院, 博物馆, …
    credit_code = models.CharField(max_length=18, blank=True)  # 统一社会信用代码
    evidence = models.CharField(max_length=10, choices=EVIDENCE)
    grounds = models.CharField(max_length=20, choices=GROUNDS, blank=True)
    evidence_note = models.TextField(blank=True)
    trust = models.CharField(max_length=1, blank=True)  # of the source: A official · B press, institution · C mirror
    occupations = ArrayField(models.CharField(max_length=40), default=list)
    address = models.CharField(max_length=120, blank=True)
    street = models.CharField(max_length=40, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    opening = models.CharField(max_length=120, blank=True)
    is_vocational = models.BooleanField(default=False)  # 职业院校: its visits fill the 16-hour sub-quota
    credit_confirmed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")  # its check digit fails
    about = models.CharField(max_length=400, blank=True)
    is_commercial = models.BooleanField(default=False)  # 营利性: said on its public page
    contact = models.CharField(max_length=40, blank=True)
    phone_sealed = models.BinaryField(default=b"")
    email = models.EmailField(blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    merged_at = models.DateTimeField(null=True)
    merged_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["evidence", "kind"], name="host_by_evidence")]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"], condition=~Q(credit_code="") & Q(merged_into=None), name="host_credit_code_once"
            ),
            models.CheckConstraint(
                name="host_merged_by_whom_and_when",
                condition=Q(merged_into=None, merged_at=None, merged_by=None)
                | Q(merged_into__isnull=False, merged_at__isnull=False, merged_by__isnull=False),
            ),
            models.CheckConstraint(name="host_not_merged_into_itself", condition=~Q(merged_into=F("pk"))),
            models.CheckConstraint(
                name="host_credit_code_holds_or_was_confirmed",
                condition=Q(credit_code="") | Q(credit_confirmed_by__isnull=False) | Q(CreditCodeHolds("credit_code")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit)

    @property
    def phone(self) -> str:
        """The contact's phone in clear, or ""; mask it wherever it is shown."""
        return crypto.decrypt(bytes(self.phone_sealed)) if self.phone_sealed else ""


class Venue(models.Model):
    """A place of a host where visits sit: a workshop, a hall; it may lie elsewhere than the host's seat."""

    ACCESS = [
        ("step_free", _("无台阶")),
        ("lift", _("有电梯")),
        ("toilet", _("无障碍厕所")),
        ("quiet", _("可安排安静时段")),
        ("sign", _("有手语")),
    ]

    LEAST_M2 = 3  # for each pupil, unless the venue says otherwise

    host = models.ForeignKey(Host, models.PROTECT, related_name="venues")
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=120, blank=True)
    street = models.CharField(max_length=40, blank=True)
    lon = models.FloatField(null=True)  # WGS84
    lat = models.FloatField(null=True)
    capacity = models.PositiveSmallIntegerField()  # pupils at one time
    area_m2 = models.PositiveIntegerField(null=True)
    area_per_pupil_m2 = models.DecimalField(max_digits=4, decimal_places=1, default=Decimal(LEAST_M2))
    access = ArrayField(models.CharField(max_length=12, choices=ACCESS), default=list)
    access_note = models.CharField(max_length=200, blank=True)
    opening = models.CharField(max_length=120, blank=True)
    transport = models.CharField(max_length=200, blank=True)
    is_example = models.BooleanField(default=False)
    closed_on = models.DateField(null=True)  # from that day on nobody can be seated there
    closed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host", "name"], name="venue_named_once"),
            models.CheckConstraint(name="venue_holds_someone", condition=Q(capacity__gte=1)),
            models.CheckConstraint(
                name="venue_holds_no_more_than_its_area",
                condition=Q(area_m2=None) | Q(area_m2__gte=F("capacity") * F("area_per_pupil_m2")),
            ),
            models.CheckConstraint(
                name="venue_closed_by_whom_and_when",
                condition=Q(closed_on=None, closed_by=None) | Q(closed_on__isnull=False, closed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

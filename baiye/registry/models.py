"""Hosts (基地), their venues, and the accreditation without which no pupil may come."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit

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

    class Meta:
        indexes = [models.Index(fields=["evidence", "kind"], name="host_by_evidence")]
        constraints = [
            models.UniqueConstraint(fields=["credit_code"], condition=~Q(credit_code=""), name="host_credit_code_once")
        ]

    def __str__(self) -> str:
        return str(self.unit)


class Venue(models.Model):
    """A place of a host where visits sit: a workshop, a hall."""

    host = models.ForeignKey(Host, models.PROTECT, related_name="venues")
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=120, blank=True)
    capacity = models.PositiveSmallIntegerField()  # pupils at one time
    is_example = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host", "name"], name="venue_named_once"),
            models.CheckConstraint(name="venue_holds_someone", condition=Q(capacity__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


class Standard(models.Model):
    """A versioned accreditation standard (认定标准)."""

    name = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    published_on = models.DateField()
    is_example = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="standard_version_once")]

    def __str__(self) -> str:
        return f"{self.name}（第 {self.version} 版）"


class Accreditation(models.Model):
    """A host may receive pupils from–until, both days included; a suspension or revocation ends that at once.

    A lead is accredited as an example (示例) or not at all: `accreditation_of_a_lead_only_as_an_example`.
    """

    host = models.ForeignKey(Host, models.PROTECT, related_name="accreditations")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField()
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    suspended_on = models.DateField(null=True)
    suspended_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    is_example = models.BooleanField(default=False)  # 示例: in demonstrations only

    class Meta:
        indexes = [models.Index(fields=["host", "valid_from"], name="accreditation_by_host")]
        constraints = [
            models.UniqueConstraint(fields=["host", "standard", "valid_from"], name="accreditation_once"),
            models.CheckConstraint(
                name="accreditation_ends_after_it_begins", condition=Q(valid_until__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="accreditation_suspended_by_whom_and_when",
                condition=Q(suspended_on=None, suspended_by=None)
                | Q(suspended_on__isnull=False, suspended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host}：{self.standard}，{self.valid_from} 至 {self.valid_until}"

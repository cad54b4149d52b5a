"""Incidents (事件) and complaints (投诉): what was reported never changes; what was done about it is added to it."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit
from baiye.core import crypto
from baiye.core.models import File
from baiye.registry.models import Host
from baiye.schools.models import Pupil
from baiye.visits.models import Visit

USER = settings.AUTH_USER_MODEL


class Incident(models.Model):
    """Something went wrong on a visit or nearly did; ``unit`` is where it belongs, for scope.

    What happened is personal: it stands encrypted, and each look at it is an event. The report itself never changes and
    is never deleted (triggers); triage and closing are columns that only their actions write.
    """

    KINDS = [
        ("injury", _("受伤或突发疾病")),
        ("missing", _("学生走失或未到")),
        ("harm", _("怀疑学生受到侵害")),
        ("conduct", _("成年人言行不当")),
        ("food", _("食品或过敏")),
        ("equipment", _("设备、火、电、化学品")),
        ("transport", _("接送和交通")),
        ("data", _("个人信息泄露")),
        ("near_miss", _("差一点出事")),
        ("other", _("其他")),
    ]
    SEVERITIES = [("minor", _("轻微")), ("serious", _("较重")), ("critical", _("严重"))]
    # whom one tells at once; a suspected harm must be told to the police and the district (未成年人保护法 第十一条)
    TOLD = [
        ("guardian", _("家长")),
        ("school", _("学校")),
        ("ambulance", _("120 急救")),
        ("police", _("110 公安")),
        ("district", _("区教育局")),
        ("host", _("基地负责人")),
    ]
    request = models.UUIDField(default=uuid.uuid4, unique=True)  # made by the phone: sent twice, it is one report
    kind = models.CharField(max_length=12, choices=KINDS)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="incidents")
    host = models.ForeignKey(Host, models.PROTECT, null=True, related_name="incidents")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="incidents")
    happened_at = models.DateTimeField()
    place = models.CharField(max_length=80, blank=True)
    what_sealed = models.BinaryField()
    done_sealed = models.BinaryField(default=b"")  # what was done at once
    told = ArrayField(models.CharField(max_length=12, choices=TOLD), default=list)
    reported_at = models.DateTimeField(db_default=Now())
    reported_by = models.ForeignKey(USER, models.PROTECT, related_name="incidents")
    severity = models.CharField(max_length=10, choices=SEVERITIES, blank=True)  # empty: not yet looked at
    owner = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["closed_at", "-reported_at"], name="incident_open_first")]
        constraints = [
            models.CheckConstraint(
                name="incident_not_before_it_happened", condition=Q(happened_at__lte=F("reported_at"))
            ),
            models.CheckConstraint(
                name="incident_closed_by_whom_and_when",
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="incident_closed_once_weighed",
                condition=Q(closed_at=None) | ~Q(severity="") & Q(owner__isnull=False),
            ),
            models.CheckConstraint(
                name="incident_heavier_than_minor_closed_by_another",
                condition=Q(closed_at=None) | Q(severity="minor") | ~Q(closed_by=F("owner")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_at:%Y-%m-%d}"

    @property
    def what(self) -> str:
        """What happened, in clear: for a page whose look is logged, and for nothing else."""
        return crypto.decrypt(bytes(self.what_sealed))

    @property
    def done(self) -> str:
        """What was done at once, in clear."""
        return crypto.decrypt(bytes(self.done_sealed)) if self.done_sealed else ""


class Concerned(models.Model):
    """A pupil an incident is about."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="concerned")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "pupil"], name="concerned_once_an_incident")]

    def __str__(self) -> str:
        return str(self.pk)


class IncidentPhoto(models.Model):
    """A photo handed in with a report."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="photos")
    file = models.ForeignKey(File, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.pk)


class Step(models.Model):
    """What was done about an incident, one dated line each; never changed (trigger)."""

    KINDS = [
        ("triage", _("定级与分派")),
        ("note", _("跟进")),
        ("told", _("已告知")),
        ("suspended", _("暂停基地")),
        ("closed", _("结案")),
        ("reopened", _("重开")),
    ]
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="steps")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=KINDS)
    text_sealed = models.BinaryField(default=b"")

    class Meta:
        indexes = [models.Index(fields=["incident", "at"], name="incident_step")]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def text(self) -> str:
        return crypto.decrypt(bytes(self.text_sealed)) if self.text_sealed else ""


class Complaint(models.Model):
    """A family, or anyone, says what is not right with a host or the programme; it is answered by a day.

    Who is signed in sees it among their own; everybody can follow it by a secret link, without saying who they are.
    """

    KINDS = [
        ("selling", _("推销、收费或发广告")),
        ("contact", _("索要联系方式或个人信息")),
        ("safety", _("不安全")),
        ("conduct", _("态度或言行")),
        ("content", _("内容与公布的不一样")),
        ("fairness", _("名额或录取不公平")),
        ("discrimination", _("没有被平等对待")),
        ("other", _("其他")),
    ]
    request = models.UUIDField(default=uuid.uuid4, unique=True)
    digest = models.CharField(max_length=64, unique=True)  # of the secret in the link
    kind = models.CharField(max_length=16, choices=KINDS)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="complaints")  # the host's, or the district
    host = models.ForeignKey(Host, models.PROTECT, null=True, related_name="complaints")
    text_sealed = models.BinaryField()
    contact_sealed = models.BinaryField(default=b"")  # only if they want to be rung
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="complaints")
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=1000, blank=True)
    escalated_at = models.DateTimeField(null=True)  # not content with the answer: somebody else looks at it
    final_at = models.DateTimeField(null=True)
    final_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    final_upheld = models.BooleanField(null=True)
    final_answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["answered_at", "due_on"], name="complaint_open_first")]
        constraints = [
            models.CheckConstraint(
                name="complaint_answered_by_whom_when_and_how",
                condition=Q(answered_at=None, answered_by=None, upheld=None, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False, upheld__isnull=False) & ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="complaint_escalated_after_an_answer",
                condition=Q(escalated_at=None) | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_looked_at_again_by_another",
                condition=Q(final_at=None, final_by=None, final_upheld=None, final_answer="")
                | Q(escalated_at__isnull=False, final_at__isnull=False, final_by__isnull=False)
                & Q(final_upheld__isnull=False)
                & ~Q(final_answer="")
                & ~Q(final_by=F("answered_by")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def text(self) -> str:
        return crypto.decrypt(bytes(self.text_sealed))

    @property
    def contact(self) -> str:
        return crypto.decrypt(bytes(self.contact_sealed)) if self.contact_sealed else ""

    @property
    def stands_upheld(self) -> bool | None:
        """What it came to: the last word that was given."""
        return self.upheld if self.final_at is None else self.final_upheld

"""The accreditation without which no pupil may come, what was done about it since, and appeals."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from baiye.core.models import File
from baiye.registry.models.applications import Application
from baiye.registry.models.hosts import Host
from baiye.registry.models.inspections import Decision
from baiye.registry.models.standards import Standard

USER = settings.AUTH_USER_MODEL


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
    dormant_on = models.DateField(null=True)  # suspended by the dormancy rule, by nobody
    reason = models.CharField(max_length=200, blank=True)
    is_example = models.BooleanField(default=False)  # 示例: in demonstrations only
    number = models.CharField(max_length=40, blank=True)  # 认定编号
    conditions = models.CharField(max_length=400, blank=True)
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="accreditation")
    revoked_on = models.DateField(null=True)  # a suspension that does not end
    revoked_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    warned_days = models.PositiveSmallIntegerField(null=True)  # the last warning sent: 60, 30 or 7 days before its end

    class Meta:
        indexes = [models.Index(fields=["host", "valid_from"], name="accreditation_by_host")]
        constraints = [
            models.UniqueConstraint(fields=["host", "standard", "valid_from"], name="accreditation_once"),
            models.CheckConstraint(
                name="accreditation_ends_after_it_begins", condition=Q(valid_until__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="accreditation_suspended_by_whom_and_when",
                condition=Q(suspended_on=None, suspended_by=None, dormant_on=None)
                | Q(suspended_on__isnull=False, suspended_by__isnull=False, dormant_on=None)
                | Q(
                    suspended_on__isnull=False,
                    suspended_by=None,
                    dormant_on__isnull=False,
                    dormant_on=F("suspended_on"),
                ),
            ),
            models.CheckConstraint(
                name="accreditation_revoked_by_whom_and_when",
                condition=Q(revoked_on=None, revoked_by=None) | Q(revoked_on__isnull=False, revoked_by__isnull=False),
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="accreditation_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.host}：{self.standard}，{self.valid_from} 至 {self.valid_until}"


class Measure(models.Model):
    """What was done about an accreditation, never changed (trigger): dated, signed by one or two, with its reason.

    A revocation needs a second signature and an announced hearing whose day has come.
    """

    KINDS = [
        ("review", _("年度复核")),
        ("warning", _("提醒改正")),
        ("suspension", _("暂停")),
        ("resumption", _("恢复")),
        ("dormancy", _("休眠")),
        ("hearing", _("听证告知")),
        ("revocation", _("撤销")),
    ]
    request = models.UUIDField(default=uuid.uuid4, unique=True)  # of the form: sent twice, it is one measure
    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=12, choices=KINDS)
    on = models.DateField()  # from when it holds; of a hearing: its day
    because = models.CharField(max_length=400)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")  # empty: the dormancy rule
    second_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["accreditation", "at"], name="measure_of_accreditation")]
        constraints = [
            models.CheckConstraint(
                name="measure_revocation_signed_by_two",
                condition=~Q(kind="revocation") | Q(by__isnull=False, second_by__isnull=False) & ~Q(by=F("second_by")),
            ),
            models.CheckConstraint(name="measure_says_why", condition=~Q(because="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"


class Proposal(models.Model):
    """One person asks for a revocation after the hearing; another signs, and only then it is a measure."""

    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="proposals")
    because = models.CharField(max_length=400)
    proposed_at = models.DateTimeField(db_default=Now())
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    measure = models.OneToOneField(Measure, models.PROTECT, null=True, related_name="proposal")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["accreditation"],
                condition=Q(measure=None, withdrawn_at=None),
                name="proposal_one_open_an_accreditation",
            ),
            models.CheckConstraint(
                name="proposal_withdrawn_by_whom_and_when",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, measure=None),
            ),
            models.CheckConstraint(name="proposal_says_why", condition=~Q(because="")),
        ]

    def __str__(self) -> str:
        return self.because[:20]


class Appeal(models.Model):
    """A host disagrees with a decision or a measure; somebody who did not sign it answers."""

    request = models.UUIDField(default=uuid.uuid4, unique=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="appeals")
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="appeals")
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="appeals")  # by its link
    text = models.CharField(max_length=1000)
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="appeal_against_one_thing",
                condition=Q(decision__isnull=False, measure=None) | Q(decision=None, measure__isnull=False),
            ),
            models.CheckConstraint(
                name="appeal_answered_by_whom_when_and_how",
                condition=Q(answered_at=None, answered_by=None, upheld=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False, upheld__isnull=False) & ~Q(answer=""),
            ),
            models.UniqueConstraint(
                fields=["decision"], condition=Q(answered_at=None), name="appeal_one_open_a_decision"
            ),
            models.UniqueConstraint(
                fields=["measure"], condition=Q(answered_at=None), name="appeal_one_open_a_measure"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:20]

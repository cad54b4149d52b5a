"""Accreditation standards (认定标准): versioned rubrics that the district or an agency keeps."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit

USER = settings.AUTH_USER_MODEL
DOCUMENTS = [  # kinds of papers with an expiry
    ("licence", _("法人登记证书或营业执照")),
    ("insurance", _("学生意外险与场所责任险")),
    ("fire", _("消防验收或检查意见")),
    ("food", _("食品经营许可")),
    ("equipment", _("设备检查记录")),
    ("first_aid", _("急救员证")),
    ("plan", _("安全与应急预案")),
    ("other", _("其他材料")),
]


class Standard(models.Model):
    """One version of a rubric; a draft (`published_on` empty) may be edited, a published one never changes (trigger).

    A host passes with at least ``pass_points`` and no indicator below its ``floor``. ``keeper`` is the body whose part
    of the register this is: the district, or an agency (团区委, 人社局, 总工会), whose officers then decide.
    """

    name = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    keeper = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="standards")
    about = models.CharField(max_length=400, blank=True)
    stages = ArrayField(models.CharField(max_length=10), default=list)  # 小学, 初中, 高中
    needs = ArrayField(
        models.CharField(max_length=20, choices=DOCUMENTS), default=list
    )  # must hold on every visit's day
    pass_points = models.PositiveSmallIntegerField(default=0)
    panel = models.PositiveSmallIntegerField(default=2)  # signatures a decision needs, its proposer's included
    valid_months = models.PositiveSmallIntegerField(default=36)
    dormant_months = models.PositiveSmallIntegerField(default=12)  # without a visit for so long: dormant
    published_on = models.DateField(null=True)
    published_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    edited_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")  # who wrote the draft last
    withdrawn_on = models.DateField(null=True)  # no new applications from that day on
    is_example = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="standard_version_once"),
            models.UniqueConstraint(fields=["name"], condition=Q(published_on=None), name="standard_one_draft_a_name"),
            models.CheckConstraint(
                name="standard_published_by_another",
                condition=Q(published_by=None) | Q(edited_by=None) | ~Q(published_by=F("edited_by")),
            ),
            models.CheckConstraint(name="standard_decided_by_more_than_one", condition=Q(panel__gte=2)),
            models.CheckConstraint(
                name="standard_holds_for_some_time", condition=Q(valid_months__gte=1, dormant_months__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（第 {self.version} 版）"


class Indicator(models.Model):
    """One line of a rubric: what is looked at, how many points it gives, and below how many it is inadequate."""

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="indicators")
    number = models.PositiveSmallIntegerField()
    area = models.CharField(max_length=20)  # 安全, 师资, 课程
    title = models.CharField(max_length=60)
    guidance = models.CharField(max_length=400, blank=True)
    points = models.PositiveSmallIntegerField()
    floor = models.PositiveSmallIntegerField(default=0)
    evidence = ArrayField(models.CharField(max_length=20, choices=DOCUMENTS), default=list)  # papers to look at

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standard", "number"], name="indicator_number_once"),
            models.CheckConstraint(
                name="indicator_floor_within_its_points", condition=Q(points__gte=1, floor__lte=F("points"))
            ),
        ]

    def __str__(self) -> str:
        return self.title

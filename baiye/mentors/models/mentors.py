"""Who guides pupils (带教人员), what they may call themselves, and the results of their checks."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit
from baiye.catalogue.models import Occupation
from baiye.core import crypto
from baiye.core.models import File

USER = settings.AUTH_USER_MODEL
KINDS = [
    ("counsellor", _("校外辅导员")),
    ("craftsman", _("劳模工匠")),
    ("guide", _("基地带教")),
    ("driver", _("司机")),
    ("volunteer", _("志愿者")),
]
LANGUAGES = [
    ("mandarin", _("普通话")),
    ("shanghainese", _("沪语")),
    ("english", _("英语")),
    ("sign", _("手语")),
    ("other", _("其他语言")),
]
SLOTS = [  # half-days of a week: weekday 1–7, then am or pm
    ("1am", _("周一上午")),
    ("1pm", _("周一下午")),
    ("2am", _("周二上午")),
    ("2pm", _("周二下午")),
    ("3am", _("周三上午")),
    ("3pm", _("周三下午")),
    ("4am", _("周四上午")),
    ("4pm", _("周四下午")),
    ("5am", _("周五上午")),
    ("5pm", _("周五下午")),
    ("6am", _("周六上午")),
    ("6pm", _("周六下午")),
    ("7am", _("周日上午")),
    ("7pm", _("周日下午")),
]


class Mentor(models.Model):
    """An adult who works with pupils: a guide, a counsellor, a craftsman, a driver, a volunteer.

    ``appointed_by`` is the body whose counsellor this is: its officers see and appoint them. No photo is kept.
    Whether somebody may be with pupils on certain days, `mentors_hinders` says, and nothing here.
    """

    request = models.UUIDField(default=uuid.uuid4, unique=True)
    name = models.CharField(max_length=40)
    pinyin = models.CharField(max_length=240, blank=True)
    kinds = ArrayField(models.CharField(max_length=12, choices=KINDS))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="mentors")  # host, agency or district they belong to
    appointed_by = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="counsellors")
    user = models.OneToOneField(USER, models.PROTECT, null=True, related_name="mentor")
    phone_sealed = models.BinaryField(default=b"")
    languages = ArrayField(models.CharField(max_length=14, choices=LANGUAGES), default=list)
    occupations = models.ManyToManyField(Occupation, related_name="mentors")
    trade = models.CharField(max_length=60, blank=True)  # in their own words, where the table has no such occupation
    free_slots = ArrayField(models.CharField(max_length=3, choices=SLOTS), default=list)  # empty: ask
    most_a_term = models.PositiveSmallIntegerField(default=20)  # visits and talks together
    about = models.CharField(max_length=400, blank=True)
    is_example = models.BooleanField(default=False)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    left_on = models.DateField(null=True)  # from that day on they guide nobody
    left_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["unit", "pinyin"], name="mentor_by_unit")]
        constraints = [
            models.CheckConstraint(name="mentor_is_of_some_kind", condition=Q(kinds__len__gte=1)),
            models.CheckConstraint(name="mentor_may_be_asked_for_something", condition=Q(most_a_term__gte=1)),
            models.CheckConstraint(
                name="mentor_left_by_whom_and_when",
                condition=Q(left_on=None, left_by=None) | Q(left_on__isnull=False, left_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phone(self) -> str:
        """The phone number in clear, or ""; mask it wherever it is shown."""
        return crypto.decrypt(bytes(self.phone_sealed)) if self.phone_sealed else ""

    @property
    def kind_names(self) -> list[str]:
        names = dict(KINDS)
        return [str(names[kind]) for kind in self.kinds]


class Title(models.Model):
    """A title of honour somebody claims (劳模, 工匠, 五一奖章): with its paper, or confirmed by a union."""

    KINDS = [("model_worker", _("劳模")), ("craftsman", _("工匠")), ("may_day", _("五一奖章"))]
    LEVELS = [("national", _("全国")), ("city", _("市级")), ("industry", _("行业")), ("district", _("区级"))]
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="titles")
    kind = models.CharField(max_length=14, choices=KINDS)
    level = models.CharField(max_length=10, choices=LEVELS)
    year = models.PositiveSmallIntegerField()
    awarded_by = models.CharField(max_length=60)
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    confirming_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(db_default=Now())
    entered_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="title_with_its_paper_or_a_unions_word",
                condition=Q(file__isnull=False) | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="title_confirmed_by_whom_and_when",
                condition=Q(confirmed_at=None, confirmed_by=None, confirming_unit=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, confirming_unit__isnull=False),
            ),
            models.UniqueConstraint(fields=["mentor", "kind", "level", "year"], name="title_claimed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_level_display()}{self.get_kind_display()}"


class Check(models.Model):
    """The result of one look-up of a person's record (从业查询), never the record itself; never changed (trigger).

    The latest one counts, for 365 days; a result that is not clear bars at once.
    """

    RESULTS = [("clear", _("未发现限制从业的记录")), ("not_clear", _("不宜接触学生"))]
    METHODS = [
        ("education", _("教育部门教职员工准入查询")),
        ("police", _("公安机关查询")),
        ("employer", _("单位出具的查询结果")),
    ]
    request = models.UUIDField(default=uuid.uuid4, unique=True)
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="checks")
    result = models.CharField(max_length=10, choices=RESULTS)
    checked_on = models.DateField()
    method = models.CharField(max_length=10, choices=METHODS)
    entered_at = models.DateTimeField(db_default=Now())
    checker = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")  # who looked it up and entered it

    class Meta:
        indexes = [models.Index(fields=["mentor", "-checked_on"], name="check_of_mentor")]

    def __str__(self) -> str:
        return f"{self.get_result_display()} {self.checked_on}"

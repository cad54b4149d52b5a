"""Occupations, and the courses that hosts offer; visits hold on to the version they were made from."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baiye.registry.models import Host

USER = settings.AUTH_USER_MODEL
RIASEC = [("R", _("动手")), ("I", _("探究")), ("A", _("创意")), ("S", _("助人")), ("E", _("经营")), ("C", _("条理"))]
STEPS = [  # the founding paper's four steps, in its words
    ("school", _("走进一所职校")),
    ("project", _("体验一个项目")),
    ("occupation", _("了解一门职业")),
    ("culture", _("感受一种文化")),
]
TASK_GROUPS = [  # 《义务教育劳动课程标准（2022 年版）》's ten labour task groups
    ("清洁与卫生", _("清洁与卫生")),
    ("整理与收纳", _("整理与收纳")),
    ("烹饪与营养", _("烹饪与营养")),
    ("家用器具使用与维护", _("家用器具使用与维护")),
    ("农业生产劳动", _("农业生产劳动")),
    ("传统工艺制作", _("传统工艺制作")),
    ("工业生产劳动", _("工业生产劳动")),
    ("新技术体验与应用", _("新技术体验与应用")),
    ("现代服务业劳动", _("现代服务业劳动")),
    ("公益劳动与志愿服务", _("公益劳动与志愿服务")),
]
HAZARDS = {  # hazard → what must be asked because of it
    "food": _("有没有食物过敏（花生、麸质、鸡蛋、牛奶等）"),
    "flash": _("有没有癫痫史，会不会因闪光不适"),
    "colour": _("能不能分清红、绿、黄的导线"),
    "heat": _("有没有不能靠近高温或明火的情况"),
    "tools": _("手部有没有需要照顾的地方"),
    "latex": _("对乳胶手套过敏吗"),
}


class Occupation(models.Model):
    """An occupation of 《职业分类大典》(2022): data with a date, not an enumeration, for codes are added."""

    code = models.CharField(max_length=12, unique=True)  # 4-03-02-02
    name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=240, blank=True)
    riasec = models.CharField(max_length=3, blank=True)  # top three, O*NET interests (CC BY 4.0)
    valid_from = models.DateField()
    source = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class ReportedCourse(models.Model):
    """A course that a public source tells of (有记载的项目): nobody has proposed it here yet, so it has no seats."""

    title = models.CharField(max_length=80)
    host = models.ForeignKey(Host, models.PROTECT, null=True, related_name="reported_courses")
    host_text = models.CharField(max_length=120, blank=True)  # who offered it, in the source's words
    occupation_text = models.CharField(max_length=60, blank=True)
    audience = models.CharField(max_length=60, blank=True)
    held = models.CharField(max_length=60, blank=True)  # when, in the source's words
    note = models.TextField(blank=True)
    trust = models.CharField(max_length=1)  # A official · B press or institution · C mirror
    source = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["title", "host_text"], name="reported_course_once"),
            models.CheckConstraint(name="reported_course_from_a_usable_source", condition=Q(trust__in=["A", "B", "C"])),
        ]

    def __str__(self) -> str:
        return self.title


class Course(models.Model):
    """A project at a host (项目): what pupils wish for; its content stands in versions."""

    host = models.ForeignKey(Host, models.PROTECT, related_name="courses")
    slug = models.CharField(max_length=40, unique=True)
    is_example = models.BooleanField(default=False)
    source = models.TextField(blank=True)
    retired_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="course_retired_by_whom_and_when",
                condition=Q(retired_at=None, retired_by=None) | Q(retired_at__isnull=False, retired_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.slug


class CourseVersion(models.Model):
    """What a course is from its publication until the next version: published versions never change.

    A draft (`published_at` empty) may be edited until it is published; a course has at most one.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=240, blank=True)  # of the title, for searching
    summary = models.CharField(max_length=200, blank=True)
    glyph = models.CharField(max_length=1)  # 字头: the one character on its tile
    riasec = models.CharField(max_length=1, choices=RIASEC)
    occupation = models.ForeignKey(Occupation, models.PROTECT, null=True, related_name="courses")
    task_group = models.CharField(max_length=20, choices=TASK_GROUPS)  # 劳动任务群
    grade_from = models.PositiveSmallIntegerField()
    grade_to = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    group_min = models.PositiveSmallIntegerField()
    group_ideal = models.PositiveSmallIntegerField()
    group_max = models.PositiveSmallIntegerField()
    hazards = ArrayField(models.CharField(max_length=20), default=list)  # keys of HAZARDS
    steps = models.JSONField(default=dict)  # key of STEPS → what one does there
    bring = models.CharField(max_length=120, blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="course_version_once"),
            models.UniqueConstraint(
                fields=["course"], condition=Q(published_at=None), name="course_version_one_draft_a_course"
            ),
            models.CheckConstraint(
                name="course_version_published_by_whom_and_when",
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
            ),
            models.CheckConstraint(
                name="course_version_group_sizes_in_order",
                condition=Q(group_min__gte=1, group_ideal__gte=F("group_min"), group_max__gte=F("group_ideal")),
            ),
            models.CheckConstraint(
                name="course_version_grades_in_order",
                condition=Q(grade_from__gte=1, grade_to__gte=F("grade_from"), grade_to__lte=12),
            ),
            models.CheckConstraint(name="course_version_takes_time", condition=Q(minutes__gte=1)),
            models.CheckConstraint(
                name="course_version_belongs_to_a_task_group",
                condition=Q(task_group__in=[group for group, _name in TASK_GROUPS]),
            ),
        ]

    def __str__(self) -> str:
        return self.title

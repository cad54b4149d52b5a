"""The courses that hosts offer; visits hold on to the version they were made from."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baiye.catalogue.hazards import KNOWN
from baiye.catalogue.models.occupations import RIASEC, Occupation
from baiye.catalogue.task_groups import TASK_GROUPS, fitting
from baiye.registry.models import Host

USER = settings.AUTH_USER_MODEL
STEPS = [  # the founding paper's four steps, in its words
    ("school", _("走进一所职校")),
    ("project", _("体验一个项目")),
    ("occupation", _("了解一门职业")),
    ("culture", _("感受一种文化")),
]
LANGUAGES = [("zh", _("普通话")), ("sh", _("上海话")), ("en", _("英语")), ("sign", _("手语"))]
ACCESS = [("full", _("行动不便的学生都能参加")), ("adapted", _("调整后能参加")), ("barred", _("目前还做不到"))]
UNREVIEWED = [("before", _("在有评审以前发布")), ("example", _("示例，不经评审"))]


def mandarin() -> list[str]:
    """The language of a course that says nothing else."""
    return ["zh"]


class Course(models.Model):
    """A project at a host (项目): what pupils wish for; its content stands in versions."""

    host = models.ForeignKey(Host, models.PROTECT, related_name="courses")
    slug = models.CharField(max_length=40, unique=True)
    is_example = models.BooleanField(default=False)
    source = models.TextField(blank=True)
    copied_from = models.ForeignKey("CourseVersion", models.PROTECT, null=True, related_name="copies")
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

    A draft (`published_at` empty) may be edited until it is proposed for review; a course has at most one. It is
    published only after a passed review, or with `unreviewed` saying why not (triggers).
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
    hands_on_percent = models.PositiveSmallIntegerField(null=True)  # share of the time that pupils work themselves
    group_min = models.PositiveSmallIntegerField()
    group_ideal = models.PositiveSmallIntegerField()
    group_max = models.PositiveSmallIntegerField()
    hazards = ArrayField(models.CharField(max_length=20), default=list)  # keys of hazards.KNOWN
    steps = models.JSONField(default=dict)  # key of STEPS → what one does there
    pupil_notes = models.JSONField(default=dict)  # key of STEPS → what pupils are given to read
    instructor_notes = models.JSONField(default=dict)  # key of STEPS → how the instructor leads it; not public
    bring = models.CharField(max_length=120, blank=True)
    price_fen = models.PositiveIntegerField(default=0)  # for one pupil; 0 or the cost that is published
    price_covers = models.CharField(max_length=200, blank=True)
    languages = ArrayField(models.CharField(max_length=6, choices=LANGUAGES), default=mandarin)
    access = models.CharField(max_length=10, choices=ACCESS, blank=True)  # empty: not stated yet
    access_note = models.CharField(max_length=200, blank=True)
    unreviewed = models.CharField(max_length=10, choices=UNREVIEWED, blank=True)
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
            models.CheckConstraint(name="course_version_task_group_fits_the_grades", condition=fitting()),
            models.CheckConstraint(
                name="course_version_hazards_are_known", condition=Q(hazards__contained_by=list(KNOWN))
            ),
            models.CheckConstraint(
                name="course_version_hands_on_is_a_share",
                condition=Q(hands_on_percent=None) | Q(hands_on_percent__lte=100),
            ),
            models.CheckConstraint(
                name="course_version_price_says_what_it_covers",
                condition=Q(price_fen=0) | Q(price_fen__gt=0) & ~Q(price_covers=""),
            ),
            models.CheckConstraint(
                name="course_version_is_held_in_a_language",
                condition=Q(languages__len__gte=1, languages__contained_by=[code for code, _name in LANGUAGES]),
            ),
            models.CheckConstraint(
                name="course_version_access_says_how",
                condition=Q(access__in=["", "full"]) | Q(access__in=["adapted", "barred"]) & ~Q(access_note=""),
            ),
            models.CheckConstraint(
                name="course_version_unreviewed_only_when_published",
                condition=Q(unreviewed="") | Q(unreviewed__in=["before", "example"], published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Author(models.Model):
    """Who wrote in a draft, and so may not review it."""

    version = models.ForeignKey(CourseVersion, models.CASCADE, related_name="authors")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="author_once")]

    def __str__(self) -> str:
        return str(self.user)

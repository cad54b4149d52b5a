"""Units, the people who sign in, what they may do where, and the notices they are shown."""

import hashlib
from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from baiye.core import clock

ADMIN_ROLES = ("system_admin", "security_admin", "audit_admin")


class DateSpan(Func):
    """``daterange(from, to)``, both ends included."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Unit(models.Model):
    """A body in the tree district › agency | school | host; ``path`` is "/1/7/", so a prefix is a scope."""

    KINDS = [("district", "区"), ("agency", "牵头部门"), ("school", "学校"), ("host", "基地")]
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    kind = models.CharField(max_length=10, choices=KINDS)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40, blank=True)
    pinyin = models.CharField(max_length=240, blank=True)  # for sorting and searching
    path = models.CharField(max_length=120, unique=True)
    is_example = models.BooleanField(default=False)  # 示例: generated, no real institution
    source = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["path"], name="unit_by_path", opclasses=["varchar_pattern_ops"])]
        constraints = [
            models.CheckConstraint(
                name="unit_only_a_district_has_no_parent",
                condition=Q(kind="district", parent=None) | (~Q(kind="district") & Q(parent__isnull=False)),
            ),
            models.UniqueConstraint(fields=["kind", "name"], name="unit_named_once_a_kind"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    def lineage(self) -> list[str]:
        """The paths of this unit and everything above it."""
        steps = self.path.strip("/").split("/")
        return ["/" + "/".join(steps[: n + 1]) + "/" for n in range(len(steps))]


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Someone who signs in: staff by password, a pupil or a guardian by their own ways (no password)."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=40)
    email = models.EmailField(blank=True)
    phone_sealed = models.BinaryField(default=b"")
    phone_blind = models.CharField(max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phone_blind"], condition=~Q(phone_blind=""), name="user_phone_is_one_persons")
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def held(self) -> list[tuple[str, str]]:
        """(role, unit path) of every grant valid today; one query, once."""
        grants = self.grants.filter(Q(to_on=None) | Q(to_on__gte=clock.today()), from_on__lte=clock.today())
        return list(grants.values_list("role", "unit__path").order_by("pk"))

    @property
    def is_staff(self) -> bool:
        """Whether this person holds any office."""
        return bool(self.held)


class Grant(models.Model):
    """``user`` holds ``role`` at ``unit`` and below, from–to (both days included; open end: empty)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="grants")
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grant_ends_after_it_begins", condition=Q(to_on=None) | Q(to_on__gte=F("from_on"))
            ),
            ExclusionConstraint(
                name="grant_admin_roles_exclude_each_other",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (DateSpan("from_on", "to_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(role__in=ADMIN_ROLES),
            ),
            ExclusionConstraint(
                name="grant_held_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    (DateSpan("from_on", "to_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Notice(models.Model):
    """A text people are shown before they decide (privacy, children's data, safety); versions never change."""

    kind = models.CharField(max_length=30)  # "privacy" | "children" | "safety" | "consent"
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    text = models.TextField()
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="notice_version_once")]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

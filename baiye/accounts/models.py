"""Units, the people who sign in, what they may do where, and the notices they are shown."""

import hashlib
from collections.abc import Callable, Iterable
from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from baiye.core import clock, crypto

# How higher rooms tell which roles someone holds without a grant (class teacher); filled in their AppConfig.ready().
ROLE_FINDERS: "list[Callable[[User], Iterable[str]]]" = []
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
    """Someone who signs in: staff by password, a pupil or a guardian by their own ways (no password).

    Who is both a teacher and a parent has two accounts, so that no phone code ever opens an office.
    """

    KINDS = [("staff", "工作人员"), ("guardian", "家长"), ("pupil", "学生")]
    kind = models.CharField(max_length=10, choices=KINDS, default="staff")
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=40)
    email = models.EmailField(blank=True)
    wecom_id = models.CharField(max_length=64, blank=True, default="", db_default="")  # 企业微信 userid
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
            models.UniqueConstraint(
                fields=["kind", "phone_blind"], condition=~Q(phone_blind=""), name="user_phone_is_one_persons"
            ),
            models.CheckConstraint(
                name="user_only_staff_have_a_password",
                condition=Q(kind="staff") | Q(password__startswith="!"),  # noqa: S106
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def held(self) -> list[tuple[str, str]]:
        """(role, unit path) of every grant valid today; one query, once."""
        today = clock.today()
        grants = self.grants.filter(Q(to_on=None) | Q(to_on__gte=today), from_on__lte=today, ended_at=None)
        return list(grants.values_list("role", "unit__path").order_by("pk"))

    @cached_property
    def roles(self) -> frozenset[str]:
        """Every role held today: by grant, by being a pupil or a guardian, and what higher rooms know of staff."""
        if self.kind != "staff":
            return frozenset({self.kind})
        found = {role for role, _ in self.held}
        return frozenset(found.union(*(find(self) for find in ROLE_FINDERS)))

    @property
    def is_staff(self) -> bool:
        """Whether this person signs in by password, and so needs a second factor."""
        return self.kind == "staff"

    @property
    def phone(self) -> str:
        """The phone number in clear, or ""; mask it wherever it is shown."""
        return crypto.decrypt(bytes(self.phone_sealed)) if self.phone_sealed else ""


class Grant(models.Model):
    """``user`` holds ``role`` at ``unit`` and below, from–to (both days included; open end: empty), unless ended."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="grants")
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)  # at once, whatever ``to_on`` says
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["unit", "role"], name="grant_by_unit")]
        constraints = [
            models.CheckConstraint(
                name="grant_ends_after_it_begins", condition=Q(to_on=None) | Q(to_on__gte=F("from_on"))
            ),
            models.CheckConstraint(
                name="grant_ended_by_whom_and_when",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(name="grant_not_made_by_who_holds_it", condition=~Q(made_by=F("user"))),
            ExclusionConstraint(
                name="grant_admin_roles_exclude_each_other",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (DateSpan("from_on", "to_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(role__in=ADMIN_ROLES, ended_at=None),
            ),
            ExclusionConstraint(
                name="grant_held_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    (DateSpan("from_on", "to_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at=None),
            ),
        ]


class Invitation(models.Model):
    """A one-time link with which someone sets their first, or a new, password; only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at=None, revoked_at=None), name="invitation_one_open_each"
            ),
            models.CheckConstraint(name="invitation_used_or_revoked", condition=Q(used_at=None) | Q(revoked_at=None)),
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


class ApiKey(models.Model):
    """What a partner's program signs in with: it reads what concerns one agency or host, and is kept as a digest."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=60)  # which program
    start = models.CharField(max_length=8)  # its first characters, by which people tell keys apart
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], condition=Q(revoked_at=None), name="api_key_named_once_a_unit"
            ),
            models.CheckConstraint(
                name="api_key_revoked_by_whom_and_when",
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ApiUse(models.Model):
    """How often a key was used on a day."""

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="uses")
    on = models.DateField()
    hits = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "on"], name="api_use_counted_once_a_day"),
            models.CheckConstraint(name="api_use_is_some", condition=Q(hits__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.hits}"


class AddressCode(models.Model):
    """A one-time code sent to an address that someone wants messages at: it proves that it is theirs. Five tries."""

    CHANNELS = [("mail", _("邮箱")), ("wecom", _("企业微信账号"))]
    user = models.ForeignKey(User, models.CASCADE, related_name="address_codes")
    channel = models.CharField(max_length=10, choices=CHANNELS)
    address = models.BinaryField()  # encrypted
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="address_code_five_tries", condition=Q(tries__lte=5)),
            models.UniqueConstraint(
                fields=["user", "channel"], condition=Q(used_at=None), name="address_code_one_open_each"
            ),
        ]

    def __str__(self) -> str:
        return self.get_channel_display()

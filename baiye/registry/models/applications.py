"""Applications (申报): what a body says of itself, and each step since."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from baiye.core import crypto
from baiye.registry.credit_code import CreditCodeHolds
from baiye.registry.models.hosts import Host
from baiye.registry.models.standards import Standard

USER = settings.AUTH_USER_MODEL


class Application(models.Model):
    """A body asks to be accredited by a standard, or again; it follows this by a secret link, without an account.

    ``state`` is what the last step made of it (an invariant compares).
    """

    KINDS = [("new", _("首次申报")), ("renewal", _("到期复评"))]
    STATES = [
        ("draft", _("填写中")),
        ("submitted", _("待受理")),
        ("accepted", _("材料初审")),
        ("returned", _("退回补充")),
        ("inspection", _("现场核查")),
        ("panel", _("待评审")),
        ("conditions", _("限期整改")),
        ("passed", _("已通过")),
        ("failed", _("未通过")),
        ("withdrawn", _("已撤回")),
    ]
    request = models.UUIDField(default=uuid.uuid4, unique=True)  # client-made: sent twice, it is one application
    digest = models.CharField(max_length=64, unique=True)  # of the secret in the applicant's link
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="applications")
    kind = models.CharField(max_length=10, choices=KINDS, default="new")
    host = models.ForeignKey(Host, models.PROTECT, null=True, related_name="applications")  # once it is known which
    state = models.CharField(max_length=12, choices=STATES, default="draft")
    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18, blank=True)
    credit_insisted = models.BooleanField(default=False)  # its check fails; who applied says that it is right
    credit_confirmed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")  # so does the desk
    host_kind = models.CharField(max_length=20)  # 企业, 医院, 博物馆, …
    address = models.CharField(max_length=120, blank=True)
    street = models.CharField(max_length=40, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    contact = models.CharField(max_length=40, blank=True)
    phone_sealed = models.BinaryField(default=b"")
    email = models.EmailField(blank=True)
    occupations = ArrayField(models.CharField(max_length=40), default=list)
    about = models.CharField(max_length=400, blank=True)
    venue_name = models.CharField(max_length=60, blank=True)
    capacity = models.PositiveSmallIntegerField(null=True)
    area_m2 = models.PositiveIntegerField(null=True)
    is_commercial = models.BooleanField(default=False)
    interests = models.CharField(max_length=400, blank=True)  # 利益关系说明
    penalties = models.CharField(max_length=400, blank=True)  # 近三年受过的处罚; empty: none, as declared
    declared_at = models.DateTimeField(null=True)  # no advertising, no selling, no contact with pupils; all true
    handled_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    on_paper_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+"
    )  # an officer entered a paper form
    made_at = models.DateTimeField(db_default=Now())
    submitted_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)  # of what was returned or is to be put right
    is_example = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["state", "submitted_at"], name="application_by_state")]
        constraints = [
            models.CheckConstraint(
                name="application_submitted_with_its_declaration",
                condition=Q(state="draft")
                | Q(state="withdrawn")
                | Q(submitted_at__isnull=False, declared_at__isnull=False),
            ),
            models.CheckConstraint(
                name="application_goes_on_only_for_a_known_host",
                condition=~Q(state__in=["inspection", "panel", "conditions", "passed"]) | Q(host__isnull=False),
            ),
            models.CheckConstraint(
                name="application_insists_on_an_odd_credit_code",
                condition=Q(state__in=["draft", "withdrawn"])
                | Q(credit_code="")
                | Q(credit_insisted=True)
                | Q(CreditCodeHolds("credit_code")),
            ),
            models.CheckConstraint(
                name="application_goes_on_only_with_a_confirmed_credit_code",
                condition=~Q(state__in=["inspection", "panel", "conditions", "passed"])
                | Q(credit_code="")
                | Q(credit_confirmed_by__isnull=False)
                | Q(CreditCodeHolds("credit_code")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phone(self) -> str:
        """The contact's phone in clear, or ""; mask it wherever it is shown."""
        return crypto.decrypt(bytes(self.phone_sealed)) if self.phone_sealed else ""


class Step(models.Model):
    """One dated step of an application, never changed (trigger): who, when, from what to what, and why."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="steps")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")  # empty: the applicant
    state = models.CharField(max_length=12, choices=Application.STATES)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["application", "at"], name="application_step")]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.at:%Y-%m-%d}"

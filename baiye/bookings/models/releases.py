"""Release (放号): visits that open together by one published rule; Opening (开放场次): one visit of a release."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit
from baiye.core import clock
from baiye.schools.models import Consent, Pupil, Term
from baiye.visits.models import Visit

USER = settings.AUTH_USER_MODEL


class Release(models.Model):
    """Visits that open at a published minute; how seats are given is fixed once it is published (a trigger).

    Afterwards its rules may change only in favour of families: caps go up, a reserve goes down or ends sooner.
    """

    MODES = [("draw", _("抽签")), ("ranked", _("排志愿")), ("first", _("先到先得"))]
    title = models.CharField(max_length=60)
    term = models.ForeignKey(Term, models.PROTECT, related_name="releases")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="releases")  # the district, or a host
    mode = models.CharField(max_length=10, choices=MODES, default="draw")
    opens_at = models.DateTimeField()
    draw_until = models.DateTimeField(null=True)  # draw: presses until then are one lot, whoever was faster
    closes_at = models.DateTimeField()
    most_a_term = models.PositiveSmallIntegerField(default=4)  # booked seats of a pupil in the term, over all releases
    most_open = models.PositiveSmallIntegerField(default=2)  # live bookings of a pupil at once, over all releases
    request = models.UUIDField(default=uuid.uuid4, unique=True)  # client-made: a form sent twice makes one
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    frozen_sha256 = models.CharField(max_length=64, blank=True)  # of the frozen list; then the seed is drawn
    frozen_at = models.DateTimeField(null=True)
    seed = models.CharField(max_length=64, blank=True)
    drawn_at = models.DateTimeField(null=True)  # the seats of the draw, or of the ranked placement, are given
    is_example = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["opens_at"], name="release_by_opening")]
        constraints = [
            models.CheckConstraint(name="release_closes_after_it_opens", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(
                name="release_by_draw_says_until_when",
                condition=Q(mode="draw", draw_until__isnull=False)
                & Q(draw_until__gt=F("opens_at"), draw_until__lte=F("closes_at"))
                | (~Q(mode="draw") & Q(draw_until=None)),
            ),
            models.CheckConstraint(name="release_of_a_known_mode", condition=Q(mode__in=["draw", "ranked", "first"])),
            models.CheckConstraint(name="release_caps_from_one", condition=Q(most_a_term__gte=1, most_open__gte=1)),
            models.CheckConstraint(
                name="release_published_by_whom_and_when",
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
            ),
            models.CheckConstraint(
                name="release_is_frozen_before_the_seed_is_drawn",
                condition=(Q(seed="") | Q(frozen_at__isnull=False, frozen_sha256__regex=r"^[0-9a-f]{64}$"))
                & (Q(drawn_at=None) | ~Q(seed="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_settled(self) -> bool:
        """Whether a press may get a seat at once: first come, or drawn or placed already."""
        return self.mode == "first" or self.drawn_at is not None


class ReleaseFiles(models.Model):
    """The public files of a draw or a ranked placement; pupils stand there by an alias of this release alone."""

    release = models.OneToOneField(Release, models.PROTECT, related_name="files")
    frozen = models.BinaryField()  # as it was hashed: a draw's presses.csv, a placement's folder as a zip
    result = models.BinaryField(null=True)  # a draw's list.csv, a placement's files as a zip
    figures = models.JSONField(default=dict)


class Opening(models.Model):
    """A visit that is open to sign-up by the rule of its release."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="openings")
    visit = models.OneToOneField(Visit, models.PROTECT, related_name="opening")
    grades = ArrayField(models.PositiveSmallIntegerField(), default=list)  # 1–12 on the day; empty: every grade
    consents = ArrayField(models.CharField(max_length=10, choices=Consent.PURPOSES), default=list)  # must be agreed to
    reserved = models.PositiveSmallIntegerField(default=0)  # seats kept for the last grades …
    reserved_from_grade = models.PositiveSmallIntegerField(null=True)
    reserved_until = models.DateTimeField(null=True)  # … until then
    offer_hours = models.PositiveSmallIntegerField(default=24)  # an offer waits so long; nights do not count
    cancel_until = models.PositiveSmallIntegerField(default=24)  # hours before the start, when the line ends
    waiting_most = models.PositiveSmallIntegerField(null=True)  # empty: as many as like to wait; 0: no waiting

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="opening_reserves_for_whom_and_until_when",
                condition=Q(reserved=0)
                | Q(
                    reserved_from_grade__isnull=False, reserved_from_grade__range=(1, 12), reserved_until__isnull=False
                ),
            ),
            models.CheckConstraint(name="opening_offers_for_some_hours", condition=Q(offer_hours__range=(1, 168))),
            models.CheckConstraint(name="opening_cancels_within_two_weeks", condition=Q(cancel_until__lte=336)),
        ]

    def __str__(self) -> str:
        return str(self.visit)

    @property
    def cancel_until_at(self) -> datetime:
        """Until when offers go out and are answered; who cancels later is not waited behind. ``visit`` is loaded."""
        return self.visit.starts_at - timedelta(hours=self.cancel_until)

    def is_for(self, pupil: Pupil) -> bool:
        """Whether the pupil's grade on the day may come; ``visit`` and ``school_class`` are loaded."""
        return not self.grades or pupil.school_class.grade(clock.day_of(self.visit.starts_at)) in self.grades

"""The review of a proposed version (评审): two parts, each with a checklist that is frozen when it is proposed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baiye.catalogue.models.courses import CourseVersion

USER = settings.AUTH_USER_MODEL
PARTS = [("safety", _("安全评审")), ("pedagogy", _("教学评审"))]


class Review(models.Model):
    """A draft handed in for review; until it is returned or withdrawn, the draft does not change (trigger).

    It passes when both parts passed. A returned one stays to be read; the next proposal is another review.
    """

    version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="reviews")
    note = models.CharField(max_length=300, blank=True)  # from who proposes to who reviews
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    passed_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["proposed_at"], name="review_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(returned_at=None, withdrawn_at=None), name="review_one_a_version"
            ),
            models.CheckConstraint(
                name="review_ends_one_way", condition=Q(returned_at=None) | Q(passed_at=None, withdrawn_at=None)
            ),
            models.CheckConstraint(
                name="review_withdrawn_by_whom_and_when",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.version)

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a decision."""
        return self.passed_at is None and self.is_standing

    @property
    def is_standing(self) -> bool:
        """Whether it waits or has passed: the draft does not change."""
        return self.returned_at is None and self.withdrawn_at is None


class ReviewPart(models.Model):
    """One side of a review: passed, or returned with the reasons; decided by nobody who wrote the draft (trigger)."""

    VERDICTS = [("passed", _("通过")), ("returned", _("退回修改"))]

    review = models.ForeignKey(Review, models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=10, choices=PARTS)
    verdict = models.CharField(max_length=10, choices=VERDICTS, blank=True)
    because = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "kind"], name="review_part_once"),
            models.CheckConstraint(name="review_part_is_known", condition=Q(kind__in=[kind for kind, _name in PARTS])),
            models.CheckConstraint(
                name="review_part_decided_by_whom_and_when",
                condition=Q(verdict="", decided_at=None, decided_by=None)
                | Q(verdict__in=["passed", "returned"], decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="review_part_returned_with_reasons", condition=~Q(verdict="returned") | ~Q(because="")
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class ReviewItem(models.Model):
    """One line of a checklist: what is asked, whether it is met, and a note, which "not met" must have."""

    ANSWERS = [("met", _("符合")), ("unmet", _("不符合")), ("na", _("不适用"))]

    part = models.ForeignKey(ReviewPart, models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=30)  # of checklist.py: food-1
    asks = models.CharField(max_length=200)
    answer = models.CharField(max_length=5, choices=ANSWERS, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["part", "code"], name="review_item_once"),
            models.CheckConstraint(
                name="review_item_answer_is_known", condition=Q(answer__in=["", "met", "unmet", "na"])
            ),
        ]

    def __str__(self) -> str:
        return self.asks

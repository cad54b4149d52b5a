"""Reads of reviews: what waits, one review with its parts, what a version went through."""

from django.db.models import Count, Prefetch, Q, QuerySet

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.catalogue.models import CourseVersion, Review, ReviewItem, ReviewPart


def find_standing_review(version: CourseVersion) -> Review | None:
    """The review that waits or has passed, if ``version`` is in one; one query."""
    return Review.objects.filter(version=version, returned_at=None, withdrawn_at=None).first()


def reviews_for(user: User) -> QuerySet[Review]:
    """Reviews of courses where ``user`` reviews, longest waiting first; version, host, parts and items loaded."""
    return (
        Review.objects.filter(within(user, Permission.COURSE_REVIEW, "version__course__host__unit"))
        .select_related("version__course__host__unit", "version__occupation", "proposed_by")
        .prefetch_related(_parts())
        .order_by("proposed_at", "pk")
    )


def in_state(state: str) -> Q:
    """A filter over reviews: ``waiting``, ``passed`` (not published), ``published``, ``returned``, ``withdrawn``."""
    waiting = Q(passed_at=None, returned_at=None, withdrawn_at=None)
    passed = Q(passed_at__isnull=False, withdrawn_at=None)
    return {
        "waiting": waiting,
        "passed": passed & Q(version__published_at=None),
        "published": passed & Q(version__published_at__isnull=False),
        "returned": Q(returned_at__isnull=False),
        "withdrawn": Q(withdrawn_at__isnull=False),
    }[state]


def review_counts(user: User) -> dict[str, int]:
    """How many reviews are in each state, where ``user`` reviews; one query."""
    states = ("waiting", "passed", "returned")
    found = Review.objects.filter(within(user, Permission.COURSE_REVIEW, "version__course__host__unit"))
    return found.aggregate(**{state: Count("pk", filter=in_state(state)) for state in states})


def reviews_of(version: CourseVersion) -> QuerySet[Review]:
    """Every review of ``version``, newest first, parts loaded."""
    return (
        Review.objects.filter(version=version)
        .select_related("proposed_by")
        .prefetch_related(_parts())
        .order_by("-proposed_at", "-pk")
    )


def author_ids(version: CourseVersion) -> set[int]:
    """Keys of the people who wrote in ``version``."""
    return set(version.authors.values_list("user", flat=True))


def _parts() -> "Prefetch[str, QuerySet[ReviewPart], str]":
    items = Prefetch("items", ReviewItem.objects.order_by("place"))
    return Prefetch("parts", ReviewPart.objects.select_related("decided_by").prefetch_related(items).order_by("-kind"))

"""Reads of penalty checks."""

from django.db.models import QuerySet

from baiye.registry.models import Application, PenaltyCheck


def checks_of(application: Application) -> QuerySet[PenaltyCheck]:
    """What was looked up about ``application``, the latest first; who looked loaded."""
    return application.penalty_checks.select_related("by").order_by("-at", "-pk")

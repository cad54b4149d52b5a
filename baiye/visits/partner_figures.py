"""Figures of visits for partners."""

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth

from baiye.registry.models import Host
from baiye.visits.models import Visit


def by_month(hosts: QuerySet[Host]) -> list[dict[str, object]]:
    """Visits, seats and taken seats at these hosts by month, cancelled ones and examples left out; one query."""
    held = Visit.objects.filter(venue__host__in=hosts, cancelled_at=None, is_example=False)
    months = held.annotate(month=TruncMonth("starts_at")).values("month")
    rows = months.annotate(n=Count("pk"), all_seats=Sum("seats"), all_taken=Sum("taken")).order_by("month")
    return [
        {"month": f"{row['month']:%Y-%m}", "visits": row["n"], "seats": row["all_seats"], "taken": row["all_taken"]}
        for row in rows
    ]

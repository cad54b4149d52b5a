"""What an inspection adds up to, what hinders a pass, and which decisions stand."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _

from baiye.registry.models import (
    Appeal,
    Application,
    Decision,
    Indicator,
    Inspection,
    PenaltyCheck,
    Score,
    Signature,
    Standard,
)


@dataclass(frozen=True, slots=True)
class Tally:
    """Points of an inspection against its standard; all whole numbers."""

    points: int
    most: int
    pass_points: int
    below: tuple[str, ...]  # titles of indicators below their floor
    open: tuple[str, ...]  # titles of indicators that are not judged
    verdicts: dict[str, int]


def tally(inspection: Inspection) -> Tally:
    """Add up ``inspection``; two queries."""
    indicators = list(Indicator.objects.filter(standard=inspection.standard_id).order_by("number"))
    return add_up(inspection.standard, indicators, inspection.scores.all())


def add_up(standard: Standard, indicators: Sequence[Indicator], found: Iterable[Score]) -> Tally:
    """Add up what was found by the ``indicators`` of a standard, in their order."""
    scores = {score.indicator_id: score for score in found}
    judged = {pk: score for pk, score in scores.items() if score.verdict != "pending" and score.points is not None}
    points = {pk: score.points or 0 for pk, score in judged.items()}
    verdicts = Counter(judged[row.pk].verdict if row.pk in judged else "pending" for row in indicators)
    return Tally(
        points=sum(points.values()),
        most=sum(row.points for row in indicators),
        pass_points=standard.pass_points,
        below=tuple(row.title for row in indicators if row.pk in points and points[row.pk] < row.floor),
        open=tuple(row.title for row in indicators if row.pk not in judged),
        verdicts=dict(verdicts),
    )


def hinders_pass(found: Tally) -> str:
    """Why this is no pass, as a sentence; empty where it is one."""
    if found.open:
        return _("还有 %(n)d 项没有结论，不能通过：%(titles)s。") % {
            "n": len(found.open),
            "titles": "、".join(found.open),
        }
    if found.below:
        return _("这些项低于最低分，不能通过：%(titles)s。") % {"titles": "、".join(found.below)}
    if found.points < found.pass_points:
        facts = {"points": found.points, "pass": found.pass_points}
        return _("一共 %(points)d 分，不到通过的 %(pass)d 分，不能通过。") % facts
    return ""


def hinders_unchecked(application: Application) -> str:
    """Why nobody may pass yet: no officer has looked for penalties; empty once one has. One query."""
    if PenaltyCheck.objects.filter(application=application).exists():
        return ""
    return _("还没有查过近三年的行政处罚，不能通过。请在公开渠道查一次并记下。")


def decisions_of(inspection: Inspection) -> QuerySet[Decision]:
    """Decisions on an inspection, newest first; who proposed and who signed loaded (two queries)."""
    signatures = Prefetch("signatures", Signature.objects.select_related("by").order_by("at", "pk"))
    return inspection.decisions.select_related("proposed_by").prefetch_related(signatures).order_by("-proposed_at")


def standing() -> QuerySet[Decision]:
    """Decisions in force of which no appeal was upheld."""
    upheld = Appeal.objects.filter(decision=OuterRef("pk"), upheld=True)
    return Decision.objects.filter(~Exists(upheld), in_force_at__isnull=False)

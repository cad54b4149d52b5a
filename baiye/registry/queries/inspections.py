"""Reads of inspections: an inspector's own, the office's, a host's; and the rubric with what was found so far."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.registry.models import Application, Host, HostDocument, Indicator, Inspection, Photo, Score
from baiye.registry.queries.decisions import Tally, add_up


@dataclass(slots=True)
class Row:
    """One indicator of an inspection: what is asked, what was found, and what there is to see."""

    indicator: Indicator
    score: Score | None = None
    photos: list[Photo] = field(default_factory=list)
    papers: list[HostDocument] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """The verdict so far; ``pending`` where there is none."""
        return self.score.verdict if self.score else "pending"

    @property
    def verdict_name(self) -> str:
        """The verdict in words."""
        return str(dict(Score.VERDICTS)[self.verdict])

    @property
    def fresh(self) -> uuid.UUID:
        """An id for the next photo, where no script makes one."""
        return uuid.uuid4()


@dataclass(frozen=True, slots=True)
class Area:
    """The indicators of one area, in the order of the standard."""

    name: str
    rows: list[Row]


def inspections_for(user: User) -> QuerySet[Inspection]:
    """What ``user`` inspects, reviews, or receives at a host of theirs; soonest first; all of it loaded."""
    scope = within(user, Permission.HOST_ACCREDIT, "standard__keeper")
    scope |= within(user, Permission.HOST_MANAGE, "host__unit")
    found = Inspection.objects.filter(scope)
    found = found.select_related("host__unit", "standard__keeper", "application", "inspector", "second_by")
    return found.order_by("planned_on", "pk")


def to_do(user: User) -> QuerySet[Inspection]:
    """Inspections that wait for ``user``: to inspect and sign, or to sign as the second; soonest first."""
    waiting = Q(inspector=user, signed_at=None) | Q(signed_at__isnull=False) & ~Q(inspector=user)
    return inspections_for(user).filter(waiting, second_at=None, cancelled_at=None)


def photos_for(user: User) -> QuerySet[Photo]:
    """Photos of inspections that ``user`` sees and whose picture is still there; file, host and standard loaded."""
    shown = Photo.objects.filter(inspection__in=inspections_for(user).order_by(), file__emptied_at=None)
    return shown.select_related("file", "inspection__host__unit", "inspection__standard__keeper")


def areas_of(inspection: Inspection) -> list[Area]:
    """The rubric of ``inspection`` with scores, photos and the host's papers; four queries, however long it is."""
    indicators = Indicator.objects.filter(standard=inspection.standard_id).order_by("number")
    rows = {indicator.pk: Row(indicator) for indicator in indicators}
    for score in inspection.scores.select_related("saved_by"):
        rows[score.indicator_id].score = score
    for photo in inspection.photos.select_related("file").defer("file__sealed").order_by("taken_at", "pk"):
        if photo.indicator_id in rows:
            rows[photo.indicator_id].photos.append(photo)
    papers = _papers(inspection.host)
    areas: dict[str, list[Row]] = defaultdict(list)
    for row in rows.values():
        row.papers = [paper for kind in row.indicator.evidence for paper in papers[kind]]
        areas[row.indicator.area].append(row)
    return [Area(name, its) for name, its in areas.items()]


def tally_of(inspection: Inspection, areas: list[Area]) -> Tally:
    """Add up what `areas_of` read of ``inspection``; no query."""
    rows = [row for area in areas for row in area.rows]
    found = [row.score for row in rows if row.score is not None]
    return add_up(inspection.standard, [row.indicator for row in rows], found)


def _papers(host: Host) -> dict[str, list[HostDocument]]:
    """Papers of a host by kind, the longest valid first; refused ones left out."""
    papers: dict[str, list[HostDocument]] = defaultdict(list)
    for paper in host.documents.filter(refused_at=None).order_by("-valid_until", "pk"):
        papers[paper.kind].append(paper)
    return papers


def last_inspection(application: Application) -> Inspection | None:
    """The latest inspection of ``application`` that was not cancelled; people, host and standard loaded."""
    found = Inspection.objects.filter(application=application, cancelled_at=None)
    found = found.select_related("inspector", "second_by", "standard__keeper", "host__unit", "application")
    return found.order_by("-planned_on", "-pk").first()

"""Reads of runs, their results and reasons."""

from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.rounds.models import Appeal, Explanation, Publication, Round, Run, RunSeat
from baiye.schools.models import Pupil, School
from baiye.schools.permissions import pupil_scope


def find_run(run_id: str | UUID) -> Run | None:
    """The run with its round and district, or None."""
    return Run.objects.filter(pk=run_id).select_related("round__unit").first()


def find_publication(pk: int) -> Publication | None:
    return Publication.objects.filter(pk=pk).select_related("round").first()


def runs_for(user: User) -> QuerySet[Run]:
    """Runs of districts where ``user`` may see placements, newest first; the big files stay in the database."""
    return (
        Run.objects.filter(within(user, Permission.PLACEMENT_VIEW, "round__unit"))
        .select_related("round__unit", "publication__proposed_by", "publication__approved_by", "asked_by")
        .defer("input_zip", "output_zip")
        .order_by("-asked_at")
    )


def published_run(round: Round) -> Run | None:
    """The run whose result stands for a round, or None before two people published."""
    return (
        Run.objects.filter(round=round, publication__approved_at__isnull=False).defer("input_zip", "output_zip").first()
    )


def publication_of(run: Run) -> Publication | None:
    """The standing proposal or publication of a run (already loaded by ``runs_for``)."""
    publication: Publication | None = getattr(run, "publication", None)
    return publication if publication and publication.withdrawn_at is None else None


def schools_of(run: Run) -> list[tuple[int, str]]:
    """(key, name) of the schools in a run, by pinyin; one query."""
    found = School.objects.filter(pk__in=[row["school"] for row in run.figures.get("schools", [])]).select_related(
        "unit"
    )
    return [(school.pk, str(school)) for school in found.order_by("unit__pinyin", "pk")]


ORDERS = {
    "school": ["school_class__school__unit__pinyin", "school_class", "pinyin", "pk"],
    "first": ["first", "pinyin", "pk"],
    "-first": ["-first", "pinyin", "pk"],
    "wished": ["wished", "pinyin", "pk"],
    "-wished": ["-wished", "pinyin", "pk"],
}


SHOWN = [
    "name",
    *(f"school_class__{name}" for name in ("stage", "entry_year", "number")),
    *(f"school_class__school__unit__{name}" for name in ("name", "short_name")),
]


def placed_pupils(
    run: Run, user: User, *, search: str = "", school: int | None = None, standing: str = "", order: str = "school"
) -> QuerySet[Pupil]:
    """Pupils of a run whom ``user`` may see, each with ``placed_seats`` (visit, course, venue, host loaded): 2 queries.

    ``first`` is 1 where the first wish was met, ``wished`` counts half-days out of the wishes, ``filled`` all.
    """
    seats = RunSeat.objects.filter(run=run).select_related("visit__version__course__host__unit", "visit__venue")
    lot = {name: F(f"run_lots__{name}") for name in ("first", "wished", "filled")}
    pupils = Pupil.objects.filter(pupil_scope(user, Permission.PLACEMENT_VIEW), run_lots__run=run).annotate(**lot)
    if search:
        pupils = pupils.filter(Q(name__contains=search) | Q(pinyin__icontains=search))
    if school:
        pupils = pupils.filter(school_class__school=school)
    conditions = {
        "all": Q(wished=run.round.half_days),
        "none": Q(wished__lt=F("filled")),
        "short": Q(filled__lt=run.round.half_days),
    }
    return (
        pupils.filter(conditions.get(standing, Q()))
        .select_related("school_class__school__unit")
        .only(*SHOWN)  # thousands are sorted for the twenty-five shown: narrow rows sort faster
        .prefetch_related(Prefetch("run_seats", seats.order_by("visit__starts_at"), to_attr="placed_seats"))
        .order_by(*ORDERS[order])
    )


def reasons_for(run: Run, pupil: Pupil) -> list[Explanation]:
    """The engine's reason for each wish of a pupil, by rank."""
    return list(Explanation.objects.filter(run=run, pupil=pupil).order_by("rank"))


def open_appeals_for(user: User) -> QuerySet[Appeal]:
    """Reviews that await an answer where ``user`` may give one, oldest first."""
    return (
        Appeal.objects.filter(within(user, Permission.SEAT_ASSIGN, "run__round__unit"), answered_at=None)
        .select_related("pupil__school_class__school__unit", "run__round")
        .order_by("made_at")
    )


def published_rounds() -> QuerySet[Round]:
    """Rounds whose result two people published: their proof is public."""
    return Round.objects.filter(publications__approved_at__isnull=False)


def published_run_with_files(round: Round) -> Run | None:
    """The published run, its zips included (a few hundred kilobytes)."""
    return Run.objects.filter(round=round, publication__approved_at__isnull=False).select_related("publication").first()

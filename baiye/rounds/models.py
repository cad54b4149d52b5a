"""A round (轮次): offers, trips, wishes, the placement run, and what two people published."""

import uuid
from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from baiye.accounts.models import Notice, Unit
from baiye.catalogue.models import Course
from baiye.registry.models import Host
from baiye.schools.models import Pupil, SchoolClass
from baiye.visits.models import Visit

USER = settings.AUTH_USER_MODEL
PHASES = [
    ("prepare", "筹备"),
    ("schedule", "排期"),
    ("wish", "填志愿"),
    ("place", "录取运算"),
    ("review", "复核公示"),
    ("run", "到岗体验"),
    ("close", "课时归档"),
]
POLICIES = ["points", "floor", "rank_maximal", "dictatorship"]
HALVES = [("am", "上午"), ("pm", "下午")]


class TimeSpan(Func):
    """``tstzrange(from, to)``, the end excluded, so that one phase may begin when another ends."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def published_points() -> list[int]:
    """Points of wish 1, 2, …: published before wishes open."""
    return [100, 80, 65, 52, 41, 32]


class Round(models.Model):
    """One turn of the programme for one grade: so many half-days for each pupil, by published rules."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="rounds")  # the district
    name = models.CharField(max_length=60, unique=True)
    stage = models.CharField(max_length=10, default="junior")
    entry_year = models.PositiveSmallIntegerField()  # the classes that go
    half_days = models.PositiveSmallIntegerField(default=4)
    wishes_max = models.PositiveSmallIntegerField(default=6)
    points = ArrayField(models.PositiveSmallIntegerField(), default=published_points)
    policy = models.CharField(max_length=40, default="points")
    credit_minutes = models.PositiveSmallIntegerField(default=160)  # a half-day: 4 class hours of 40 minutes
    late_limit_min = models.PositiveSmallIntegerField(default=15)
    seed = models.CharField(max_length=64, blank=True)  # the public lottery, drawn after the input is frozen
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    is_example = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="round_gives_one_to_four_half_days", condition=Q(half_days__range=(1, 4))),
            models.CheckConstraint(name="round_takes_one_to_ten_wishes", condition=Q(wishes_max__range=(1, 10))),
            models.CheckConstraint(
                name="round_publishes_points_for_each_wish", condition=Q(points__len__gte=F("wishes_max"))
            ),
            models.CheckConstraint(name="round_places_by_a_known_policy", condition=Q(policy__in=POLICIES)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def days(self) -> int:
        """How many days a class travels: a trip fills both half-days of its day."""
        return (self.half_days + 1) // 2

    def grade(self, on: date) -> int:
        """The grade (1–12) that goes, on a day."""
        return SchoolClass(stage=self.stage, entry_year=self.entry_year).grade(on)

    def phase(self, kind: str) -> "Phase | None":
        """The phase of a kind; one query, none where ``phases`` are loaded."""
        return next((phase for phase in self.phases.all() if phase.kind == kind), None)

    def phase_at(self, at: datetime) -> "Phase | None":
        """The phase the round is in; one query, none where ``phases`` are loaded."""
        return next((phase for phase in self.phases.all() if phase.starts_at <= at < phase.ends_at), None)

    def wishes_are_over(self, at: datetime) -> bool:
        """Whether the families' deadline has passed; one query, none where ``phases`` are loaded."""
        wish = self.phase("wish")
        return wish is not None and at >= wish.ends_at

    def wishes_have_opened(self, at: datetime) -> bool:
        """Whether families may have begun to choose; one query, none where ``phases`` are loaded."""
        wish = self.phase("wish")
        return wish is not None and at >= wish.starts_at


class Phase(models.Model):
    """When a phase of a round begins and ends; the wish phase's end is the deadline."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="phases")
    kind = models.CharField(max_length=10, choices=PHASES)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["round", "kind"], name="phase_once_a_round"),
            models.CheckConstraint(name="phase_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))),
            ExclusionConstraint(
                name="phase_overlaps_no_other_of_its_round",
                expressions=[
                    ("round", RangeOperators.EQUAL),
                    (TimeSpan("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class RoundVisit(models.Model):
    """A visit put into a round; a visit serves one round."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="round_visits")
    visit = models.OneToOneField(Visit, models.PROTECT, related_name="round_visit")


class Trip(models.Model):
    """A class travels to one host on one day, for both half-days; with bus and escorts."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="trips")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="trips")
    host = models.ForeignKey(Host, models.PROTECT, related_name="trips")
    on = models.DateField()
    bus = models.CharField(max_length=40, blank=True)
    escorts = models.CharField(max_length=120, blank=True)
    leaves_at = models.TimeField(null=True)
    is_locked = models.BooleanField(default=False)  # set by hand: the automatic fill leaves it alone
    forced_because = models.CharField(max_length=200, blank=True)  # why it changed after wishes had opened

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["school_class", "on"], name="trip_one_host_a_class_and_day"),
            models.UniqueConstraint(fields=["round", "school_class", "host"], name="trip_to_a_host_once_a_round"),
        ]
        indexes = [models.Index(fields=["round", "host", "on"], name="trip_by_host_and_day")]


class NoticeRead(models.Model):
    """A guardian has read the safety notice of the round (or a teacher entered it from paper)."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="notices_read")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="notices_read")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="+")  # the version that was read
    read_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    from_paper = models.BooleanField(default=False)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "pupil"], name="notice_read_once")]


class WishList(models.Model):
    """A pupil's ranked wishes in a round; saved as it is made, submitted when they say so.

    What is saved at the deadline counts, submitted or not: who forgets the last button loses nothing.
    A trigger lets a list change only while its round takes wishes (from paper: until placement begins).
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="wish_lists")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="wish_lists")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    from_paper = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "pupil"], name="wish_list_one_a_pupil")]


class Wish(models.Model):
    """Rank ``rank`` (1 is most wanted) of a wish list: a course at a host, never a dated sitting."""

    wish_list = models.ForeignKey(WishList, models.CASCADE, related_name="wishes")
    course = models.ForeignKey(Course, models.PROTECT, related_name="wishes")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["wish_list", "rank"], name="wish_rank_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["wish_list", "course"], name="wish_course_once"),
            models.CheckConstraint(name="wish_ranks_from_one_to_ten", condition=Q(rank__range=(1, 10))),
        ]
        indexes = [models.Index(fields=["course", "rank"], name="wish_by_course_and_rank")]


class Run(models.Model):
    """A placement run: frozen input with its hash, policy and seed; a result is a draft until published."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    round = models.ForeignKey(Round, models.PROTECT, related_name="runs")
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    input_zip = models.BinaryField()  # the engine's folder, frozen
    input_sha256 = models.CharField(max_length=64)
    policy = models.CharField(max_length=40)
    seed = models.CharField(max_length=64)
    progress = models.PositiveSmallIntegerField(default=0)  # percent
    stage_note = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    failed_because = models.CharField(max_length=200, blank=True)
    output_zip = models.BinaryField(null=True)  # seats.csv and certificate.json
    figures = models.JSONField(default=dict)  # rank_counts, objective, bound, gap, seconds, verified, by school
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(finished_at=None, failed_because="", discarded_at=None),
                name="run_one_at_a_time_a_round",
            )
        ]


class RunSeat(models.Model):
    """A seat that a run would give; ``rank`` is the wish it meets, 0 a seat nobody wished."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="seats")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="run_seats")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "pupil", "visit"], name="run_seat_once")]
        indexes = [models.Index(fields=["pupil"], name="run_seat_of_pupil")]


class RunPupil(models.Model):
    """What a pupil gets in a run, counted once when it ends: the list of thousands sorts and filters by it."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="pupils")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="run_lots")
    first = models.PositiveSmallIntegerField()  # 1 where the first wish was met
    wished = models.PositiveSmallIntegerField()  # half-days out of the wishes
    filled = models.PositiveSmallIntegerField()  # half-days
    owed_before = models.PositiveIntegerField(db_default=0)  # by earlier rounds: goes before the draw in this one
    owed_after = models.PositiveIntegerField(db_default=0)  # what the next round reads once this result is published

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "pupil"], name="run_pupil_once"),
            models.CheckConstraint(
                name="run_pupil_counts_in_order", condition=Q(first__lte=F("wished"), wished__lte=F("filled"))
            ),
        ]


class Explanation(models.Model):
    """Why wish ``rank`` of a pupil was met or not: a reason code of the engine and its figures."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="explanations")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=30)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "pupil", "rank"], name="explanation_one_a_wish")]


class Publication(models.Model):
    """One person proposes a run's result, another approves it; only then families see it and seats are given."""

    run = models.OneToOneField(Run, models.PROTECT, related_name="publication")
    round = models.ForeignKey(Round, models.PROTECT, related_name="publications")
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)  # the proposal, before approval

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="publication_approved_by_whom_and_when",
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(name="publication_needs_two_people", condition=~Q(approved_by=F("proposed_by"))),
            models.UniqueConstraint(
                fields=["round"], condition=Q(approved_at__isnull=False), name="publication_one_a_round"
            ),
        ]


class Appeal(models.Model):
    """复核: a family asks why; answered by a person, in writing."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="appeals")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="appeals")
    text = models.CharField(max_length=500)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "pupil"], condition=Q(answered_at=None), name="appeal_one_open_a_pupil"
            )
        ]

"""Visit (one dated sitting of a course at a venue), Seat (given here alone), Assignment, and what is told of them."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit
from baiye.catalogue.models import CourseVersion
from baiye.mentors.models import Mentor
from baiye.registry.models import Venue
from baiye.schools.models import Pupil

USER = settings.AUTH_USER_MODEL
CATEGORIES = [("职业体验", "职业体验"), ("公益劳动", "公益劳动"), ("社会考察", "社会考察"), ("安全实训", "安全实训")]


class Visit(models.Model):
    """One dated sitting; ``seats`` = min(seats, stations, staff ratio, area), fixed by whoever makes it."""

    version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="visits")
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="visits")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seats = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)  # held seats; kept by a trigger, whatever path makes a seat
    offered = models.PositiveSmallIntegerField(default=0, db_default=0)  # held for who was offered one (bookings)
    minimum = models.PositiveSmallIntegerField(default=0)
    guide = models.CharField(max_length=40, blank=True)  # who teaches, as shown to families
    organised_by = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # empty: the family's own
    counts_as = models.CharField(max_length=10, choices=CATEGORIES, blank=True)  # fixed before it opens
    credit_minutes = models.PositiveSmallIntegerField(default=0)  # what full attendance earns
    late_limit_min = models.PositiveSmallIntegerField(default=15)
    is_example = models.BooleanField(default=False)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    cancelled_because = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["starts_at"], name="visit_by_start")]
        constraints = [
            models.CheckConstraint(name="visit_never_oversold", condition=Q(taken__lte=F("seats") - F("offered"))),
            models.CheckConstraint(name="visit_cancelled_holds_no_seat", condition=Q(cancelled_at=None) | Q(taken=0)),
            models.CheckConstraint(name="visit_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="visit_counts_only_when_a_school_or_the_district_organises_it",
                condition=Q(counts_as="", credit_minutes=0) | Q(organised_by__isnull=False, credit_minutes__gt=0),
            ),
            models.CheckConstraint(
                name="visit_cancelled_by_whom_and_when",
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def seats_left(self) -> int:
        """Seats that are neither held nor offered to somebody."""
        return self.seats - self.taken - self.offered


class Seat(models.Model):
    """``pupil`` sits on ``visit``; a lost seat keeps its row. There is no walk-in.

    A row changes once, when it is given up; it is never deleted; both are triggers.
    """

    ORIGINS = [("placed", "录取"), ("booked", "预约"), ("assigned", "安排")]
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="held_seats")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="seats")
    span = DateTimeRangeField()  # the visit's own span, kept equal by a trigger
    origin = models.CharField(max_length=10, choices=ORIGINS)
    request = models.UUIDField(default=uuid.uuid4, unique=True)  # client-made: a retry gets the same answer
    code = models.CharField(max_length=6)  # typed at the door when the QR cannot be scanned; unique on the visit
    given_at = models.DateTimeField(db_default=Now())
    given_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    given_up_at = models.DateTimeField(null=True)
    given_up_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    given_up_because = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["visit"], condition=Q(given_up_at=None), name="seat_held_on_visit")]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "pupil"], condition=Q(given_up_at=None), name="seat_one_a_pupil_and_visit"
            ),
            models.UniqueConstraint(fields=["visit", "code"], name="seat_code_once_a_visit"),
            ExclusionConstraint(
                name="seat_no_pupil_in_two_places_at_once",
                expressions=[("pupil", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
                condition=Q(given_up_at=None),
            ),
            models.CheckConstraint(
                name="seat_given_up_by_whom_and_when",
                condition=Q(given_up_at=None, given_up_by=None)
                | Q(given_up_at__isnull=False, given_up_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Assignment(models.Model):
    """``mentor`` is with the pupils of ``visit``; who is taken off keeps the row. One lead at a time.

    A row changes once, when it is ended; it is never deleted; nobody stands here who may not be with pupils on that
    day; all are triggers.
    """

    ROLES = [("lead", _("带教")), ("assistant", _("协助")), ("driver", _("司机"))]
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="assignments")
    mentor = models.ForeignKey(Mentor, models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=10, choices=ROLES)
    span = DateTimeRangeField()  # the visit's own span, kept equal by a trigger
    request = models.UUIDField(default=uuid.uuid4, unique=True)
    assigned_at = models.DateTimeField(db_default=Now())
    assigned_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["visit"], condition=Q(ended_at=None), name="assignment_on_visit")]
        constraints = [
            models.UniqueConstraint(
                fields=["visit"], condition=Q(ended_at=None, role="lead"), name="assignment_one_lead_a_visit"
            ),
            ExclusionConstraint(
                name="assignment_no_mentor_in_two_places_at_once",
                expressions=[("mentor", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="assignment_ended_by_whom_and_when",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentor}：{self.visit}"


class Move(models.Model):
    """A visit was put at another time or place: where it was before. A trigger writes the row, whatever path moves it.

    The action adds who and why; ``told_at`` when those concerned were told.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="moves")
    at = models.DateTimeField()
    was_starts_at = models.DateTimeField()
    was_ends_at = models.DateTimeField()
    was_venue = models.ForeignKey(Venue, models.PROTECT, related_name="+")
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    because = models.CharField(max_length=200, blank=True, default="", db_default="")
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["visit"], condition=Q(told_at=None), name="move_not_told")]

    def __str__(self) -> str:
        return f"{self.visit_id}: {self.was_starts_at:%Y-%m-%d %H:%M}"


class Reminder(models.Model):
    """Those concerned were reminded of a visit as it stands after so many moves, so long before it begins."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="reminders")
    moves = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=2)  # of reminders.STAGES
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "moves", "stage"], name="reminder_made_once")]

    def __str__(self) -> str:
        return f"{self.visit_id}: {self.stage}"


class CalendarLink(models.Model):
    """The secret link by which someone's phone reads their calendar; only its digest is kept, and one is open at most.

    ``etag`` and ``changed_at`` are of what it gave last, so that a reader who has that gets nothing twice.
    """

    user = models.ForeignKey(USER, models.CASCADE, related_name="calendar_links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    etag = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(revoked_at=None), name="calendar_link_one_open_each")
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"

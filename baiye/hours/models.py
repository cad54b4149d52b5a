"""The class-hour ledger (课时): append-only, in minutes; nobody can add hours, they follow from attendance."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from baiye.accounts.models import Unit
from baiye.schools.models import Pupil
from baiye.visits.models import CATEGORIES, Seat

USER = settings.AUTH_USER_MODEL
MINUTES_A_CLASS_HOUR = 40
RULE_VERSION = "sh-junior-2019"  # 《上海市初中学生社会实践管理工作实施办法》
QUOTA_MINUTES = {"职业体验": 32 * 40, "公益劳动": 80 * 40, "社会考察": 136 * 40, "安全实训": 24 * 40}
VOCATIONAL_QUOTA_MINUTES = 16 * 40


class HourEntry(models.Model):
    """Minutes credited to a pupil; a correction is a second entry that reverses the first, never an edit.

    A trigger lets an entry in only for a seat with both marks and both confirmations, or as the exact reversal of
    another; a reversal made in error is reversed itself. An entry stands while nothing reverses it and it adds.
    """

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="hour_entries")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="hour_entries")
    category = models.CharField(max_length=10, choices=CATEGORIES)
    is_vocational = models.BooleanField()
    minutes = models.SmallIntegerField()
    rule_version = models.CharField(max_length=30)
    school_year = models.PositiveSmallIntegerField()
    entered_at = models.DateTimeField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    reason = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")  # of a reversal

    class Meta:
        indexes = [models.Index(fields=["pupil", "category"], name="hour_entry_balance")]
        constraints = [
            models.UniqueConstraint(fields=["seat"], condition=Q(reverses=None), name="hour_entry_one_a_seat"),
            models.CheckConstraint(
                name="hour_entry_reversal_says_who_and_why",
                condition=Q(reverses=None, minutes__gt=0, made_by=None)
                | Q(reverses__isnull=False, made_by__isnull=False) & ~Q(minutes=0) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.minutes:+}"

    @property
    def hours(self) -> int:
        """Whole class hours."""
        return self.minutes // MINUTES_A_CLASS_HOUR


class PublicNotice(models.Model):
    """公示: the entries of one school on show from–to (both days included) before they count for good."""

    school_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()
    opened_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(db_default=Now())
    entries = models.ManyToManyField(HourEntry, through="NoticeLine", related_name="notices")

    class Meta:
        indexes = [models.Index(fields=["school_unit", "-starts_on"], name="public_notice_of_school")]
        constraints = [
            models.CheckConstraint(name="public_notice_ends_after_it_begins", condition=Q(ends_on__gte=F("starts_on")))
        ]

    def __str__(self) -> str:
        return self.title


class NoticeLine(models.Model):
    """An entry stands on one notice, of the school that its pupil went to; it never leaves it (a trigger)."""

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="lines")
    entry = models.OneToOneField(HourEntry, models.PROTECT, related_name="notice_line")

    def __str__(self) -> str:
        return f"{self.notice_id}: {self.entry_id}"


class Objection(models.Model):
    """异议 to what a notice shows, or to an entry that is missing from it, and the ruling on it by someone else.

    Families object while the notice runs; a school or the centre may do so later, which is how hours found to be
    wrong afterwards are taken back by two people.
    """

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="objections")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="objections")
    entry = models.ForeignKey(HourEntry, models.PROTECT, null=True, related_name="objections")
    text = models.CharField(max_length=500)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    ruling = models.CharField(max_length=500, blank=True)
    ruled_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    ruled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["notice", "pupil"], condition=Q(ruled_at=None), name="objection_open"),
        ]
        constraints = [
            models.CheckConstraint(
                name="objection_ruled_wholly_or_not",
                condition=Q(upheld=None, ruled_by=None, ruled_at=None, ruling="")
                | Q(upheld__isnull=False, ruled_by__isnull=False, ruled_at__isnull=False) & ~Q(ruling=""),
            ),
            models.CheckConstraint(name="objection_not_ruled_by_who_made_it", condition=~Q(ruled_by=F("made_by"))),
            models.UniqueConstraint(
                fields=["notice", "pupil", "entry", "made_by"],
                condition=Q(ruled_at=None),
                nulls_distinct=False,
                name="objection_open_once_a_person",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:20]


class Certificate(models.Model):
    """A paper over a pupil's entries; anyone can check it by its token, nothing of the pupil stands in the address.

    ``shows`` is all that is printed, as it was on the day: the paper is a function of this row alone, byte for byte.
    """

    number = models.CharField(max_length=20, unique=True)
    token = models.UUIDField(default=uuid.uuid4, unique=True)
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="certificates")
    minutes = models.PositiveSmallIntegerField()
    shows = models.JSONField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    revoked_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="certificate_revoked_by_whom_when_and_why",
                condition=Q(revoked_at=None, revoked_by=None, revoked_because="")
                | Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoked_because=""),
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def hours(self) -> int:
        """Whole class hours."""
        return self.minutes // MINUTES_A_CLASS_HOUR

    @property
    def check_code(self) -> str:
        """Printed beside the QR code, for whoever types instead of scanning."""
        return self.token.hex[:8].upper()


class CertificateLine(models.Model):
    """An entry stands on one certificate, and only after its notice ended with no open objection (a trigger).

    A revoked certificate lets its entries go, so that the right ones can stand on a new one.
    """

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="lines")
    entry = models.ForeignKey(HourEntry, models.PROTECT, related_name="certificate_lines")
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(released_at=None), name="certificate_line_one_standing_an_entry"
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.entry_id}"


class HourExport(models.Model):
    """A file for the city platform: who took it, what for, and what stood in it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    batch = models.CharField(max_length=20, unique=True)  # printed in each row of the file
    purpose = models.CharField(max_length=120)
    recipient = models.CharField(max_length=60)
    rows = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hour_export_says_what_for_and_for_whom", condition=~Q(purpose="") & ~Q(recipient="")
            )
        ]

    def __str__(self) -> str:
        return self.batch

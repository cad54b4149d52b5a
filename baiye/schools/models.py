"""Terms, schools, classes, pupils and the people who stand for them."""

import uuid
from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from baiye.accounts.models import DateSpan, Notice, Unit
from baiye.core import clock, crypto

USER = settings.AUTH_USER_MODEL
STAGES = [("primary", "小学"), ("junior", "初中"), ("senior", "高中"), ("vocational", "中职")]
FIRST_GRADE = {"primary": 1, "junior": 6, "senior": 10, "vocational": 10}  # Shanghai counts 5–4–3
LAST_GRADE = {"primary": 5, "junior": 9, "senior": 12, "vocational": 12}
HAN_GRADES = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九", "高一", "高二", "高三"]


def school_year(on: date) -> int:
    """The calendar year in which the school year that holds ``on`` began (it turns on 1 September)."""
    return on.year if on.month >= 9 else on.year - 1


class Term(models.Model):
    """One term of a school year; codes on class cards die with it."""

    name = models.CharField(max_length=40, unique=True)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="term_ends_after_it_begins", condition=Q(ends_on__gt=F("starts_on"))),
            ExclusionConstraint(
                name="term_overlaps_no_other",
                expressions=[(DateSpan("starts_on", "ends_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS)],
            ),
        ]


class SchoolDay(models.Model):
    """What a date is where it isn't what its weekday says: holiday, workday, or "acts as a Monday"."""

    on = models.DateField(unique=True)
    kind = models.CharField(max_length=10, choices=[("holiday", "放假"), ("workday", "上课")])
    acts_as = models.PositiveSmallIntegerField(null=True)  # ISO weekday 1–7
    blackout_grades = models.JSONField(default=list)  # grades that may not travel (exams)
    note = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="school_day_acts_as_a_weekday", condition=Q(acts_as=None) | Q(acts_as__gte=1, acts_as__lte=7)
            ),
            models.CheckConstraint(
                name="school_day_off_acts_as_nothing", condition=Q(kind="workday") | Q(acts_as=None)
            ),
        ]


class School(models.Model):
    """A school; its name stands on its unit. Facts that are not known stay empty."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="school")
    code = models.CharField(max_length=12, unique=True)  # admission code 招生代码, or one of our own for examples
    stages = models.JSONField(default=list)  # of STAGES
    nature = models.CharField(max_length=10, blank=True)
    address = models.CharField(max_length=120, blank=True)
    street = models.CharField(max_length=40, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)

    def __str__(self) -> str:
        return str(self.unit)


class SchoolClass(models.Model):
    """A class, keyed by the year it entered its stage, so that a new year needs no renaming."""

    school = models.ForeignKey(School, models.PROTECT, related_name="classes")
    stage = models.CharField(max_length=10, choices=STAGES)
    entry_year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "stage", "entry_year", "number"], name="school_class_once"),
            models.CheckConstraint(name="school_class_number_from_one", condition=Q(number__gte=1, number__lte=60)),
        ]

    def __str__(self) -> str:
        return self.name(clock.today())

    def grade(self, on: date) -> int:
        """The grade (1–12) this class is in on a day."""
        return FIRST_GRADE[self.stage] + school_year(on) - self.entry_year

    def name(self, on: date) -> str:
        """What it is called on a day, 七（3）班; a class that has left its stage carries its last grade's name."""
        grade = min(max(self.grade(on), FIRST_GRADE[self.stage]), LAST_GRADE[self.stage])
        return f"{HAN_GRADES[grade]}（{self.number}）班"


class Pupil(models.Model):
    """A pupil, known by the roll number (学籍号); never deleted, a leaver gets ``left_on``."""

    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="pupils")
    user = models.OneToOneField(USER, models.PROTECT, null=True, related_name="pupil")
    roll_sealed = models.BinaryField()
    roll_blind = models.CharField(max_length=64, unique=True)
    pseudonym = models.UUIDField(default=uuid.uuid4, unique=True)  # stands for the pupil outside
    name = models.CharField(max_length=40)
    pinyin = models.CharField(max_length=120, blank=True)
    sex = models.CharField(max_length=1, choices=[("F", "女"), ("M", "男")])
    born_on = models.DateField()
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["school_class", "pinyin"], name="pupil_in_class")]
        constraints = [
            models.CheckConstraint(
                name="pupil_left_after_joining", condition=Q(left_on=None) | Q(left_on__gte=F("joined_on"))
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def roll_number(self) -> str:
        """The roll number in clear; mask it wherever it is shown."""
        return crypto.decrypt(bytes(self.roll_sealed))


class GuardianContact(models.Model):
    """A guardian as the roster names them; who proves to hold that phone gets a Guardianship.

    One that the first guardian or the class teacher vouched for carries ``added_by`` and outlives a roster import.
    """

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="contacts")
    added_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=40)
    phone_sealed = models.BinaryField()
    phone_blind = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pupil", "phone_blind"], name="guardian_contact_once")]
        indexes = [models.Index(fields=["phone_blind"], name="guardian_contact_by_phone")]

    @property
    def phone(self) -> str:
        return crypto.decrypt(bytes(self.phone_sealed))


class Guardianship(models.Model):
    """``user`` stands for ``pupil``, from–to, unless ended; a second one needs the first or the class teacher."""

    user = models.ForeignKey(USER, models.PROTECT, related_name="guardianships")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="guardianships")
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")  # empty: by code and phone
    ended_at = models.DateTimeField(null=True)  # at once, whatever ``to_on`` says
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="guardianship_ended_by_whom_and_when",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            ExclusionConstraint(
                name="guardianship_held_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("pupil", RangeOperators.EQUAL),
                    (DateSpan("from_on", "to_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at=None),
            ),
        ]


class GuardianRequest(models.Model):
    """Someone who holds a second phone of the roster asks to stand for a child who already has a guardian."""

    user = models.ForeignKey(USER, models.PROTECT, related_name="guardian_requests")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="guardian_requests")
    asked_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "pupil"], condition=Q(answered_at=None), name="guardian_request_open_once"
            ),
            models.CheckConstraint(
                name="guardian_request_answered_by_whom_and_when",
                condition=Q(answered_at=None, answered_by=None, agreed=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False, agreed__isnull=False),
            ),
        ]


class ClassTeacher(models.Model):
    """``user`` is class teacher (班主任) of a class, from–to, unless ended."""

    user = models.ForeignKey(USER, models.PROTECT, related_name="class_teacherships")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="teachers")
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)  # at once, whatever ``to_on`` says
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="class_teacher_ended_by_whom_and_when",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            ExclusionConstraint(
                name="class_teacher_held_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("school_class", RangeOperators.EQUAL),
                    (DateSpan("from_on", "to_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at=None),
            ),
        ]


class PupilCode(models.Model):
    """The personal code on the class card: only its keyed digest is kept, and it dies with the term."""

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(db_default=Now())
    issued_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil"], condition=Q(revoked_at=None), name="pupil_code_one_live_each")
        ]


class PhoneCode(models.Model):
    """A one-time code sent to a phone on the roster; five tries, ten minutes."""

    contact = models.ForeignKey(GuardianContact, models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="phone_code_five_tries", condition=Q(tries__lte=5)),
            models.UniqueConstraint(fields=["contact"], condition=Q(used_at=None), name="phone_code_one_open_each"),
        ]


class Consent(models.Model):
    """A guardian's answer to one optional purpose; a new answer or a withdrawal ends the one before.

    Triggers of migration 0002 refuse a pupil's own answer (``consent_never_by_a_pupil``) and remove the health notes
    of an answer that ends.
    """

    PURPOSES = [("health", "健康提醒"), ("photo", "拍照入档"), ("display", "公开展示")]
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="consents")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="+")
    notice_sha256 = models.CharField(max_length=64)  # of the text that was shown
    under_14 = models.BooleanField()  # on the day of the answer: a child's data is sensitive by law until 14
    purpose = models.CharField(max_length=10, choices=PURPOSES)
    agreed = models.BooleanField()
    signature = models.CharField(max_length=40, blank=True)
    given_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    from_paper = models.BooleanField(default=False)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "purpose"], condition=Q(ended_at=None), name="consent_one_standing_answer"
            ),
            models.CheckConstraint(
                name="consent_ended_by_whom_and_when",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="consent_names_the_text_shown", condition=Q(notice_sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]


class HealthNote(models.Model):
    """What a host must know because of a course's hazard; exists only under a standing consent, deleted after."""

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="health_notes")
    consent = models.ForeignKey(Consent, models.CASCADE, related_name="notes")
    hazard = models.CharField(max_length=20)  # of catalogue.hazards
    note_sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pupil", "hazard"], name="health_note_one_a_hazard")]

    @property
    def note(self) -> str:
        return crypto.decrypt(bytes(self.note_sealed))


class RosterUpload(models.Model):
    """A roster file as uploaded, what a dry run found, and when it was applied."""

    school = models.ForeignKey(School, models.PROTECT, related_name="roster_uploads")
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    for_year = models.PositiveSmallIntegerField()  # the school year in which its grades are meant
    file_name = models.CharField(max_length=120)
    file_sealed = models.BinaryField()  # encrypted; emptied once applied or after 30 days
    sha256 = models.CharField(max_length=64)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)  # progress
    checked_at = models.DateTimeField(null=True)
    plan = models.JSONField(default=dict)  # counts: added, changed, moved, left, same, errors; and their fingerprint
    findings_sealed = models.BinaryField(default=b"")  # row-level findings, encrypted JSON; emptied after 30 days
    refused = models.CharField(max_length=200, blank=True)  # why the whole file cannot be read
    asked_at = models.DateTimeField(null=True)  # "put it into the roster", by whom and when
    asked_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    leavers = models.JSONField(default=list)  # pupils ticked by a person as having left
    stopped = models.CharField(max_length=200, blank=True)  # why it was not put in after all
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["school", "-made_at"], name="roster_upload_latest")]
        constraints = [
            models.CheckConstraint(
                name="roster_applied_by_whom_and_when",
                condition=Q(applied_at=None, applied_by=None) | Q(applied_at__isnull=False, applied_by__isnull=False),
            ),
            models.CheckConstraint(
                name="roster_asked_by_whom_and_when",
                condition=Q(asked_at=None, asked_by=None) | Q(asked_at__isnull=False, asked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="roster_applied_only_after_a_check", condition=Q(applied_at=None) | Q(checked_at__isnull=False)
            ),
            models.CheckConstraint(
                name="roster_file_emptied_once_applied", condition=Q(applied_at=None) | Q(file_sealed=b"")
            ),
        ]

"""What every room uses: the audit trail and its seals, messages, throttles, files, and sheets handed in."""

import uuid
from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One thing that happened, written in the transaction that did it; never changed, never removed.

    It stores whose transaction wrote it, so that a seal takes only events whose neighbours can no longer appear.
    It names people by their row's number alone: nothing personal stands in the trail.
    """

    at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=60)  # noun.past: "booking.made"
    actor_id = models.BigIntegerField(null=True)  # empty: the system itself
    object_type = models.CharField(max_length=60, blank=True)  # "schools.pupil"
    object_id = models.CharField(max_length=40, blank=True)
    unit_path = models.CharField(max_length=120, blank=True)  # where it belongs, for scope
    facts = models.JSONField(default=dict)
    xact_id = models.BigIntegerField(db_default=models.expressions.RawSQL("pg_current_xact_id()::text::bigint", []))

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "-at"], name="event_by_object"),
            models.Index(fields=["-at"], name="event_by_time"),
            models.Index(
                fields=["unit_path", "-at"], name="event_by_unit", opclasses=["varchar_pattern_ops", "timestamptz_ops"]
            ),
            models.Index(fields=["actor_id", "-at"], name="event_by_actor"),
            models.Index(fields=["kind", "-at"], name="event_by_kind"),
            models.Index(fields=["xact_id", "id"], name="event_by_xact"),
        ]


class Seal(models.Model):
    """A sealed batch of events: their ids and digests in order, and a hash over these and the seal before."""

    at = models.DateTimeField(db_default=Now())
    events = models.JSONField()  # [[event id, sha256 hex], …]
    upto_xact = models.BigIntegerField()  # every event after ``after_id`` with a smaller xact_id is sealed
    after_id = models.BigIntegerField(
        default=0
    )  # events up to here were sealed before a restore, which resets xact ids
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["previous"], name="seal_chain_never_forks")]


class Message(models.Model):
    """What one person was told, in their inbox; channels carry copies of it."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="inbox")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)  # a repeated request sends nothing twice
    subject = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)
    needed_by = models.DateTimeField(null=True)  # later it helps nobody: then quiet hours do not hold its copies back
    copied_at = models.DateTimeField(null=True)  # when it was decided which channels carry a copy
    in_digest = models.ForeignKey("self", models.SET_NULL, null=True, related_name="gathered")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["to", "key"], name="message_sent_once")]
        indexes = [
            models.Index(fields=["to", "-sent_at"], name="message_inbox"),
            models.Index(fields=["key"], condition=Q(copied_at=None), name="message_not_copied_yet"),
        ]


class Preference(models.Model):
    """By which channels someone wants copies of messages, and when they want quiet; who has no row keeps to these."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    mail = models.BooleanField(default=True)
    wecom = models.BooleanField(default=True)
    sms = models.BooleanField(default=True)
    quiet_from = models.TimeField(default=time(21))
    quiet_to = models.TimeField(default=time(7))  # the same as ``quiet_from``: no quiet hours
    digest = models.BooleanField(default=True)  # of a teacher: one a day instead of many

    def __str__(self) -> str:
        return f"{self.quiet_from:%H:%M}–{self.quiet_to:%H:%M}"


class Delivery(models.Model):
    """A text handed to an outside channel (SMS, mail, WeCom), and what became of it."""

    CHANNELS = [("sms", _("短信")), ("mail", _("邮件")), ("wecom", _("企业微信"))]
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="deliveries")
    unit_path = models.CharField(
        max_length=120, blank=True, default="", db_default=""
    )  # of what is no copy of a message
    channel = models.CharField(max_length=10, choices=CHANNELS)
    address = models.BinaryField()  # encrypted
    subject = models.CharField(max_length=120, blank=True)
    body = models.TextField(blank=True)  # emptied once it is delivered
    made_at = models.DateTimeField(db_default=Now())
    leaves_at = models.DateTimeField(db_default=Now())  # not before: quiet hours
    tries = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)  # what it said was no longer true when it was to leave
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-failed_at"], condition=Q(failed_at__isnull=False), name="delivery_that_failed"),
            models.Index(fields=["-made_at"], name="delivery_by_time"),
        ]
        constraints = [
            models.CheckConstraint(
                name="delivery_delivered_or_failed", condition=Q(delivered_at=None) | Q(failed_at=None)
            ),
            models.CheckConstraint(
                name="delivery_withdrawn_only_before_it_left",
                condition=Q(withdrawn_at=None) | Q(delivered_at=None, failed_at=None),
            ),
            models.UniqueConstraint(fields=["message", "channel"], name="delivery_once_a_message_and_channel"),
        ]

    @property
    def state(self) -> str:
        """What became of it: delivered, failed, withdrawn, or waiting."""
        ends = {"delivered": self.delivered_at, "failed": self.failed_at, "withdrawn": self.withdrawn_at}
        return next((state for state, at in ends.items() if at), "waiting")


class Throttle(models.Model):
    """How often something was tried in the current window; keys are digests, never an address or an account."""

    key = models.CharField(max_length=64, primary_key=True)
    hits = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()


class File(models.Model):
    """A paper or a photo someone handed in, encrypted; the row that names it says whose it is and who may see it.

    Its bytes never change (trigger); they may be emptied once they are no longer needed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=120)  # as it was called; shown to people, never used as a path
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    sealed = models.BinaryField()  # encrypted; empty once emptied
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="file_holds_something_until_emptied", condition=Q(size__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A sheet (导入的表格) that somebody handed in: it waits encrypted between dry run and import; then it is emptied.

    ``kind`` names one of `core.sheets.kinds`; whoever made it sees it, and nobody else.
    """

    request = models.UUIDField(unique=True)  # of the form: sent twice, it is one
    kind = models.CharField(max_length=20)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    language = models.CharField(max_length=10, blank=True)  # in which its mistakes are told
    file_name = models.CharField(max_length=120)
    file_sealed = models.BinaryField()  # emptied once applied, or after 30 days
    sha256 = models.CharField(max_length=64)
    checked_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)  # added, changed, same, errors; and the plan's fingerprint
    findings_sealed = models.BinaryField(default=b"")  # row by row, encrypted JSON; emptied after 30 days
    refused = models.CharField(max_length=400, blank=True)  # why the whole file cannot be read
    asked_at = models.DateTimeField(null=True)  # "put it in", by who made it
    stopped = models.CharField(max_length=400, blank=True)  # why it was not put in after all
    applied_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["made_by", "kind", "-made_at"], name="upload_latest")]
        constraints = [
            models.CheckConstraint(
                name="upload_applied_only_when_checked_and_asked",
                condition=Q(applied_at=None) | Q(checked_at__isnull=False, asked_at__isnull=False, refused=""),
            ),
            models.CheckConstraint(
                name="upload_emptied_once_applied", condition=Q(applied_at=None) | Q(file_sealed=b"")
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

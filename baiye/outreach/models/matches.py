"""A match run: the campaign frozen, matched by the engine, checked, and published by two people."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from baiye.outreach.models.talks import HALF_DAY, Campaign, TalkOffer, TalkRequest

USER = settings.AUTH_USER_MODEL


class Match(models.Model):
    """One run of the matching; a draft until it is approved. ``again``: only what has no talk, the rest stands.

    What was frozen, and the seed drawn after it, never change (trigger).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="matches")
    again = models.BooleanField(default=False)
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    input_zip = models.BinaryField()  # the engine's folder, frozen
    input_sha256 = models.CharField(max_length=64)
    seed = models.CharField(max_length=64)
    finished_at = models.DateTimeField(null=True)
    failed_because = models.CharField(max_length=200, blank=True)
    output_zip = models.BinaryField(null=True)  # talks.csv and certificate.json
    figures = models.JSONField(default=dict)
    discarded_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"],
                condition=Q(finished_at=None, failed_because="", discarded_at=None),
                name="match_one_at_a_time_a_campaign",
            ),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=Q(approved_at__isnull=False, again=False),
                name="match_one_published_a_campaign",
            ),
            models.CheckConstraint(
                name="match_proposed_by_whom_and_when",
                condition=Q(proposed_at=None, proposed_by=None)
                | Q(proposed_at__isnull=False, proposed_by__isnull=False, finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="match_approved_by_whom_and_when",
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False, proposed_at__isnull=False, discarded_at=None),
            ),
            models.CheckConstraint(name="match_published_by_two_people", condition=~Q(approved_by=F("proposed_by"))),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.asked_at:%Y-%m-%d %H:%M}"


class MatchedTalk(models.Model):
    """What a run gives one request: a speaker and a half-day, or the reason why none."""

    WHYS = [
        ("no_speaker", _("没有主讲人讲所填的题目、面向这个学段、能接这么多班")),
        ("no_half_day", _("愿意来的主讲人，没有一个和礼堂有同时空的半天")),
        ("others_first", _("能来的场次给了交流机会更少、或志愿更合的学校")),
    ]
    match = models.ForeignKey(Match, models.CASCADE, related_name="lines")
    ask = models.ForeignKey(TalkRequest, models.PROTECT, related_name="lines")
    offer = models.ForeignKey(TalkOffer, models.PROTECT, null=True, related_name="+")
    half_day = models.CharField(max_length=HALF_DAY, blank=True)
    rank = models.PositiveSmallIntegerField(default=0)
    travel_min = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=12, choices=WHYS, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["match", "ask"], name="matched_talk_one_a_request"),
            models.CheckConstraint(
                name="matched_talk_given_or_why_not",
                condition=Q(offer=None, half_day="") & ~Q(why="") | Q(offer__isnull=False, why="") & ~Q(half_day=""),
            ),
        ]

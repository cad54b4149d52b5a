"""Talks in schools (职业教育进校园): a campaign, what speakers offer and schools ask for, and the talks themselves."""

import uuid
from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit
from baiye.catalogue.models import Occupation
from baiye.mentors.models import Mentor
from baiye.registry.models import MapShape
from baiye.schools.models import STAGES, School, SchoolClass, Term

USER = settings.AUTH_USER_MODEL
HALF_DAY = 12  # characters of one, 2027-05-12am
PHASES = [
    ("planned", _("未开始")),
    ("offer", _("劳模工匠报讲座")),
    ("ask", _("学校提需求")),
    ("match", _("匹配")),
    ("confirm", _("确认")),
    ("hold", _("进校园")),
    ("feedback", _("反馈致谢")),
    ("closed", _("已结束")),
]


class TimeSpan(Func):
    """``tstzrange(from, to)``, the end excluded."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def published_points() -> list[int]:
    """Points of wish 1, 2, …: published before schools ask."""
    return [100, 80, 65, 52, 41, 32]


class Campaign(models.Model):
    """A season of talks, May and June of a term: each phase lasts until the next begins.

    Once it is announced its rules and days stay (trigger), but for the last day of feedback.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="campaigns")  # the district, or the agency that runs it
    term = models.ForeignKey(Term, models.PROTECT, related_name="campaigns")
    title = models.CharField(max_length=60)
    offer_from = models.DateField()
    ask_from = models.DateField()
    match_from = models.DateField()
    confirm_from = models.DateField()
    first_on = models.DateField()  # of the talks
    last_on = models.DateField()
    feedback_until = models.DateField()
    points = ArrayField(models.PositiveSmallIntegerField(), default=published_points)
    minutes = models.PositiveSmallIntegerField(default=60)  # how long a talk is, unless its school says otherwise
    request = models.UUIDField(default=uuid.uuid4, unique=True)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    announced_at = models.DateTimeField(null=True)
    announced_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    is_example = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "title"], name="campaign_named_once_a_unit"),
            models.CheckConstraint(
                name="campaign_phases_follow_in_order",
                condition=Q(
                    ask_from__gte=F("offer_from"),
                    match_from__gt=F("ask_from"),
                    confirm_from__gt=F("match_from"),
                    first_on__gt=F("confirm_from"),
                    last_on__gte=F("first_on"),
                    feedback_until__gte=F("last_on"),
                ),
            ),
            models.CheckConstraint(name="campaign_takes_one_to_ten_wishes", condition=Q(points__len__range=(1, 10))),
            models.CheckConstraint(name="campaign_talks_take_time", condition=Q(minutes__range=(20, 180))),
            models.CheckConstraint(
                name="campaign_announced_by_whom_and_when",
                condition=Q(announced_at=None, announced_by=None)
                | Q(announced_at__isnull=False, announced_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def phase(self, on: date) -> str:
        """The phase of PHASES the campaign is in on a day."""
        begins = [
            (self.offer_from, "planned"),
            (self.ask_from, "offer"),
            (self.match_from, "ask"),
            (self.confirm_from, "match"),
            (self.first_on, "confirm"),
        ]
        if on <= self.last_on:
            return next((before for start, before in begins if on < start), "hold")
        return "feedback" if on <= self.feedback_until else "closed"

    def takes_offers(self, on: date) -> bool:
        return self.announced_at is not None and self.offer_from <= on < self.match_from

    def takes_requests(self, on: date) -> bool:
        return self.announced_at is not None and self.ask_from <= on < self.match_from


class TalkOffer(models.Model):
    """``speaker`` will talk in this campaign: when, to which stages, how often, to how many classes at once.

    ``starts_from`` is a street and never an address: enough to reckon the way, and nobody's home.
    """

    request = models.UUIDField(default=uuid.uuid4, unique=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="offers")
    speaker = models.ForeignKey(Mentor, models.PROTECT, related_name="talk_offers")
    stages = ArrayField(models.CharField(max_length=10, choices=STAGES))
    half_days = ArrayField(models.CharField(max_length=HALF_DAY))  # 2027-05-12am, in order
    most_talks = models.PositiveSmallIntegerField(default=2)
    most_classes = models.PositiveSmallIntegerField(default=1)
    starts_from = models.ForeignKey(MapShape, models.PROTECT, null=True, related_name="+")
    needs = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdrawn_because = models.CharField(max_length=200, blank=True)
    is_example = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "speaker"], name="talk_offer_one_a_speaker_and_campaign"),
            models.CheckConstraint(name="talk_offer_names_a_half_day", condition=Q(half_days__len__range=(1, 120))),
            models.CheckConstraint(name="talk_offer_names_a_stage", condition=Q(stages__len__gte=1)),
            models.CheckConstraint(
                name="talk_offer_is_for_some", condition=Q(most_talks__range=(1, 20), most_classes__range=(1, 20))
            ),
            models.CheckConstraint(
                name="talk_offer_withdrawn_by_whom_when_and_why",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker}：{self.campaign}"


class TalkTopic(models.Model):
    """What a speaker talks about: a title, and the occupation by which schools may ask for it."""

    offer = models.ForeignKey(TalkOffer, models.CASCADE, related_name="topics")
    place = models.PositiveSmallIntegerField()  # the first is what they talk about where nothing was said
    title = models.CharField(max_length=60)
    occupation = models.ForeignKey(Occupation, models.PROTECT, null=True, related_name="talk_topics")

    class Meta:
        ordering = ["offer", "place"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "place"], name="talk_topic_place_once"),
            models.CheckConstraint(name="talk_topic_one_of_five", condition=Q(place__range=(1, 5))),
            models.CheckConstraint(name="talk_topic_has_a_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title


class TalkRequest(models.Model):
    """A school asks for one talk: for these classes, on one of these half-days, by these ranked wishes."""

    request = models.UUIDField(default=uuid.uuid4, unique=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="requests")
    school = models.ForeignKey(School, models.PROTECT, related_name="talk_requests")
    stage = models.CharField(max_length=10, choices=STAGES)
    classes = models.ManyToManyField(SchoolClass, related_name="talk_requests")
    half_days = ArrayField(models.CharField(max_length=HALF_DAY))  # when the hall is free
    hall = models.CharField(max_length=60)
    takes_any = models.BooleanField(default=False)  # rather a talk nobody wished for than none
    note = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    is_example = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["campaign", "school"], name="talk_request_of_school")]
        constraints = [
            models.CheckConstraint(name="talk_request_names_a_half_day", condition=Q(half_days__len__range=(1, 120))),
            models.CheckConstraint(name="talk_request_has_a_hall", condition=~Q(hall="")),
            models.CheckConstraint(
                name="talk_request_withdrawn_by_whom_and_when",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}：{self.campaign}"


class TalkWish(models.Model):
    """Wish ``rank`` of a request: an occupation, whoever speaks of it, or one speaker by what they offer."""

    ask = models.ForeignKey(TalkRequest, models.CASCADE, related_name="wishes")
    rank = models.PositiveSmallIntegerField()
    occupation = models.ForeignKey(Occupation, models.PROTECT, null=True, related_name="+")
    offer = models.ForeignKey(TalkOffer, models.PROTECT, null=True, related_name="wishes")

    class Meta:
        ordering = ["ask", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["ask", "rank"], name="talk_wish_rank_once"),
            models.UniqueConstraint(fields=["ask", "occupation"], name="talk_wish_occupation_once"),
            models.UniqueConstraint(fields=["ask", "offer"], name="talk_wish_speaker_once"),
            models.CheckConstraint(name="talk_wish_ranks_from_one_to_ten", condition=Q(rank__range=(1, 10))),
            models.CheckConstraint(
                name="talk_wish_is_an_occupation_or_a_speaker",
                condition=Q(occupation=None, offer__isnull=False) | Q(occupation__isnull=False, offer=None),
            ),
        ]


class Talk(models.Model):
    """One dated talk; its row goes from proposed to held, or ends with a reason, and is never deleted.

    Triggers copy speaker and school, let nobody speak who may not be with pupils that day, nobody be in two places
    at once (visits count too), and no first talk be held without a rehearsal.
    """

    ENDS = [
        ("declined", _("主讲人谢绝")),
        ("speaker", _("主讲人不能来")),
        ("school", _("学校取消")),
        ("organiser", _("主办方取消")),
    ]
    ask = models.ForeignKey(TalkRequest, models.PROTECT, related_name="talks")
    offer = models.ForeignKey(TalkOffer, models.PROTECT, related_name="talks")
    topic = models.ForeignKey(TalkTopic, models.PROTECT, related_name="talks")
    match = models.ForeignKey("outreach.Match", models.PROTECT, null=True, related_name="talks")
    rank = models.PositiveSmallIntegerField(default=0)  # of the wish it meets; 0: none, but any was welcome
    speaker = models.ForeignKey(Mentor, models.PROTECT, related_name="talks")
    school = models.ForeignKey(School, models.PROTECT, related_name="talks")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    hall = models.CharField(max_length=60)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    staff = models.CharField(max_length=60, blank=True)  # of the school, in the hall with the pupils
    rehearsed_at = models.DateTimeField(null=True)
    rehearsed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    rehearsal_note = models.CharField(max_length=400, blank=True)
    held_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    heard = models.PositiveSmallIntegerField(default=0)  # pupils
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    ended_kind = models.CharField(max_length=10, choices=ENDS, blank=True)
    ended_because = models.CharField(max_length=200, blank=True)
    is_example = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["school", "starts_at"], name="talk_of_school")]
        constraints = [
            models.CheckConstraint(name="talk_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))),
            models.UniqueConstraint(fields=["ask"], condition=Q(ended_at=None), name="talk_one_for_a_request"),
            ExclusionConstraint(
                name="talk_no_speaker_in_two_places_at_once",
                expressions=[
                    ("speaker", RangeOperators.EQUAL),
                    (TimeSpan("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at=None),
            ),
            ExclusionConstraint(
                name="talk_no_hall_twice_at_once",
                expressions=[
                    ("school", RangeOperators.EQUAL),
                    ("hall", RangeOperators.EQUAL),
                    (TimeSpan("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at=None),
            ),
            *(
                models.CheckConstraint(
                    name=f"talk_{step}_by_whom_and_when",
                    condition=Q(**{f"{step}_at": None, f"{step}_by": None})
                    | Q(**{f"{step}_at__isnull": False, f"{step}_by__isnull": False}),
                )
                for step in ("accepted", "confirmed", "rehearsed", "held")
            ),
            models.CheckConstraint(
                name="talk_confirmed_with_somebody_of_the_school", condition=Q(confirmed_at=None) | ~Q(staff="")
            ),
            models.CheckConstraint(
                name="talk_held_only_when_accepted_and_confirmed",
                condition=Q(held_at=None)
                | Q(accepted_at__isnull=False, confirmed_at__isnull=False, heard__gte=1, held_at__gte=F("starts_at")),
            ),
            models.CheckConstraint(name="talk_held_or_ended", condition=Q(held_at=None) | Q(ended_at=None)),
            models.CheckConstraint(
                name="talk_ended_by_whom_when_and_why",
                condition=Q(ended_at=None, ended_by=None, ended_kind="", ended_because="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_kind="") & ~Q(ended_because=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}"

    @property
    def state(self) -> str:
        """Where it stands: ended, held, ready, confirmed, accepted, or proposed; the one place that says so."""
        if self.ended_at is not None:
            return "ended"
        if self.held_at is not None:
            return "held"
        if self.accepted_at is None:
            return "proposed"
        return "accepted" if self.confirmed_at is None else "confirmed"


class TalkFeedback(models.Model):
    """What one side says of a talk that was held, once: a short verdict, and words."""

    SIDES = [("speaker", _("主讲人")), ("school", _("学校"))]
    VERDICTS = [("well", _("很好")), ("fine", _("可以")), ("poor", _("有问题"))]
    talk = models.ForeignKey(Talk, models.PROTECT, related_name="feedback")
    side = models.CharField(max_length=8, choices=SIDES)
    verdict = models.CharField(max_length=6, choices=VERDICTS)
    again = models.BooleanField()  # they would do it again
    text = models.CharField(max_length=400, blank=True)
    said_at = models.DateTimeField(db_default=Now())
    said_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["talk", "side"], name="talk_feedback_once_a_side"),
            models.CheckConstraint(
                name="talk_feedback_says_what_was_wrong", condition=~Q(verdict="poor") | ~Q(text="")
            ),
        ]

    def __str__(self) -> str:
        return self.get_verdict_display()

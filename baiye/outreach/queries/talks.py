"""Reads of campaigns, offers, requests and talks, each within what the signed-in person may see."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from baiye_placement.talks import School as EngineSchool
from django.db.models import CharField, Count, Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, within
from baiye.catalogue.models import Occupation
from baiye.core import clock, pinyin
from baiye.mentors.models import Mentor
from baiye.mentors.permissions import scope as roster
from baiye.outreach import talk_files, talk_scope
from baiye.outreach.models import Campaign, Match, MatchedTalk, Talk, TalkOffer, TalkRequest, TalkTopic
from baiye.schools.models import FIRST_GRADE, LAST_GRADE, School, SchoolClass, Term

ABOUT = ("offer__campaign__unit", "topic__occupation", "speaker__unit", "school__unit", "ask")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which talks, offers or requests are looked for; empty means any."""

    q: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class SchoolNeed:
    """A school that asks: what it had, how often it asks and what it gets; and its need by the published formula."""

    school: School
    pupils: int
    encounters: int
    requests: int
    talks: int

    @property
    def need(self) -> int:
        return EngineSchool("", self.encounters, self.pupils).need()


# ── campaigns ──


def campaigns_for(user: User) -> QuerySet[Campaign]:
    """Campaigns ``user`` plans or publishes, newest first."""
    return Campaign.objects.filter(talk_scope.desk(user)).select_related("unit", "term").order_by("-first_on", "-pk")


def campaigns_managed_by(user: User) -> QuerySet[Campaign]:
    """Campaigns ``user`` plans."""
    return campaigns_for(user).filter(within(user, Permission.TALK_MANAGE, "unit"))


def campaigns_near(units: list[Unit]) -> QuerySet[Campaign]:
    """Announced campaigns of the districts of ``units``, newest first."""
    near = Q(pk__in=[])
    for district in {unit.lineage()[0] for unit in units}:
        near |= Q(unit__path__startswith=district)
    found = Campaign.objects.filter(near, announced_at__isnull=False)
    return found.select_related("unit", "term").order_by("-first_on", "-pk")


def campaigns_for_schools(user: User) -> QuerySet[Campaign]:
    """Announced campaigns in which a school of ``user``'s may ask."""
    return campaigns_near([school.unit for school in schools_for(user)])


def with_counts(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Each with how many ``offers_n``, ``requests_n`` and ``talks_n`` stand."""
    offers = Count("offers", filter=Q(offers__withdrawn_at=None), distinct=True)
    requests = Count("requests", filter=Q(requests__withdrawn_at=None), distinct=True)
    talks = Count("offers__talks", filter=Q(offers__talks__ended_at=None), distinct=True)
    return campaigns.annotate(offers_n=offers, requests_n=requests, talks_n=talks)


def public_campaigns() -> QuerySet[Campaign]:
    """Campaigns that were announced; whoever likes may read their rules and, once published, their result."""
    return Campaign.objects.filter(announced_at__isnull=False).select_related("unit", "term").order_by("-first_on")


def terms() -> QuerySet[Term]:
    return Term.objects.order_by("-starts_on")


# ── speakers and what they offer ──


def own_mentor(user: User) -> Mentor | None:
    """The mentor whose account ``user``'s is."""
    return Mentor.objects.select_related("unit").filter(user=user).first()


def speakers_for(user: User, campaign: Campaign) -> QuerySet[Mentor]:
    """For whom ``user`` may offer talks: oneself, or one's own roster in the district where one plans the campaign."""
    mine = Q(user=user)
    if campaigns_managed_by(user).filter(pk=campaign.pk).exists():
        mine |= Q(left_on=None) & roster(user, Permission.MENTOR_MANAGE)
    district = campaign.unit.lineage()[0]
    found = Mentor.objects.filter(mine, unit__path__startswith=district)
    return found.select_related("unit").order_by("pinyin", "pk")


def speakers_named(user: User, campaign: Campaign, word: str) -> list[Mentor]:
    """Up to ten of those for whom ``user`` may offer, by name, sound or unit; none without a word."""
    if not word.strip():
        return []
    named = Q(name__icontains=word) | Q(unit__name__icontains=word) | Q(trade__icontains=word)
    if letters := pinyin.pattern(word):
        named |= Q(pinyin__regex=letters)
    return list(speakers_for(user, campaign).filter(named)[:10])


def offers_of(campaign: Campaign, asked: Asked = Asked()) -> QuerySet[TalkOffer]:
    """What is offered, by speaker; topics loaded, ``talks_n`` that stand counted."""
    live = Count("talks", filter=Q(talks__ended_at=None))
    found = TalkOffer.objects.filter(campaign=campaign).annotate(talks_n=live)
    if asked.q:
        found = found.filter(
            Q(speaker__name__icontains=asked.q)
            | Q(speaker__unit__name__icontains=asked.q)
            | Exists(
                TalkTopic.objects.filter(
                    Q(title__icontains=asked.q) | Q(occupation__name__icontains=asked.q), offer=OuterRef("pk")
                )
            )
        )
    if asked.state:
        found = found.filter(withdrawn_at__isnull=asked.state != "withdrawn")
    topics = Prefetch("topics", TalkTopic.objects.select_related("occupation"))
    loaded = found.select_related("speaker__unit", "campaign__unit", "starts_from")
    return loaded.prefetch_related(topics).order_by("speaker__pinyin", "pk")


def offers_for(user: User) -> QuerySet[TalkOffer]:
    """Offers ``user`` may change: one's own, and those of campaigns one plans."""
    mine = Q(speaker__user=user) | within(user, Permission.TALK_MANAGE, "campaign__unit")
    return TalkOffer.objects.filter(mine).select_related("campaign__unit", "speaker__unit")


def occupations_offered(campaign: Campaign) -> QuerySet[Occupation]:
    """Occupations that somebody speaks of, by code."""
    offered = TalkTopic.objects.filter(offer__campaign=campaign, offer__withdrawn_at=None, occupation__isnull=False)
    return Occupation.objects.filter(pk__in=offered.values("occupation")).order_by("code")


# ── schools and what they ask ──


def schools_for(user: User) -> list[School]:
    """Schools for which ``user`` asks."""
    return list(School.objects.filter(talk_scope.schools(user)).select_related("unit").order_by("unit__pinyin", "pk"))


def schools_in(user: User, campaign: Campaign) -> QuerySet[School]:
    """Schools of its district for which ``user`` may ask in a campaign: one's own, or any where one plans it."""
    found = School.objects.filter(unit__path__startswith=campaign.unit.lineage()[0])
    if not campaigns_managed_by(user).filter(pk=campaign.pk).exists():
        found = found.filter(talk_scope.schools(user))
    return found.select_related("unit").order_by("unit__pinyin", "pk")


def classes_of(school: School, on: date) -> list[SchoolClass]:
    """Classes of a school that have not left their stage on a day, in order."""
    found = SchoolClass.objects.filter(school=school).select_related("school").order_by("-entry_year", "number")
    return sorted((each for each in found if _is_there(each, on)), key=lambda each: (each.grade(on), each.number))


def _is_there(each: SchoolClass, on: date) -> bool:
    return FIRST_GRADE[each.stage] <= each.grade(on) <= LAST_GRADE[each.stage]


def requests_of(campaign: Campaign, asked: Asked = Asked()) -> QuerySet[TalkRequest]:
    """What is asked, by school; wishes, classes and the talk that stands loaded."""
    found = TalkRequest.objects.filter(campaign=campaign)
    met = Exists(Talk.objects.filter(ask=OuterRef("pk"), ended_at=None))
    if asked.q:
        found = found.filter(Q(school__unit__name__icontains=asked.q) | Q(school__street__icontains=asked.q))
    states = {"met": Q(met), "unmet": ~Q(met) & Q(withdrawn_at=None), "withdrawn": Q(withdrawn_at__isnull=False)}
    if asked.state in states:
        found = found.filter(states[asked.state])
    return _with_wishes(found)


def _with_wishes(found: QuerySet[TalkRequest]) -> QuerySet[TalkRequest]:
    live = Talk.objects.filter(ended_at=None).select_related("topic", "speaker")
    loaded = found.select_related("school__unit", "campaign__unit").prefetch_related(
        "classes", "wishes__occupation", "wishes__offer__speaker", Prefetch("talks", live, to_attr="live_talks")
    )
    return loaded.order_by("school__unit__pinyin", "school", "pk")


def requests_for(user: User) -> QuerySet[TalkRequest]:
    """Requests of one's own schools, and of campaigns one plans."""
    mine = talk_scope.schools(user, "school__") | within(user, Permission.TALK_MANAGE, "campaign__unit")
    return _with_wishes(TalkRequest.objects.filter(mine))


# ── talks ──


def talks_for(user: User) -> QuerySet[Talk]:
    """Talks one gives, of one's schools, of campaigns one plans or publishes; in order of time."""
    mine = Q(speaker__user=user) | talk_scope.schools(user, "school__") | talk_scope.desk(user, "offer__campaign__")
    return Talk.objects.filter(mine).select_related(*ABOUT).order_by("starts_at", "pk")


def talks_of(campaign: Campaign, asked: Asked = Asked()) -> QuerySet[Talk]:
    """The talks of a campaign, in order of time."""
    found = Talk.objects.filter(offer__campaign=campaign)
    if asked.q:
        found = found.filter(
            Q(school__unit__name__icontains=asked.q)
            | Q(speaker__name__icontains=asked.q)
            | Q(topic__title__icontains=asked.q)
        )
    states = {
        "proposed": Q(accepted_at=None, ended_at=None),
        "accepted": Q(accepted_at__isnull=False, confirmed_at=None, ended_at=None),
        "confirmed": Q(accepted_at__isnull=False, confirmed_at__isnull=False, ended_at=None, held_at=None),
        "held": Q(held_at__isnull=False),
        "ended": Q(ended_at__isnull=False),
    }
    found = found.filter(states[asked.state]) if asked.state in states else found.filter(ended_at=None)
    loaded = found.select_related(*ABOUT).prefetch_related("ask__classes", "feedback")
    return loaded.order_by("starts_at", "pk")


def hindered_talks(campaign: Campaign) -> list[tuple[Talk, str]]:
    """Talks to come whose speaker may not be with pupils that day, each with the code; one query."""
    found = _with_codes(Talk.objects.filter(offer__campaign=campaign))
    return [(talk, code) for talk in found if (code := getattr(talk, "code"))]  # noqa: B009 - annotated


def talks_to_come(at: datetime) -> QuerySet[Talk]:
    """Talks of every campaign after ``at``, each with the ``code`` of what keeps its speaker from pupils, or None."""
    return _with_codes(Talk.objects.filter(starts_at__gt=at)).select_related("speaker__user")


def _with_codes(talks: QuerySet[Talk]) -> QuerySet[Talk]:
    """Those of ``talks`` that are neither held nor ended, with codes, in order of time."""
    day = TruncDate("starts_at", tzinfo=clock.SHANGHAI)
    hinders = Func(F("speaker"), day, day, function="mentors_hinders", output_field=CharField())
    found = talks.filter(ended_at=None, held_at=None).annotate(code=hinders)
    return found.select_related(*ABOUT).order_by("starts_at", "pk")


def talks_of_speaker(mentor: Mentor) -> QuerySet[Talk]:
    """A speaker's talks that stand, in order of time."""
    return Talk.objects.filter(speaker=mentor, ended_at=None).select_related(*ABOUT).order_by("starts_at", "pk")


def first_timers(talks: list[Talk]) -> set[int]:
    """Talks whose speaker has not held any yet; one query."""
    spoken = Talk.objects.filter(speaker__in={talk.speaker_id for talk in talks}, held_at__isnull=False)
    before = set(spoken.values_list("speaker", flat=True))
    return {talk.pk for talk in talks if talk.speaker_id not in before}


def loads(campaign: Campaign) -> dict[int, int]:
    """Number of talks → how many speakers hold so many, in order; one query."""
    live = Count("talks", filter=Q(talks__ended_at=None))
    standing = TalkOffer.objects.filter(campaign=campaign, withdrawn_at=None).annotate(n=live)
    return dict(sorted(Counter(standing.values_list("n", flat=True)).items()))


def talks_at(campaign: Campaign) -> dict[int, int]:
    """School → how many talks it has; one query."""
    live = Talk.objects.filter(offer__campaign=campaign, ended_at=None).values_list("school")
    return dict(live.annotate(n=Count("pk")).order_by())


def needs_of(campaign: Campaign, at: datetime) -> list[SchoolNeed]:
    """Every school that asks: what it had, what that makes its need, what it asks for and gets; neediest first."""
    asked = TalkRequest.objects.filter(campaign=campaign, withdrawn_at=None).values_list("school")
    requests = dict(asked.annotate(n=Count("pk")).order_by())
    talks = talks_at(campaign)
    had, pupils = talk_files.encounters(list(requests), at), talk_files.pupils_of(list(requests))
    found = [
        SchoolNeed(each, pupils.get(each.pk, 0), had.get(each.pk, 0), requests[each.pk], talks.get(each.pk, 0))
        for each in School.objects.filter(pk__in=requests).select_related("unit")
    ]
    return sorted(found, key=lambda each: (-each.need, each.school.unit.pinyin, each.school.pk))


def heard_in(campaign: Campaign) -> int:
    """How many pupils heard its talks."""
    return Talk.objects.filter(offer__campaign=campaign).aggregate(n=Sum("heard"))["n"] or 0


def find_campaign(pk: int) -> Campaign | None:
    return Campaign.objects.select_related("unit").filter(pk=pk).first()


def find_talk(pk: int) -> Talk | None:
    return Talk.objects.select_related(*ABOUT, "speaker__user").filter(pk=pk).first()


# ── match runs ──


def matches_of(campaign: Campaign) -> QuerySet[Match]:
    """Runs, newest first, without their files."""
    found = Match.objects.filter(campaign=campaign).defer("input_zip", "output_zip")
    return found.select_related("asked_by", "proposed_by", "approved_by").order_by("-asked_at")


def matches_for(user: User) -> QuerySet[Match]:
    """Runs of campaigns ``user`` plans or publishes."""
    found = Match.objects.filter(talk_scope.desk(user, "campaign__")).defer("input_zip", "output_zip")
    return found.select_related("campaign__unit", "asked_by", "proposed_by", "approved_by").order_by("-asked_at")


def published_matches(campaign: Campaign) -> QuerySet[Match]:
    """Published runs with their files, the first one first."""
    return Match.objects.filter(campaign=campaign, approved_at__isnull=False).order_by("approved_at")


def find_match(pk: str | UUID) -> Match | None:
    return Match.objects.select_related("campaign__unit").filter(pk=pk).first()


def lines_of(match: Match, asked: Asked = Asked()) -> QuerySet[MatchedTalk]:
    """What a run gives each request, by school."""
    found = match.lines.all()
    if asked.q:
        found = found.filter(Q(ask__school__unit__name__icontains=asked.q) | Q(offer__speaker__name__icontains=asked.q))
    if asked.state:
        found = found.filter(offer__isnull=asked.state == "unmet")
    loaded = found.select_related("ask__school__unit", "offer__speaker").prefetch_related("ask__classes")
    return loaded.order_by("ask__school__unit__pinyin", "ask__school", "ask")

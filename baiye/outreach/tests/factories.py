"""The smallest valid rows of outreach: a campaign in any phase, a speaker whom nothing hinders, a school that asks."""

from datetime import date, datetime, time, timedelta

from factory import LazyAttribute, LazyFunction, RelatedFactory, SelfAttribute, Sequence, SubFactory, post_generation
from factory.django import DjangoModelFactory

from baiye.accounts.tests.factories import DistrictFactory, UnitFactory, UserFactory
from baiye.catalogue.tests.factories import OccupationFactory
from baiye.core import clock
from baiye.mentors.tests.factories import MentorFactory
from baiye.outreach.models import Campaign, Talk, TalkOffer, TalkRequest, TalkTopic, TalkWish
from baiye.schools.models import Term
from baiye.schools.tests.factories import SchoolClassFactory, SchoolFactory, TermFactory

LENGTHS = {"offer": 10, "ask": 10, "match": 5, "confirm": 5, "hold": 20, "feedback": 10}  # days of each phase


def the_term() -> Term:
    """The term that holds today: terms do not overlap."""
    return Term.objects.filter(starts_on__lte=clock.today(), ends_on__gte=clock.today()).first() or TermFactory()


def days_of(phase: str, on: date | None = None) -> dict[str, date]:
    """The days of a campaign that is two days into ``phase`` on a day."""
    begins = (on or clock.today()) - timedelta(days=2)
    for kind, length in LENGTHS.items():
        if kind == phase:
            break
        begins -= timedelta(days=length)
    starts = [begins]
    for length in LENGTHS.values():
        starts.append(starts[-1] + timedelta(days=length))
    names = ("offer_from", "ask_from", "match_from", "confirm_from", "first_on")
    last = {"last_on": starts[5] - timedelta(days=1), "feedback_until": starts[6] - timedelta(days=1)}
    return dict(zip(names, starts[:5], strict=True)) | last


class CampaignFactory(DjangoModelFactory):
    """An announced campaign, two days into the phase ``phase`` (schools ask)."""

    class Meta:
        model = Campaign

    class Params:
        phase = "ask"
        days = LazyAttribute(lambda one: days_of(one.phase))

    unit = SubFactory(DistrictFactory)
    term = LazyFunction(the_term)
    title = Sequence("示例进校园{}".format)
    offer_from = LazyAttribute(lambda one: one.days["offer_from"])
    ask_from = LazyAttribute(lambda one: one.days["ask_from"])
    match_from = LazyAttribute(lambda one: one.days["match_from"])
    confirm_from = LazyAttribute(lambda one: one.days["confirm_from"])
    first_on = LazyAttribute(lambda one: one.days["first_on"])
    last_on = LazyAttribute(lambda one: one.days["last_on"])
    feedback_until = LazyAttribute(lambda one: one.days["feedback_until"])
    announced_at = LazyFunction(clock.now)
    announced_by = SubFactory(UserFactory)


def half_days(campaign: Campaign, count: int = 4) -> list[str]:
    """The first half-days of a campaign's talks."""
    days = [campaign.first_on + timedelta(days=n // 2) for n in range(count)]
    return [f"{day}{'pm' if n % 2 else 'am'}" for n, day in enumerate(days)]


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = TalkTopic

    offer = SubFactory("baiye.outreach.tests.factories.OfferFactory", topic=None)
    place = 1
    title = Sequence("讲座题目{}".format)
    occupation = SubFactory(OccupationFactory)


class OfferFactory(DjangoModelFactory):
    """A speaker whom nothing hinders, for two talks of one class each, on the first four half-days."""

    class Meta:
        model = TalkOffer
        skip_postgeneration_save = True

    campaign = SubFactory(CampaignFactory)
    speaker = SubFactory(
        MentorFactory,
        kinds=["craftsman"],
        name=Sequence("师傅{}".format),
        unit=SubFactory(
            UnitFactory, kind="host", name=Sequence("工匠单位{}".format), parent=SelfAttribute("...campaign.unit")
        ),
    )
    stages = LazyFunction(lambda: ["junior"])
    half_days = LazyAttribute(lambda offer: half_days(offer.campaign))
    topic = RelatedFactory(TopicFactory, factory_related_name="offer")


class RequestFactory(DjangoModelFactory):
    """A school of the campaign's district asks for a talk to one class; any is welcome."""

    class Meta:
        model = TalkRequest
        skip_postgeneration_save = True

    campaign = SubFactory(CampaignFactory)
    school = SubFactory(SchoolFactory, unit=SubFactory(UnitFactory, parent=SelfAttribute("...campaign.unit")))
    stage = "junior"
    half_days = LazyAttribute(lambda ask: half_days(ask.campaign))
    hall = "小礼堂"
    takes_any = True

    @post_generation
    def classes(self: TalkRequest, create: bool, count: int | None, **_: object) -> None:
        for _number in range(1 if count is None else count):
            self.classes.add(SchoolClassFactory(school=self.school, stage=self.stage))


class WishFactory(DjangoModelFactory):
    class Meta:
        model = TalkWish

    ask = SubFactory(RequestFactory)
    rank = 1
    offer = LazyAttribute(lambda wish: OfferFactory(campaign=wish.ask.campaign))


def at(half_day: str, hour: int = 0) -> datetime:
    """A clock time in a half-day: half past nine, or two."""
    begins = time(hour or (9 if half_day.endswith("am") else 14), 0)
    return datetime.combine(date.fromisoformat(half_day[:10]), begins, clock.SHANGHAI)


class TalkFactory(DjangoModelFactory):
    """Proposed to a speaker: an hour on the first half-day."""

    class Meta:
        model = Talk

    class Params:
        phase = "confirm"
        half_day = LazyAttribute(lambda talk: talk.offer.half_days[0])

    offer = SubFactory(OfferFactory, campaign=SubFactory(CampaignFactory, phase=SelfAttribute("...phase")))
    ask = SubFactory(RequestFactory, campaign=SelfAttribute("..offer.campaign"))
    topic = LazyAttribute(lambda talk: talk.offer.topics.all()[0])
    starts_at = LazyAttribute(lambda talk: at(talk.half_day))
    ends_at = LazyAttribute(lambda talk: talk.starts_at + timedelta(hours=1))
    hall = "小礼堂"
    speaker = LazyAttribute(lambda talk: talk.offer.speaker)
    school = LazyAttribute(lambda talk: talk.ask.school)


class AgreedTalkFactory(TalkFactory):
    """Accepted, confirmed and rehearsed."""

    accepted_at = LazyFunction(clock.now)
    accepted_by = SubFactory(UserFactory)
    confirmed_at = LazyFunction(clock.now)
    confirmed_by = SubFactory(UserFactory)
    staff = "年级组长"
    rehearsed_at = LazyFunction(clock.now)
    rehearsed_by = SubFactory(UserFactory)

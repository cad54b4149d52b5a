"""Talks in May and June: generated craftsmen offer what the talks of `events.csv` were about, the real schools ask.

Who speaks is generated (示例); the schools, the streets and the ways between them are the district's own.
"""

import csv
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from baiye.accounts.models import Unit, User
from baiye.catalogue.models import Occupation
from baiye.core import clock, jobs, pinyin
from baiye.demo.cast import account, grant
from baiye.demo.people import adult
from baiye.mentors.models import Check, Mentor
from baiye.outreach.actions.campaigns import announce_campaign, make_campaign
from baiye.outreach.actions.matches import approve_match, ask_match, propose_match
from baiye.outreach.actions.talk_offers import offer_talks
from baiye.outreach.actions.talk_requests import Wish, ask_for_talk
from baiye.outreach.actions.talks import accept_talk
from baiye.outreach.half_days import half_days_of
from baiye.outreach.models import Campaign, Match, Talk, TalkOffer, TalkRequest
from baiye.registry.models import MapShape
from baiye.schools.models import School, SchoolClass, Term, school_year

SPEAKERS = 18
KINDS = ("劳模进校园", "劳模讲述", "技能大师公益行", "彩虹学院")  # of events.csv: somebody speaks of their work
STAGES = {"primary": 4, "junior": 2, "senior": 2, "vocational": 2}  # years after entering: whose class listens


@dataclass(frozen=True, slots=True)
class Season:
    """When the campaign is, and whose clock its actions read."""

    term: Term
    days: dict[str, date]

    def at(self, name: str, hour: int = 9) -> datetime:
        return datetime.combine(self.days[name], time(hour), clock.SHANGHAI)


def season(today: date) -> Season | None:
    """The next May and June that lie in a term, offered and asked for until today; None where no such term is known."""
    for year in (today.year, today.year + 1):
        first = date(year, 5, 6)
        term = Term.objects.filter(starts_on__lte=first, ends_on__gte=date(year, 6, 20)).first()
        if term is not None and first > today + timedelta(days=14):
            days = {
                "offer_from": today - timedelta(days=40),
                "ask_from": today - timedelta(days=26),
                "match_from": today - timedelta(days=2),
                "confirm_from": today + timedelta(days=1),
                "first_on": first,
                "last_on": date(year, 6, 20),
                "feedback_until": date(year, 6, 30),
            }
            return Season(term, days)
    return None


def make_season(district: Unit, people: dict[str, User], schools: dict[int, User]) -> Match | None:
    """A campaign, offered, asked for, matched, published and half of it accepted; one that stands is left alone."""
    found = season(clock.today())
    standing = Match.objects.filter(campaign__is_example=True, approved_at__isnull=False).first()
    if found is None or standing is not None:
        return standing
    rng = random.Random("baiye talks")
    campaign = _campaign(district, found, people["coordinator"])
    _offers(campaign, found, people["coordinator"], rng)
    _requests(campaign, found, people["coordinator"], schools, rng)
    waiting = campaign.matches.filter(approved_at=None, discarded_at=None, failed_because="").first()
    match = waiting or ask_match(campaign=campaign, by=people["coordinator"], at=found.at("match_from"))
    jobs.run_due()
    match.refresh_from_db()
    propose_match(match=match, by=people["coordinator"], at=found.at("match_from", 15))
    approve_match(match=match, by=people["officer"], at=found.at("match_from", 17))
    _accept(match, people["coordinator"], found.at("match_from", 20), rng)
    jobs.run_due()
    return match


@transaction.atomic
def _campaign(district: Unit, found: Season, by: User) -> Campaign:
    title = f"{found.days['first_on'].year} 年职业教育进校园·与劳模工匠“面对面”（示例）"
    standing = Campaign.objects.filter(unit=district, title=title).first()
    if standing is not None:
        return standing
    campaign = make_campaign(
        unit=district,
        request=uuid.uuid4(),
        by=by,
        at=found.at("offer_from"),
        title=title,
        term=found.term,
        **found.days,
    )
    Campaign.objects.filter(pk=campaign.pk).update(is_example=True)
    announce_campaign(campaign=campaign, by=by, at=found.at("offer_from"))
    campaign.refresh_from_db()
    return campaign


def _models() -> list[str]:
    """Titles of the talks of the district's own list: 劳模工匠耀苏河, 半马苏河 彩虹学院 and the others."""
    with (settings.DATA_DIR / "putuo" / "events.csv").open(encoding="utf-8", newline="") as file:
        return [row["title"] for row in csv.DictReader(file) if row["kind"] in KINDS]


def _topics(
    rng: random.Random, models: Sequence[str], occupations: Sequence[Occupation]
) -> list[tuple[str, Occupation]]:
    """One to three topics, each named as a talk of the list was, about an occupation of the pupils' table."""
    chosen = rng.sample(occupations, rng.choice((1, 2, 2, 3)))
    return [(f"{rng.choice(models).split('·')[0][:24]}·{each.name}"[:60], each) for each in chosen]


def _offers(campaign: Campaign, found: Season, by: User, rng: random.Random) -> None:
    models, half_days = _models(), half_days_of(campaign)
    occupations = list(Occupation.objects.exclude(riasec="").order_by("code"))[::6]
    streets = list(MapShape.objects.filter(kind="street").order_by("code"))
    for n, speaker in enumerate(_speakers(campaign.unit, by, rng)):
        slots = rng.sample(half_days, rng.randint(6, 16))
        offer_talks(
            campaign=campaign,
            speaker=speaker,
            topics=_topics(rng, models, occupations),
            request=uuid.uuid4(),
            by=by,
            at=found.at("offer_from", 10 + n % 8),
            stages=rng.sample(list(STAGES), rng.choice((2, 3, 4))),
            half_days=slots,
            most_talks=rng.choice((2, 3, 4, 5)),
            most_classes=rng.choice((1, 2, 2, 4)),
            starts_from=rng.choice(streets),
        )


@transaction.atomic
def _speakers(district: Unit, by: User, rng: random.Random) -> list[Mentor]:
    """Craftsmen of example hosts, each checked today; the first has an account that anybody may play."""
    hosts = list(
        Unit.objects.filter(kind="host", host__accreditations__isnull=False).order_by("pk").distinct()
    ) or list(Unit.objects.filter(kind="host", path__startswith=district.path).order_by("pk")[:6])
    held = list(Mentor.objects.filter(is_example=True, kinds__contains=["craftsman"]).order_by("pk"))
    for n in range(len(held), SPEAKERS):
        name, unit = adult(rng), hosts[n % len(hosts)]
        speaker = Mentor.objects.create(
            unit=unit, name=name, pinyin=pinyin.key(name), kinds=["craftsman"], is_example=True, made_by=by
        )
        Check.objects.create(mentor=speaker, result="clear", checked_on=clock.today(), method="employer", checker=by)
        held.append(speaker)
    first = held[0]
    if first.user is None:
        first.user = account("craftsman", random.Random("baiye craftsman"))
        User.objects.filter(pk=first.user.pk).update(name=first.name)
        grant(first.user, "mentor", first.unit, clock.today())
        first.save(update_fields=["user"])
    return held


def _requests(campaign: Campaign, found: Season, by: User, staff: dict[int, User], rng: random.Random) -> None:
    """Each real school asks for one talk or two, by occupations that are offered and now and then by a speaker."""
    half_days = half_days_of(campaign)
    offers = list(TalkOffer.objects.filter(campaign=campaign).prefetch_related("topics__occupation").order_by("pk"))
    occupations = sorted({t.occupation for o in offers for t in o.topics.all() if t.occupation}, key=lambda o: o.code)
    asked = TalkRequest.objects.filter(campaign=campaign, school=OuterRef("pk"))
    schools = School.objects.filter(~Exists(asked), unit__path__startswith=campaign.unit.path, unit__is_example=False)
    for school in schools.select_related("unit").order_by("code"):
        stages = [stage for stage in STAGES if stage in school.stages]
        for stage in rng.sample(stages, min(len(stages), rng.choice((1, 1, 2)))):
            classes = _classes(school, stage, found.days["first_on"], rng)
            some: list[Wish] = [*occupations, *rng.sample(offers, min(6, len(offers)))]
            wishes = rng.sample(some, min(len(some), rng.randint(2, 6)))
            ask = ask_for_talk(
                campaign=campaign,
                school=school,
                classes=classes,
                wishes=wishes,
                request=uuid.uuid4(),
                by=staff.get(school.unit_id, by),
                at=found.at("ask_from", 10),
                half_days=rng.sample(half_days, rng.randint(4, 12)),
                hall=rng.choice(("小礼堂", "阶梯教室", "报告厅")),
                takes_any=rng.random() < 0.35,
            )
            TalkRequest.objects.filter(pk=ask.pk).update(is_example=True)


def _classes(school: School, stage: str, on: date, rng: random.Random) -> list[SchoolClass]:
    """One to three classes of one year; a school whose roster nobody brought in gets classes without pupils."""
    entered = school_year(on) - STAGES[stage] + 1
    there = list(SchoolClass.objects.filter(school=school, stage=stage, entry_year=entered).order_by("number")[:3])
    for number in () if there else (1, 2):
        made, _new = SchoolClass.objects.get_or_create(school=school, stage=stage, entry_year=entered, number=number)
        there.append(made)
    return there[: rng.choice((1, 1, 2))]


def _accept(match: Match, by: User, moment: datetime, rng: random.Random) -> None:
    """Six speakers in ten have answered; the one whom anybody may play has not."""
    loaded = ("offer__campaign__unit", "offer__speaker", "school__unit")
    talks = Talk.objects.filter(match=match, speaker__user=None).select_related(*loaded)
    for talk in talks.order_by("pk"):
        if rng.random() < 0.6:
            accept_talk(talk=talk, by=by, at=moment)

"""A campaign as the engine's problem, and the engine's lines back as rows: the one place where both meet.

The files know keys of offers, requests, schools and occupations, and never a name, so that anyone may check a match.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from math import ceil, cos, hypot, radians

from baiye_placement.talks import Campaign as Problem
from baiye_placement.talks import Offer, Request, School
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Sum

from baiye.attendance.models import Mark
from baiye.core import clock
from baiye.outreach.half_days import half_day_of
from baiye.outreach.models import Campaign, Talk, TalkOffer, TalkRequest
from baiye.registry.models import MapShape
from baiye.registry.queries.register import DETOUR, M_A_DEGREE
from baiye.schools.models import Pupil, school_year
from baiye.schools.models import School as SchoolRow
from baiye.visits.models import Assignment

M_A_MINUTE = 200  # 12 km an hour, by bus or bicycle, from door to door
Point = tuple[float, float]
FREE = """
SELECT o.id, half FROM outreach_talkoffer o, unnest(o.half_days) AS offered (half),
  LATERAL (SELECT left(half, 10)::date AS day) AS d,
  LATERAL (SELECT CASE WHEN right(half, 2) = 'am'
    THEN tstzrange(d.day::timestamp AT TIME ZONE 'Asia/Shanghai', (d.day + time '12:30') AT TIME ZONE 'Asia/Shanghai')
    ELSE tstzrange((d.day + time '12:30') AT TIME ZONE 'Asia/Shanghai',
                   (d.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') END AS span) AS s
WHERE o.campaign_id = %s AND o.withdrawn_at IS NULL AND d.day > %s
  AND mentors_hinders(o.speaker_id, d.day, d.day) IS NULL
  AND NOT EXISTS (SELECT 1 FROM visits_assignment a
                  WHERE a.mentor_id = o.speaker_id AND a.ended_at IS NULL AND a.span && s.span)
  AND NOT EXISTS (SELECT 1 FROM outreach_talk t
                  WHERE t.speaker_id = o.speaker_id AND t.ended_at IS NULL
                    AND tstzrange(t.starts_at, t.ends_at) && s.span)
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands already of a campaign: talks by offer and school, halls that are taken, pairs that parted."""

    of_offer: Counter[int]
    at_school: Counter[int]
    busy: frozenset[tuple[int, str]]
    parted: frozenset[tuple[int, int]]


def problem_of(campaign: Campaign, at: datetime) -> Problem:
    """The campaign as it stands: requests without a talk, half-days on which nothing hinders; a dozen queries."""
    standing = _standing(campaign)
    asked = open_requests(campaign)
    offers = list(TalkOffer.objects.filter(campaign=campaign, withdrawn_at=None).prefetch_related("topics"))
    schools = {ask.school_id: ask.school for ask in asked}
    return Problem(
        offers=_offers(campaign, offers, standing, clock.day_of(at)),
        requests=tuple(_request(ask) for ask in asked),
        schools=_schools(list(schools), standing, at),
        minutes=_minutes(offers, list(schools.values())),
        barred=frozenset((f"r{ask}", f"o{offer}") for ask, offer in standing.parted),
        busy=frozenset((f"s{school}", half) for school, half in standing.busy),
        points=tuple(campaign.points),
    )


def open_requests(campaign: Campaign) -> list[TalkRequest]:
    """Requests that stand and have no talk, in order; three queries."""
    met = Talk.objects.filter(ask=OuterRef("pk"), ended_at=None)
    asked = TalkRequest.objects.filter(~Exists(met), campaign=campaign, withdrawn_at=None)
    return list(asked.select_related("school__unit").prefetch_related("wishes", "classes").order_by("pk"))


def _standing(campaign: Campaign) -> Standing:
    talks = list(Talk.objects.filter(offer__campaign=campaign))
    live = [talk for talk in talks if talk.ended_at is None]
    return Standing(
        Counter(talk.offer_id for talk in live),
        Counter(talk.school_id for talk in live),
        frozenset((talk.school_id, half_day_of(talk.starts_at)) for talk in live),
        frozenset((talk.ask_id, talk.offer_id) for talk in talks if talk.ended_at is not None),
    )


def _offers(campaign: Campaign, offers: list[TalkOffer], standing: Standing, today: date) -> tuple[Offer, ...]:
    free: dict[int, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(FREE, [campaign.pk, today])
        for pk, half in cursor.fetchall():
            free[pk].append(half)
    room = _room(campaign, offers)
    return tuple(
        Offer(
            id=f"o{offer.pk}",
            topics=frozenset(f"t{topic.occupation_id}" for topic in offer.topics.all() if topic.occupation_id),
            slots=tuple(sorted(free[offer.pk])),
            stages=frozenset(offer.stages),
            most_talks=max(0, min(offer.most_talks - standing.of_offer[offer.pk], room[offer.speaker_id])),
            most_classes=offer.most_classes,
            given=standing.of_offer[offer.pk],
        )
        for offer in offers
    )


def _room(campaign: Campaign, offers: list[TalkOffer]) -> dict[int, int]:
    """Speaker → how many visits and talks more they take in the term."""
    first = datetime.combine(campaign.term.starts_on, time(), clock.SHANGHAI)
    last = datetime.combine(campaign.term.ends_on, time(23, 59), clock.SHANGHAI)
    speakers = [offer.speaker_id for offer in offers]
    taken: Counter[int] = Counter()
    guided = Assignment.objects.filter(mentor__in=speakers, ended_at=None, visit__starts_at__range=(first, last))
    taken.update(guided.values_list("mentor", flat=True))
    spoken = Talk.objects.filter(speaker__in=speakers, ended_at=None, starts_at__range=(first, last))
    taken.update(spoken.values_list("speaker", flat=True))
    most = TalkOffer.objects.filter(campaign=campaign).values_list("speaker", "speaker__most_a_term")
    return {speaker: limit - taken[speaker] for speaker, limit in most}


def _request(ask: TalkRequest) -> Request:
    return Request(
        id=f"r{ask.pk}",
        school=f"s{ask.school_id}",
        stage=ask.stage,
        classes=len(ask.classes.all()),
        slots=tuple(ask.half_days),
        wishes=tuple(f"o{wish.offer_id}" if wish.offer_id else f"t{wish.occupation_id}" for wish in ask.wishes.all()),
        takes_any=ask.takes_any,
    )


def _schools(keys: list[int], standing: Standing, at: datetime) -> tuple[School, ...]:
    pupils, had = pupils_of(keys), encounters(keys, at)
    return tuple(
        School(f"s{key}", had.get(key, 0), pupils.get(key, 0), standing.at_school[key]) for key in sorted(keys)
    )


def pupils_of(keys: list[int]) -> dict[int, int]:
    """School → its pupils; one query."""
    path = "school_class__school"
    here = Pupil.objects.filter(left_on=None, **{f"{path}__in": keys})
    return dict(here.values_list(path).annotate(n=Count("pk")).order_by())


def encounters(keys: list[int], at: datetime) -> dict[int, int]:
    """School → half-days at hosts its pupils attended since 1 September, and pupils who heard a talk; two queries."""
    since = datetime.combine(date(school_year(clock.day_of(at)), 9, 1), time(), clock.SHANGHAI)
    school = "seat__pupil__school_class__school"
    came = Mark.objects.filter(kind="in", voided_at=None, at__gte=since, at__lt=at, **{f"{school}__in": keys})
    found: Counter[int] = Counter(dict(came.values_list(school).annotate(n=Count("seat", distinct=True)).order_by()))
    heard = Talk.objects.filter(school__in=keys, held_at__gte=since, held_at__lte=at)
    found.update(dict(heard.values_list("school").annotate(n=Sum("heard")).order_by()))
    return dict(found)


def _minutes(offers: list[TalkOffer], schools: list[SchoolRow]) -> dict[tuple[str, str], int]:
    """The way by estimate: the straight line × 1.3 at 12 km an hour; pairs that are not known are left out."""
    streets = {shape.name: shape for shape in MapShape.objects.filter(kind="street").defer("lines")}
    by_key = {shape.pk: shape for shape in streets.values()}
    found = {}
    for offer in offers:
        start = _label(by_key.get(offer.starts_from_id)) if offer.starts_from_id else None
        for school in schools:
            end = _place(school, streets)
            if start and end:
                found[f"o{offer.pk}", f"s{school.pk}"] = ceil(_metres(start, end) * DETOUR / M_A_MINUTE)
    return found


def _place(school: SchoolRow, streets: dict[str, MapShape]) -> Point | None:
    if school.lon is not None and school.lat is not None:
        return school.lon, school.lat
    return _label(streets.get(school.street))


def _label(shape: MapShape | None) -> Point | None:
    if shape is None or shape.label_lon is None or shape.label_lat is None:
        return None
    return shape.label_lon, shape.label_lat


def _metres(start: Point, end: Point) -> float:
    east = (end[0] - start[0]) * M_A_DEGREE * cos(radians(start[1]))
    return hypot(east, (end[1] - start[1]) * M_A_DEGREE)

"""The public register: what is found, in which order, and what is said of each host."""

from datetime import date, timedelta

import pytest
from django.db import connection

from baiye.accounts.tests.factories import DistrictFactory, UnitFactory, UserFactory
from baiye.catalogue.tests.factories import CourseVersionFactory, OccupationFactory
from baiye.core import search
from baiye.core.search import COUNTED, CappedPaginator
from baiye.registry.models import Listing, Venue
from baiye.registry.queries import official, register
from baiye.registry.queries.register import Asked, Origin
from baiye.registry.queries.verdicts import verdicts
from baiye.registry.tests.factories import AccreditationFactory, HostFactory, StandardFactory, VenueFactory
from baiye.schools.tests.factories import SchoolFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 28)
SCHOOL = Origin("school-1", "示例小学", 121.40, 31.24)


def named(name, **fields):
    return HostFactory(unit__name=name, **fields)


def found(**asked):
    return [listing.host.unit.name for listing in register.find(Asked(**asked), DAY).select_related("host__unit")]


@pytest.mark.parametrize(
    "text",
    [
        "纺",
        "纺织",
        "上海纺织博物馆",
        "fangzhi",
        "fang zhi",
        "fzbwg",
        "FZ",
        "f",
        "澳门路",
        "染织",
        "博物馆",
        "纺织 澳门",
        "ＦＺ",
    ],
)
def test_find_by_name_sound_first_letters_address_trade_or_kind(text):
    named("上海纺织博物馆", address="澳门路128号", occupations=["染织"])
    named("普陀区人民医院", kind="医院", address="别处")

    assert found(q=text) == ["上海纺织博物馆"]


@pytest.mark.parametrize("text", ["织纺", "纺博", "zzzz", "zhifang", "%", "_", "'; --", "^f", "~fa", "纺织 别处"])
def test_find_finds_nothing_by_what_is_not_there(text):
    named("上海纺织博物馆", address="澳门路128号")

    assert found(q=text) == []


def test_find_by_letters_and_figures_in_the_name():
    named("3D打印工坊")

    assert [found(q=text) for text in ("3d", "3D打印", "d打", "4d")] == [["3D打印工坊"]] * 3 + [[]]


def test_find_by_evidence_family_street_and_trade():
    named("普陀区人民法院", kind="法院", street="长寿路街道", evidence="lead", occupations=["法官"])
    named("上海纺织博物馆", street="长寿路街道")

    assert found(family="public") == ["普陀区人民法院"]
    assert found(evidence="lead", street="长寿路街道") == ["普陀区人民法院"]
    assert found(evidence="lead", street="真如镇街道") == []
    assert found(occupation="法官") == ["普陀区人民法院"]


def test_find_by_occupation_and_stage_of_published_courses():
    course = CourseVersionFactory(
        course__host=named("甲馆"), occupation=OccupationFactory(name="无人机驾驶员"), grade_from=6, grade_to=9
    )
    CourseVersionFactory(
        course__host=named("乙馆"), course__is_example=True, occupation=course.occupation, grade_from=6, grade_to=9
    )
    CourseVersionFactory(
        course__host=named("丙馆"), occupation=course.occupation, published_at=None, published_by=None, grade_from=6
    )

    assert found(occupation="无人机") == ["甲馆"]
    assert (found(stage="初中"), found(stage="高中")) == (["甲馆"], [])


def test_find_by_stage_of_the_standard_and_by_whose_part_it_is():
    league = UnitFactory(kind="agency", name="团区委")
    young = StandardFactory(name="少先队员职业体验单位", stages=["小学"], keeper=league)
    AccreditationFactory(host=named("甲馆"), standard=young)
    AccreditationFactory(host=named("乙馆"), standard=young, valid_until=DAY - timedelta(days=1))
    AccreditationFactory(host=named("丙馆"))
    AccreditationFactory(host=named("丁馆"), standard=young, is_example=True)

    assert found(stage="小学") == ["甲馆"]
    assert (found(keeper=league.pk), found(keeper=0)) == (["甲馆"], ["丙馆"])
    assert register.keepers() == [league]


def test_find_by_verdict():
    AccreditationFactory(host=named("甲馆"))
    AccreditationFactory(host=named("乙馆"), suspended_on=DAY, suspended_by=UserFactory())
    named("丙馆")

    assert found(evidence="accredited") == ["甲馆"]
    assert found(evidence="stopped") == ["乙馆"]


def test_find_by_access_of_open_venues_alone():
    for name, access, closed in (("甲馆", ["step_free"], None), ("乙馆", ["lift"], None), ("丙馆", ["step_free"], DAY)):
        by = UserFactory() if closed else None
        VenueFactory(host=named(name), access=access, closed_on=closed, closed_by=by)

    assert found(is_accessible=True) == ["甲馆"]


def test_find_within_a_walk_and_by_distance():
    named("远馆", lon=121.42, lat=31.24)
    named("近馆", lon=121.405, lat=31.24)
    named("不知道在哪")

    assert found(origin=SCHOOL, minutes=15) == ["近馆"]
    assert found(origin=SCHOOL, sort="distance") == ["近馆", "远馆"]
    assert register.walk_minutes(SCHOOL, 121.405, 31.24) == 10  # 475 m straight, 618 m on foot
    assert register.walk_minutes(SCHOOL, None, None) is None


def test_find_in_each_order():
    AccreditationFactory(host=named("周馆"), valid_until=date(2027, 1, 1))
    AccreditationFactory(host=named("安馆", evidence="confirmed"), valid_until=date(2028, 1, 1))
    named("白馆", evidence="lead")

    assert found() == ["安馆", "周馆", "白馆"]
    assert found(sort="name") == ["安馆", "白馆", "周馆"]
    assert found(sort="expiry") == ["周馆", "安馆", "白馆"]


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "accredited"),
        ({"valid_until": DAY}, "accredited"),
        ({"valid_until": DAY - timedelta(days=1)}, "expired"),
        ({"valid_from": DAY + timedelta(days=1)}, "confirmed"),
        ({"suspended_on": DAY}, "suspended"),
        ({"suspended_on": DAY + timedelta(days=1)}, "accredited"),
        ({"revoked_on": DAY}, "revoked"),
        ({"is_example": True}, "confirmed"),
    ],
)
def test_verdicts_say_what_holds_on_the_day(fields, state):
    people = {f"{what}_by": UserFactory() for what in ("suspended", "revoked") if f"{what}_on" in fields}
    host = AccreditationFactory(**fields, **people).host

    assert verdicts([host], DAY)[host.pk].state == state


def test_verdicts_prefer_what_holds_and_say_when_it_ends_soon():
    host = HostFactory()
    AccreditationFactory(host=host, valid_until=DAY + timedelta(days=60))
    AccreditationFactory(host=host, valid_from=date(2016, 1, 1), revoked_on=DAY, revoked_by=UserFactory())

    said = verdicts([host], DAY)[host.pk]

    assert (said.state, said.until, said.ends_soon) == ("accredited", DAY + timedelta(days=60), True)


def test_listing_follows_its_host_its_name_and_its_venues():
    host = named("甲馆")
    venue = VenueFactory(host=host, lon=121.4, lat=31.2, access=["step_free"])

    host.unit.name, host.unit.pinyin = "乙馆", "yi guan"
    host.unit.save()
    host.address = "长寿路"
    host.save()

    listing = Listing.objects.get(host=host)
    assert (listing.words, listing.sounds) == ("乙馆  长寿路  博物馆 ", "yi guan")
    assert (listing.lon, listing.lat, listing.is_accessible) == (121.4, 31.2, True)
    Venue.objects.filter(pk=venue.pk).delete()
    listing.refresh_from_db()
    assert (listing.lon, listing.is_accessible) == (None, False)


def places_of_lines():
    """Where each line of the register and of the catalogue lies in its table: elsewhere once it is written anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ctid::text FROM registry_listing UNION ALL SELECT ctid::text FROM catalogue_courselisting"
        )
        return cursor.fetchall()


def test_listings_are_not_written_anew_when_nothing_they_say_changes():
    host = CourseVersionFactory().course.host
    venue = VenueFactory(host=host)
    before = places_of_lines()

    host.unit.source = "普教办〔2024〕21号"
    host.unit.save()
    host.opening = "周二闭馆"
    host.save()
    venue.transport = "地铁 13 号线"
    venue.save()

    assert (len(before), places_of_lines()) == (2, before)


def test_listing_follows_a_venue_to_another_host():
    one, other = named("甲馆"), named("乙馆")
    venue = VenueFactory(host=one, access=["step_free"])

    venue.host = other
    venue.save()

    assert list(Listing.objects.filter(is_accessible=True).values_list("host", flat=True)) == [other.pk]


def test_listing_leaves_with_a_merge_and_when_a_host_becomes_an_example():
    one, other, third = HostFactory(), HostFactory(), HostFactory()

    one.merged_into, one.merged_at, one.merged_by = other, "2026-11-28T08:00:00+08:00", UserFactory()
    one.save()
    third.unit.is_example = True
    third.unit.save()

    assert list(Listing.objects.values_list("host", flat=True)) == [other.pk]


def test_find_by_words_asks_their_index_and_walks_no_order():
    named("上海纺织博物馆")

    with search.by_words():
        plans = [register.find(Asked(q=text), DAY).explain() for text in ("纺", "纺织", "f", "fz", "fzb", "fangzhi")]

    assert [("listing_by_grams" in plan, "listing_in_order" in plan) for plan in plans] == [(True, False)] * 6


def test_by_words_leaves_the_connection_as_it_was():
    def scans():
        with connection.cursor() as cursor:
            cursor.execute("SHOW enable_seqscan")
            return cursor.fetchone()[0]

    with search.by_words():
        inside = scans()

    assert (inside, scans()) == ("off", "on")


@pytest.mark.parametrize("sort", ["", "name"])
def test_find_by_words_keeps_the_order_of_the_whole_list(sort):
    for name, evidence in (("乙馆", "lead"), ("丙馆", "confirmed"), ("甲馆", "lead"), ("丁馆", "confirmed")):
        named(name, evidence=evidence)

    assert found(q="馆", sort=sort) == found(sort=sort)


@pytest.mark.parametrize("occupation", ["染织", "染", "染 织", "会展|策划"])
def test_find_by_occupation_named_or_offered(occupation):
    named("甲馆", occupations=["染织工", "染 织", "会展|策划"])
    named("乙馆", occupations=["木工"])
    offering = CourseVersionFactory(occupation=OccupationFactory(name=occupation)).course.host

    assert set(found(occupation=occupation)) == {"甲馆", offering.unit.name}


def test_capped_paginator_reads_once_and_no_further_than_it_must(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("baiye.core.search.COUNTED", 2)
    HostFactory.create_batch(3)

    with django_assert_num_queries(1):
        pages = CappedPaginator(register.find(Asked(), DAY), 20)
        shown = len(pages.get_page(7))

    assert (shown, pages.count, pages.is_capped, COUNTED) == (2, 2, True, 1000)


def test_schools_on_the_map_are_real_and_known():
    known = SchoolFactory(lon=121.4, lat=31.2, unit__is_example=False)
    SchoolFactory(unit__is_example=False)

    assert [origin.key for origin in register.schools_on_the_map()] == [f"school-{known.pk}"]


def test_official_lines_hold_what_is_valid_and_on_wish_what_ended():
    held = AccreditationFactory(host=named("甲馆"))
    AccreditationFactory(host=named("甲馆二"), is_example=True)
    ended = AccreditationFactory(host=named("乙馆"), revoked_on=DAY, revoked_by=UserFactory())
    AccreditationFactory(host=held.host, valid_from=date(2010, 1, 1), valid_until=date(2014, 1, 1))

    assert official.lines(Asked(), DAY) == official.Lines([held], [])
    assert official.lines(Asked(), DAY, ended=True) == official.Lines([held], [ended])
    assert official.lines(Asked(street="别处"), DAY).held == []


def test_official_lines_of_one_body_are_its_own():
    district = DistrictFactory()
    union = UnitFactory(kind="agency", parent=district, name="总工会")
    mine = AccreditationFactory(standard=StandardFactory(name="工匠工作室", keeper=union))
    AccreditationFactory()

    assert official.lines(Asked(keeper=union.pk), DAY).held == [mine]
    assert (official.body(union.pk), official.body(0)) == (union, None)

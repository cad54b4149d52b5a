"""Courses, occupations and series in the open API."""

from datetime import date

import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.catalogue.models import OccupationAlias
from baiye.catalogue.tests.factories import (
    CourseVersionFactory,
    DraftFactory,
    OccupationFactory,
    ReportedCourseFactory,
    SeriesFactory,
    SeriesStepFactory,
)
from baiye.core import clock

pytestmark = pytest.mark.django_db
COURSES, OCCUPATIONS, SERIES = "/api/v1/courses", "/api/v1/occupations", "/api/v1/series"


def titles(client, **asked):
    return [each["title"] for each in client.get(COURSES, asked).json()["items"]]


def test_courses_say_what_is_done_where_for_whom_and_how_long(client):
    cook = OccupationFactory(name="中式面点师", code="4-03-02-02")
    version = CourseVersionFactory(title="舌尖上的面点", summary="做一屉点心", occupation=cook)

    answer = client.get(COURSES).json()

    assert (answer["licence"], answer["next"]) == ("CC BY 4.0", None)
    assert answer["items"] == [
        {
            "id": version.pk,
            "slug": version.course.slug,
            "title": "舌尖上的面点",
            "summary": "做一屉点心",
            "host": version.course.host_id,
            "host_name": version.course.host.unit.name,
            "riasec": "R",
            "occupation_code": "4-03-02-02",
            "occupation": "中式面点师",
            "task_group": "烹饪与营养",
            "grade_from": 6,
            "grade_to": 9,
            "minutes": 160,
            "group_min": 8,
            "group_max": 30,
        }
    ]


def test_courses_by_words_interest_and_stage(client):
    CourseVersionFactory(title="木工", pinyin="mu gong", riasec="R", occupation=None)
    CourseVersionFactory(title="画画", pinyin="hua hua", riasec="A", grade_from=1, grade_to=5)

    assert [titles(client, q=word) for word in ("木", "木工", "mugong", "hh", "没有")] == [
        *[["木工"]] * 3,
        ["画画"],
        [],
    ]
    assert [titles(client, riasec=kind) for kind in "RAS"] == [["木工"], ["画画"], []]
    assert [titles(client, stage=stage) for stage in ("小学", "初中", "高中")] == [["画画"], ["木工"], []]


def test_courses_leave_out_examples_drafts_what_was_replaced_and_what_is_retired(client):
    first = CourseVersionFactory(title="旧")
    CourseVersionFactory(title="新", course=first.course, number=2)
    CourseVersionFactory(title="示例", course__is_example=True)
    DraftFactory(title="草稿")
    retired = CourseVersionFactory(title="下架").course
    retired.retired_at, retired.retired_by = clock.now(), UserFactory()
    retired.save()

    assert titles(client) == ["新"]


def test_courses_come_in_pages_by_key_whatever_their_order_in_the_catalogue(client):
    keys = [CourseVersionFactory(course__host__unit__name=name).pk for name in ("纸艺馆", "美术馆", "安全馆")]

    first = client.get(COURSES, {"limit": 2}).json()
    second = client.get(COURSES, {"limit": 2, "after": first["next"]}).json()

    assert [[each["id"] for each in page["items"]] for page in (first, second)] == [keys[:2], keys[2:]]
    assert (first["next"], second["next"]) == (keys[1], None)


def test_occupations_by_name_sound_and_codes_of_today_and_before(client):
    drones = OccupationFactory(name="无人机驾驶员", pinyin="wu ren ji jia shi yuan", code="4-99-0-1", riasec="RIC")
    OccupationAlias.objects.create(code="2-02-10-09", occupation=drones, valid_from=date(2015, 1, 1), source="旧版")
    OccupationFactory(name="木工", pinyin="mu gong")

    answers = [
        client.get(OCCUPATIONS, {"q": word}).json()["items"] for word in ("无人", "wrj", "4-99", "2-02-10", "没有")
    ]

    said = {
        "id": drones.pk,
        "code": "4-99-0-1",
        "name": "无人机驾驶员",
        "riasec": "RIC",
        "valid_from": "2022-07-01",
        "aliases": ["2-02-10-09"],
    }
    assert answers == [[said]] * 4 + [[]]


def test_occupations_come_in_pages_by_key(client):
    keys = [OccupationFactory(code=code).pk for code in ("9-3", "9-2", "9-1")]

    first = client.get(OCCUPATIONS, {"limit": 2}).json()
    second = client.get(OCCUPATIONS, {"limit": 2, "after": first["next"]}).json()

    assert [[each["id"] for each in page["items"]] for page in (first, second)] == [keys[:2], keys[2:]]


def open_series(**fields):
    """A published series; ``fields`` change it."""
    return SeriesFactory(**{"published_at": clock.now(), "published_by": UserFactory(), **fields})


def test_series_say_stop_by_stop_which_host_offers_what(client):
    series = open_series(title="彩虹学院", slug="rainbow", about="五站", glyph="虹")
    version = CourseVersionFactory(title="做一盏灯")
    reported = ReportedCourseFactory(title="苏河夜航", host_text="某码头", source="https://example.org/river")
    SeriesStepFactory(series=series, place=1, course=version.course, note="先动手")
    SeriesStepFactory(series=series, place=2, course=None, reported=reported)

    many, one = client.get(SERIES).json(), client.get(f"{SERIES}/rainbow").json()

    offered = {"place": 1, "title": "做一盏灯", "note": "先动手", "course": version.course.slug, "riasec": "R"}
    offered |= {"grade_from": 6, "grade_to": 9, "minutes": 160, "trust": "", "source": ""}
    offered |= {"host": version.course.host_id, "host_name": version.course.host.unit.name}
    told = {"place": 2, "title": "苏河夜航", "note": "", "course": None, "riasec": "", "grade_from": None}
    told |= {"grade_to": None, "minutes": None, "trust": "B", "source": "https://example.org/river"}
    told |= {"host": None, "host_name": "某码头"}
    said = {"id": series.pk, "slug": "rainbow", "title": "彩虹学院", "about": "五站", "riasec": "S"}
    said |= {"published": True, "trust": "", "source": "", "stops": [offered, told]}
    assert (many["items"], many["next"]) == ([said], None)
    assert (one["item"], one["licence"]) == (said, "CC BY 4.0")


def test_series_leave_out_drafts_examples_and_courses_that_have_left(client):
    SeriesFactory(title="草稿", slug="draft")
    example = CourseVersionFactory(course__is_example=True).course
    SeriesStepFactory(series=open_series(title="全是示例", slug="example"), place=1, course=example)
    mixed, gone = open_series(title="真的", slug="real"), CourseVersionFactory().course
    SeriesStepFactory(series=mixed, place=1, course=example)
    SeriesStepFactory(series=mixed, place=2, course=CourseVersionFactory(title="开着").course)
    SeriesStepFactory(series=mixed, place=3, course=gone)
    gone.retired_at, gone.retired_by = clock.now(), UserFactory()
    gone.save()

    items = client.get(SERIES).json()["items"]

    assert [(each["title"], [stop["title"] for stop in each["stops"]]) for each in items] == [("真的", ["开着"])]
    assert [client.get(f"{SERIES}/{slug}").status_code for slug in ("draft", "example", "none")] == [404] * 3


def test_series_that_only_sources_tell_of_are_there_and_say_so(client):
    SeriesFactory(title="见于报道", trust="A", source="https://example.org/")

    items = client.get(SERIES).json()["items"]

    assert [(each["title"], each["published"], each["trust"], each["stops"]) for each in items] == [
        ("见于报道", False, "A", [])
    ]


def test_series_are_explained_in_the_guide_and_described_for_programs(client):
    guide, described = client.get("/api/").content.decode(), client.get("/api/openapi.json").json()["paths"]

    assert all(f"GET {path}" in guide for path in (SERIES, f"{SERIES}/{{slug}}"))
    assert described[f"{SERIES}/{{slug}}"]["get"]["parameters"][0]["description"] == "系列的 slug"
    assert client.get(f"{SERIES}/{'长' * 41}").status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_series_cost_as_many_queries_for_three_as_for_one(client, django_assert_num_queries, count):
    for _ in range(count):
        series = open_series()
        SeriesStepFactory.create_batch(count, series=series)

    with django_assert_num_queries(6):  # the throttle in its own transaction (3), series, steps, versions in force
        assert len(client.get(SERIES).json()["items"]) == count


def test_series_come_in_pages_by_key(client):
    keys = [open_series(title=title).pk for title in "乙甲丙"]

    first = client.get(SERIES, {"limit": 2}).json()
    second = client.get(SERIES, {"limit": 2, "after": first["next"]}).json()

    assert [[each["id"] for each in page["items"]] for page in (first, second)] == [keys[:2], keys[2:]]


@pytest.mark.parametrize("count", [1, 3])
def test_courses_cost_as_many_queries_for_three_as_for_one(client, django_assert_num_queries, count):
    for _ in range(count):
        CourseVersionFactory(occupation=OccupationFactory())

    with django_assert_num_queries(4):  # the throttle in its own transaction (3), courses with all they name
        assert len(client.get(COURSES).json()["items"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_occupations_cost_as_many_queries_for_three_as_for_one(client, django_assert_num_queries, count):
    OccupationFactory.create_batch(count)

    with django_assert_num_queries(5):  # the throttle in its own transaction (3), occupations, older codes
        assert len(client.get(OCCUPATIONS).json()["items"]) == count


def test_what_cannot_be_read_is_refused_and_what_has_not_changed_not_sent_again(client):
    CourseVersionFactory()
    first = client.get(COURSES)

    nonsense = [client.get(COURSES, each) for each in ({"riasec": "X"}, {"stage": "x"}, {"limit": 101}, {"after": -1})]
    nonsense += [client.get(OCCUPATIONS, each) for each in ({"limit": 0}, {"q": "长" * 41})]

    assert [answer.status_code for answer in nonsense] == [422] * 6
    assert [client.post(each).status_code for each in (COURSES, OCCUPATIONS)] == [405, 405]
    assert client.get(COURSES, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_whoever_asks_too_often_waits(client, monkeypatch):
    monkeypatch.setattr("baiye.core.throttle.hit", lambda *_, **__: False)

    answers = [client.get(each) for each in (COURSES, OCCUPATIONS, SERIES, f"{SERIES}/rainbow")]

    assert [(answer.status_code, answer["Retry-After"]) for answer in answers] == [(429, "600")] * 4

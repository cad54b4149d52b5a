"""Courses and occupations are found by any number of characters, by sound and by first letters."""

from datetime import date

import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.catalogue.models import CourseListing, OccupationAlias
from baiye.catalogue.queries import search
from baiye.catalogue.tests.factories import CourseVersionFactory, DraftFactory, OccupationFactory
from baiye.core import clock, pinyin
from baiye.registry.landing import CourseLine
from baiye.registry.tests.factories import AccreditedHostFactory

pytestmark = pytest.mark.django_db


def occupation(name, **fields):
    return OccupationFactory(name=name, pinyin=pinyin.key(name), **fields)


def course(title, **fields):
    return CourseVersionFactory(title=title, pinyin=pinyin.key(title), **fields)


@pytest.mark.parametrize(
    "text", ["面点", "面", "sjsdmd", "shejian", "中式", "zsmds", "曹杨", "cyzx", "一屉", "面点 曹杨"]
)
def test_find_courses_by_title_occupation_host_summary_sound_or_first_letters(text):
    noodle = course(
        "舌尖上的面点", occupation=occupation("中式面点师"), course__host__unit__name="曹杨中学", summary="做一屉点心"
    )
    course("别的")

    assert list(search.find_courses(q=text)) == [noodle]


def test_find_courses_does_not_read_on_from_one_name_into_the_next():
    course("认识木工", occupation=occupation("油漆工"))

    assert [list(search.find_courses(q=text)) for text in ("工油", "gongyou", "gyq")] == [[]] * 3


def test_find_courses_by_interest_host_occupation_and_stage():
    version = course("甲", riasec="I", grade_from=6, grade_to=9, occupation=occupation("木工"))
    course("乙", riasec="I", grade_from=1, grade_to=5)

    assert list(search.find_courses(riasec="I", host=version.course.host)) == [version]
    assert list(search.find_courses(riasec="A")) == []
    assert list(search.find_courses(occupation="木")) == [version]
    assert [list(search.find_courses(stage=stage)) for stage in ("初中", "高中")] == [[version], []]


def test_find_courses_takes_the_version_in_force_until_the_course_retires():
    first = course("旧题目")
    second = course("新题目", course=first.course, number=2)
    DraftFactory(course=first.course, number=3, title="草稿题目")

    assert [list(search.find_courses(q=text)) for text in ("旧题", "新题", "草稿")] == [[], [second], []]
    first.course.retired_at, first.course.retired_by = clock.now(), UserFactory()
    first.course.save()
    assert not CourseListing.objects.exists()


def test_find_courses_follows_the_names_of_host_and_occupation():
    version = course("甲", occupation=occupation("木工"))

    version.course.host.unit.name = "苏河工坊"
    version.course.host.unit.save()
    version.occupation.name = "雕刻工"
    version.occupation.save()

    assert [list(search.find_courses(q=text)) for text in ("苏河", "雕刻", "木工")] == [[version], [version], []]


@pytest.mark.parametrize("text", ["无人", "无人机", "wrj", "wurenji", "4-99-0", "2-02-10-09"])
def test_find_occupations_by_part_of_name_first_letters_sound_and_codes_of_today_and_before(text):
    drones = occupation("无人机驾驶员", code="4-99-0-1")
    OccupationAlias.objects.create(code="2-02-10-09", occupation=drones, valid_from=date(2015, 1, 1), source="旧版")
    occupation("飞机驾驶员", code="4-02-0-1")

    assert list(search.find_occupations(text)) == [drones]


def test_find_occupations_forgets_an_alias_that_is_taken_away():
    drones = occupation("无人机驾驶员")
    alias = OccupationAlias.objects.create(
        code="2-02-10-09", occupation=drones, valid_from=date(2015, 1, 1), source="旧版"
    )

    alias.delete()

    assert list(search.find_occupations("2-02-10-09")) == []
    assert list(search.find_occupations("")) == [drones]


def test_course_lines_name_the_first_titles_and_count_the_rest_without_examples():
    host, other = AccreditedHostFactory(), AccreditedHostFactory()
    for title in ("乙", "甲", "丙"):
        course(title, course__host=host, glyph=title, riasec="S")
    course("示例", course__host=host, course__is_example=True)

    assert search.course_lines([host.pk, other.pk]) == {host.pk: CourseLine(("丙", "甲"), 3, "丙", "S")}

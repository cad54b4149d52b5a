"""Courses and occupations in the open API."""

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from baiye.catalogue.queries import search
from baiye.core.openapi import After, Answer, Limit, answer, page_of, public

router = Router(tags=["项目与职业"])
router.add_decorator(public, mode="view")

Text = Annotated[str, Query(max_length=40)]


class CourseOut(Schema):
    """The version in force of a course."""

    id: int
    slug: str
    title: str
    summary: str
    host: int
    host_name: str
    riasec: str
    occupation_code: str
    occupation: str
    task_group: str
    grade_from: int
    grade_to: int
    minutes: int
    group_min: int
    group_max: int


class Courses(Answer):
    items: list[CourseOut]


class OccupationOut(Schema):
    """An occupation of 《职业分类大典（2022 年版）》; ``riasec`` after O*NET (CC BY 4.0, modified)."""

    id: int
    code: str
    name: str
    riasec: str
    valid_from: str
    aliases: list[str]


class Occupations(Answer):
    items: list[OccupationOut]


@router.get("/courses", response=Courses, summary="项目", description="已发布、没有下架的项目；示例不在里面。")
def courses(
    request: HttpRequest,
    after: After = 0,
    limit: Limit = 50,
    q: Text = "",
    riasec: Literal["", "R", "I", "A", "S", "E", "C"] = "",
    stage: Literal["", "小学", "初中", "高中"] = "",
) -> dict[str, object]:
    """Published courses that are not retired; no examples."""
    found = search.find_courses(q=q, riasec=riasec, stage=stage).filter(listing__is_example=False)
    versions, following = page_of(found, after, limit)
    items = (
        {
            "id": each.pk,
            "slug": each.course.slug,
            "title": each.title,
            "summary": each.summary,
            "host": each.course.host_id,
            "host_name": each.course.host.unit.name,
            "riasec": each.riasec,
            "occupation_code": each.occupation.code if each.occupation else "",
            "occupation": each.occupation.name if each.occupation else "",
            "task_group": each.task_group,
            "grade_from": each.grade_from,
            "grade_to": each.grade_to,
            "minutes": each.minutes,
            "group_min": each.group_min,
            "group_max": each.group_max,
        }
        for each in versions
    )
    return answer(items, following)


@router.get(
    "/occupations", response=Occupations, summary="职业", description="职业分类大典里的职业，也按旧代码找得到。"
)
def occupations(request: HttpRequest, after: After = 0, limit: Limit = 50, q: Text = "") -> dict[str, object]:
    """Occupations, found by their older codes, too."""
    found, following = page_of(search.find_occupations(q).prefetch_related("aliases"), after, limit)
    items = (
        {
            "id": each.pk,
            "code": each.code,
            "name": each.name,
            "riasec": each.riasec,
            "valid_from": each.valid_from.isoformat(),
            "aliases": sorted(alias.code for alias in each.aliases.all()),
        }
        for each in found
    )
    return answer(items, following)

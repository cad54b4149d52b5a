"""Courses, occupations and series in the open API."""

from typing import Annotated, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router, Schema

from baiye.catalogue.models import Series
from baiye.catalogue.queries import search
from baiye.catalogue.queries import series as series_queries
from baiye.catalogue.queries.series import Stop
from baiye.core.openapi import After, Answer, Licensed, Limit, answer, answer_of_one, page_of, public

router = Router(tags=["项目、职业与系列"])
router.add_decorator(public, mode="view")

Text = Annotated[str, Query(max_length=40)]
Slug = Annotated[str, Path(max_length=40, description="系列的 slug")]


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


class StopOut(Schema):
    """A stop: a course on offer (``course`` is its slug), or one that a source tells of and nobody offers yet."""

    place: int
    title: str
    note: str
    course: str | None
    riasec: str
    grade_from: int | None
    grade_to: int | None
    minutes: int | None
    host: int | None
    host_name: str
    trust: str
    source: str


class SeriesOut(Schema):
    """Courses of several hosts on one path; one that only sources tell of was not published here."""

    id: int
    slug: str
    title: str
    about: str
    riasec: str
    published: bool
    trust: str
    source: str
    stops: list[StopOut]


class ManySeries(Answer):
    items: list[SeriesOut]


class OneSeries(Licensed):
    item: SeriesOut


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


@router.get(
    "/series",
    response=ManySeries,
    summary="系列",
    description="公开的和见于公开记载的系列，一站一站是哪家基地的什么项目；示例项目和已经下架的项目不在里面。",
)
def all_series(request: HttpRequest, after: After = 0, limit: Limit = 50) -> dict[str, object]:
    """Series with their stops in order; no examples, no courses that have left."""
    found, following = page_of(series_queries.real_series(), after, limit)
    stops = series_queries.stops_of_each(found)
    return answer((_said(each, stops[each.pk]) for each in found), following)


@router.get(
    "/series/{slug}",
    response=OneSeries,
    summary="一个系列",
    description="没有公开的、没有的，答 404。",
)
def one_series(request: HttpRequest, slug: Slug) -> dict[str, object]:
    """One series with its stops in order."""
    found = get_object_or_404(series_queries.real_series(), slug=slug)
    stops = series_queries.stops_of_each([found])[found.pk]
    return answer_of_one(_said(found, stops))


def _said(series: Series, stops: list[Stop]) -> dict[str, object]:
    return {
        "id": series.pk,
        "slug": series.slug,
        "title": series.title,
        "about": series.about,
        "riasec": series.riasec,
        "published": series.published_at is not None,
        "trust": series.trust,
        "source": series.source,
        "stops": [_stop(stop) for stop in stops if stop.title and not stop.is_example],
    }


def _stop(stop: Stop) -> dict[str, object]:
    version, reported = stop.version, stop.reported
    host = version.course.host if version else reported.host if reported else None
    return {
        "place": stop.step.place,
        "title": stop.title,
        "note": stop.step.note,
        "course": version.course.slug if version else None,
        "riasec": version.riasec if version else "",
        "grade_from": version.grade_from if version else None,
        "grade_to": version.grade_to if version else None,
        "minutes": version.minutes if version else None,
        "host": host.pk if host else None,
        "host_name": host.unit.name if host else reported.host_text if reported else "",
        "trust": reported.trust if reported else "",
        "source": reported.source if reported else "",
    }

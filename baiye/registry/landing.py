"""What the public pages show of higher rooms: these put their finders in when they load (AppConfig.ready)."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from baiye.core.shapes import Stat
from baiye.registry.models import Host


@dataclass(frozen=True, slots=True)
class OpenNow:
    """Something families can do or look up now."""

    title: str
    note: str
    url: str = ""
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class ShownCourse:
    """A course on the page of its host: published here, or reported by a public source."""

    title: str
    note: str = ""
    url: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class CourseLine:
    """The courses of a host in one line of the register: some titles, how many there are, the tile of the first."""

    titles: tuple[str, ...]
    n: int
    glyph: str
    riasec: str


Figures = Callable[[datetime], Iterable[Stat]]
Opens = Callable[[datetime], Iterable[OpenNow]]
Courses = Callable[[Host], Iterable[ShownCourse]]
FIGURES: list[Figures] = []
OPENS: list[Opens] = []
COURSES: list[Courses] = []
OFFERING: list[Callable[[str, str], QuerySet[Any]]] = []  # occupation, stage → keys of hosts with such a course
COURSE_LINES: list[Callable[[Collection[int]], Mapping[int, CourseLine]]] = []


def figures(at: datetime) -> list[Stat]:
    """Every figure that a room above has to tell."""
    return [stat for find in FIGURES for stat in find(at)]


def open_now(at: datetime) -> list[OpenNow]:
    """Everything that is open."""
    return [thing for find in OPENS for thing in find(at)]


def courses_of(host: Host) -> list[ShownCourse]:
    """The courses of ``host`` that are no examples."""
    return [course for find in COURSES for course in find(host)]


def offering(*, occupation: str = "", stage: str = "") -> Q:
    """A filter by host's key: hosts with a published course, no example, of this occupation and stage."""
    offered = Q(pk__in=[])
    for find in OFFERING:
        offered |= Q(Exists(find(occupation, stage).filter(host=OuterRef("pk"))))
    return offered


def course_lines(hosts: Collection[int]) -> dict[int, CourseLine]:
    """Host's key → its courses in one line; hosts without a course are left out."""
    return {host: line for find in COURSE_LINES for host, line in find(hosts).items()}

"""What the public pages show of higher rooms: these put their finders in when they load (AppConfig.ready)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

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


Figures = Callable[[datetime], Iterable[Stat]]
Opens = Callable[[datetime], Iterable[OpenNow]]
Courses = Callable[[Host], Iterable[ShownCourse]]
FIGURES: list[Figures] = []
OPENS: list[Opens] = []
COURSES: list[Courses] = []


def figures(at: datetime) -> list[Stat]:
    """Every figure that a room above has to tell."""
    return [stat for find in FIGURES for stat in find(at)]


def open_now(at: datetime) -> list[OpenNow]:
    """Everything that is open."""
    return [thing for find in OPENS for thing in find(at)]


def courses_of(host: Host) -> list[ShownCourse]:
    """The courses of ``host`` that are no examples."""
    return [course for find in COURSES for course in find(host)]

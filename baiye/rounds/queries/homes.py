"""Reads of the home pages: what comes next for a family, what a teacher's classes still lack."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baiye.accounts.models import User
from baiye.core.templatetags.text import han_date
from baiye.core.todos import Todo, todos
from baiye.hours.models import MINUTES_A_CLASS_HOUR, VOCATIONAL_QUOTA_MINUTES
from baiye.hours.queries import balance
from baiye.rounds import words
from baiye.rounds.models import Round, RunSeat, Trip, WishList
from baiye.rounds.queries.classes import ClassFigures, class_figures, taught_classes
from baiye.rounds.queries.notices import notice_read
from baiye.rounds.queries.rounds import current_round, rounds_of_class
from baiye.rounds.queries.wishes import OpenCourse, courses_open_to, find_wish_list
from baiye.schools.models import Consent, Pupil, SchoolClass
from baiye.schools.queries import standing_consents
from baiye.visits.models import Seat
from baiye.visits.queries import seats_of

MOST_TODOS = 3


@dataclass(frozen=True, slots=True)
class Home:
    """What the home page of a pupil, or of a guardian for a child, shows."""

    round: Round | None
    next_seat: Seat | None
    next_rank: int  # the wish that seat meets; 0 where none
    seats_to_come: int
    hours: int
    hours_needed: int
    todos: list[Todo]
    todos_count: int
    courses: list[OpenCourse]
    has_result: bool

    @property
    def hours_owed(self) -> int:
        return max(self.hours_needed - self.hours, 0)


def home_of(pupil: Pupil, by: User, at: datetime) -> Home:
    """The home page of ``pupil`` as ``by`` sees it; a fixed number of queries (about 15)."""
    round = current_round(list(rounds_of_class(pupil.school_class)), at)
    wish_list = find_wish_list(round, pupil) if round else None
    seats = list(seats_of(pupil).filter(visit__ends_at__gt=at))
    rank, has_result = _placed(round, pupil, seats[0] if seats else None)
    waiting = _todos(round, wish_list, pupil, by, at)
    owed = balance([pupil.pk])[pupil.pk]
    return Home(
        round=round,
        next_seat=seats[0] if seats else None,
        next_rank=rank,
        seats_to_come=len(seats),
        hours=owed.vocational // MINUTES_A_CLASS_HOUR,
        hours_needed=VOCATIONAL_QUOTA_MINUTES // MINUTES_A_CLASS_HOUR,
        todos=waiting[:MOST_TODOS],
        todos_count=len(waiting),
        courses=courses_open_to(round, pupil) if round and _takes_wishes(round, at) else [],
        has_result=has_result,
    )


def _takes_wishes(round: Round, at: datetime) -> bool:
    phase = round.phase_at(at)
    return phase is not None and phase.kind == "wish"


def _placed(round: Round | None, pupil: Pupil, seat: Seat | None) -> tuple[int, bool]:
    """The wish that ``seat`` meets (0: none), and whether a result of the round is published; one query."""
    if round is None:
        return 0, False
    placed = RunSeat.objects.filter(run__round=round, run__publication__approved_at__isnull=False, pupil=pupil)
    ranks = dict(placed.values_list("visit", "rank"))
    return (ranks.get(seat.visit_id, 0) if seat else 0), bool(ranks)


def _todos(round: Round | None, wish_list: WishList | None, pupil: Pupil, by: User, at: datetime) -> list[Todo]:
    """What is to do for the pupil, by every room, soonest first."""
    own = _round_todos(round, wish_list, pupil, by, at) if round else []
    return sorted([*own, *todos(pupil.pk, by, at)], key=lambda todo: todo.order)


def _round_todos(round: Round, wish_list: WishList | None, pupil: Pupil, by: User, at: datetime) -> list[Todo]:
    found = []
    wish = round.phase("wish")
    if wish and _takes_wishes(round, at) and not (wish_list and wish_list.submitted_at):
        found.append(_wish_todo(round, wish_list, pupil, wish.ends_at, at))
    place = [round.pk, pupil.pk]
    travels_on = Trip.objects.filter(round=round, school_class=pupil.school_class).order_by("on").last()
    if travels_on and travels_on.on >= at.date() and notice_read(round, pupil) is None:
        title = _("读安全告知书") if by.kind == "guardian" else _("请家长读安全告知书")
        note = _("出行前读一遍，一分钟")
        found.append(Todo(title, note, reverse("rounds:notice", args=place), "shield-check", order=20))
    if by.kind == "guardian" and not standing_consents(pupil).keys() >= dict(Consent.PURPOSES).keys() - {"health"}:
        title, note = _("选一选：照片怎么用，有没有要照顾的"), _("同意或不同意都行，不影响名额")
        found.append(Todo(title, note, reverse("rounds:consents", args=place), "signature", order=30))
    return found


def _wish_todo(round: Round, wish_list: WishList | None, pupil: Pupil, ends_at: datetime, at: datetime) -> Todo:
    chosen = len(wish_list.wishes.all()) if wish_list else 0
    note = _("{at} 截止 · 选了 {chosen}/{most}").format(at=han_date(ends_at), chosen=chosen, most=round.wishes_max)
    days = max((ends_at - at).days, 0)
    return Todo(
        title=_("排好「%s」的志愿") % round.name,
        note=note,
        url=reverse("rounds:wishes", args=[round.pk, pupil.pk]),
        badge=ngettext("%(n)d 天", "%(n)d 天", days) % {"n": days} if days else _("今天"),
        is_due=True,
        order=10,
    )


@dataclass(frozen=True, slots=True)
class TeacherCard:
    """A class of a teacher with the round that matters now."""

    school_class: SchoolClass
    round: Round | None
    figures: ClassFigures | None


def teacher_cards(user: User, at: datetime) -> list[TeacherCard]:
    """Classes for which ``user`` records, each with its round and figures; queries grow with grades, not classes."""
    classes = list(taught_classes(user))
    cohorts: dict[tuple[str, int, str], list[SchoolClass]] = {}
    for one in classes:
        cohorts.setdefault((one.stage, one.entry_year, one.school.unit.path), []).append(one)
    found: dict[int, TeacherCard] = {}
    for same in cohorts.values():
        round = current_round(list(rounds_of_class(same[0])), at)
        figures = class_figures(round, same) if round else {}
        found |= {one.pk: TeacherCard(one, round, figures.get(one.pk)) for one in same}
    return [found[one.pk] for one in classes]


def greeting(pupil: Pupil, home: Home, at: datetime) -> str:
    """The line at the top: what comes next, by name."""
    name = words.given_name(pupil.name)
    seat = home.next_seat
    if seat is not None and (seat.visit.starts_at - at).days < 7:
        weekday = han_date(seat.visit.starts_at, "weekday")
        return _("{name}，{weekday}去「{title}」").format(name=name, weekday=weekday, title=seat.visit.version.title)
    if home.round is not None and home.courses:
        return _("{name}，来挑想去的项目").format(name=name)
    return _("{name}，你好").format(name=name)

"""What the desk page draws and asks for: key figures, wishes against seats, seats against demand, what needs a hand."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.core.shapes import BarRow, Stat
from baiye.core.templatetags.text import han_date
from baiye.rounds.models import Round
from baiye.rounds.queries.figures import HOT, CourseDemand, RoundFigures
from baiye.rounds.queries.rounds import HalfDay

MOST_BARS = 12
MOST_HANDS = 8


@dataclass(frozen=True, slots=True)
class Hand:
    """Something that needs a hand, and where to lend it."""

    title: str
    note: str
    url: str
    action: str
    kind: str = "due"


def charts(figures: RoundFigures) -> dict[str, object]:
    """Key figures, and wishes against seats."""
    wanted = [course for course in figures.courses if course.first or course.seats][:MOST_BARS]
    return {
        "stats": _stats(figures),
        "bars": [
            BarRow(label=course.title, value=course.first, limit=course.seats, glyph=course.glyph, k=course.riasec)
            for course in wanted
        ],
        "bars_sentence": _sentence(wanted),
        "courses_count": len(figures.courses),
    }


def _stats(figures: RoundFigures) -> list[Stat]:
    ratio = f"{figures.seats / figures.demand:.2f}" if figures.demand else "—"
    where = _("{schools} 所学校 · {classes} 个班").format(schools=len(figures.schools), classes=figures.classes)
    what = _("{sittings} 场 · {courses} 个项目").format(sittings=figures.sittings, courses=len(figures.courses))
    return [
        Stat(_("应填学生"), figures.pupils, note=where),
        Stat(_("已交志愿"), figures.submitted, unit=_share(figures.submitted, figures.pupils)),
        Stat(_("告知书已读"), figures.read, unit=_share(figures.read, figures.pupils)),
        Stat(_("名额"), figures.seats, note=what),
        Stat(_("名额 ÷ 需求"), ratio, note=_("每个半天要在 1.05–1.30 之间")),
    ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else ""


def _sentence(courses: list[CourseDemand]) -> str:
    if not courses:
        return _("这一轮还没有项目")
    most = max(courses, key=lambda course: course.ratio)
    return _("{n} 个项目的第一志愿人数与名额，最紧张的是{title}，{first} 人对 {seats} 个名额").format(
        n=len(courses), title=most.title, first=most.first, seats=most.seats
    )


def hands(round: Round, figures: RoundFigures, at: datetime) -> list[Hand]:
    """What needs a hand now, worst first."""
    trips, visits = reverse("rounds:trips", args=[round.pk]), reverse("rounds:round-visits", args=[round.pk])
    found = [_short(half, visits) for half in figures.short]
    found += [_over_asked(course, visits) for course in figures.over_asked[:3]]
    if not figures.sittings:
        found.append(Hand(_("还没有场次"), _("把各家基地的项目放进来"), visits, _("去放"), "bad"))
    if lacking := figures.without_trips:
        classes = sum(school.trips_needed - school.trips for school in lacking)
        note = _("{schools} 所学校，还差 {n} 个班次").format(schools=len(lacking), n=classes)
        found.append(
            Hand(_("有班级没排满出行日"), note, trips, _("去排"), "bad" if round.wishes_have_opened(at) else "due")
        )
    phase = round.phase_at(at)
    if phase is not None and phase.kind == "wish":
        found += [
            Hand(
                _("{school} {share} 没交志愿").format(school=s.name, share=_share(s.pupils - s.submitted, s.pupils)),
                _("{n} 人还没交").format(n=s.pupils - s.submitted),
                "#schools",
                _("去提醒"),
            )
            for s in figures.behind[:3]
        ]
    return found[:MOST_HANDS]


def _short(half: HalfDay, url: str) -> Hand:
    name = _("上午") if half.half == "am" else _("下午")
    title = _("{day} {half} 名额不够").format(day=han_date(half.on, "day"), half=name)
    note = _("{demand} 人出行，{seats} 个名额").format(demand=half.demand, seats=half.seats)
    return Hand(title, note, url, _("去加场"), "bad")


def _over_asked(course: CourseDemand, url: str) -> Hand:
    title = _("{title} 供需比 {ratio}").format(title=course.title, ratio=f"{course.ratio:.2f}")
    note = _("第一志愿 {first} 人，名额 {seats}").format(first=course.first, seats=course.seats)
    return Hand(title, note, url, _("去加场"), "bad" if course.ratio > HOT + 0.5 else "due")

"""A problem from two tables as a school has them: the form's export of wishes, and the list of sessions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from baiye_placement.checks import MOST_NEED, MOST_SLOTS
from baiye_placement.half_day_names import SHORT, HalfDay, half_days, numbered
from baiye_placement.problem import POINTS, Policy, Problem, ProblemError, Pupil, Session
from baiye_placement.sheets import Line, Sheet, items, plain, read_sheet

USUAL_NEED = 4
PUPILS = {
    "pupil": ("pupil", "pupil id", "id", "student", "student id", "number", "学号", "学生", "编号", "name", "姓名"),
    "group": ("class", "group", "form", "班级", "班", "行政班"),
    "need": ("need", "needed", "half-days", "half days", "需要半天", "半天数", "场数"),
    "days": ("days", "out on", "half-days out", "出行日", "出行", "外出日", "可参加时段"),
    "stage": ("stage", "grade", "year", "年级", "学段"),
    "tied": ("with", "together with", "tied to", "sibling", "同行", "结伴", "同伴"),
    "wishes": ("wishes", "choices", "preferences", "ranking", "志愿", "志愿排序", "志愿顺序"),
}
SESSIONS = {
    "id": ("id", "session", "session id", "场次", "场次编号"),
    "project": ("project", "course", "workshop", "activity", "title", "项目", "课程", "体验项目", "课程名称"),
    "venue": ("venue", "place", "host", "school", "location", "地点", "场所", "学校", "单位", "场馆"),
    "day": ("day", "date", "when", "time", "日期", "星期", "时间", "日子"),
    "half": ("half", "half-day", "half day", "part of day", "时段", "半天", "上下午"),
    "capacity": ("capacity", "seats", "places", "maximum", "max", "名额", "容量", "人数", "座位", "最多人数"),
    "minimum": ("minimum", "min", "least", "最少人数", "开班人数", "成班人数"),
    "stages": ("stages", "grades", "years", "stage", "grade", "年级", "适合年级", "学段"),
}


@dataclass(frozen=True, slots=True)
class Start:
    """The problem, the half-days by their number, and remarks on what was passed over."""

    problem: Problem
    half_days: Mapping[int, HalfDay]
    headings: Mapping[str, str]
    remarks: Sequence[str]


def start(wishes: Path, sessions: Path, *, need: int = USUAL_NEED, policy: str = "points", seed: str = "") -> Start:
    """The problem that two tables describe.

    Parameters
    ----------
    need
        Half-days of each pupil where the table of wishes has no such column; fewer where the class is out for fewer.

    Raises
    ------
    ProblemError
        Rows that cannot be understood, each by file and line, with what would do.
    """
    pupils = read_sheet(wishes, PUPILS, ("pupil", "group"))
    table = read_sheet(sessions, SESSIONS, ("project", "day", "capacity"))
    return _Reader(pupils, table, need).start(policy, seed)


@dataclass(slots=True)
class _Reader:
    pupils: Sheet
    sessions: Sheet
    need: int
    errors: list[str] = field(default_factory=list)
    again: int = 0  # wishes that were named twice by one pupil
    projects: dict[str, str] = field(default_factory=dict)  # as compared → as written
    slot: dict[HalfDay, int] = field(default_factory=dict)

    def start(self, policy: str, seed: str) -> Start:
        times = {line.where: half_days(f"{line.get('day')} {line.get('half')}") for line in self.sessions.lines}
        self.slot = numbered(found for mine in times.values() for found in mine)
        made = [session for line in self.sessions.lines if (session := self._session(line, times[line.where]))]
        made = _with_ids(made, {number: found for found, number in self.slot.items()})
        group_slots = self._group_slots(sorted({slot for session in made for slot in session.slots}))
        pupils = [pupil for line in self.pupils.lines if (pupil := self._pupil(line, group_slots))]
        self._repeated()
        if self.errors:
            raise ProblemError(self.errors)
        ranks = max((max(pupil.wish_ranks, default=1) for pupil in pupils), default=1)
        points = POINTS[: max(ranks, 6)] + tuple(max(1, POINTS[-1] - k) for k in range(1, ranks - len(POINTS) + 1))
        problem = Problem(tuple(made), tuple(pupils), group_slots, points, Policy(policy), seed.encode())
        used = {slot for session in made for slot in session.slots} | {s for own in group_slots.values() for s in own}
        return Start(
            problem,
            {number: found for found, number in sorted(self.slot.items(), key=lambda x: x[1]) if number in used},
            {**self.pupils.headings, **{f"session {k}": v for k, v in self.sessions.headings.items()}},
            [f"{self.again} wishes were named twice by one pupil, and count once"] if self.again else [],
        )

    def _session(self, line: Line, times: Sequence[HalfDay]) -> Session | None:
        project = line.get("project").replace(";", "；")
        capacity, minimum = self._number(line, "capacity"), self._number(line, "minimum", 0)
        if not project or not times:
            self.errors.append(f"{line.where}: no {'day' if project else 'project'}")
        if not project or not times or capacity is None or minimum is None:
            return None
        name = self.projects.setdefault(plain(project), project)
        slots = [self.slot[found] for found in times]
        stages = frozenset(items(line.get("stages")))
        return Session(
            line.get("id"), name, line.get("venue") or "-", slots[0], capacity, minimum, stages, tuple(slots[1:])
        )

    def _number(self, line: Line, meaning: str, usual: int | None = None) -> int | None:
        """A whole number of at least 0; None, and an error, where the cell holds none."""
        cell = line.get(meaning)
        if not cell and usual is not None:
            return usual
        text = cell.removesuffix(".0")
        if text.isdecimal():
            return int(text)
        self.errors.append(f"{line.where}: {meaning} {cell!r} is not a whole number")
        return None

    def _group_slots(self, every: Sequence[int]) -> dict[str, tuple[int, ...]]:
        """The half-days of each class: those its rows name, or all."""
        said: dict[str, dict[tuple[int, ...], str]] = {}
        for line in self.pupils.lines:
            said.setdefault(line.get("group"), {}).setdefault(self._days(line), line.where)
        slots = {}
        for group, found in said.items():
            if len(found) > 1:
                self.errors.append(f"class {group!r}: {' and '.join(found.values())} name different days")
            slots[group] = next(iter(found)) or tuple(every)
            if len(slots[group]) > MOST_SLOTS:
                self.errors.append(
                    f"class {group!r} has {len(slots[group])} half-days, {MOST_SLOTS} is the most: "
                    "say in a column 'days' when each class is out"
                )
        return slots

    def _days(self, line: Line) -> tuple[int, ...]:
        slots = set()
        for item in items(line.get("days")):
            for found in half_days(item):
                if found in self.slot:
                    slots.add(self.slot[found])
                else:
                    self.errors.append(f"{line.where}: no session is on {item!r}")
                    break
        return tuple(sorted(slots))

    def _pupil(self, line: Line, group_slots: Mapping[str, tuple[int, ...]]) -> Pupil | None:
        name, group = line.get("pupil"), line.get("group")
        if not name or not group:
            self.errors.append(f"{line.where}: no {'class' if name else 'pupil'}")
            return None
        need = self._number(line, "need", min(self.need, len(group_slots[group])))
        if need is None:
            return None
        if need > min(len(group_slots[group]), MOST_NEED):
            self.errors.append(f"{line.where}: {need} half-days needed, the class is out for {len(group_slots[group])}")
        wishes = list(self._wishes(line))
        ranks = tuple(rank for rank, _ in wishes)
        return Pupil(
            name,
            group,
            tuple(project for _, project in wishes),
            need,
            tied_to=line.get("tied") or None,
            stage=line.get("stage") or None,
            ranks=() if ranks == tuple(range(1, len(ranks) + 1)) else ranks,
        )

    def _wishes(self, line: Line) -> Iterator[tuple[int, str]]:
        """(rank, project): a cell with several projects is a tie, a wish named again counts where it came first."""
        cells = [*(cell for _, cell in line.wishes), *self._ranking(line)]
        had: set[str] = set()
        rank = 0
        for cell in cells:
            named = [self._project(line, part) for part in self._parts(cell)]
            new = [p for p in dict.fromkeys(named) if p and p not in had]
            self.again += sum(p is not None for p in named) - len(new)
            rank += bool(new)
            had.update(new)
            yield from ((rank, p) for p in new)

    def _ranking(self, line: Line) -> list[str]:
        """A single column with all wishes, best first: ``A → B → C``."""
        cell = line.get("wishes")
        for arrow in ("→", "->", ">", "＞"):
            cell = cell.replace(arrow, ";")
        return items(cell)

    def _parts(self, cell: str) -> list[str]:
        return [cell] if plain(cell) in self.projects else items(cell)

    def _project(self, line: Line, name: str) -> str | None:
        found = self.projects.get(plain(name))
        if found is None:
            near = get_close_matches(name, self.projects.values(), 1, 0.6)
            self.errors.append(f"{line.where}: no session of {name!r}" + (f"; {near[0]!r} is meant?" if near else ""))
        return found

    def _repeated(self) -> None:
        rows: dict[str, list[str]] = {}
        for line in self.pupils.lines:
            rows.setdefault(line.get("pupil"), []).append(line.where)
        self.errors += [
            f"pupil {name!r} occurs more than once: {'; '.join(where)}; keep the row that counts"
            for name, where in rows.items()
            if name and len(where) > 1
        ]


def _with_ids(sessions: Sequence[Session], half_day: Mapping[int, HalfDay]) -> list[Session]:
    """Sessions without an id are called by project and time, and by venue and number where that is not enough."""

    def time(session: Session) -> str:
        day, half = half_day[session.slot]
        return day if session.more_slots else f"{day} {SHORT[half]}"

    names = [s.id or f"{s.project} {time(s)}" for s in sessions]
    count = Counter(names)
    names = [n if s.id or count[n] == 1 else f"{n} {s.venue}" for n, s in zip(names, sessions, strict=True)]
    total, so_far, made = Counter(names), Counter[str](), []
    for name, s in zip(names, sessions, strict=True):
        so_far[name] += 1
        made.append(replace(s, id=name if s.id or total[name] == 1 else f"{name} {so_far[name]}"))
    return made

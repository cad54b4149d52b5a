"""项目: courses as a sheet. What comes in is a draft, reviewed and published by people as any other."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, paths, within
from baiye.catalogue.actions.content import CONTENT, Content, faults
from baiye.catalogue.actions.courses import draft_course, draft_version, edit_draft
from baiye.catalogue.models import CourseVersion, Occupation
from baiye.catalogue.queries.courses import occupations_named
from baiye.catalogue.sheets.columns import COLUMNS, PLAIN, STEP
from baiye.core.sheets.kinds import Blame, Entry, Found, Sheet
from baiye.registry.sheets.lookup import Hosts, name_key


def may_import(user: User) -> bool:
    """Whether somebody writes courses."""
    return bool(paths(user, Permission.COURSE_MANAGE))


def last_versions(courses: Q) -> QuerySet[CourseVersion]:
    """The newest version, draft or not, of each of ``courses`` that is not retired; host and occupation loaded."""
    newest = CourseVersion.objects.filter(courses, course__retired_at=None).order_by("course", "-number")
    loaded = CourseVersion.objects.filter(pk__in=newest.distinct("course").values("pk"))
    return loaded.select_related("course__host__unit", "occupation").order_by(
        "course__host__unit__pinyin", "pinyin", "course"
    )


def values_of(version: CourseVersion) -> dict[str, Any]:
    """What a sheet holds of ``version``, without its host and title."""
    known = {name: getattr(version, name) for name in PLAIN}
    steps = {column: version.steps.get(key, "") for column, key in STEP.items()}
    return known | steps | {"occupation": version.occupation.name if version.occupation else ""}


def rows(user: User) -> Iterable[Mapping[str, Any]]:
    """The courses that somebody writes, by host and title."""
    for version in last_versions(within(user, Permission.COURSE_MANAGE, "course__host__unit")):
        yield values_of(version) | {"host": version.course.host.unit.name, "title": version.title}


class Worker:
    """Courses by their host and their exact title."""

    def __init__(self, by: User, entries: Sequence[Entry]) -> None:
        self.by = by
        self.hosts = Hosts(by, Permission.COURSE_MANAGE, entries)
        self.versions: dict[tuple[int, str], list[CourseVersion]] = {}
        for version in last_versions(Q(course__host__in=self.hosts.all())):
            key = (version.course.host_id, name_key(version.title))
            self.versions.setdefault(key, []).append(version)
        words = {entry.values["occupation"] for entry in entries if "occupation" in entry.values}
        self.occupations = occupations_named(words)

    def find(self, entry: Entry) -> Found:
        host, title = self.hosts.find(entry), entry.values["title"]
        key, name = (host.pk, name_key(title)), f"{host.unit.name} · {title}"
        known = self.versions.get(key, [])
        if len(known) > 1:
            raise Blame("title", _("这家基地有几个同名的项目，请到页面里改"))
        if not known:
            return Found(key=key, name=name)
        standing = values_of(known[0])
        word = entry.values.get("occupation", "")
        if known[0].occupation and self.occupations.get(word) == known[0].occupation:
            standing["occupation"] = word  # its code in place of its name is no change
        return Found(key=key, name=name, pk=known[0].pk, standing=standing)

    def write(self, entry: Entry, found: Found, fields: Mapping[str, Any]) -> None:
        host = self.hosts.find(entry)
        if found.pk is None:
            draft_course(host=host, content=self._content({}, fields), by=self.by)
            return
        (last,) = self.versions[(host.pk, name_key(entry.values["title"]))]
        known = {name: getattr(last, name) for name in CONTENT}
        content = self._content(known, {name: value for name, value in fields.items() if name != "title"})
        edit_draft(version=draft_version(course=last.course, by=self.by), content=content, by=self.by)

    def _content(self, known: Mapping[str, Any], fields: Mapping[str, Any]) -> Content:
        """What a version says: what it said, and what the row says of it."""
        said = dict(known) | {name: value for name, value in fields.items() if name in CONTENT}
        steps = {key: fields[column] for column, key in STEP.items() if column in fields}
        said["steps"] = dict(known.get("steps", {})) | steps
        if word := fields.get("occupation"):
            said["occupation"] = self._occupation(word)
        for column, why in faults(said).items():
            raise Blame(column, why)
        return Content(**said)

    def _occupation(self, word: str) -> Occupation:
        if word not in self.occupations:
            raise Blame("occupation", _("职业大典里没有这个职业，请写大典里的名称或编码"))
        return self.occupations[word]


SHEET = Sheet(
    kind="courses",
    title=gettext_lazy("项目"),
    unit=gettext_lazy("个"),
    columns=COLUMNS,
    known_by=("title", "host"),
    note=gettext_lazy("按基地和项目名称认。进来的都是草稿：已发布的项目会另起一版，评审、发布照常由人来做。"),
    back="catalogue:draft-list",
    may=may_import,
    worker=Worker,
    rows=rows,
)

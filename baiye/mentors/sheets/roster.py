"""带教人员: the roster as a sheet. No import enters the result of a check, a title or an appointment."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, paths
from baiye.core import excel
from baiye.core.sheets import cells, paper
from baiye.core.sheets.columns import Column
from baiye.core.sheets.kinds import Blame, Entry, Found, Sheet
from baiye.core.templatetags.text import mask_phone
from baiye.mentors.actions.mentors import PLAIN, add_mentor, change_mentor
from baiye.mentors.hindrances import SENTENCES
from baiye.mentors.models import Mentor
from baiye.mentors.models.mentors import KINDS, LANGUAGES, SLOTS
from baiye.mentors.queries.mentors import appointing_bodies, mentors_for, occupations_named, units_for
from baiye.registry.sheets.lookup import name_key

COLUMNS = (
    Column("name", gettext_lazy("姓名"), cells.line(40), must=True, also=("带教人员", "辅导员姓名")),
    Column(
        *("unit", gettext_lazy("所在单位"), cells.line(120), gettext_lazy("登记的全名或简称；只管一家的可以空着。")),
        also=("单位", "工作单位", "基地"),
        width=28,
    ),
    Column(
        *("kinds", gettext_lazy("身份"), cells.some_of(KINDS), gettext_lazy("几样就用顿号隔开。")),
        must=True,
        also=("类别",),
        offered=tuple(label for _key, label in KINDS),
        write=cells.named(KINDS),
    ),
    Column(
        *("appointed_by", gettext_lazy("聘任单位"), cells.line(120)),
        gettext_lazy("校外辅导员要有：本区或本区的牵头部门。聘任本身到页面里办。"),
        width=28,
    ),
    Column(
        *("phone", gettext_lazy("手机"), cells.phone, gettext_lazy("加密存放，不导出；空着就是不改。")),
        also=("手机号", "联系电话", "电话"),
        show=mask_phone,
    ),
    Column(
        *("languages", gettext_lazy("语言"), cells.some_of(LANGUAGES), gettext_lazy("几样就用顿号隔开。")),
        offered=tuple(label for _key, label in LANGUAGES),
        write=cells.named(LANGUAGES),
    ),
    Column(
        *("occupations", gettext_lazy("职业"), cells.listed(60), gettext_lazy("职业大典里的名称，用顿号隔开。")),
        width=28,
        write=cells.joined,
    ),
    Column("trade", gettext_lazy("手艺"), cells.line(60), gettext_lazy("大典里没有的，用自己的话写。")),
    Column(
        *("free_slots", gettext_lazy("哪些半天有空"), cells.some_of(SLOTS), gettext_lazy("几样就用顿号隔开。")),
        offered=tuple(label for _key, label in SLOTS),
        width=24,
        write=cells.named(SLOTS),
    ),
    Column("most_a_term", gettext_lazy("一学期最多几次"), cells.whole(1, 400)),
    Column("about", gettext_lazy("简介"), cells.prose(400), width=40),
)


def may_import(user: User) -> bool:
    """Whether somebody keeps a roster."""
    return bool(paths(user, Permission.MENTOR_MANAGE))


def values_of(mentor: Mentor) -> dict[str, Any]:
    """What a sheet holds of ``mentor``, occupations loaded; the phone stays."""
    known = {name: getattr(mentor, name) for name in PLAIN}
    body = mentor.appointed_by.name if mentor.appointed_by else ""
    occupations = sorted(mentor.occupations.all(), key=lambda one: one.code)
    return known | {
        "name": mentor.name,
        "unit": mentor.unit.name,
        "appointed_by": body,
        "occupations": [one.name for one in occupations],
    }


def rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Those whom somebody manages and who have not left, by pinyin."""
    mentors = mentors_for(user, Permission.MENTOR_MANAGE).filter(left_on=None)
    return map(values_of, mentors.prefetch_related("occupations"))


def mentor_sheet(mentors: Iterable[Any], on: date) -> HttpResponse:
    """``mentors`` as `queries.mentors.find_mentors` gives them, occupations loaded; without phones.

    It comes back through the import without a change; when they were looked up and how they stand is to be read alone.
    """
    extra = (_("最近查询"), _("状态"))
    content = paper.filled(_("带教人员"), COLUMNS, (_with_state(one, extra) for one in mentors), extra=extra)
    return excel.download(f"{_('带教人员')}-{on:%Y%m%d}", content)


def _with_state(mentor: Any, extra: tuple[str, str]) -> dict[str, Any]:
    state = str(SENTENCES[mentor.hindered]) if mentor.hindered else _("可以带教")
    checked_on = f"{mentor.checked_on:%Y-%m-%d}" if mentor.checked_on else ""
    return values_of(mentor) | dict(zip(extra, (checked_on, state), strict=True))


class Worker:
    """Mentors by name and unit; of two with one name at one unit, by their phone."""

    def __init__(self, by: User, entries: Sequence[Entry]) -> None:
        self.by = by
        values = [entry.values for entry in entries]
        names = {one["name"] for one in values}
        known = mentors_for(by, Permission.MENTOR_MANAGE).filter(name__in=names).prefetch_related("occupations")
        self.mentors = {mentor.pk: mentor for mentor in known}
        self.units = list(units_for(by))
        self.bodies = list(appointing_bodies())
        words = {word for one in values for word in one.get("occupations", ())}
        self.occupations = {found.name: found for found in occupations_named(sorted(words))}

    def find(self, entry: Entry) -> Found:
        name, word = entry.values["name"], entry.values.get("unit", "")
        if not word and len(self.units) != 1:
            raise Blame("unit", _("请写是哪个单位的"))
        known = [one for one in self.mentors.values() if one.name == name and (not word or _called(one.unit, word))]
        if len(known) > 1:
            known = [one for one in known if one.phone and one.phone == entry.values.get("phone")]
            if len(known) != 1:
                raise Blame("name", _("这家单位有几位同名的，请写登记的手机号，或到页面里改"))
        if known:
            return self._known(entry, known[0])
        unit = self._unit(word)
        key = (unit.pk, name, entry.values.get("phone", ""))
        return Found(key=key, name=f"{name}（{unit}）")

    def _known(self, entry: Entry, mentor: Mentor) -> Found:
        if mentor.left_on is not None:
            raise Blame("name", _("这位已经登记离任。如果回来了，请到页面里重新登记"))
        standing = values_of(mentor) | {"phone": mentor.phone}
        del standing["name"], standing["unit"]
        given = entry.values
        if mentor.appointed_by and _called(mentor.appointed_by, given.get("appointed_by", "")):
            standing["appointed_by"] = given["appointed_by"]  # its short name is no change
        if set(given.get("occupations", ())) == set(standing["occupations"]):
            standing["occupations"] = given.get("occupations", [])  # nor is another order
        return Found(key=mentor.pk, name=f"{mentor.name}（{mentor.unit}）", pk=mentor.pk, standing=standing)

    def write(self, entry: Entry, found: Found, fields: Mapping[str, Any]) -> None:
        given = {name: value for name, value in fields.items() if name != "unit"}
        if "appointed_by" in given:
            given["appointed_by"] = self._body(given["appointed_by"])
        if "occupations" in given:
            given["occupations"] = self._occupations(given["occupations"])
        if found.pk is not None:
            change_mentor(mentor=self.mentors[found.pk], by=self.by, **given)
        else:
            add_mentor(unit=self._unit(entry.values.get("unit", "")), by=self.by, **given)

    def _unit(self, word: str) -> Unit:
        found = [unit for unit in self.units if not word or _called(unit, word)]
        if len(found) != 1:
            raise Blame("unit", _("您管的单位里没有这一家，请写登记的全名"))
        return found[0]

    def _body(self, word: str) -> Unit:
        found = [unit for unit in self.bodies if _called(unit, word)]
        if len(found) != 1:
            raise Blame("appointed_by", _("没有这个聘任单位，请写本区或牵头部门的全名"))
        return found[0]

    def _occupations(self, words: Sequence[str]) -> list[Any]:
        if missing := [word for word in words if word not in self.occupations]:
            said = _("职业大典里没有：%(names)s。改成大典里的名称，或写进「手艺」。") % {"names": "、".join(missing)}
            raise Blame("occupations", said)
        return [self.occupations[word] for word in words]


def _called(unit: Unit, word: str) -> bool:
    return name_key(word) in {name_key(unit.name), name_key(unit.short_name)} - {""}


SHEET = Sheet(
    kind="mentors",
    title=gettext_lazy("带教人员"),
    unit=gettext_lazy("位"),
    columns=COLUMNS,
    known_by=("name",),
    note=gettext_lazy("按姓名和单位认。从业查询结果、称号和聘任不从表格来，请逐位登记。"),
    back="mentors:mentor-list",
    may=may_import,
    worker=Worker,
    rows=rows,
)

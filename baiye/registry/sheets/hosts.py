"""基地: a district's list of hosts as a sheet. New ones are leads; no import accredits, confirms or renames."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, within
from baiye.core.sheets import cells
from baiye.core.sheets.columns import Column
from baiye.core.sheets.kinds import Blame, Entry, Found, Sheet
from baiye.core.sheets.sentences import sentence
from baiye.core.sheets.tables import Cell
from baiye.core.sheets.values import BadValue, text
from baiye.core.templatetags.text import mask_phone
from baiye.registry import credit_code
from baiye.registry.actions.hosts import edit_host, set_credit_code
from baiye.registry.actions.leads import add_lead
from baiye.registry.kinds import KINDS
from baiye.registry.models import Host
from baiye.registry.permissions import keeps, kept_paths
from baiye.registry.queries.register import streets
from baiye.registry.sheets.lookup import name_key, spellings

WORDS = tuple(kind for kinds in KINDS.values() for kind in kinds)


def read_code(cell: Cell) -> str:
    """A credit code of 18 characters; whether its check holds is asked only of one that is new."""
    if isinstance(cell, float):
        raise BadValue("counted_as_number")
    code = credit_code.tidied(text(cell))
    if len(code) != 18:
        raise BadValue("credit_code", count=len(code))
    return code


PLACE = (
    Column("address", gettext_lazy("地址"), cells.line(120), also=("详细地址", "单位地址"), width=32),
    Column("street", gettext_lazy("街镇"), cells.line(40), gettext_lazy("本区的街道或镇。"), also=("街道", "所属街镇")),
    Column("lon", gettext_lazy("经度"), cells.degrees(70, 140), gettext_lazy("WGS84，例如 121.395；和纬度一起填。")),
    Column("lat", gettext_lazy("纬度"), cells.degrees(3, 54), gettext_lazy("例如 31.249。")),
)
COLUMNS = (
    Column(
        *("name", gettext_lazy("单位名称"), cells.line(120), gettext_lazy("照证照写全称。")),
        must=True,
        also=("名称", "基地名称", "基地", "单位全称"),
        width=32,
    ),
    Column(
        *("credit_code", gettext_lazy("统一社会信用代码"), read_code),
        gettext_lazy("18 位；有代码的按代码认，没有的按名称认。"),
        also=("信用代码", "社会信用代码"),
        width=24,
    ),
    Column("kind", gettext_lazy("类型"), cells.line(20), must=True, also=("单位类型", "类别"), offered=WORDS),
    *PLACE,
    Column(
        *("occupations", gettext_lazy("能体验的职业"), cells.listed(40), gettext_lazy("用顿号隔开。")),
        also=("职业", "体验职业"),
        width=28,
        write=cells.joined,
    ),
    Column("opening", gettext_lazy("开放时间"), cells.line(120), width=24),
    Column("about", gettext_lazy("简介"), cells.prose(400), gettext_lazy("最多 400 个字。"), width=40),
    Column(
        *("is_commercial", gettext_lazy("营利性单位"), cells.yes_or_no),
        also=("营利性", "是否营利"),
        offered=(gettext_lazy("是"), gettext_lazy("否")),
        write=cells.said,
    ),
    Column("contact", gettext_lazy("联系人"), cells.line(40)),
    Column(
        *("phone", gettext_lazy("联系电话"), cells.phone, gettext_lazy("加密存放，不导出；空着就是不改。")),
        also=("电话", "手机"),
        show=mask_phone,
    ),
    Column("email", gettext_lazy("邮箱"), cells.email, also=("电子邮箱",), width=24),
)
DETAILS = tuple(column.name for column in COLUMNS if column.name not in {"name", "credit_code", "phone"})


def districts_of(user: User) -> list[Unit]:
    """The districts whose hosts ``user`` both manages and accredits."""
    return list(Unit.objects.filter(kind="district", path__in=kept_paths(user)).order_by("pk"))


def may_import(user: User) -> bool:
    """Whether somebody keeps a district's list of hosts."""
    return bool(kept_paths(user))


def values_of(host: Host) -> dict[str, Any]:
    """What a sheet holds of ``host``; its phone stays."""
    return {name: getattr(host, name) for name in DETAILS} | {"name": host.unit.name, "credit_code": host.credit_code}


def rows(user: User) -> Iterable[Mapping[str, Any]]:
    """The hosts of one's districts, by name."""
    hosts = Host.objects.filter(within(user, Permission.HOST_MANAGE, "unit"), merged_into=None)
    return map(values_of, hosts.select_related("unit").order_by("unit__pinyin", "pk"))


class Worker:
    """Hosts by their code, else by their exact name."""

    def __init__(self, by: User, entries: Sequence[Entry]) -> None:
        self.by, self.districts = by, districts_of(by)
        self.streets = {shape.name for shape in streets()}
        names = spellings(entry.values["name"] for entry in entries)
        codes = [entry.values["credit_code"] for entry in entries if "credit_code" in entry.values]
        known = Host.objects.filter(Q(unit__name__in=names) | Q(credit_code__in=codes)).select_related("unit")
        self.hosts = {host.pk: host for host in known.order_by("pk")}
        here = [host for host in self.hosts.values() if host.merged_into_id is None]
        self.by_code = {host.credit_code: host for host in here if host.credit_code}
        self.by_name: dict[str, list[Host]] = {}
        for host in self.hosts.values():
            self.by_name.setdefault(name_key(host.unit.name), []).append(host)

    def find(self, entry: Entry) -> Found:
        name, code = entry.values["name"], entry.values.get("credit_code", "")
        host = self.by_code.get(code) or self._named(name)
        if host is None:
            return Found(key=name_key(name), name=name)
        self._refuse_odd(host, name, code)
        standing = values_of(host) | {"phone": host.phone}
        del standing["name"]
        return Found(key=host.pk, name=host.unit.name, pk=host.pk, standing=standing)

    def _named(self, name: str) -> Host | None:
        """The host of this name: one of one's own before another's, one that stands before one that was merged."""
        known = self.by_name.get(name_key(name), [])
        standing = [host for host in known if host.merged_into_id is None]
        own = [host for host in standing if keeps(self.by, host.unit)]
        if len(own) > 1:
            raise Blame("name", _("有几家基地叫这个名字，请写统一社会信用代码"))
        return next(iter(own or standing or known), None)

    def _refuse_odd(self, host: Host, name: str, code: str) -> None:
        """Two hosts in one row, another's host, or one that is gone."""
        if not keeps(self.by, host.unit):
            raise Blame("name", _("名录里有同名或同代码的单位，但不归您管"))
        if host.merged_into_id is not None:
            raise Blame("name", _("这家基地已并入别家，请写并入的那一家"))
        if name_key(host.unit.name) != name_key(name):
            raise Blame("credit_code", _("这个代码是「%(name)s」的，请核对名称和代码") % {"name": host.unit.name})
        if code and host.credit_code and code != host.credit_code:
            raise Blame("credit_code", _("这家基地登记的是另一个代码。要改代码，请到它的页面里改"))

    def write(self, entry: Entry, found: Found, fields: Mapping[str, Any]) -> None:
        before = self.hosts[found.pk] if found.pk is not None else None
        self._refuse_places(before, fields)
        host = before or self._add(entry)
        if code := fields.get("credit_code"):
            if not credit_code.holds(code):
                raise Blame("credit_code", sentence("credit_code", {"count": len(code)}))
            set_credit_code(host=host, code=code, confirmed=False, by=self.by)
        rest = {name: value for name, value in fields.items() if name not in {"name", "credit_code"}}
        if rest:
            edit_host(host=host, fields=rest, by=self.by)

    def _add(self, entry: Entry) -> Host:
        if len(self.districts) != 1:
            raise Blame("name", _("您管着几个区，新的基地请在页面里逐个录入"))
        name, kind = entry.values["name"], entry.values["kind"]
        return add_lead(district=self.districts[0], name=name, kind=kind, by=self.by)

    def _refuse_places(self, before: Host | None, fields: Mapping[str, Any]) -> None:
        kind = fields.get("kind")
        if kind and kind not in WORDS:
            raise Blame("kind", _("没有这个类型，请从模板的列表里选"))
        refuse_place(before, fields, self.streets)


def refuse_place(before: Any, fields: Mapping[str, Any], known: set[str]) -> None:
    """Raise Blame for half a position or a street that is none of the district's; ``before`` is what stands."""
    both = [fields.get(name, getattr(before, name, None)) for name in ("lon", "lat")]
    if (both[0] is None) != (both[1] is None):
        raise Blame("lon" if both[0] is None else "lat", _("经度和纬度要一起填，或都空着"))
    if (street := fields.get("street")) and known and street not in known:
        raise Blame("street", _("本区没有这个街镇。可以填：%(names)s") % {"names": "、".join(sorted(known))})


SHEET = Sheet(
    kind="hosts",
    title=gettext_lazy("基地"),
    unit=gettext_lazy("家"),
    columns=COLUMNS,
    known_by=("name",),
    note=gettext_lazy("新的基地记作线索：要接待学生，还得申报、核查、认定。已有的只改资料，不改名称，不动认定。"),
    back="registry:host-desk",
    may=may_import,
    worker=Worker,
    rows=rows,
)

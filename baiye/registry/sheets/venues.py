"""场地: the workshops and halls of hosts as a sheet."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, paths, within
from baiye.core.sheets import cells
from baiye.core.sheets.columns import Column
from baiye.core.sheets.kinds import Entry, Found, Sheet
from baiye.core.sheets.tables import Cell
from baiye.registry.actions.hosts import save_venue
from baiye.registry.models import Venue
from baiye.registry.queries.register import streets
from baiye.registry.sheets.hosts import PLACE, refuse_place
from baiye.registry.sheets.lookup import Hosts, name_key


def read_share(cell: Cell) -> Decimal:
    """Square metres for one pupil, to a tenth."""
    return cells.number(1, 50)(cell).quantize(Decimal("0.1"))


COLUMNS = (
    Column(
        *("host", gettext_lazy("基地"), cells.line(120), gettext_lazy("登记的全名、简称或统一社会信用代码。")),
        must=True,
        also=("基地名称", "单位名称", "所属基地"),
        width=32,
    ),
    Column(
        *("name", gettext_lazy("场地名称"), cells.line(60), gettext_lazy("例如：面点工坊、一楼展厅。")),
        must=True,
        also=("场地", "场所名称"),
        width=24,
    ),
    Column(
        *("capacity", gettext_lazy("同时容纳学生"), cells.whole(1, 2000), gettext_lazy("人数，整数。")),
        must=True,
        also=("容纳人数", "可容纳人数", "容量"),
    ),
    Column(
        "area_m2", gettext_lazy("面积"), cells.whole(1, 200_000), gettext_lazy("平方米，整数。"), also=("建筑面积",)
    ),
    Column(
        *("area_per_pupil_m2", gettext_lazy("每名学生至少面积"), read_share),
        gettext_lazy("平方米，空着按 3。"),
        also=("生均面积",),
    ),
    *PLACE,
    Column(
        *("access", gettext_lazy("无障碍"), cells.some_of(Venue.ACCESS), gettext_lazy("几样就用顿号隔开。")),
        also=("无障碍设施",),
        offered=tuple(label for _key, label in Venue.ACCESS),
        width=24,
        write=cells.named(Venue.ACCESS),
    ),
    Column("access_note", gettext_lazy("无障碍说明"), cells.line(200), width=24),
    Column("opening", gettext_lazy("开放时间"), cells.line(120), width=24),
    Column(
        *("transport", gettext_lazy("怎么来"), cells.line(200), gettext_lazy("地铁、公交、大巴停在哪里。")),
        also=("交通", "交通方式"),
        width=32,
    ),
)
OWN = tuple(column.name for column in COLUMNS if column.name not in {"host", "name"})


def may_import(user: User) -> bool:
    """Whether somebody manages a host."""
    return bool(paths(user, Permission.HOST_MANAGE))


def values_of(venue: Venue) -> dict[str, Any]:
    """What a sheet holds of ``venue``."""
    return {name: getattr(venue, name) for name in OWN}


def rows(user: User) -> Iterable[Mapping[str, Any]]:
    """The open venues of one's hosts, by host and name."""
    mine = within(user, Permission.HOST_MANAGE, "host__unit")
    venues = Venue.objects.filter(mine, host__merged_into=None, closed_on=None).select_related("host__unit")
    for venue in venues.order_by("host__unit__pinyin", "name", "pk"):
        yield values_of(venue) | {"host": venue.host.unit.name, "name": venue.name}


class Worker:
    """Venues by their host and their exact name."""

    def __init__(self, by: User, entries: Sequence[Entry]) -> None:
        self.by = by
        self.hosts = Hosts(by, Permission.HOST_MANAGE, entries)
        self.streets = {shape.name for shape in streets()}
        venues = Venue.objects.filter(host__in=self.hosts.all()).order_by("pk")
        self.venues = {(venue.host_id, name_key(venue.name)): venue for venue in venues}

    def find(self, entry: Entry) -> Found:
        host = self.hosts.find(entry)
        name = f"{host.unit.name} · {entry.values['name']}"
        key = (host.pk, name_key(entry.values["name"]))
        venue = self.venues.get(key)
        if venue is None:
            return Found(key=key, name=name)
        return Found(key=key, name=name, pk=venue.pk, standing=values_of(venue))

    def write(self, entry: Entry, found: Found, fields: Mapping[str, Any]) -> None:
        host = self.hosts.find(entry)
        venue = self.venues[(host.pk, name_key(entry.values["name"]))] if found.pk is not None else None
        refuse_place(venue, fields, self.streets)
        save_venue(host=host, venue=venue, fields={k: v for k, v in fields.items() if k != "host"}, by=self.by)


SHEET = Sheet(
    kind="venues",
    title=gettext_lazy("场地"),
    unit=gettext_lazy("处"),
    columns=COLUMNS,
    known_by=("name", "host"),
    note=gettext_lazy("按基地和场地名称认。关闭场地请到场地的页面里办。"),
    back="registry:host-desk",
    may=may_import,
    worker=Worker,
    rows=rows,
)

"""工作人员的企业微信: userids of staff as a sheet, since who runs WeCom has them all in one list."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.accounts.actions.addresses import WECOM, set_wecom
from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, paths
from baiye.accounts.queries import people_for
from baiye.core.sheets import cells
from baiye.core.sheets.columns import Column
from baiye.core.sheets.kinds import Blame, Entry, Found, Sheet

COLUMNS = (
    Column("username", gettext_lazy("用户名"), cells.line(60), must=True, also=("登录名",)),
    Column("name", gettext_lazy("姓名"), cells.line(40), gettext_lazy("只用来核对，和用户名对不上就不写。")),
    Column(
        *("wecom_id", gettext_lazy("企业微信账号"), cells.line(64)),
        gettext_lazy("企业微信管理后台里的“账号”，不是姓名。空着就是不改。"),
        also=("账号", "userid", "企业微信"),
        width=24,
    ),
)


def may_import(user: User) -> bool:
    """Whether somebody manages people's accounts."""
    return bool(paths(user, Permission.GRANT_MANAGE))


def values_of(person: User) -> dict[str, Any]:
    """What a sheet holds of ``person``."""
    return {"username": person.username, "name": person.name, "wecom_id": person.wecom_id}


def rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Those whom somebody manages and whose account is open, by name."""
    return map(values_of, people_for(user).filter(is_active=True).exclude(pk=user.pk))


class Worker:
    """People by their username, among those whom somebody manages; nobody is added."""

    def __init__(self, by: User, entries: Sequence[Entry]) -> None:
        self.by = by
        names = {entry.values["username"] for entry in entries}
        self.people = {person.username: person for person in people_for(by).filter(username__in=names)}

    def find(self, entry: Entry) -> Found:
        person = self.people.get(entry.values["username"])
        if person is None:
            raise Blame("username", _("您管的人里没有这个用户名。先邀请这一位，再导入"))
        if entry.values.get("name", person.name) != person.name:
            raise Blame("name", _("这个用户名是别人的，请核对用户名和姓名"))
        return Found(key=person.pk, name=person.name, pk=person.pk, standing={"wecom_id": person.wecom_id})

    def write(self, entry: Entry, found: Found, fields: Mapping[str, Any]) -> None:
        given = fields.get("wecom_id", "")
        if not WECOM.fullmatch(given):
            said = _("%(name)s的企业微信账号要由字母、数字、点、短横和 @ 组成，请从管理后台抄")
            raise Blame("wecom_id", said % {"name": found.name})
        set_wecom(person=self.people[entry.values["username"]], wecom_id=given, by=self.by)


SHEET = Sheet(
    kind="wecom",
    title=gettext_lazy("工作人员的企业微信"),
    unit=gettext_lazy("位"),
    columns=COLUMNS,
    known_by=("username",),
    note=gettext_lazy("按用户名认，只写企业微信账号；不新建账号，也不动权限。"),
    back="accounts:grant-list",
    may=may_import,
    worker=Worker,
    rows=rows,
)

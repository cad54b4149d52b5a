"""The hosts that a file names: by credit code, name or short name, among those of one person."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, within
from baiye.core.sheets.kinds import Blame, Entry
from baiye.core.sheets.values import tidied
from baiye.registry import credit_code
from baiye.registry.models import Host

BRACKETS = str.maketrans("()", "（）")


def name_key(name: str) -> str:
    """A name without what people write now so and now so: spaces, and which brackets."""
    return tidied(name).replace(" ", "").translate(BRACKETS)


def spellings(names: Iterable[str]) -> list[str]:
    """Each name with either kind of brackets."""
    known = {form for name in names for form in (name, name_key(name), name_key(name).translate(_NARROW))}
    return sorted(known)


_NARROW = str.maketrans("（）", "()")


class Hosts:
    """The hosts where ``by`` holds ``permission`` and that ``entries`` name in their column ``host``; one query."""

    def __init__(self, by: User, permission: Permission, entries: Iterable[Entry]) -> None:
        written = {str(entry.values["host"]) for entry in entries}
        mine = Host.objects.filter(within(by, permission, "unit"), merged_into=None).select_related("unit")
        names = spellings(written)
        codes = [credit_code.tidied(text) for text in written]
        named = Q(unit__name__in=names) | Q(unit__short_name__in=names) | Q(credit_code__in=codes)
        self.by_word: dict[str, list[Host]] = {}
        for host in mine.filter(named).order_by("pk"):
            for word in {host.credit_code, name_key(host.unit.name), name_key(host.unit.short_name)} - {""}:
                self.by_word.setdefault(word, []).append(host)

    def all(self) -> list[Host]:
        """Each of them once."""
        return list({host.pk: host for hosts in self.by_word.values() for host in hosts}.values())

    def find(self, entry: Entry) -> Host:
        """The host of a row; raises Blame where there is none, or two."""
        written = str(entry.values["host"])
        found = self.by_word.get(credit_code.tidied(written)) or self.by_word.get(name_key(written)) or []
        if not found:
            raise Blame("host", _("您管的基地里没有这一家，请写登记的全名或统一社会信用代码"))
        if len(found) > 1:
            raise Blame("host", _("有几家基地叫这个名字，请写统一社会信用代码"))
        return found[0]

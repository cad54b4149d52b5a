"""How the public register is asked."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit
from baiye.registry.kinds import FAMILIES
from baiye.registry.models import MapShape
from baiye.registry.queries import register
from baiye.registry.queries.register import Asked, Origin

EVIDENCE = [
    ("accredited", _("已认定")),
    ("confirmed", _("有记载")),
    ("lead", _("线索")),
    ("stopped", _("已停止")),
]
STAGES = [("小学", _("小学")), ("初中", _("初中")), ("高中", _("高中"))]
MINUTES = [
    ("10", _("步行 10 分钟内")),
    ("15", _("步行 15 分钟内")),
    ("20", _("步行 20 分钟内")),
    ("30", _("步行 30 分钟内")),
    ("45", _("步行 45 分钟内")),
]
SORTS = [
    ("", _("默认")),
    ("name", _("名称")),
    ("expiry", _("到期日")),
    ("distance", _("距离")),
]


PLAIN = ("q", "evidence", "family", "street", "stage", "occupation", "sort")


class RegisterForm(forms.Form):
    """Search, filters and order of the register; what it cannot read is left out."""

    q = forms.CharField(label=_("搜索基地"), required=False, max_length=40)
    evidence = forms.ChoiceField(label=_("结论"), required=False, choices=EVIDENCE)
    family = forms.ChoiceField(label=_("类型"), required=False, choices=list(FAMILIES.items()))
    street = forms.ChoiceField(label=_("街镇"), required=False)
    stage = forms.ChoiceField(label=_("学段"), required=False, choices=[("", _("全部学段")), *STAGES])
    occupation = forms.CharField(label=_("职业"), required=False, max_length=30)
    keeper = forms.ChoiceField(label=_("牵头部门"), required=False)
    access = forms.BooleanField(label=_("无障碍：有不用上台阶的场地"), required=False)
    start = forms.ChoiceField(label=_("从哪里出发"), required=False)
    minutes = forms.ChoiceField(label=_("步行时间"), required=False, choices=[("", _("不限步行时间")), *MINUTES])
    sort = forms.ChoiceField(label=_("排序"), required=False, choices=SORTS)

    def __init__(
        self,
        *args: object,
        streets: Sequence[MapShape],
        keepers: Sequence[Unit],
        schools: Sequence[Origin],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        middles = register.middles_of(streets)
        self._origins = {origin.key: origin for origin in (*schools, *middles)}
        self._offer("street", [("", _("全部街镇")), *((shape.name, shape.name) for shape in streets)])
        parts = [(str(unit.pk), unit.name) for unit in keepers]
        self._offer("keeper", [("", _("全部牵头部门")), ("0", _("区教育局")), *parts])
        froms = [(_("学校"), _options(schools)), (_("街镇中心"), _options(middles))]
        self._offer("start", [("", _("不选出发地")), *(group for group in froms if group[1])])

    @classmethod
    def asking(cls, data: QueryDict) -> "RegisterForm":
        """The form with what an address asks; its streets, bodies and schools loaded: three queries."""
        schools = register.schools_on_the_map()
        return cls(data, streets=list(register.streets()), keepers=register.keepers(), schools=schools)

    def _offer(self, name: str, choices: Sequence[tuple[object, object]]) -> None:
        field = self.fields[name]
        field.choices = field.widget.choices = list(choices)  # type: ignore[attr-defined]

    def said(self) -> dict[str, str]:
        """What was asked and can be read, as it stands in an address."""
        self.is_valid()
        given = {name: self.cleaned_data.get(name) for name in self.fields}
        return {name: "1" if value is True else str(value) for name, value in given.items() if value}

    def asked(self) -> Asked:
        """What was asked, empty where it was nothing or nonsense."""
        said = self.said()
        plain = {name: said.get(name, "") for name in PLAIN}
        return Asked(
            **plain,
            keeper=int(said["keeper"]) if "keeper" in said else None,
            is_accessible="access" in said,
            origin=self._origins.get(said.get("start", "")),
            minutes=int(said.get("minutes", 0)),
        )


def _options(origins: Sequence[Origin]) -> list[tuple[str, str]]:
    return [(origin.key, origin.name) for origin in origins]

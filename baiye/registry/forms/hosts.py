"""What a host's manager and the coordinator are asked: details, venues, papers that end, merging."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from baiye.registry.forms.applications import (
    CreditCodeField,
    Day,
    ListField,
    PhoneField,
    kind_choices,
    refuse_half_a_place,
)
from baiye.registry.models import DOCUMENTS, Host, Venue

STATES = [
    ("", _("全部")),
    ("accredited", _("认定有效")),
    ("not", _("未认定")),
    ("applied", _("申报中")),
    ("lead", _("线索")),
]


class Street(forms.ChoiceField):
    """A street or town of the district; ``offer`` says which there are."""

    def offer(self, streets: list[str], kept: str) -> None:
        names = [*streets, *([kept] if kept and kept not in streets else [])]
        self.choices = [("", _("请选择")), *((name, name) for name in names)]


class Place(forms.Form):
    """Where something lies."""

    address = forms.CharField(label=_("地址"), max_length=120, required=False)
    street = Street(label=_("街镇"), required=False)
    lon = forms.FloatField(label=_("经度"), required=False, min_value=70, max_value=140, help_text=_("例如 121.395"))
    lat = forms.FloatField(label=_("纬度"), required=False, min_value=3, max_value=54, help_text=_("例如 31.249"))

    def __init__(self, *args: Any, streets: list[str], of: Host | Venue | None = None, **kwargs: Any) -> None:
        kept = {name: getattr(of, name) for name in self.base_fields if name != "phone"} if of else {}
        kwargs["initial"] = kept
        super().__init__(*args, **kwargs)
        street = self.fields["street"]
        assert isinstance(street, Street)
        street.offer(streets, kept.get("street", ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        refuse_half_a_place(self, data)
        return data


class HostForm(Place):
    """What a host says of itself, and whom to ask there."""

    kind = forms.ChoiceField(label=_("类型"), choices=kind_choices)
    about = forms.CharField(label=_("简介"), max_length=400, required=False, widget=forms.Textarea({"rows": 4}))
    occupations = ListField(label=_("能体验的职业"), max_length=300, required=False, help_text=_("用顿号隔开。"))
    opening = forms.CharField(label=_("开放时间"), max_length=120, required=False)
    is_commercial = forms.BooleanField(label=_("营利性单位"), required=False, help_text=_("公开页面会写明。"))
    contact = forms.CharField(label=_("联系人"), max_length=40, required=False)
    phone = PhoneField(label=_("联系电话"), max_length=20, required=False, widget=forms.TextInput({"inputmode": "tel"}))
    email = forms.EmailField(label=_("邮箱"), required=False)
    field_order = ("kind", "about", "occupations", "opening", "address", "street", "lon", "lat", "is_commercial")

    def __init__(self, *args: Any, of: Host, **kwargs: Any) -> None:
        super().__init__(*args, of=of, **kwargs)
        if of.kind and of.kind not in dict(_flat(kind_choices())):
            self.fields["kind"].choices = [*kind_choices(), (of.kind, of.kind)]  # type: ignore[attr-defined]
        if of.phone_sealed:
            self.fields["phone"].help_text = _("已经存好了一个，加密存放。要换才填。")


def _flat(choices: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    groups = [inner for _label, inner in choices if isinstance(inner, list)]
    return [choice for group in groups for choice in group]


class VenueForm(Place):
    """A workshop or hall: how many it holds, how one gets there and in."""

    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("例如：面点工坊、一楼展厅。"))
    capacity = forms.IntegerField(label=_("同时容纳学生"), min_value=1, max_value=2000)
    area_m2 = forms.IntegerField(label=_("面积（平方米）"), min_value=1, max_value=200_000, required=False)
    area_per_pupil_m2 = forms.DecimalField(
        label=_("每名学生至少（平方米）"), min_value=1, max_value=50, max_digits=4, decimal_places=1, initial="3.0"
    )
    access = forms.MultipleChoiceField(
        label=_("无障碍"), choices=Venue.ACCESS, required=False, widget=forms.CheckboxSelectMultiple
    )
    access_note = forms.CharField(label=_("无障碍说明"), max_length=200, required=False)
    opening = forms.CharField(label=_("开放时间"), max_length=120, required=False)
    transport = forms.CharField(
        label=_("怎么来"), max_length=200, required=False, help_text=_("地铁、公交、大巴停在哪里。")
    )
    field_order = ("name", "capacity", "area_m2", "area_per_pupil_m2", "address", "street", "lon", "lat", "transport")


class ClosureForm(forms.Form):
    """From which day on a venue is closed."""

    from_on = forms.DateField(label=_("从哪天起关闭"), help_text=_("那天起不能再安排学生。"), widget=Day)


class CreditCodeForm(forms.Form):
    """The credit code, and whether the certificate was seen."""

    code = CreditCodeField(label=_("统一社会信用代码"), max_length=24, required=False)
    confirmed = forms.BooleanField(
        label=_("看过证照原件，代码就是这样"), required=False, help_text=_("校验位对不上的才要勾，会记下是谁确认的。")
    )


class ManagerForm(forms.Form):
    """Who will manage the host."""

    name = forms.CharField(label=_("姓名"), max_length=40, widget=forms.TextInput({"autocomplete": "off"}))
    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        help_text=_("登录用，字母、数字、点和短横都行。"),
        validators=[RegexValidator(r"^[A-Za-z0-9._-]{3,}\Z", _("用户名至少 3 个字，只用字母、数字、点、短横和下划线"))],
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    email = forms.EmailField(label=_("邮箱"), required=False, help_text=_("填了就把链接也寄到那里。"))


class DeskFilter(forms.Form):
    """Which hosts to show; what it cannot read is left out."""

    q = forms.CharField(label=_("名称、拼音首字母、代码或地址"), required=False, max_length=40)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class EndingFilter(forms.Form):
    """Which endings to show; what it cannot read is left out."""

    q = forms.CharField(label=_("基地"), required=False, max_length=40)
    kind = forms.ChoiceField(
        label=_("哪一种"), required=False, choices=[("", _("全部")), ("accreditation", _("认定")), *DOCUMENTS]
    )
    days = forms.TypedChoiceField(
        label=_("多久之内"),
        required=False,
        coerce=int,
        empty_value="60",
        choices=[(60, _("60 天内")), (30, _("30 天内")), (7, _("7 天内")), (365, _("一年内"))],
    )

    def asked(self) -> dict[str, Any]:
        self.is_valid()
        data = self.cleaned_data
        return {"q": data.get("q", ""), "kind": data.get("kind", ""), "within_days": int(data.get("days", 60))}

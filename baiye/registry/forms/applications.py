"""What an applicant is asked, page by page; a page may be left half-filled and come back to."""

import re
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baiye.registry import credit_code
from baiye.registry.kinds import FAMILIES, KINDS
from baiye.registry.models import DOCUMENTS, Application, Venue

WHOLE_PHONE = re.compile(r"(\+86)?(1\d{10}|0\d{2,3}\d{7,8}|\d{7,8})")
BETWEEN = re.compile(r"[,，、;；\n]+")
Day = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def kind_choices() -> list[tuple[str, Any]]:
    """The kinds of hosts, in their families."""
    families = [(str(FAMILIES[family]), [(kind, kind) for kind in kinds]) for family, kinds in KINDS.items()]
    return [("", _("请选择")), *families]


class ListField(forms.CharField):
    """A few words with commas between, as a list; each at most 40 characters."""

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = [word.strip() for word in BETWEEN.split(super().to_python(value) or "")]
        return list(dict.fromkeys(word for word in words if word))

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if any(len(word) > 40 for word in value):
            raise forms.ValidationError(_("每个职业最多 40 个字，中间用顿号隔开"))

    def run_validators(self, value: Any) -> None:
        """Its words were looked at one by one."""


class PhoneField(forms.CharField):
    """A mobile or fixed phone, spaces and hyphens taken out; left empty, the one that is kept stays."""

    def clean(self, value: Any) -> str:
        plain = re.sub(r"[\s-]", "", super().clean(value))
        if plain and not WHOLE_PHONE.fullmatch(plain):
            raise forms.ValidationError(_("电话号码的位数不对，请写 11 位手机号，或区号加座机号"))
        return plain


class CreditCodeField(forms.CharField):
    """A credit code as it is kept, 18 characters or none; whether its check holds is asked elsewhere."""

    def clean(self, value: Any) -> str:
        plain = credit_code.tidied(super().clean(value))
        if plain and len(plain) != 18:
            raise forms.ValidationError(_("统一社会信用代码是 18 位，现在是 %(n)s 位") % {"n": len(plain)})
        return plain


def refuse_half_a_place(form: forms.Form, data: dict[str, Any]) -> None:
    """Add an error where only one of longitude and latitude was given."""
    if (data.get("lon") is None) != (data.get("lat") is None):
        form.add_error("lat", _("经度和纬度要一起填，或都空着"))


class PageForm(forms.Form):
    """One page of the application, filled with what is kept already."""

    title: Any = ""
    lead: Any = ""

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        kept = {name: getattr(application, name) for name in self.base_fields if name not in {"phone", "declared"}}
        kwargs["initial"] = kept | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.application = application

    def only_lacks(self) -> bool:
        """Whether nothing is wrong but what was left empty, so that the rest can be kept for now."""
        return all(error.code == "required" for errors in self.errors.as_data().values() for error in errors)


class BodyForm(PageForm):
    """Which body it is."""

    title = _("单位")
    lead = _("照营业执照或法人证书上写。")
    name = forms.CharField(
        label=_("单位名称"), max_length=120, widget=forms.TextInput({"autocomplete": "organization"})
    )
    credit_code = CreditCodeField(
        label=_("统一社会信用代码"),
        max_length=24,
        required=False,
        help_text=_("18 位。没有就空着，例如社区和机关的内设点。"),
        widget=forms.TextInput({"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}),
    )
    credit_insisted = forms.BooleanField(
        label=_("我对照过证照，代码就是这样"),
        required=False,
        help_text=_("早年发的少数代码校验位不合规律，会有人看原件。"),
    )
    host_kind = forms.ChoiceField(label=_("单位类型"), choices=kind_choices)
    address = forms.CharField(
        label=_("地址"), max_length=120, widget=forms.TextInput({"autocomplete": "street-address"})
    )
    street = forms.ChoiceField(label=_("街镇"), required=False)

    def __init__(self, *args: Any, streets: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [("", _("请选择")), *((name, name) for name in streets)]
        self.fields["street"].choices = named  # type: ignore[attr-defined]
        self.asks_to_insist = self._odd(self["credit_code"].value() or "")
        if not self.asks_to_insist:
            self.fields["credit_insisted"].widget = forms.HiddenInput()

    @staticmethod
    def _odd(code: str) -> bool:
        plain = credit_code.tidied(code)
        return len(plain) == 18 and not credit_code.holds(plain)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        code = data.get("credit_code", "")
        data["credit_insisted"] = bool(code) and not credit_code.holds(code) and data.get("credit_insisted", False)
        if code and not credit_code.holds(code) and not data["credit_insisted"]:
            said = _("这个代码的校验位对不上，请再对照一遍证照。确实是这样，就勾选下面一行再继续")
            self.add_error("credit_code", said)
        return data


class ContactForm(PageForm):
    """Whom to ask, and what there is to do."""

    title = _("联系人和项目")
    lead = _("电话加密存放，只给受理的人看。")
    contact = forms.CharField(label=_("联系人"), max_length=40, widget=forms.TextInput({"autocomplete": "name"}))
    phone = PhoneField(
        label=_("联系电话"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel", "data-nokeep": ""}),
    )
    email = forms.EmailField(
        label=_("邮箱"),
        required=False,
        help_text=_("填了，就能把这份申报的链接寄给您，退回补充时也会通知。"),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    occupations = ListField(
        label=_("学生能体验哪些职业"), max_length=300, help_text=_("用顿号隔开，例如：中式面点师、咖啡师。")
    )
    about = forms.CharField(
        label=_("想让学生做什么"), max_length=400, required=False, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.application.phone_sealed:
            self.fields["phone"].required = False
            self.fields["phone"].help_text = _("已经存好了一个。要换才填。")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("phone") and self.application.phone_sealed:
            data.pop("phone", None)
        return data


class VenueForm(PageForm):
    """Where pupils will be."""

    title = _("场地")
    lead = _("先写最主要的一处，别的认定以后再加。")
    venue_name = forms.CharField(label=_("场地名称"), max_length=60, help_text=_("例如：面点工坊、一楼展厅。"))
    capacity = forms.IntegerField(label=_("同时能容纳几名学生"), min_value=1, max_value=2000)
    area_m2 = forms.IntegerField(
        label=_("学生活动的面积（平方米）"),
        min_value=1,
        max_value=200_000,
        required=False,
        help_text=_("每名学生不少于 3 平方米。"),
    )
    lon = forms.FloatField(
        label=_("经度"), required=False, min_value=70, max_value=140, help_text=_("例如 121.395。不知道就空着。")
    )
    lat = forms.FloatField(label=_("纬度"), required=False, min_value=3, max_value=54)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        area, capacity = data.get("area_m2"), data.get("capacity")
        if area and capacity and area < capacity * Venue.LEAST_M2:
            said = _("%(area)s 平方米最多容纳 %(most)s 人，请核对人数或面积")
            self.add_error("capacity", said % {"area": area, "most": area // Venue.LEAST_M2})
        refuse_half_a_place(self, data)
        return data


class DeclarationForm(PageForm):
    """What a body must promise and tell before pupils can come."""

    title = _("声明")
    lead = _("会随申报一起存档。写得不实，认定可以撤销。")
    is_commercial = forms.BooleanField(
        label=_("我们是营利性单位"), required=False, help_text=_("认定以后，公开页面会写明。")
    )
    interests = forms.CharField(
        label=_("利益关系"),
        max_length=400,
        required=False,
        help_text=_("与学校、主管部门或评审人员有亲属、投资、采购等关系的，请写明。"),
        widget=forms.Textarea({"rows": 3}),
    )
    penalties = forms.CharField(
        label=_("近三年受过的行政处罚"),
        max_length=400,
        required=False,
        help_text=_("没有就空着。"),
        widget=forms.Textarea({"rows": 3}),
    )
    declared = forms.BooleanField(
        label=_("接待学生时不做广告、不推销、不收费，不私下留学生的联系方式，以上所写属实"),
        error_messages={"required": _("请读完并勾选声明，才能提交")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["declared"] = self.application.declared_at is not None


PAGES: dict[str, type[PageForm]] = {
    "body": BodyForm,
    "contact": ContactForm,
    "venue": VenueForm,
    "declaration": DeclarationForm,
}


class PaperForm(forms.Form):
    """One paper with the days it holds."""

    kind = forms.ChoiceField(label=_("哪一种材料"), choices=DOCUMENTS)
    file = forms.FileField(
        label=_("文件"),
        help_text=_("PDF，或拍一张照片，10 MB 以内。照片里的拍摄地点会自动去掉。"),
        widget=forms.ClearableFileInput({"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
        max_length=200,
    )
    number = forms.CharField(
        label=_("编号"), max_length=60, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    valid_from = forms.DateField(label=_("从哪天起有效"), widget=Day)
    valid_until = forms.DateField(
        label=_("到哪天为止"), required=False, help_text=_("当天也算。长期有效就空着。"), widget=Day
    )
    request = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(
        self, *args: Any, seen_on_paper: bool = False, today: date, venues: QuerySet[Venue] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if venues is not None:
            self.fields["venue"] = forms.ModelChoiceField(
                venues,
                label=_("哪个场地的"),
                required=False,
                empty_label=_("整个基地"),
                help_text=_("消防、食品这类证，一个场地一份的，选那个场地；它只在那里算数。"),
            )
            self.order_fields(["kind", "venue"])
        if seen_on_paper:
            self.fields["file"].required = False
            self.fields["file"].help_text = _("看过纸质原件的，可以不传文件。")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("到期日要在起始日之后"))
        elif last and last < self.today:
            self.add_error("valid_until", _("这份材料已经过期了，请交一份还有效的"))
        return data

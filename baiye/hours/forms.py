"""What people say to the ledger: notices, objections, rulings, what a file is for."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NoticeForm(forms.Form):
    """A notice of a school's new class hours."""

    title = forms.CharField(
        label=_("标题"), max_length=80, help_text=_("例如：七年级职业体验课时公示（2026 年 11 月）")
    )
    starts_on = forms.DateField(label=_("从哪天"), widget=DAY)
    ends_on = forms.DateField(label=_("到哪天（含）"), widget=DAY)

    @classmethod
    def beginning(cls, today: date, ends_on: date) -> "NoticeForm":
        """An empty form with the shortest span that is allowed."""
        return cls(initial={"starts_on": today, "ends_on": ends_on})


class ObjectionForm(forms.Form):
    """What is wrong with a line, or missing."""

    text = forms.CharField(
        label=_("哪里不对"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写清楚哪一天、哪一场。学校会核对签到记录，再告诉您结果"),
    )


class RulingForm(forms.Form):
    """The decision on an objection, with its reason."""

    upheld = forms.TypedChoiceField(
        label=_("核对下来"),
        choices=[("yes", _("异议成立")), ("no", _("记录没有错"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    ruling = forms.CharField(
        label=_("结果和理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("提出的人会看到这段话"),
    )


class ExportForm(forms.Form):
    """What a file for the city platform is for, and who gets it."""

    unit = forms.ModelChoiceField(queryset=Unit.objects.none(), label=_("哪所学校"), empty_label=None)
    purpose = forms.CharField(label=_("用途"), max_length=120, help_text=_("例如：导入市级社会实践记录平台"))
    recipient = forms.CharField(label=_("交给谁"), max_length=60, help_text=_("单位或部门"))

    def __init__(self, data: Any = None, *, units: QuerySet[Unit]) -> None:
        super().__init__(data)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.queryset = units


class RevocationForm(forms.Form):
    """Why a certificate is withdrawn."""

    because = forms.CharField(label=_("为什么撤回"), max_length=200, help_text=_("查验这张证明的人会看到"))


class CheckForm(forms.Form):
    """A certificate's number and check code, as printed."""

    number = forms.CharField(label=_("编号"), max_length=20, help_text=_("例如 BY2026-000123"))
    code = forms.CharField(label=_("校验码"), max_length=12, help_text=_("编号旁边的 8 位"))

    def clean_number(self) -> str:
        return str(self.cleaned_data["number"]).strip().upper()

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split()).upper()

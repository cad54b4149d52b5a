"""What a person may type on the pages of a placement run."""

import re
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _


class SeedForm(forms.Form):
    """A seed drawn in public; left empty, the system draws one after the input is frozen."""

    seed = forms.CharField(
        label=_("公开抽签的种子"),
        required=False,
        max_length=64,
        help_text=_("公开抽签抽到的数字或文字；留空由系统抽。"),
    )

    def clean_seed(self) -> str:
        seed: str = self.cleaned_data["seed"].strip()
        if seed and not re.fullmatch(r"[\w-]+", seed):
            raise forms.ValidationError(_("种子只能用数字、字母、汉字和短横。"))
        return seed


class StandingForm(forms.Form):
    """Filter and order of the list of placed pupils; what cannot be read is left out, so no link ever breaks."""

    STANDINGS: ClassVar = [
        ("", _("全部")),
        ("all", _("全是志愿里的")),
        ("none", _("有不在志愿里的半天")),
        ("short", _("没排满")),
    ]
    SORTS: ClassVar = {"": "school", "first": "first", "-first": "-first", "wished": "wished", "-wished": "-wished"}
    q = forms.CharField(label=_("搜索学生"), required=False, max_length=20)
    school = forms.TypedChoiceField(label=_("学校"), required=False, coerce=int, empty_value=None)
    standing = forms.ChoiceField(label=_("结果"), required=False, choices=STANDINGS)
    sort = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, schools: list[tuple[int, str]]) -> None:
        super().__init__(data or None)
        self.school_names = dict(schools)
        self.fields["school"].choices = [("", _("全部学校")), *schools]  # type: ignore[attr-defined]

    def filters(self) -> dict[str, Any]:
        """Keyword arguments of ``queries.runs.placed_pupils``."""
        got = self.cleaned_data if self.is_valid() else {}
        if self.is_bound and not got:
            got = getattr(self, "cleaned_data", {})
        return {
            "search": got.get("q") or "",
            "school": got.get("school"),
            "standing": got.get("standing") or "",
            "order": self.SORTS.get(got.get("sort") or "", "school"),
        }

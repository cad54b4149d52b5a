"""How mentors are looked for and described."""

import re
import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit
from baiye.accounts.queries import units_by_words
from baiye.catalogue.models import Occupation
from baiye.core.choosing import ChosenField
from baiye.mentors.actions.mentors import PLAIN
from baiye.mentors.forms.choosing import choose_from
from baiye.mentors.models import Mentor
from baiye.mentors.models.mentors import KINDS, LANGUAGES, SLOTS
from baiye.mentors.queries.mentors import Asked, occupations_named

STATES = [("may", _("可以带教")), ("soon", _("60 天内到期")), ("may_not", _("暂不能带教")), ("left", _("已离任"))]
MOBILE = re.compile(r"1[3-9]\d{9}")


class MentorFilter(forms.Form):
    """Filters of the roster; what it cannot read is left out."""

    q = forms.CharField(label=_("搜索姓名"), required=False, max_length=40)
    kind = forms.ChoiceField(label=_("身份"), required=False, choices=[("", _("全部身份")), *KINDS])
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("在任的")), *STATES])

    def asked(self) -> Asked:
        """What was asked, empty where it was nothing or nonsense."""
        self.is_valid()
        data = self.cleaned_data
        return Asked(data.get("q", ""), data.get("kind", ""), data.get("state", ""))


class MentorForm(forms.Form):
    """Who somebody is and when they can be asked; ``units`` on a new one only."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    unit = ChosenField(find=units_by_words, label=_("所在单位"))
    name = forms.CharField(label=_("姓名"), max_length=40)
    kinds = forms.MultipleChoiceField(label=_("身份"), choices=KINDS, widget=forms.CheckboxSelectMultiple)
    appointed_by = forms.ModelChoiceField(
        label=_("聘任单位"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("还没有"),
        help_text=_("校外辅导员要有；选了以后，由这个单位办聘任。"),
    )
    phone = forms.CharField(
        label=_("手机"), max_length=20, required=False, help_text=_("加密保存，只显示后四位；不改就空着。")
    )
    languages = forms.MultipleChoiceField(
        label=_("语言"), choices=LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    occupations = forms.CharField(
        label=_("职业"), max_length=200, required=False, help_text=_("写职业大典里的名称，几个就用顿号分开。")
    )
    trade = forms.CharField(label=_("手艺"), max_length=60, required=False, help_text=_("大典里没有的，用自己的话写。"))
    free_slots = forms.MultipleChoiceField(
        label=_("哪些半天有空"),
        choices=SLOTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    most_a_term = forms.IntegerField(label=_("一学期最多几次"), min_value=1, max_value=400, initial=20)
    about = forms.CharField(label=_("简介"), max_length=400, required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(
        self, data: Any = None, *, units: QuerySet[Unit] | None, bodies: QuerySet[Unit], of: Mentor | None = None
    ) -> None:
        super().__init__(data, initial=_initial(of) if of else None)
        if units is None:
            del self.fields["unit"], self.fields["request"]
        else:
            choose_from(self.fields["unit"], units)
        self.fields["appointed_by"].queryset = bodies  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        phone = re.sub(r"[\s-]", "", self.cleaned_data["phone"])
        if phone and not MOBILE.fullmatch(phone):
            raise forms.ValidationError(__("手机号要 11 位数字。请核对。"))
        return phone

    def clean_occupations(self) -> list[Occupation]:
        names = [name for name in re.split(r"[、，,;；\s]+", self.cleaned_data["occupations"]) if name]
        known = {found.name: found for found in occupations_named(names)}
        if missing := [name for name in names if name not in known]:
            raise forms.ValidationError(
                __("职业大典里没有：%(names)s。改成大典里的名称，或写进「手艺」。") % {"names": "、".join(missing)}
            )
        return list(known.values())

    def fields_of(self) -> dict[str, Any]:
        """The arguments of ``add_mentor`` or ``change_mentor``; an empty phone changes nothing."""
        data = dict(self.cleaned_data)
        if not data["phone"]:
            del data["phone"]
        return data


def _initial(mentor: Mentor) -> dict[str, Any]:
    known: dict[str, Any] = {name: getattr(mentor, name) for name in ("name", *PLAIN)}
    occupations = "、".join(occupation.name for occupation in mentor.occupations.all())
    return known | {"appointed_by": mentor.appointed_by_id, "occupations": occupations}


class AccountForm(forms.Form):
    """Which account is somebody's own."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        required=False,
        help_text=_("本人登录后能看到自己要带的场次。空着就是解除。"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

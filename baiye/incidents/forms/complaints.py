"""What a complaint asks, and its answer."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baiye.core.choosing import ChosenField
from baiye.core.questions import Filter
from baiye.incidents.models import Complaint
from baiye.registry.models import Host
from baiye.registry.queries.hosts import hosts_by_words, place_of
from baiye.registry.queries.register import public_hosts


class ComplaintForm(forms.Form):
    """Nobody must say who they are."""

    request = forms.UUIDField(widget=forms.HiddenInput)
    token = forms.CharField(widget=forms.HiddenInput, min_length=20, max_length=64)
    kind = forms.ChoiceField(label=_("是哪一类事"), choices=Complaint.KINDS, widget=forms.RadioSelect)
    host = ChosenField(
        find=hosts_by_words, note=place_of, label=_("哪家基地"), required=False,
        empty_label=_("不是某一家基地的事"), help_text=_("写名称里的几个字就能找。不是某一家基地的事，就空着"),
    )  # fmt: skip
    text = forms.CharField(
        label=_("是什么事"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("什么时候、在哪里、发生了什么。不用写孩子的姓名和证件号"),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("怎么联系您"), max_length=60, required=False, help_text=_("想让我们回电再填。只有办理的人看得到")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        host = self.fields["host"]
        assert isinstance(host, ChosenField)
        host.offer(public_hosts())

    @classmethod
    def fresh(cls, token: str, host: Host | None) -> "ComplaintForm":
        """An empty form that is followed by ``token``."""
        return cls(initial={"request": uuid.uuid4(), "token": token, "host": host and host.pk})


class AnswerForm(forms.Form):
    """What was found, in words the family reads."""

    upheld = forms.TypedChoiceField(
        label=_("查下来"),
        choices=[("yes", _("情况属实")), ("no", _("情况不属实，或查不实"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=_("答复"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class ComplaintFilter(Filter):
    q = forms.CharField(label=_("基地"), required=False)
    state = forms.ChoiceField(
        label=_("状态"),
        choices=[("", _("全部状态")), ("open", _("待办")), ("answered", _("已答复"))],
        required=False,
    )
    kind = forms.ChoiceField(label=_("类别"), choices=[("", _("全部类别")), *Complaint.KINDS], required=False)

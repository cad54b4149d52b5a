"""Trainings and their sessions."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit
from baiye.core import clock
from baiye.mentors.forms.choosing import choose_from
from baiye.mentors.forms.records import day, request

TIME = {"type": "time"}


class TrainingForm(forms.Form):
    """A new training."""

    request = request()
    unit = forms.ModelChoiceField(label=_("举办单位"), queryset=Unit.objects.none())
    title = forms.CharField(label=_("名称"), max_length=60, help_text=_("带上年份，比如：2026 年校外辅导员岗前培训。"))
    minutes_needed = forms.IntegerField(
        label=_("到课满多少分钟发证"), min_value=1, max_value=30000, help_text=_("一学时 45 分钟。")
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.fields["unit"], units)


class SessionForm(forms.Form):
    """One sitting of a training."""

    on = day(label=_("日期"))
    starts = forms.TimeField(label=_("几点开始"), widget=forms.TimeInput(TIME))
    ends = forms.TimeField(label=_("几点结束"), widget=forms.TimeInput(TIME))
    topic = forms.CharField(label=_("内容"), max_length=60, required=False)
    place = forms.CharField(label=_("地点"), max_length=60, required=False)

    def session(self) -> dict[str, Any]:
        """The arguments of ``add_session``."""
        data = dict(self.cleaned_data)
        on, starts, ends = data.pop("on"), data.pop("starts"), data.pop("ends")
        return data | {
            "starts_at": datetime.combine(on, starts, tzinfo=clock.SHANGHAI),
            "ends_at": datetime.combine(on, ends, tzinfo=clock.SHANGHAI),
        }

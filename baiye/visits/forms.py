"""How visits are looked for, made and cancelled."""

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baiye.catalogue.models import CourseVersion
from baiye.catalogue.queries.courses import versions_by_words
from baiye.core import clock
from baiye.core.choosing import ChooseInput, ChosenField
from baiye.mentors.models import Mentor
from baiye.mentors.queries.mentors import mentors_by_words
from baiye.registry.models import Host, Venue
from baiye.registry.queries.hosts import hosts_by_words, venues_by_words
from baiye.visits.models import Assignment
from baiye.visits.queries import Asked

STATES = [("coming", _("将要进行")), ("past", _("已经结束")), ("cancelled", _("已取消"))]


class VisitFilter(forms.Form):
    """Filters of the list; what it cannot read is left out."""

    q = forms.CharField(label=_("搜索项目或基地"), required=False, max_length=40)
    host = ChosenField(find=hosts_by_words, label=_("基地"), required=False, empty_label=_("全部基地"))
    on = forms.DateField(label=_("日期"), required=False, widget=forms.DateInput({"type": "date"}))
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部状态")), *STATES])

    def __init__(self, *args: object, hosts: QuerySet[Host], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        host = self.fields["host"]
        assert isinstance(host, ChosenField)
        host.offer(hosts)
        if isinstance(host.widget, ChooseInput):  # the words find a host, too
            host.widget = forms.HiddenInput()

    def asked(self) -> Asked:
        """What was asked, empty where it was nothing or nonsense."""
        self.is_valid()
        data = self.cleaned_data
        return Asked(data.get("q", ""), data.get("host"), data.get("on"), data.get("state", ""))


class VisitForm(forms.Form):
    """One dated sitting."""

    version = ChosenField(find=versions_by_words, label=_("项目"))
    venue = ChosenField(find=venues_by_words, note=lambda venue: venue.address, label=_("场地"))
    on = forms.DateField(label=_("日期"), widget=forms.DateInput({"type": "date"}))
    starts = forms.TimeField(label=_("几点开始"), widget=forms.TimeInput({"type": "time"}))
    ends = forms.TimeField(label=_("几点结束"), widget=forms.TimeInput({"type": "time"}))
    seats = forms.IntegerField(label=_("名额"), min_value=1, max_value=60)
    minimum = forms.IntegerField(
        label=_("少于几人不开"), min_value=0, max_value=60, required=False, help_text=_("没有这条规矩就空着。")
    )
    guide = forms.CharField(label=_("带教老师"), max_length=40, required=False, help_text=_("家长会看到，写称呼就行。"))

    def __init__(
        self, *args: object, versions: QuerySet[CourseVersion], venues: QuerySet[Venue], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        version, venue = self.fields["version"], self.fields["venue"]
        version.label_from_instance = lambda v: f"{v.course.host.unit}：{v.title}"  # type: ignore[attr-defined]
        venue.label_from_instance = lambda v: f"{v.host.unit}：{v.name}（{v.capacity}）"  # type: ignore[attr-defined]
        version.offer(versions)  # type: ignore[attr-defined]
        venue.offer(venues)  # type: ignore[attr-defined]

    def plan(self) -> dict[str, object]:
        """The arguments of ``make_visit``."""
        data = dict(self.cleaned_data)
        on, starts, ends = data.pop("on"), data.pop("starts"), data.pop("ends")
        span = {
            "starts_at": datetime.combine(on, starts, tzinfo=clock.SHANGHAI),
            "ends_at": datetime.combine(on, ends, tzinfo=clock.SHANGHAI),
        }
        return data | span | {"minimum": data["minimum"] or 0}


class AssignmentForm(forms.Form):
    """Who is with the pupils, and as what; only who may and is free can be chosen."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    mentor = ChosenField(
        find=mentors_by_words,
        label=_("哪一位"),
        help_text=_("只列出那天可以带教、那个时段有空的人。"),
    )
    role = forms.ChoiceField(label=_("做什么"), choices=Assignment.ROLES)

    def __init__(self, data: Any = None, *, mentors: QuerySet[Mentor]) -> None:
        super().__init__(data)
        mentor = self.fields["mentor"]
        mentor.label_from_instance = lambda m: f"{m.name}（{'、'.join(m.kind_names)}，{m.unit}）"  # type: ignore[attr-defined]
        mentor.offer(mentors)  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    """Why a visit is cancelled."""

    because = forms.CharField(
        label=_("为什么取消"),
        max_length=200,
        help_text=_("学生和家长会看到这句话。"),
        widget=forms.Textarea({"rows": 3}),
    )

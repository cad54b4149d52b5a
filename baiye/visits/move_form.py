"""How a visit is put at another time or place."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baiye.core import clock
from baiye.registry.models import Venue
from baiye.visits.models import Visit


class MoveForm(forms.Form):
    """When and where a visit is to be instead, and why."""

    venue = forms.ModelChoiceField(label=_("场地"), queryset=Venue.objects.none())
    on = forms.DateField(label=_("日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    starts = forms.TimeField(label=_("几点开始"), widget=forms.TimeInput({"type": "time"}))
    ends = forms.TimeField(label=_("几点结束"), widget=forms.TimeInput({"type": "time"}))
    because = forms.CharField(
        label=_("为什么改"),
        max_length=200,
        help_text=_("学生和家长会看到这句话。"),
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: Any = None, *, visit: Visit, venues: QuerySet[Venue]) -> None:
        begins, ends = clock.local(visit.starts_at), clock.local(visit.ends_at)
        initial = {"venue": visit.venue_id, "on": begins.date(), "starts": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"}
        super().__init__(data, initial=initial)
        venue = self.fields["venue"]
        venue.queryset = venues  # type: ignore[attr-defined]
        venue.label_from_instance = lambda v: f"{v.name}（{v.capacity}）"  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """The arguments of ``move_visit``."""
        data = dict(self.cleaned_data)
        on, starts, ends = data.pop("on"), data.pop("starts"), data.pop("ends")
        return data | {
            "starts_at": datetime.combine(on, starts, tzinfo=clock.SHANGHAI),
            "ends_at": datetime.combine(on, ends, tzinfo=clock.SHANGHAI),
        }

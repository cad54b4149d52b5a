"""How stations are looked for, and what one says of a station."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from baiye.core.questions import Filter
from baiye.outreach.actions.stations import FIELDS
from baiye.outreach.models import Station
from baiye.registry.models import Venue

TELEPHONE = RegexValidator(r"^[0-9+()（） 转\-]{5,30}\Z", _("电话只写数字、空格、短横和「转」，例如 021-12345678 转 2"))


class StationFilter(Filter):
    """Stations by words and street."""

    q = forms.CharField(label=_("搜索就业服务站"), required=False, max_length=40)
    street = forms.ChoiceField(label=_("街镇"), required=False)

    def __init__(self, *args: object, streets: Sequence[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["street"].choices = [("", _("全部街镇")), *((name, name) for name in streets)]  # type: ignore[attr-defined]


class StationForm(forms.Form):
    """What is served, whom to ring, what is to be known; and the opening hours of each venue."""

    services = forms.MultipleChoiceField(
        label=_("办理哪些服务"), choices=Station.SERVICES, widget=forms.CheckboxSelectMultiple
    )
    telephone = forms.CharField(
        label=_("公开电话"),
        max_length=30,
        required=False,
        validators=[TELEPHONE],
        widget=forms.TextInput({"inputmode": "tel"}),
        help_text=_("服务台的电话，会公开；不要写个人手机。"),
    )
    for_pupils = forms.CharField(
        label=_("学生来能做什么"), max_length=400, required=False, widget=forms.Textarea({"rows": 3})
    )
    notice = forms.CharField(
        label=_("临时通知"),
        max_length=200,
        required=False,
        help_text=_("例如：装修期间到隔壁二楼办理。"),
        widget=forms.Textarea({"rows": 2}),
    )
    notice_until = forms.DateField(
        label=_("通知到哪天为止"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any = None, *, station: Station | None, venues: Sequence[Venue]) -> None:
        initial = {name: getattr(station, name) for name in FIELDS} if station else {}
        super().__init__(data, initial=initial)
        self._venues = venues
        for venue in venues:
            self.fields[f"opening_{venue.pk}"] = forms.CharField(
                label=_("开放时间：%(venue)s") % {"venue": venue.name},
                max_length=120,
                required=False,
                initial=venue.opening,
                help_text=_("例如：周一至周五 9:00–17:00，午间不休息。"),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("notice")) != bool(data.get("notice_until")):
            self.add_error("notice_until", _("通知要写到哪天为止；没有通知，日期就空着。"))
        return data

    def openings(self) -> dict[int, str]:
        """Venue's key → its opening hours."""
        return {venue.pk: self.cleaned_data[f"opening_{venue.pk}"] for venue in self._venues}

    def said(self) -> dict[str, Any]:
        """The fields of the station."""
        return {name: self.cleaned_data[name] for name in FIELDS}

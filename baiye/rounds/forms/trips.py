"""One cell of the trips' grid: where a class goes that day, by which bus, with whom."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.registry.models import Host
from baiye.rounds.models import Trip
from baiye.rounds.queries.trips import HostDayFill


class TripForm(forms.Form):
    """Hosts come with the seats they have left that day; a reason is asked for once wishes have opened."""

    host = forms.TypedChoiceField(label=gettext_lazy("去哪家基地"), coerce=int)
    leaves_at = forms.TimeField(
        label=gettext_lazy("出发时间"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    bus = forms.CharField(label=gettext_lazy("车辆"), required=False, max_length=40)
    escorts = forms.CharField(label=gettext_lazy("带队老师"), required=False, max_length=120)
    is_locked = forms.BooleanField(
        label=gettext_lazy("锁定这一天"), help_text=gettext_lazy("自动排期不会动它。"), required=False
    )
    forced_because = forms.CharField(
        label=gettext_lazy("为什么要改"),
        help_text=gettext_lazy("志愿已经开放，家长会收到消息，原因会留痕。"),
        required=False,
        max_length=200,
    )

    def __init__(
        self,
        *args: Any,
        hosts: Sequence[tuple[Host, HostDayFill | None]],
        trip: Trip | None,
        opened: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hosts = {host.pk: host for host, _fill in hosts}
        self.fields["host"].choices = [(host.pk, _label(host, fill)) for host, fill in hosts]  # type: ignore[attr-defined]
        self.fields["is_locked"].initial = True
        if trip is not None:
            for name in ("bus", "escorts", "leaves_at", "is_locked"):
                self.fields[name].initial = getattr(trip, name)
            self.fields["host"].initial = trip.host_id
        if not opened:
            del self.fields["forced_because"]

    def given(self) -> dict[str, Any]:
        """Keyword arguments of ``actions.set_trip``."""
        return self.cleaned_data | {"host": self.hosts[self.cleaned_data["host"]]}


def _label(host: Host, fill: HostDayFill | None) -> str:
    left = fill.seats - fill.pupils if fill else 0
    return _("{host}（还有 {n} 个名额）").format(host=host, n=max(left, 0))


class GridFilter(forms.Form):
    """Which classes the grid shows."""

    q = forms.CharField(label=gettext_lazy("搜索学校"), required=False, max_length=40)
    lacking = forms.BooleanField(label=gettext_lazy("只看没排满的"), required=False)


class ReasonForm(forms.Form):
    """Why a trip is taken back after wishes have opened."""

    forced_because = forms.CharField(label=gettext_lazy("为什么要改"), required=False, max_length=200)

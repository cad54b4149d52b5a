"""What a person says at the door and about it; each form also works without script."""

import uuid
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baiye.attendance.actions import Marking
from baiye.attendance.models import Mark
from baiye.core import clock
from baiye.visits.models import Visit


class MarkForm(forms.Form):
    """One mark by name, by typed code or by what a camera wrote into the code's field."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=Mark.KINDS, widget=forms.HiddenInput)
    seat = forms.IntegerField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(required=False, max_length=60, label=_("签到码"), help_text=_("扫不出时，让同学报 6 位码"))

    def marking(self, at: datetime) -> Marking:
        """What was said, as a device would send it."""
        said = self.cleaned_data
        code = said["code"].strip()
        named: dict[str, Any] = {"seat": said["seat"], "source": "roll"}
        if code:
            named = {"token": code, "source": "qr"} if ":" in code else {"code": code, "source": "code"}
        return Marking(id=said["id"], kind=said["kind"], at=at, **named)


class LateMarkForm(forms.Form):
    """A mark entered later by hand: when it was, and why it was not made then."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(choices=Mark.KINDS, label=_("补记什么"), widget=forms.RadioSelect)
    at = forms.TimeField(label=_("几点"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    note = forms.CharField(
        label=_("为什么补记"), max_length=100, help_text=_("学校确认时会看到，例如：手机没电，按纸质名单补")
    )

    def marking(self, visit: Visit, seat_id: int) -> Marking:
        """The mark on the visit's day at that time."""
        said = self.cleaned_data
        day = clock.day_of(visit.starts_at)
        at = datetime.combine(day, said["at"], tzinfo=clock.SHANGHAI)
        return Marking(id=said["id"], kind=said["kind"], at=at, source="roll", seat=seat_id, note=said["note"])


class RollCallForm(forms.Form):
    """Everyone without a mark, at one go; asked back first."""

    batch = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(choices=Mark.KINDS, widget=forms.HiddenInput)


class ConfirmForm(forms.Form):
    """How many were there; a note when that is not what the marks say."""

    present = forms.IntegerField(label=_("到场人数"), min_value=0, max_value=2000)
    note = forms.CharField(
        label=_("备注"), max_length=200, required=False, help_text=_("人数和签到不一样时，写一句为什么")
    )


def default_time(visit: Visit, kind: str) -> time:
    """The time a late mark is most likely for: the visit's begin or end."""
    return clock.local(visit.starts_at if kind == "in" else visit.ends_at).time()

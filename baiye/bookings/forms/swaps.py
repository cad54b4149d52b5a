"""What is given up for another opening."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baiye.bookings.standing import Standing
from baiye.core.templatetags.text import han_date


class SwapForm(forms.Form):
    """One of the child's own bookings, chosen to be given up once the other is got."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    drop = forms.TypedChoiceField(
        label=_("换到以后放掉"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("选一场：换到以后放掉哪一场"),
            "invalid_choice": _("那一场刚才变了，看看现在的再选"),
        },
    )

    def __init__(self, data: Any = None, *, standings: Sequence[Standing]) -> None:
        super().__init__(data)
        self.fields["drop"].choices = [(one.booking.pk, _line(one)) for one in standings]  # type: ignore[attr-defined]


def _line(one: Standing) -> str:
    return f"{one.title} · {han_date(one.visit.starts_at)} · {one.word}"

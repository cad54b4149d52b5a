"""Which pupils of a class go together."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from baiye.bookings.actions.rehearsals import Candidate


class GroupForm(forms.Form):
    """The ticked pupils; only who can go may be ticked."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    pick = forms.TypedMultipleChoiceField(
        label=_("哪些同学"),
        coerce=int,
        error_messages={
            "required": _("先勾选要去的同学"),
            "invalid_choice": _("勾选的同学里有人现在不能去了，看看名单里写的原因"),
        },
    )

    def __init__(self, data: Any = None, *, candidates: Sequence[Candidate]) -> None:
        super().__init__(data)
        self.fields["pick"].choices = [(one.pupil.pk, one.pupil.name) for one in candidates if not one.why]  # type: ignore[attr-defined]

    def ticked(self) -> set[int]:
        """The keys that were ticked, good or not, so that a refused page keeps them."""
        picked = self.data.getlist("pick") if isinstance(self.data, QueryDict) else []
        return {int(one) for one in picked if one.isdecimal()}

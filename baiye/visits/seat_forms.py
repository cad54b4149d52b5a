"""What is asked when one seat is given, moved or given up by hand."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from baiye.core.choosing import ChosenField
from baiye.core.templatetags.text import han_date
from baiye.schools.models import Pupil
from baiye.visits.models import Visit
from baiye.visits.seat_queries import pupils_by_words, visits_by_words


def sitting(visit: Visit) -> str:
    """When, what and where, in one line."""
    return f"{han_date(visit.starts_at, 'full')} {visit.version.title} · {visit.venue.host.unit}"


def left_on(visit: Visit) -> str:
    """How many seats are left."""
    return __("还剩 %(n)d 个名额") % {"n": visit.seats_left}


def _request() -> forms.UUIDField:
    return forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


def _because() -> forms.CharField:
    return forms.CharField(
        label=_("为什么"), max_length=200, help_text=_("学生和家长会看到这句话。"), widget=forms.Textarea({"rows": 2})
    )


class AssignForm(forms.Form):
    """Who gets a seat."""

    request = _request()
    pupil = ChosenField(
        find=pupils_by_words,
        note=lambda pupil: f"{pupil.school_class.school.unit} {pupil.school_class}",
        label=_("哪位学生"),
        help_text=_("写姓名里的字、拼音或首字母。"),
    )

    def __init__(self, data: Any = None, *, pupils: QuerySet[Pupil]) -> None:
        super().__init__(data)
        pupil = self.fields["pupil"]
        assert isinstance(pupil, ChosenField)
        pupil.offer(pupils, few=0)  # a list of names is shown to nobody who did not ask for one


class MoveSeatForm(forms.Form):
    """To which other sitting, and why."""

    request = _request()
    to = ChosenField(find=visits_by_words, note=left_on, label=_("换到哪一场"), empty_label=_("请选择"))
    because = _because()

    def __init__(self, data: Any = None, *, visits: QuerySet[Visit]) -> None:
        super().__init__(data)
        to = self.fields["to"]
        assert isinstance(to, ChosenField)
        to.label_from_instance = sitting  # type: ignore[method-assign,assignment]
        to.offer(visits)


class GivingUpForm(forms.Form):
    """Why a seat is given up."""

    because = _because()

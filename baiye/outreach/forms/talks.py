"""The questions about one talk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baiye.core import clock
from baiye.outreach.models import Talk, TalkFeedback


class BecauseForm(forms.Form):
    """Why not; the other side reads it."""

    because = forms.CharField(label=_("原因"), max_length=200, help_text=_("另一方会看到。"))


class ConfirmForm(forms.Form):
    """Hall, hour, and who of the school is there."""

    hall = forms.CharField(label=_("礼堂"), max_length=60)
    staff = forms.CharField(label=_("学校谁在场"), max_length=60, help_text=_("整场和学生在一起的老师。"))
    begins = forms.TimeField(label=_("几点开始"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=_("多少分钟"), min_value=20, max_value=180)

    def __init__(self, data: Any = None, *, talk: Talk, auto_id: str = "id_confirm_%s") -> None:
        minutes = int((talk.ends_at - talk.starts_at).total_seconds()) // 60
        known = {"hall": talk.hall, "staff": talk.staff, "begins": clock.local(talk.starts_at), "minutes": minutes}
        super().__init__(data, initial=known, auto_id=auto_id)


class RehearsalForm(forms.Form):
    """How the rehearsal went."""

    note = forms.CharField(label=_("试讲记录"), max_length=400, required=False, widget=forms.Textarea({"rows": 2}))


class HeldForm(forms.Form):
    """How many pupils heard it."""

    heard = forms.IntegerField(label=_("到场听讲的学生"), min_value=1, max_value=3000)


class FeedbackForm(forms.Form):
    """How it was, for one side."""

    side = forms.ChoiceField(choices=TalkFeedback.SIDES, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(label=_("怎么样"), choices=TalkFeedback.VERDICTS, widget=forms.RadioSelect)
    again = forms.BooleanField(label=_("愿意再来一次"), required=False)
    text = forms.CharField(label=_("想说的话"), max_length=400, required=False, widget=forms.Textarea({"rows": 3}))

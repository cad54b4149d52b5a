"""Planning an inspection, deciding, measures, appeals: what is asked for each."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import User
from baiye.registry.models import Decision, PenaltyCheck, Score

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
GROUNDS = [  # what a hearing is about
    ("advertising", _("借认定做商业宣传或招生广告")),
    ("safety", _("安全问题没有改好，或出了安全事故")),
    ("untrue", _("申报材料不属实")),
    ("other", _("其他")),
]

MEASURES = [  # those of one signature
    ("review", _("记年度复核")),
    ("warning", _("提醒改正")),
    ("suspension", _("暂停接待")),
    ("resumption", _("恢复接待")),
    ("hearing", _("告知听证")),
]


def _request() -> forms.UUIDField:
    return forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class Plan(NamedTuple):
    """An inspection as it was asked for."""

    request: uuid.UUID
    planned_on: date
    inspector: User


class PlanForm(forms.Form):
    """When somebody inspects, and who."""

    request = _request()
    planned_on = forms.DateField(label=_("哪一天"), widget=DAY)
    inspector = forms.TypedChoiceField(label=_("核查人"), coerce=int)

    def __init__(self, *args: object, people: Iterable[User], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.people = {person.pk: person for person in people}
        self.fields["inspector"].choices = [(pk, person.name) for pk, person in self.people.items()]  # type: ignore[attr-defined]

    def plan(self) -> Plan:
        """What the valid form says, for an action."""
        data = self.cleaned_data
        return Plan(data["request"], data["planned_on"], self.people[data["inspector"]])


class FindingForm(forms.Form):
    """One indicator, from a form that works without a script."""

    edit = forms.UUIDField(required=False)
    base = forms.IntegerField(required=False, min_value=0)
    verdict = forms.ChoiceField(choices=Score.VERDICTS)
    points = forms.IntegerField(required=False, min_value=0, max_value=100)
    note = forms.CharField(required=False, max_length=400)


class PhotoForm(forms.Form):
    """One photo; who hands it in has looked for faces."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    indicator = forms.IntegerField(required=False)
    no_faces = forms.BooleanField(required=False)
    photo = forms.FileField()


class DecisionForm(forms.Form):
    """What the panel makes of an inspection."""

    outcome = forms.ChoiceField(label=_("认定结论"), choices=Decision.OUTCOMES, widget=forms.RadioSelect)
    opinion = forms.CharField(label=_("给基地的意见"), max_length=400, widget=forms.Textarea({"rows": 3}))
    conditions = forms.CharField(
        label=_("条件"),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("限期整改：写要改什么。通过：有附带条件才写，公众在名录里看得到。"),
    )
    due_on = forms.DateField(label=_("哪天复核"), required=False, widget=DAY, help_text=_("限期整改才填。"))


class PenaltyForm(forms.Form):
    """What an officer found in a public register about the last three years."""

    request = _request()
    place = forms.ChoiceField(label=_("在哪里查的"), choices=PenaltyCheck.PLACES, widget=forms.RadioSelect)
    clean_record = forms.ChoiceField(
        label=_("近三年的行政处罚"),
        choices=[("yes", _("没有查到")), ("no", _("查到了"))],
        widget=forms.RadioSelect,
    )
    found = forms.CharField(
        label=_("查到了什么"), max_length=400, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("查到了才填：哪一天、什么处罚、因为什么。评审人会看到。"),
    )  # fmt: skip

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if data.get("clean_record") == "no" and not data.get("found"):
            self.add_error("found", _("请写下查到了什么。"))
        if data.get("clean_record") == "yes" and data.get("found"):
            self.add_error("clean_record", _("下面写了查到的内容。请选「查到了」，或把内容删掉。"))
        return data

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: self.cleaned_data[name] for name in ("request", "place", "found")}


class SignForm(forms.Form):
    """A signature of the panel, or why not."""

    agrees = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda said: said == "1")
    note = forms.CharField(label=_("不同意的理由"), max_length=200, required=False, widget=forms.Textarea({"rows": 2}))


class MeasureForm(forms.Form):
    """A measure of one signature; of a hearing also its day and what it is about."""

    request = _request()
    kind = forms.ChoiceField(label=_("做什么"), choices=MEASURES, widget=forms.RadioSelect)
    ground = forms.ChoiceField(
        label=_("听证事由"), choices=[("", _("请选")), *GROUNDS], required=False, help_text=_("告知听证才选。")
    )
    on = forms.DateField(label=_("听证日"), required=False, widget=DAY, help_text=_("告知听证才填，要在今天以后。"))
    because = forms.CharField(
        label=_("理由"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("基地会看到，也可以申诉。"),
    )

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if data.get("kind") == "hearing" and not data.get("ground"):
            self.add_error("ground", _("请选听证事由。"))
        return data

    def because_said(self) -> str:
        """The reason, with what a hearing is about before it."""
        data = self.cleaned_data
        ground = dict(GROUNDS).get(data.get("ground", "")) if data["kind"] == "hearing" else None
        return f"{ground}：{data['because']}" if ground else str(data["because"])

    def day(self) -> date | None:
        """The day of a hearing."""
        return self.cleaned_data.get("on")


class RevocationForm(forms.Form):
    """Why an accreditation is to be revoked."""

    because = forms.CharField(label=_("撤销的理由"), max_length=400, widget=forms.Textarea({"rows": 3}))


class AppealForm(forms.Form):
    """What one does not agree with."""

    request = _request()
    text = forms.CharField(label=_("哪里不同意，为什么"), max_length=1000, widget=forms.Textarea({"rows": 6}))
    file = forms.FileField(label=_("证明材料"), required=False, help_text=_("PDF 或照片，最大 10 MB。"))


class AnswerForm(forms.Form):
    """How an appeal is answered."""

    upheld = forms.TypedChoiceField(
        label=_("答复"),
        choices=[("1", _("申诉成立")), ("0", _("申诉不成立"))],
        coerce=lambda said: said == "1",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=_("理由"), max_length=1000, widget=forms.Textarea({"rows": 5}))

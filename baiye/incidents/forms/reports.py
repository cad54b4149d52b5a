"""What is asked on the phone when something happened, and of those who handle it."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit, User
from baiye.core import clock
from baiye.core.questions import moment
from baiye.core.templatetags.text import mask_name
from baiye.incidents.models import Incident
from baiye.schools.models import Pupil
from baiye.visits.models import Visit


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Any number of files; the action says which are too many."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(PhotosField, self).clean(one, initial) for one in given]


class ReportForm(forms.Form):
    """One report. Which visit is asked first, since it says where and who."""

    request = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("什么事"), choices=Incident.KINDS, widget=forms.RadioSelect)
    visit = forms.ModelChoiceField(
        label=_("哪一场"), queryset=Visit.objects.none(), required=False, empty_label=_("不在某一场里"), blank=True
    )
    unit = forms.ModelChoiceField(label=_("在哪个单位"), queryset=Unit.objects.none(), required=False)
    happened_at = moment(_("什么时候"))
    place = forms.CharField(label=_("具体地点"), max_length=80, required=False, help_text=_("例如：二楼面点工坊门口"))
    what = forms.CharField(
        label=_("发生了什么"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写看到的和听到的，不猜原因。不写身份证号和家庭住址"),
    )  # fmt: skip
    done = forms.CharField(
        label=_("当时做了什么"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    told = forms.MultipleChoiceField(
        label=_("已经告知"), choices=Incident.TOLD, widget=forms.CheckboxSelectMultiple, required=False
    )
    pupils = forms.ModelMultipleChoiceField(
        label=_("涉及的学生"), queryset=Pupil.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    photos = PhotosField(label=_("照片"), required=False, help_text=_("最多 6 张，不要拍到脸。位置和时间会自动去掉"))

    def __init__(
        self,
        *args: Any,
        visits: QuerySet[Visit],
        units: QuerySet[Unit],
        pupils: QuerySet[Pupil],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("visit", visits), ("unit", units), ("pupils", pupils)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        visit = self.fields["visit"]
        assert isinstance(visit, forms.ModelChoiceField)
        visit.label_from_instance = _visit_label  # type: ignore[method-assign,assignment]
        shown = self.fields["pupils"]
        assert isinstance(shown, forms.ModelChoiceField)
        shown.label_from_instance = _pupil_label  # type: ignore[method-assign,assignment]
        if len(units) == 1:
            self.fields["unit"].initial = units[0].pk

    @classmethod
    def fresh(cls, visit: Visit | None, **rows: Any) -> "ReportForm":
        """An empty form for now, about ``visit`` where one is known."""
        now = clock.local(clock.now()).replace(second=0, microsecond=0)
        return cls(initial={"request": uuid.uuid4(), "visit": visit and visit.pk, "happened_at": now}, **rows)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("visit") and not cleaned.get("unit") and "unit" not in self.errors:
            self.add_error("unit", _("请选是哪一场，或者在哪个单位。"))
        return cleaned


def _visit_label(visit: Visit) -> str:
    at = clock.local(visit.starts_at)
    return f"{at:%m-%d %H:%M} {visit.version.title} · {visit.venue.host.unit}"


def _pupil_label(pupil: Pupil) -> str:
    """Enough to be told apart by who was there; the full name is for those who handle it."""
    return f"{mask_name(pupil.name)}（{pupil.school_class.school.unit}）"


class WeighForm(forms.Form):
    """How heavy, who, by when."""

    severity = forms.ChoiceField(label=_("轻重"), choices=Incident.SEVERITIES, widget=forms.RadioSelect)
    owner = forms.ModelChoiceField(label=_("谁来办"), queryset=User.objects.none(), empty_label=None)
    due_on = forms.DateField(label=_("办结期限"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    text = forms.CharField(
        label=_("交代几句"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), required=False
    )

    def __init__(self, *args: Any, handlers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = handlers
        owner.label_from_instance = lambda person: person.name  # type: ignore[method-assign,assignment]


class TextForm(forms.Form):
    """A follow-up, a finding, a reason."""

    text = forms.CharField(label=_("写下来"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class SuspendForm(forms.Form):
    """Why the host is suspended, in words the host reads."""

    because = forms.CharField(
        label=_("给基地的理由"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("基地会看到，不写学生的情况"),
    )  # fmt: skip


class ToldForm(forms.Form):
    """Whom one told since."""

    whom = forms.ChoiceField(label=_("已经告知"), choices=Incident.TOLD)


class IncidentFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("状态"),
        choices=[("", _("全部状态")), ("open", _("办理中")), ("unweighed", _("待定级")), ("closed", _("已结案"))],
        required=False,
    )
    kind = forms.ChoiceField(label=_("类别"), choices=[("", _("全部类别")), *Incident.KINDS], required=False)
    severity = forms.ChoiceField(label=_("轻重"), choices=[("", _("全部轻重")), *Incident.SEVERITIES], required=False)
    mine = forms.BooleanField(label=_("只看我办的"), required=False)

    def asked(self) -> dict[str, Any]:
        """What was asked for; what makes no sense counts as not asked."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or initial for name, initial in NOTHING.items()}


NOTHING: dict[str, Any] = {"state": "", "kind": "", "severity": "", "mine": False}

"""What the desk of applications is asked, and how an application begins."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baiye.registry.forms.applications import Day
from baiye.registry.models import Application, Standard
from baiye.registry.queries.applications import Asked


class BeginForm(forms.Form):
    """By which standard."""

    standard = forms.ModelChoiceField(
        label=_("按哪一份标准申报"), queryset=Standard.objects.none(), empty_label=None, widget=forms.RadioSelect
    )
    request = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, standards: QuerySet[Standard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["standard"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = standards
        field.label_from_instance = lambda one: f"{one} · {one.keeper}"  # type: ignore[method-assign,assignment]


class ReasonForm(forms.Form):
    """Why; may stay empty."""

    because = forms.CharField(label=_("为什么"), max_length=400, required=False, widget=forms.Textarea({"rows": 3}))


class ReturnForm(forms.Form):
    """What is to be completed, until when."""

    because = forms.CharField(
        label=_("要补充什么"), max_length=400, help_text=_("申报单位会看到这句话。"), widget=forms.Textarea({"rows": 3})
    )
    due_on = forms.DateField(label=_("最晚哪天补好"), widget=Day)


class VerdictForm(forms.Form):
    """A paper is in order, or why not."""

    verdict = forms.ChoiceField(choices=[("accept", ""), ("refuse", "")])
    because = forms.CharField(label=_("哪里不行"), max_length=200, required=False)


class ApplicationFilter(forms.Form):
    """Which applications to show; what it cannot read is left out."""

    q = forms.CharField(label=_("单位、代码或地址"), required=False, max_length=40)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *Application.STATES])
    mine = forms.BooleanField(label=_("只看我受理的"), required=False)
    sort = forms.CharField(required=False, max_length=10)

    def asked(self) -> Asked:
        """What was asked, empty where it was nothing or nonsense."""
        self.is_valid()
        return Asked(**{name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data})


class MergeForm(forms.Form):
    """The second step of a merge: the name of the host that goes."""

    typed = forms.CharField(
        label=_("照着写一遍要并入的基地名称"), max_length=120, widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        self.fields["typed"].help_text = _("「%(name)s」会并入另一家，不能一键撤回，所以请再确认一次。") % {
            "name": name
        }

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"]).strip()
        if typed != self.name:
            raise forms.ValidationError(_("和要并入的基地名称不一样，请再对照一遍"))
        return typed


class NameFilter(forms.Form):
    """Words of a name."""

    q = forms.CharField(label=_("基地名称里的字"), required=False, max_length=40)

    def asked(self) -> str:
        """What was asked, empty where it was nothing or nonsense."""
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))

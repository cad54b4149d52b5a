"""How a series is drawn up, and how reported events are asked."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit
from baiye.catalogue.actions.series import SeriesContent
from baiye.catalogue.models import RIASEC, Series


class SeriesForm(forms.Form):
    """What a series says of itself."""

    title = forms.CharField(label=_("系列名称"), max_length=60)
    glyph = forms.CharField(label=_("字头"), max_length=1, help_text=_("一个最能代表它的汉字，印在砖上。"))
    riasec = forms.ChoiceField(label=_("颜色"), choices=RIASEC, help_text=_("用哪个兴趣类型的颜色。"))
    about = forms.CharField(label=_("介绍"), max_length=400, required=False, widget=forms.Textarea({"rows": 3}))

    def content(self) -> SeriesContent:
        """What the valid form says."""
        names = ("title", "glyph", "riasec", "about")
        return SeriesContent(**{name: self.cleaned_data[name] for name in names})

    @staticmethod
    def initial_of(series: Series) -> dict[str, str]:
        """What the form shows first of a series."""
        return {name: getattr(series, name) for name in ("title", "glyph", "riasec", "about")}


class NewSeriesForm(SeriesForm):
    """A first word on a series, and of which district it is."""

    unit = forms.ModelChoiceField(label=_("哪个区"), queryset=Unit.objects.none())

    def __init__(self, *args: object, units: QuerySet[Unit], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        if len(units) == 1:
            self.fields["unit"].widget = forms.HiddenInput()
            self.initial["unit"] = units[0].pk


class EventsForm(forms.Form):
    """Search and filter of reported events; what it cannot read is left out."""

    q = forms.CharField(label=_("搜索活动"), required=False, max_length=40)
    kind = forms.ChoiceField(label=_("种类"), required=False)

    def __init__(self, *args: object, kinds: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["kind"].choices = [("", _("全部种类")), *((kind, kind) for kind in kinds)]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, str]:
        """What was asked, empty where it was nothing or nonsense."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("q", "kind")}

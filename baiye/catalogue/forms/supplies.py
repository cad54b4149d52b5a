"""What a course needs, what a venue has, papers of a step."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from baiye.catalogue.actions.supplies import Needed
from baiye.catalogue.models import STEPS, Material, Supply

EMPTY_LINES = 4


class SupplyForm(forms.Form):
    """One thing; a line without a name is left out."""

    name = forms.CharField(label=_("名称"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("种类"), choices=Supply.KINDS)
    quantity = forms.IntegerField(label=_("数量"), min_value=1, max_value=9999, initial=1, required=False)
    share = forms.ChoiceField(label=_("按"), choices=Supply.SHARES)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("name") and data.get("quantity") is None and "quantity" not in self.errors:
            self.add_error("quantity", _("请写数量。"))
        return data


SupplyFormSet = forms.formset_factory(SupplyForm, extra=EMPTY_LINES, max_num=60)


def needed_of(formset: Any) -> list[Needed]:
    """What a valid set says is needed."""
    return [Needed(**form.cleaned_data) for form in formset.forms if form.cleaned_data.get("name")]


class StockForm(forms.Form):
    """One thing a venue has; a line without a name or a count is left out."""

    name = forms.CharField(label=_("名称"), max_length=40, required=False)
    count = forms.IntegerField(label=_("有多少"), min_value=0, max_value=99999, required=False)


StockFormSet = forms.formset_factory(StockForm, extra=EMPTY_LINES, max_num=200)


def counts_of(formset: Any) -> list[tuple[str, int]]:
    """What a valid set says a venue has."""
    lines = [form.cleaned_data for form in formset.forms]
    return [(line["name"], line["count"]) for line in lines if line.get("name") and line.get("count") is not None]


class MaterialForm(forms.Form):
    """A paper for a step."""

    step = forms.ChoiceField(label=_("哪一步"), choices=STEPS)
    reader = forms.ChoiceField(label=_("给谁"), choices=Material.READERS)
    file = forms.FileField(label=_("文件"), help_text=_("PDF 或照片，不超过 10 MB。照片里的位置信息会去掉。"))
    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

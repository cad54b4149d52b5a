"""How a standard is written: its facts, and one line for each indicator."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit
from baiye.registry.actions.standards import Content, Line
from baiye.registry.models import DOCUMENTS

STAGES = [("小学", _("小学")), ("初中", _("初中")), ("高中", _("高中"))]
EMPTY_LINES = 3  # below those there are, for more


class StandardForm(forms.Form):
    """What a version of a standard says beside its indicators."""

    about = forms.CharField(
        label=_("说明"),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("给谁用、依据什么，申报单位会看到。"),
    )
    stages = forms.MultipleChoiceField(
        label=_("适用学段"), choices=STAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    needs = forms.MultipleChoiceField(
        label=_("每一场那天都要有效的材料"),
        choices=DOCUMENTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("勾了的材料缺了或过期，那天就不能安排学生。"),
    )
    pass_points = forms.IntegerField(label=_("通过分"), min_value=1, max_value=1000, initial=20)
    panel = forms.IntegerField(label=_("评审签字人数"), min_value=2, max_value=9, initial=2)
    valid_months = forms.IntegerField(label=_("有效期（月）"), min_value=1, max_value=120, initial=36)
    dormant_months = forms.IntegerField(label=_("多久没有场次就休眠（月）"), min_value=1, max_value=60, initial=12)

    def content(self, lines: list[Line]) -> Content:
        """What the valid form says, with its indicators."""
        return Content(**{name: self.cleaned_data[name] for name in StandardForm.base_fields}, lines=tuple(lines))


class NewStandardForm(StandardForm):
    """The first version of a standard, and whose it is."""

    name = forms.CharField(label=_("标准名称"), max_length=60)
    keeper = forms.ModelChoiceField(label=_("由谁管"), queryset=Unit.objects.none())
    field_order = ("name", "keeper")

    def __init__(self, *args: object, keepers: QuerySet[Unit], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["keeper"].queryset = keepers  # type: ignore[attr-defined]


class LineForm(forms.Form):
    """One indicator; a line without a title is left out."""

    area = forms.CharField(label=_("领域"), max_length=20, required=False)
    title = forms.CharField(label=_("指标"), max_length=60, required=False)
    guidance = forms.CharField(label=_("怎么看"), max_length=400, required=False, widget=forms.Textarea({"rows": 2}))
    points = forms.IntegerField(label=_("分值"), min_value=1, max_value=100, initial=3, required=False)
    floor = forms.IntegerField(label=_("最低分"), min_value=0, max_value=100, initial=1, required=False)
    evidence = forms.MultipleChoiceField(
        label=_("依据材料"), choices=DOCUMENTS, required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("title"):
            return data
        if not data.get("area"):
            self.add_error("area", _("请写这一项属于哪个领域，如 安全。"))
        if data.get("points") is None:
            self.add_error("points", _("请写分值。"))
        elif (data.get("floor") or 0) > data["points"]:
            self.add_error("floor", _("最低分不能高过分值。"))
        return data

    def line(self) -> Line | None:
        """The indicator that the valid form says."""
        data = self.cleaned_data
        if not data.get("title"):
            return None
        return Line(**{**data, "floor": data.get("floor") or 0, "evidence": tuple(data["evidence"])})


LineFormSet = forms.formset_factory(LineForm, extra=EMPTY_LINES)


def lines_of(formset: Any) -> list[Line]:
    """The indicators of a valid set, in their order."""
    return [line for form in formset.forms if (line := form.line()) is not None]

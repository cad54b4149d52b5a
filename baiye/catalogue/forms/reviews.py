"""How a review is answered, and how the queue is asked."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baiye.catalogue.models import ReviewItem, ReviewPart

STATES = [
    ("waiting", _("待评审")),
    ("passed", _("已通过，待发布")),
    ("returned", _("已退回")),
    ("published", _("已发布")),
    ("withdrawn", _("已撤回")),
]


class PartForm(forms.Form):
    """One part of a review: an answer and a note for each line, and the reasons."""

    because = forms.CharField(
        label=_("理由与修改建议"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("退回时必填，基地会看到。"),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, part: ReviewPart, prefix: str) -> None:
        initial = {"because": part.because}
        for item in part.items.all():
            initial |= {f"answer-{item.code}": item.answer, f"note-{item.code}": item.note}
        super().__init__(data, initial=initial, prefix=prefix)
        self.part = part
        for item in part.items.all():
            self.fields[f"answer-{item.code}"] = forms.ChoiceField(
                label=item.asks, choices=ReviewItem.ANSWERS, required=False, widget=forms.RadioSelect
            )
            self.fields[f"note-{item.code}"] = forms.CharField(label=_("说明"), max_length=300, required=False)

    @property
    def lines(self) -> list[tuple[ReviewItem, forms.BoundField, forms.BoundField]]:
        """Each line with its two questions."""
        return [(item, self[f"answer-{item.code}"], self[f"note-{item.code}"]) for item in self.part.items.all()]

    def answers(self) -> dict[str, tuple[str, str]]:
        """What the valid form says, by code."""
        data = self.cleaned_data
        return {item.code: (data[f"answer-{item.code}"], data[f"note-{item.code}"]) for item in self.part.items.all()}


class ProposalForm(forms.Form):
    """A word to the reviewers."""

    note = forms.CharField(label=_("给评审的话"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}))

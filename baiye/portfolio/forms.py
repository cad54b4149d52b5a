"""What a pupil makes of a visit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baiye.catalogue.models import STEPS
from baiye.portfolio.models import FEELINGS
from baiye.portfolio.queries import ENOUGH, Stop


class ReflectionForm(forms.Form):
    """Feelings, one text, and a sentence for each of the four steps; all may stay empty but not all of it."""

    feelings = forms.MultipleChoiceField(
        label=_("做这件事的时候，你觉得"), choices=FEELINGS, required=False, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=_("哪一步最难？你怎么做到的？"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-count": "text-count"}),
        help_text=_("想到什么写什么，写满 %(n)s 个字就能得印") % {"n": ENOUGH},
    )

    def __init__(self, data: Any = None, *, stop: Stop) -> None:
        written: dict[str, object] = {f"step_{step.key}": step.text for step in stop.steps}
        if stop.reflection:
            written |= {"feelings": stop.reflection.feelings, "text": stop.reflection.text}
        super().__init__(data, initial=written)
        for step in stop.steps:
            self.fields[f"step_{step.key}"] = forms.CharField(
                label=step.name,
                max_length=300,
                required=False,
                help_text=step.does,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def step_fields(self) -> list[forms.BoundField]:
        """The four steps, in their order."""
        return [self[f"step_{key}"] for key, _name in STEPS]

    def steps(self) -> dict[str, str]:
        """What was written for each step."""
        return {key: self.cleaned_data.get(f"step_{key}", "") for key, _name in STEPS}

"""Questions and filters that stand in forms of several rooms."""

from typing import Any

from django import forms

MOMENT = "%Y-%m-%dT%H:%M"  # as browsers write a day and a time together


def moment(label: Any, hint: Any = "", **options: Any) -> forms.DateTimeField:
    """A day and a time of Shanghai, asked for together."""
    widget = forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT)
    formats = [MOMENT, f"{MOMENT}:%S"]
    return forms.DateTimeField(label=label, help_text=hint, input_formats=formats, widget=widget, **options)


class Filter(forms.Form):
    """What is looked for in a list; what it cannot read is left out."""

    def said(self) -> dict[str, str]:
        """What was asked by field, empty where it was nothing or nonsense."""
        self.is_valid()
        return {name: str(self.cleaned_data.get(name) or "") for name in self.fields}

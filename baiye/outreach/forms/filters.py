"""What the filters of this room have in common."""

from django import forms


class Filter(forms.Form):
    """What is looked for; what it cannot read is left out."""

    def said(self) -> dict[str, str]:
        """What was asked by field, empty where it was nothing or nonsense."""
        self.is_valid()
        return {name: str(self.cleaned_data.get(name) or "") for name in self.fields}

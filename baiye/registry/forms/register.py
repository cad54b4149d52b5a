"""How the public register is asked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from baiye.registry.kinds import FAMILIES
from baiye.registry.models import Host, MapShape


class RegisterForm(forms.Form):
    """Search and filters of the register; what it cannot read is left out."""

    q = forms.CharField(label=_("搜索基地"), required=False, max_length=40)
    evidence = forms.ChoiceField(label=_("证据"), required=False, choices=Host.EVIDENCE)
    family = forms.ChoiceField(label=_("类型"), required=False, choices=list(FAMILIES.items()))
    street = forms.ChoiceField(label=_("街镇"), required=False)

    def __init__(self, *args: object, streets: list[MapShape], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        names = [(shape.name, shape.name) for shape in streets]
        self.fields["street"].choices = [("", _("全部街镇")), *names]  # type: ignore[attr-defined]
        self.fields["street"].widget.choices = self.fields["street"].choices  # type: ignore[attr-defined]

    def asked(self) -> dict[str, str]:
        """What was asked, empty where it was nothing or nonsense."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}

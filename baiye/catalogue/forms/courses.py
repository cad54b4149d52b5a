"""How the catalogue is asked."""

from dataclasses import dataclass

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baiye.catalogue.models import RIASEC
from baiye.registry.models import Host

MOST_HOSTS = 100  # in a list to choose from: nobody reads a longer one


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the catalogue."""

    q: str
    k: str
    host: Host | None

    def in_address(self) -> dict[str, object]:
        """What stands in the address for it."""
        parts = {"q": self.q, "k": self.k, "host": self.host.pk if self.host else ""}
        return {name: value for name, value in parts.items() if value}


class CatalogueForm(forms.Form):
    """Search and filters of the catalogue; what it cannot read is left out."""

    q = forms.CharField(label=_("搜索项目"), required=False, max_length=40)
    k = forms.ChoiceField(label=_("兴趣类型"), required=False, choices=RIASEC)
    host = forms.ModelChoiceField(
        label=_("学校或基地"), required=False, queryset=Host.objects.none(), empty_label=_("全部学校和基地")
    )

    def __init__(self, *args: object, hosts: QuerySet[Host], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["host"].queryset = hosts  # type: ignore[attr-defined]
        if hosts.order_by()[: MOST_HOSTS + 1].count() > MOST_HOSTS:  # the words find a host, too
            self.fields["host"].widget = forms.HiddenInput()

    def asked(self) -> Asked:
        """What was asked, empty where it was nothing or nonsense."""
        self.is_valid()
        data = self.cleaned_data
        return Asked(data.get("q", ""), data.get("k", ""), data.get("host"))

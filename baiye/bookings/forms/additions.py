"""Which visits are put into a release."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from baiye.core.choosing import ChooseInput, ChosenField
from baiye.registry.models import Host
from baiye.registry.queries.hosts import hosts_by_words
from baiye.visits.models import Visit
from baiye.visits.queries import Asked, day_begins, day_ends


class VisitFilter(forms.Form):
    """Filters of the visits that may be added; what it cannot read is left out."""

    q = forms.CharField(label=_("搜索项目或基地"), required=False, max_length=40)
    host = ChosenField(find=hosts_by_words, label=_("基地"), required=False, empty_label=_("全部基地"))
    on = forms.DateField(label=_("日期"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, data: QueryDict, *, hosts: QuerySet[Host]) -> None:
        super().__init__(data, auto_id="find_%s")
        host = self.fields["host"]
        assert isinstance(host, ChosenField)
        host.offer(hosts)
        if isinstance(host.widget, ChooseInput):  # the words find a host, too
            host.widget = forms.HiddenInput()
        self.is_valid()

    def asked(self) -> Asked:
        data = self.cleaned_data
        return Asked(data.get("q", ""), data.get("host"), data.get("on"))

    def among(self, visits: QuerySet[Visit]) -> QuerySet[Visit]:
        """Those of ``visits`` that are asked for."""
        asked = self.asked()
        if asked.q:
            named = Q(version__title__icontains=asked.q) | Q(venue__host__unit__name__icontains=asked.q)
            visits = visits.filter(named)
        if asked.host:
            visits = visits.filter(venue__host=asked.host)
        if asked.on:
            visits = visits.filter(starts_at__gte=day_begins(asked.on), starts_at__lt=day_ends(asked.on))
        return visits


class PickForm(forms.Form):
    """The ticked visits."""

    pick = forms.ModelMultipleChoiceField(
        queryset=Visit.objects.none(),
        error_messages={
            "required": _("先勾选要放号的场次"),
            "invalid_choice": _("勾选的场次里有一场已经不能加了，请刷新再选"),
            "invalid_pk_value": _("勾选的场次里有一场已经不能加了，请刷新再选"),
        },
    )

    def __init__(self, data: Any = None, *, visits: QuerySet[Visit]) -> None:
        super().__init__(data)
        self.fields["pick"].queryset = visits  # type: ignore[attr-defined]

    def ticked(self) -> set[str]:
        """The keys that were ticked, good or not, so that a refused page keeps them."""
        return set(self.data.getlist("pick")) if isinstance(self.data, QueryDict) else set()

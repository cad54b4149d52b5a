"""What a pledge asks, and which time a statement is about."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baiye.core.choosing import ChosenField
from baiye.partners.models import Pledge
from baiye.registry.models import Host
from baiye.registry.queries.hosts import hosts_by_words, place_of
from baiye.schools.models import Term

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PledgeForm(forms.Form):
    """One line of a pledge: never money."""

    request = forms.UUIDField(widget=forms.HiddenInput)
    host = ChosenField(find=hosts_by_words, note=place_of, label=_("哪家基地"), empty_label=None)
    term = forms.ModelChoiceField(label=_("哪个学期"), queryset=Term.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=_("承诺什么"), choices=Pledge.KINDS, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("设备或材料的名称"), max_length=60, required=False, help_text=_("只有设备和材料要填")
    )
    quantity = forms.IntegerField(label=_("数量"), min_value=1, max_value=100_000)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, hosts: QuerySet[Host], terms: QuerySet[Term], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        host, term = self.fields["host"], self.fields["term"]
        assert isinstance(host, ChosenField)
        assert isinstance(term, forms.ModelChoiceField)
        host.offer(hosts)
        term.queryset = terms
        term.label_from_instance = lambda term: term.name  # type: ignore[method-assign,assignment]

    @classmethod
    def fresh(cls, term: Term | None, **rows: Any) -> "PledgeForm":
        return cls(initial={"request": uuid.uuid4(), "term": term and term.pk}, **rows)


class HandOverForm(forms.Form):
    on = forms.DateField(label=_("交付日期"), widget=DAY)


class WithdrawalForm(forms.Form):
    because = forms.CharField(label=_("为什么撤回"), max_length=200)


class SpanForm(forms.Form):
    """From a first to a last day."""

    first = forms.DateField(label=_("从哪天"), widget=DAY)
    last = forms.DateField(label=_("到哪天（含）"), widget=DAY)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("结束日期不能早于开始日期。"))
        return cleaned

    @classmethod
    def asked(cls, data: Any, first: date, last: date) -> tuple["SpanForm", date, date]:
        """The form, and the days it asks for; what makes no sense counts as the days given."""
        form = cls(data if data.get("first") or data.get("last") else {"first": first, "last": last})
        if form.is_valid():
            return form, form.cleaned_data["first"], form.cleaned_data["last"]
        return form, first, last

"""Looking for an opening: everything lives in the address, nothing is ever an error."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from baiye.bookings.queries.openings import Asked, Choices
from baiye.core.shapes import Choice
from baiye.core.templatetags.text import han_date
from baiye.schools.models import STAGES


class OpeningFilter(forms.Form):
    """By words, day, occupation, street and stage; what it cannot read is left out."""

    q = forms.CharField(label=_("搜索项目、职业或基地"), required=False, max_length=40)
    on = forms.DateField(label=_("日期"), required=False)
    occupation = forms.ChoiceField(label=_("职业"), required=False)
    street = forms.ChoiceField(label=_("街道或镇"), required=False)
    stage = forms.ChoiceField(label=_("学段"), required=False, choices=[("", _("全部学段")), *STAGES])

    def __init__(self, data: QueryDict, *, choices: Choices) -> None:
        super().__init__(data)
        self.query, self.found = data, choices
        self.fields["occupation"].choices = [("", _("全部职业")), *((one, one) for one in choices.occupations)]  # type: ignore[attr-defined]
        self.fields["street"].choices = [("", _("全部街镇")), *((one, one) for one in choices.streets)]  # type: ignore[attr-defined]
        self.is_valid()

    def asked(self) -> Asked:
        """What was asked, empty where it was nothing or nonsense."""
        data = self.cleaned_data
        words = {name: str(data.get(name) or "").strip() for name in ("q", "occupation", "street", "stage")}
        return Asked(on=data.get("on"), **words)

    @property
    def is_filtered(self) -> bool:
        return self.asked() != Asked()

    @property
    def has_more(self) -> bool:
        """Whether one of the folded filters is in use."""
        asked = self.asked()
        return bool(asked.occupation or asked.street or asked.stage)

    def days(self) -> list[Choice]:
        """All days, and each on which something is, as links that keep the rest; the chosen one leads back to all."""
        asked = self.asked().on
        days = [
            Choice(
                f"{han_date(on, 'short')} {han_date(on, 'weekday')}",
                self._with_day("" if on == asked else on.isoformat()),
                on == asked,
            )
            for on in self.found.days
        ]
        return [Choice(str(_("全部日期")), self._with_day(""), asked is None), *days]

    def _with_day(self, on: str) -> str:
        query = self.query.copy()
        query.pop("page", None)
        query["on"] = on
        return f"?{query.urlencode()}"

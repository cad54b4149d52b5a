"""How a campaign of talks is planned, and how its lists are filtered."""

import re
import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit
from baiye.core.questions import Filter
from baiye.core.shapes import Text
from baiye.outreach.actions.campaigns import DAYS
from baiye.outreach.models import Campaign
from baiye.outreach.models.talks import published_points
from baiye.outreach.queries.talks import Asked
from baiye.outreach.talk_words import STATES
from baiye.schools.models import Term

DAY_NAMES = {
    "offer_from": _("报讲座从"),
    "ask_from": _("提需求从"),
    "match_from": _("截止并匹配"),
    "confirm_from": _("确认从"),
    "first_on": _("第一天讲座"),
    "last_on": _("最后一天讲座"),
    "feedback_until": _("反馈到"),
}


class CampaignForm(forms.Form):
    """A campaign's rules and days; ``units`` on a new one only."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    unit = forms.ModelChoiceField(label=_("谁来办"), queryset=Unit.objects.none())
    title = forms.CharField(label=_("名称"), max_length=60, help_text=_("例如：2027 年职业教育进校园"))
    term = forms.ModelChoiceField(label=_("学期"), queryset=Term.objects.none())
    minutes = forms.IntegerField(label=_("一场多少分钟"), min_value=20, max_value=180, initial=60)
    points = forms.CharField(
        label=_("各志愿的分数"), max_length=60, help_text=_("从第 1 志愿起，从高到低，用空格分开；公布以后不再改。")
    )

    def __init__(
        self,
        data: Any = None,
        *,
        units: QuerySet[Unit] | None,
        terms: QuerySet[Term],
        of: Campaign | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(of))
        for name, label in DAY_NAMES.items():
            widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
            self.fields[name] = forms.DateField(label=label, widget=widget)
        self.fields["term"].queryset = terms  # type: ignore[attr-defined]
        self.fields["term"].label_from_instance = lambda term: term.name  # type: ignore[attr-defined]
        if units is None:
            del self.fields["unit"], self.fields["request"]
        else:
            first = list(units[:2])
            self.fields["unit"].queryset = units  # type: ignore[attr-defined]
            self.fields["unit"].initial = first[0].pk if len(first) == 1 else None

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[name] for name in DAYS]

    def clean_points(self) -> list[int]:
        found = [part for part in re.split(r"[\s·,，、;；]+", self.cleaned_data["points"]) if part]
        if not found or not all(part.isdecimal() and int(part) <= 1000 for part in found):
            raise forms.ValidationError(gettext("分数要是 0 到 1000 的整数，用空格分开。"))
        return [int(part) for part in found]


def _initial(campaign: Campaign | None) -> dict[str, Any]:
    if campaign is None:
        return {"points": " ".join(map(str, published_points()))}
    known = {name: getattr(campaign, name) for name in ("title", "minutes", *DAYS)}
    return known | {"term": campaign.term_id, "points": " ".join(map(str, campaign.points))}


class FeedbackUntilForm(forms.Form):
    """Until when feedback is taken."""

    until = forms.DateField(label=_("反馈延到"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class _Filter(Filter):
    """A word, and a state."""

    q = forms.CharField(label=_("搜索"), required=False, max_length=40)
    state = forms.ChoiceField(label=_("状态"), required=False)
    STATES: tuple[tuple[str, Text], ...] = ()

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["state"].choices = [("", _("全部")), *self.STATES]  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        return Asked(**self.said())


class OfferFilter(_Filter):
    STATES = (("standing", _("有效")), ("withdrawn", _("已撤回")))


class RequestFilter(_Filter):
    STATES = (("met", _("有讲座")), ("unmet", _("还没有讲座")), ("withdrawn", _("已撤回")))


class TalkFilter(_Filter):
    STATES = tuple(STATES.items())


class LineFilter(_Filter):
    STATES = (("met", _("排到了")), ("unmet", _("没有排到")))

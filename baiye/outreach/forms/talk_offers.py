"""What a speaker offers, and what a school asks for."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from baiye.catalogue.models import Occupation
from baiye.mentors.models import Mentor
from baiye.mentors.queries.mentors import occupations_named
from baiye.outreach.actions.talk_offers import MOST_TOPICS
from baiye.outreach.actions.talk_requests import Wish
from baiye.outreach.half_days import day_of, name_of
from baiye.outreach.models import Campaign, TalkOffer, TalkRequest
from baiye.registry.models import MapShape
from baiye.schools.models import STAGES, SchoolClass

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class HalfDaysField(forms.MultipleChoiceField):
    """Half-days of a campaign, shown week by week (`outreach/_half_days.html`)."""

    def __init__(self, *, label: "StrOrPromise", half_days: Iterable[str]) -> None:
        choices = [(half_day, name_of(half_day)) for half_day in half_days]
        message = {"required": _("请至少选一个半天。")}
        super().__init__(label=label, choices=choices, widget=forms.CheckboxSelectMultiple, error_messages=message)


class OfferForm(forms.Form):
    """Topics, when, to whom, how often."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    stages = forms.MultipleChoiceField(label=_("面向学段"), choices=STAGES, widget=forms.CheckboxSelectMultiple)
    most_talks = forms.IntegerField(label=_("最多讲几场"), min_value=1, max_value=20, initial=2)
    most_classes = forms.IntegerField(label=_("一场最多几个班"), min_value=1, max_value=20, initial=2)
    starts_from = forms.ModelChoiceField(
        label=_("从哪个街镇出发"),
        queryset=MapShape.objects.none(),
        required=False,
        empty_label=_("不说"),
        help_text=_("只用来估路程，排近一点的学校。不用写地址。"),
    )
    needs = forms.CharField(label=_("需要学校准备什么"), max_length=200, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        speaker: Mentor,
        half_days: list[str],
        streets: QuerySet[MapShape],
        of: TalkOffer | None,
    ) -> None:
        super().__init__(data, initial=_offered(of) if of else _known(speaker, half_days))
        for place in range(1, MOST_TOPICS + 1):
            self.fields[f"title_{place}"] = forms.CharField(
                label=gettext("题目 %d") % place, max_length=60, required=place == 1
            )
            self.fields[f"occupation_{place}"] = forms.CharField(
                label=gettext("职业 %d") % place, max_length=60, required=False
            )
        self.fields["half_days"] = HalfDaysField(label=_("哪些半天可以来"), half_days=half_days)
        self.fields["starts_from"].queryset = streets  # type: ignore[attr-defined]

    @property
    def topics(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"title_{n}"], self[f"occupation_{n}"]) for n in range(1, MOST_TOPICS + 1)]

    @property
    def has_more(self) -> bool:
        """Whether something stands in the topics that are folded away at first."""
        return any(bound.value() or bound.errors for topic in self.topics[2:] for bound in topic)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        places = range(1, MOST_TOPICS + 1)
        named = {n: data.get(f"occupation_{n}", "").strip() for n in places}
        known = {found.name: found for found in occupations_named([name for name in named.values() if name])}
        topics: list[tuple[str, Occupation | None]] = []
        for n in places:
            title = data.get(f"title_{n}", "").strip()
            if named[n] and named[n] not in known:
                self.add_error(f"occupation_{n}", gettext("职业大典里没有这个名称。请核对，或者空着。"))
            elif named[n] and not title:
                self.add_error(f"title_{n}", gettext("写了职业，也请写题目。"))
            elif title:
                topics.append((title, known.get(named[n])))
        return data | {"topics": topics}

    def fields_of(self) -> dict[str, Any]:
        """The arguments of ``offer_talks``."""
        names = ("request", "topics", "stages", "half_days", "most_talks", "most_classes", "starts_from", "needs")
        return {name: self.cleaned_data[name] for name in names}


def _known(speaker: Mentor, half_days: list[str]) -> dict[str, Any]:
    """What is known of somebody who has not offered yet: free half-days of the week, and their occupations."""
    free = [half for half in half_days if f"{day_of(half).isoweekday()}{half[10:]}" in speaker.free_slots]
    names = [each.name for each in speaker.occupations.order_by("code")[:MOST_TOPICS]]
    return {"half_days": free} | {f"occupation_{place}": name for place, name in enumerate(names, 1)}


def _offered(offer: TalkOffer) -> dict[str, Any]:
    known: dict[str, Any] = {
        name: getattr(offer, name)
        for name in ("request", "stages", "half_days", "most_talks", "most_classes", "starts_from_id", "needs")
    }
    known["starts_from"] = known.pop("starts_from_id")
    for topic in offer.topics.all():
        known[f"title_{topic.place}"] = topic.title
        known[f"occupation_{topic.place}"] = topic.occupation.name if topic.occupation else ""
    return known


class RequestForm(forms.Form):
    """Which classes, which wishes, when the hall is free."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    classes = forms.MultipleChoiceField(
        label=_("哪些班听"), widget=forms.CheckboxSelectMultiple, help_text=_("同一个学段；不同学段请分开提。")
    )
    takes_any = forms.BooleanField(
        label=_("什么讲座都欢迎"), required=False, help_text=_("志愿都排不到时，也愿意听别的讲座。")
    )
    hall = forms.CharField(label=_("在哪里讲"), max_length=60)
    note = forms.CharField(label=_("想让主讲人知道的"), max_length=200, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        campaign: Campaign,
        half_days: list[str],
        classes: list[SchoolClass],
        offers: list[TalkOffer],
        occupations: list[Occupation],
        on: date,
        of: TalkRequest | None = None,
    ) -> None:
        super().__init__(data, initial=_asked(of) if of else None)
        self.known = {f"o{offer.pk}": offer for offer in offers} | {f"t{each.pk}": each for each in occupations}
        self.class_of = {str(each.pk): each for each in classes}
        self.fields["classes"].choices = [(key, each.name(on)) for key, each in self.class_of.items()]  # type: ignore[attr-defined]
        self.fields["half_days"] = HalfDaysField(label=_("礼堂哪些半天空着"), half_days=half_days)
        choices = [
            ("", "—"),
            (gettext("按职业"), [(key, each.name) for key, each in self.known.items() if isinstance(each, Occupation)]),
            (
                gettext("按主讲人"),
                [(key, _named(each)) for key, each in self.known.items() if isinstance(each, TalkOffer)],
            ),
        ]
        self.ranks = range(1, len(campaign.points) + 1)
        for rank in self.ranks:
            self.fields[f"wish_{rank}"] = forms.ChoiceField(
                label=gettext("第 %d 志愿") % rank, choices=choices, required=False
            )

    @property
    def wishes(self) -> list[forms.BoundField]:
        return [self[f"wish_{rank}"] for rank in self.ranks]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        wished: dict[str, Wish] = {}
        for rank in self.ranks:
            key = data.get(f"wish_{rank}")
            if key in wished:
                self.add_error(f"wish_{rank}", gettext("这个志愿前面已经填了。"))
            elif key:
                wished[key] = self.known[key]
        return data | {"wishes": list(wished.values())}

    def fields_of(self) -> dict[str, Any]:
        """The arguments of ``ask_for_talk``; wishes move up where one was left empty."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("half_days", "hall", "takes_any", "note", "request", "wishes")}
        return plain | {"classes": [self.class_of[key] for key in data["classes"]]}


def _named(offer: TalkOffer) -> str:
    titles = "、".join(topic.title for topic in offer.topics.all())
    return f"{offer.speaker.name}（{titles}）"


def _asked(ask: TalkRequest) -> dict[str, Any]:
    known: dict[str, Any] = {name: getattr(ask, name) for name in ("request", "half_days", "hall", "takes_any", "note")}
    known["classes"] = [str(each.pk) for each in ask.classes.all()]
    for wish in ask.wishes.all():
        known[f"wish_{wish.rank}"] = f"o{wish.offer_id}" if wish.offer_id else f"t{wish.occupation_id}"
    return known

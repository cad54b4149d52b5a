"""How a release is looked for and made, and how its openings are set."""

import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit
from baiye.bookings import rules
from baiye.bookings.models import Opening, Release
from baiye.bookings.queries.desk import Asked
from baiye.core import clock
from baiye.core.questions import moment
from baiye.schools.models import Consent, Term

STATES = [("draft", _("草稿")), *((state, rules.STATES[state]) for state in ("soon", "open", "closed"))]
GRADES = [(grade, rules.grades_words([grade])) for grade in range(1, 13)]


class ReleaseFilter(forms.Form):
    """Filters of the list; what it cannot read is left out."""

    q = forms.CharField(label=_("搜索放号"), required=False, max_length=40)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部状态")), *STATES])
    mode = forms.ChoiceField(label=_("怎么给名额"), required=False, choices=[("", _("全部方式")), *Release.MODES])

    def asked(self) -> Asked:
        """What was asked, empty where it was nothing or nonsense."""
        self.is_valid()
        return Asked(**{name: self.cleaned_data.get(name, "") for name in ("q", "state", "mode")})


class ReleaseForm(forms.Form):
    """A release: when it opens, by which rule seats are given, what a pupil may have."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    title = forms.CharField(
        label=_("名称"), max_length=60, help_text=_("家长在日历上看到的名字，如「寒假第一次放号」。")
    )
    unit = forms.ModelChoiceField(label=_("由谁放号"), queryset=Unit.objects.none())
    term = forms.ModelChoiceField(label=_("算在哪个学期"), queryset=Term.objects.none())
    mode = forms.ChoiceField(
        label=_("怎么给名额"),
        choices=Release.MODES,
        widget=forms.RadioSelect,
        initial="draw",
        help_text=_("名额紧的用抽签：手快手慢都一样。人少的小轮用排志愿。名额宽的才用先到先得。"),
    )
    opens_at = moment(_("几时开放"), _("提前几天公布，家长好安排。"))
    draw_minutes = forms.IntegerField(
        label=_("开放后多少分钟内的报名一起抽签"), required=False, min_value=5, max_value=20160, initial=60,
        help_text=_("只有抽签要填。1440 分钟是一整天。"),
    )  # fmt: skip
    closes_at = moment(_("几时截止"))
    most_a_term = forms.IntegerField(label=_("每个学生一学期最多约上几场"), min_value=1, max_value=50, initial=4)
    most_open = forms.IntegerField(label=_("每个学生同时最多有几个预约"), min_value=1, max_value=20, initial=2)

    def __init__(
        self, data: Any = None, *, units: QuerySet[Unit], terms: QuerySet[Term], release: Release | None = None
    ):
        super().__init__(data, initial=_initial(release) if release else _fresh(units, terms))
        self.fields["unit"].queryset, self.fields["term"].queryset = units, terms  # type: ignore[attr-defined]
        self.fields["term"].label_from_instance = lambda term: term.name  # type: ignore[attr-defined]
        if release:
            del self.fields["unit"]

    def clean(self) -> dict[str, Any]:
        """Opens before it is drawn, drawn before it closes; each at its own field."""
        data: dict[str, Any] = super().clean() or {}
        opens, closes, minutes = data.get("opens_at"), data.get("closes_at"), data.get("draw_minutes")
        if data.get("mode") == "draw" and "draw_minutes" in data and minutes is None:
            self.add_error("draw_minutes", _("抽签要写多少分钟内的报名一起抽"))
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("截止要晚于开放"))
        elif (
            opens and closes and data.get("mode") == "draw" and minutes and opens + timedelta(minutes=minutes) > closes
        ):
            self.add_error("draw_minutes", _("抽签不能晚于截止；把分钟数改小，或把截止改晚"))
        return data

    def rules(self) -> dict[str, Any]:
        """The fields of a release as its action takes them."""
        data = dict(self.cleaned_data)
        minutes = data.pop("draw_minutes")
        until = data["opens_at"] + timedelta(minutes=minutes) if data["mode"] == "draw" else None
        return {name: value for name, value in data.items() if name not in {"request", "unit"}} | {"draw_until": until}


def _initial(release: Release) -> dict[str, Any]:
    minutes = int((release.draw_until - release.opens_at).total_seconds() // 60) if release.draw_until else None
    names = ("request", "title", "term", "mode", "opens_at", "closes_at", "most_a_term", "most_open")
    return {name: getattr(release, name) for name in names} | {"draw_minutes": minutes}


def _fresh(units: QuerySet[Unit], terms: QuerySet[Term]) -> dict[str, Any]:
    """The one unit that there is, and the term of today."""
    today, first = clock.today(), list(units[:2])
    term = next((one for one in terms if one.starts_on <= today <= one.ends_on), None)
    return {"request": uuid.uuid4(), "unit": first[0] if first else None, "term": term}


class OpeningForm(forms.Form):
    """For whom an opening is, what is kept for the last grades, how long an offer waits."""

    grades = forms.TypedMultipleChoiceField(
        label=_("开给哪些年级"), coerce=int, choices=GRADES, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("一个都不勾就是各年级都能来。"),
    )  # fmt: skip
    consents = forms.MultipleChoiceField(
        label=_("要家长先同意什么"), choices=Consent.PURPOSES, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("没有必要就不勾。不同意的孩子约不上这一场，要另给一样好的。"),
    )  # fmt: skip
    reserved = forms.IntegerField(
        label=_("给高年级留几个名额"), min_value=0, max_value=60, initial=0, help_text=_("不留就填 0。")
    )
    reserved_from_grade = forms.TypedChoiceField(
        label=_("留给几年级及以上"), coerce=int, empty_value=None, required=False, choices=[("", "—"), *GRADES]
    )
    reserved_until = moment(_("留到几时"), _("过了这个时候谁都能约。"))
    offer_hours = forms.IntegerField(
        label=_("轮到候补时给几小时答复"),
        min_value=1,
        max_value=168,
        initial=24,
        help_text=_("夜里 22 点到 7 点不算。"),
    )
    cancel_until = forms.IntegerField(
        label=_("开始前几小时候补结束"),
        min_value=0,
        max_value=336,
        initial=24,
        help_text=_("开始以前都可以取消；候补结束以后空出来的先点先得。"),
    )
    waiting_most = forms.IntegerField(
        label=_("最多几个人候补"),
        min_value=0,
        max_value=2000,
        required=False,
        help_text=_("空着就不限；0 是不设候补。"),
    )

    def __init__(self, data: Any = None, *, opening: Opening | None = None) -> None:
        names = list(self.base_fields)
        super().__init__(data, initial={name: getattr(opening, name) for name in names} if opening else None)
        self.fields["reserved_until"].required = False

    def clean(self) -> dict[str, Any]:
        """A reserve says for whom and until when."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("reserved"):
            if not data.get("reserved_from_grade"):
                self.add_error("reserved_from_grade", _("留了名额，就要说留给几年级及以上"))
            if not data.get("reserved_until") and "reserved_until" not in self.errors:
                self.add_error("reserved_until", _("留了名额，就要说留到几时"))
        return data

    def settings(self) -> dict[str, Any]:
        """The fields of an opening; what is said of a reserve of none is left out."""
        data = dict(self.cleaned_data)
        if not data["reserved"]:
            data |= {"reserved_from_grade": None, "reserved_until": None}
        return data


class CapsForm(forms.Form):
    """What a published release may still change: caps go up."""

    most_a_term = forms.IntegerField(label=_("每个学生一学期最多约上几场"), min_value=1, max_value=50)
    most_open = forms.IntegerField(label=_("每个学生同时最多有几个预约"), min_value=1, max_value=20)

    def __init__(self, data: Any = None, *, release: Release) -> None:
        super().__init__(data, initial={name: getattr(release, name) for name in self.base_fields})


class EasingForm(forms.Form):
    """What a published opening may still change, in favour of families; and the seats of its visit."""

    seats = forms.IntegerField(
        label=_("名额"), min_value=1, max_value=60, help_text=_("多了就按次序请候补；不能少于已有人的和正等答复的。")
    )
    reserved = forms.IntegerField(label=_("给高年级留几个名额"), min_value=0, max_value=60, help_text=_("只能减少。"))
    reserved_until = moment(_("留到几时"), _("只能提前。"))
    waiting_most = forms.IntegerField(
        label=_("最多几个人候补"), min_value=0, max_value=2000, required=False, help_text=_("只能加多；空着就不限。")
    )

    def __init__(self, data: Any = None, *, opening: Opening) -> None:
        names = ("reserved", "reserved_until", "waiting_most")
        initial = {name: getattr(opening, name) for name in names} | {"seats": opening.visit.seats}
        super().__init__(data, initial=initial)
        self.fields["reserved_until"].required = opening.reserved > 0

    def easing(self) -> dict[str, Any]:
        """The arguments of ``ease_opening``; empty when nothing of it was changed."""
        names = ("reserved", "reserved_until", "waiting_most")
        changed = set(self.changed_data) & set(names)
        return {name: self.cleaned_data[name] for name in names} if changed else {}

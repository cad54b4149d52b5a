"""Making a round: its rules, its phases, the sittings put into it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.accounts.models import Unit
from baiye.catalogue.models import CourseVersion
from baiye.core import clock
from baiye.core.questions import MOMENT, moment
from baiye.core.templatetags.text import han_date
from baiye.registry.models import Venue
from baiye.rounds import policies
from baiye.rounds.actions.rounds import Sitting
from baiye.rounds.models import PHASES, Round, published_points
from baiye.rounds.words import PHASE_NAMES
from baiye.schools.models import FIRST_GRADE, HAN_GRADES, school_year

GRADES = range(6, 10)


class RoundForm(forms.Form):
    """The rules of a round, as they are published before wishes open."""

    unit = forms.ModelChoiceField(label=gettext_lazy("区"), queryset=Unit.objects.none(), empty_label=None)
    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=60, help_text=gettext_lazy("家长看得到，例如：2026 秋季职业体验")
    )
    grade = forms.TypedChoiceField(label=gettext_lazy("哪个年级去"), coerce=int)
    half_days = forms.IntegerField(
        label=gettext_lazy("每人几个半天"),
        min_value=1,
        max_value=4,
        initial=4,
        help_text=gettext_lazy("4 个半天 = 两天 = 16 学时"),
    )
    wishes_max = forms.IntegerField(label=gettext_lazy("最多几个志愿"), min_value=1, max_value=10, initial=6)
    policy = forms.ChoiceField(
        label=gettext_lazy("按什么规则排"),
        initial="points",
        widget=forms.RadioSelect,
        help_text=gettext_lazy("开放前公布，开放以后不再改。"),
    )
    points = forms.CharField(
        label=gettext_lazy("每个志愿的分值"),
        initial=" ".join(map(str, published_points())),
        help_text=gettext_lazy("从第 1 志愿起，用空格隔开，只能持平或变小。开放前公布。"),
    )

    def __init__(self, *args: Any, units: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].initial = units[0] if units else None
        self.fields["grade"].choices = [(n, f"{HAN_GRADES[n]}年级") for n in GRADES]  # type: ignore[attr-defined]
        self.fields["grade"].initial = 7
        self.fields["policy"].choices = [  # type: ignore[attr-defined]
            (name, format_html("<b>{}</b><small>{}</small>", policies.NAMES[name], policies.SENTENCES[name]))
            for name in policies.NAMES
        ]

    def clean_points(self) -> list[int]:
        words = str(self.cleaned_data["points"]).replace("，", " ").replace(",", " ").split()
        if not all(word.isdecimal() for word in words):
            raise forms.ValidationError(_("分值只能是数字，用空格隔开，例如 100 80 65。"))
        return [int(word) for word in words]

    def rules(self) -> dict[str, Any]:
        """Keyword arguments of ``actions.make_round``."""
        given = dict(self.cleaned_data)
        grade = given.pop("grade")
        entry_year = school_year(self.today) + FIRST_GRADE["junior"] - grade
        return given | {"entry_year": entry_year}


class PhasesForm(forms.Form):
    """When each phase begins and ends; the action checks their order."""

    def __init__(self, *args: Any, round: Round | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, _name in PHASES:
            phase = round.phase(kind) if round else None
            for side, label in (("from", _("开始")), ("to", _("结束"))):
                stands = (phase.starts_at if side == "from" else phase.ends_at) if phase else None
                self.fields[f"{kind}_{side}"] = moment(
                    label,
                    initial=clock.local(stands).strftime(MOMENT) if stands else None,
                    error_messages=dict.fromkeys(("required", "invalid"), _missing(kind, label)),
                )

    def pairs(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """(name, begin, end) of each phase, as the page shows them."""
        return [(str(PHASE_NAMES[kind]), self[f"{kind}_from"], self[f"{kind}_to"]) for kind, _name in PHASES]

    def spans(self) -> dict[str, tuple[datetime, datetime]]:
        got = self.cleaned_data
        return {kind: (got[f"{kind}_from"], got[f"{kind}_to"]) for kind, _name in PHASES}


def _missing(kind: str, side: str) -> str:
    return _("请填「{phase}」的{side}，日期和时间都要。").format(phase=PHASE_NAMES[kind], side=side)


class SittingsForm(forms.Form):
    """Courses of one host, each with a venue and seats, on the chosen days and halves."""

    def __init__(
        self,
        *args: Any,
        versions: Sequence[CourseVersion],
        venues: Sequence[Venue],
        days: Sequence[date],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.versions, self.venues = list(versions), {venue.pk: venue for venue in venues}
        places = [(venue.pk, _("{name}（{n} 人）").format(name=venue.name, n=venue.capacity)) for venue in venues]
        for n, version in enumerate(self.versions):
            venue = venues[n % len(venues)] if venues else None
            most = min(version.group_max, venue.capacity) if venue else version.group_max
            self.fields[f"take{version.pk}"] = forms.BooleanField(label=version.title, required=False)
            self.fields[f"venue{version.pk}"] = forms.TypedChoiceField(
                label=_("%s 的场地") % version.title, choices=places, coerce=int, initial=venue.pk if venue else None
            )
            self.fields[f"seats{version.pk}"] = forms.IntegerField(
                label=_("%s 每场名额") % version.title, min_value=1, max_value=500, initial=most
            )
        self.fields["days"] = forms.MultipleChoiceField(
            label=_("哪几天"),
            choices=[(day.isoformat(), han_date(day, "day")) for day in days],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("至少选一天。")},
        )
        self.fields["halves"] = forms.MultipleChoiceField(
            label=_("上午还是下午"),
            choices=[("am", _("上午 9:00 开始")), ("pm", _("下午 13:00 开始"))],
            initial=["am", "pm"],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("上午、下午至少选一个。")},
        )
        self.fields["guide"] = forms.CharField(label=_("带教老师"), max_length=40, required=False)

    def rows(self) -> list[tuple[CourseVersion, forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(v, self[f"take{v.pk}"], self[f"venue{v.pk}"], self[f"seats{v.pk}"]) for v in self.versions]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(f"take{version.pk}") for version in self.versions):
            raise forms.ValidationError(_("至少勾选一个项目。"))
        return cleaned

    def sittings(self) -> list[Sitting]:
        """One for each chosen course, day and half."""
        got = self.cleaned_data
        return [
            Sitting(
                version=version,
                venue=self.venues[got[f"venue{version.pk}"]],
                on=date.fromisoformat(day),
                half=half,
                seats=got[f"seats{version.pk}"],
                guide=got["guide"],
            )
            for version in self.versions
            if got.get(f"take{version.pk}")
            for day in got["days"]
            for half in got["halves"]
        ]


class TakeOutForm(forms.Form):
    """Why sittings are taken out of the round."""

    because = forms.CharField(
        label=gettext_lazy("撤下的原因"),
        max_length=200,
        error_messages={"required": gettext_lazy("请写原因，基地会看到。")},
    )


class SchoolsFilter(forms.Form):
    """Search and order of the schools' progress; what cannot be read is left out."""

    SORTS: ClassVar = {"pupils": "pupils", "submitted": "submitted_share", "read": "read_share", "trips": "trips"}
    q = forms.CharField(label=gettext_lazy("搜索学校"), required=False, max_length=40)

    def applied(self, schools: Sequence[Any], sort: str) -> list[Any]:
        """The schools that match, in the order asked for; by name where none is."""
        q = self.cleaned_data["q"].strip() if self.is_valid() else ""
        found = [school for school in schools if q in school.name]
        key = self.SORTS.get(sort.removeprefix("-"))
        return sorted(found, key=lambda s: getattr(s, key), reverse=sort.startswith("-")) if key else found

"""How community projects are looked for, made and opened to sign-up."""

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit
from baiye.catalogue.models import CourseVersion
from baiye.catalogue.queries.courses import versions_by_words
from baiye.core import clock
from baiye.core.choosing import ChosenField
from baiye.core.questions import Filter, moment
from baiye.mentors.models import Mentor
from baiye.mentors.queries.mentors import mentors_by_words
from baiye.outreach.actions.sign_up import SignUp
from baiye.outreach.models import Programme, WalkIn
from baiye.outreach.queries.projects import Asked
from baiye.registry.models import Venue
from baiye.registry.queries.hosts import venues_by_words

STATES = [
    ("", _("全部状态")),
    ("draft", _("草稿")),
    ("coming", _("将要举办")),
    ("past", _("办完了")),
    ("cancelled", _("取消了")),
]
WEEKS = [("", _("以后的")), ("this", _("本周")), ("next", _("下周"))]
MODES = [("draw", _("抽签：开头一段时间里报名的一起抽，快慢一样")), ("first", _("先到先得"))]


class ProjectFilter(Filter):
    """What the public looks for."""

    q = forms.CharField(label=_("搜索公益项目"), required=False, max_length=40)
    week = forms.ChoiceField(label=_("哪一周"), required=False, choices=WEEKS)
    street = forms.ChoiceField(label=_("街镇"), required=False)
    occupation = forms.ChoiceField(label=_("职业"), required=False)

    def __init__(self, *args: object, streets: list[str], occupations: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name, every, choices in (
            ("street", _("全部街镇"), streets),
            ("occupation", _("全部职业"), occupations),
        ):
            self.fields[name].choices = [("", every), *((choice, choice) for choice in choices)]  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        return Asked(**self.said())


class DeskFilter(Filter):
    """What the desk looks for."""

    q = forms.CharField(label=_("搜索公益项目"), required=False, max_length=40)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)


class ProgrammeForm(forms.Form):
    """A new programme."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    unit = forms.ModelChoiceField(label=_("由谁来办"), queryset=Unit.objects.none())
    title = forms.CharField(label=_("系列名称"), max_length=40, help_text=_("例如：技能大师社区公益行。"))
    about = forms.CharField(
        label=_("简介"), max_length=400, required=False, widget=forms.Textarea({"rows": 3}), help_text=_("家长会看到。")
    )

    def __init__(self, data: Any = None, *, units: QuerySet[Unit]) -> None:
        super().__init__(data)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class AboutForm(forms.Form):
    """Who may come, and what families are told."""

    takes_walk_ins = forms.BooleanField(
        label=_("不报名也能来"), required=False, help_text=_("门口另外登记人数；散客不占名额，也不计课时。")
    )
    note = forms.CharField(
        label=_("给家长的话"),
        max_length=200,
        required=False,
        help_text=_("带什么、在哪里集合。"),
        widget=forms.Textarea({"rows": 2}),
    )


class ProjectForm(AboutForm):
    """One new project: what, where, when, with whom."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    programme = forms.ModelChoiceField(label=_("属于哪个系列"), queryset=Programme.objects.none())
    version = ChosenField(find=versions_by_words, label=_("项目"))
    venue = ChosenField(find=venues_by_words, note=lambda venue: venue.address, label=_("场地"))
    on = forms.DateField(label=_("日期"), widget=forms.DateInput({"type": "date"}))
    starts = forms.TimeField(label=_("几点开始"), widget=forms.TimeInput({"type": "time"}))
    ends = forms.TimeField(label=_("几点结束"), widget=forms.TimeInput({"type": "time"}))
    seats = forms.IntegerField(label=_("报名名额"), min_value=1, max_value=60)
    master = ChosenField(find=mentors_by_words, label=_("哪位师傅"), help_text=_("只列出现在可以带教的人。"))
    field_order = ("request", "programme", "version", "venue", "on", "starts", "ends", "seats", "master")

    def __init__(
        self,
        data: Any = None,
        *,
        programmes: QuerySet[Programme],
        versions: QuerySet[CourseVersion],
        venues: QuerySet[Venue],
        masters: QuerySet[Mentor],
    ) -> None:
        super().__init__(data)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]
        labels = {
            "version": lambda v: f"{v.course.host.unit}：{v.title}",
            "venue": lambda v: f"{v.host.unit}：{v.name}（{v.capacity}）",
            "master": lambda m: f"{m.name}（{'、'.join(m.kind_names)}，{m.unit}）",
        }
        for name, label in labels.items():
            self.fields[name].label_from_instance = label  # type: ignore[attr-defined]
        for name, rows in {"version": versions, "venue": venues, "master": masters}.items():
            self.fields[name].offer(rows)  # type: ignore[attr-defined]

    def made(self) -> dict[str, Any]:
        """The arguments of ``make_project``."""
        data = dict(self.cleaned_data)
        on, starts, ends = (data.pop(name) for name in ("on", "starts", "ends"))
        plan = {name: data.pop(name) for name in ("version", "venue", "seats")}
        plan["starts_at"] = datetime.combine(on, starts, tzinfo=clock.SHANGHAI)
        plan["ends_at"] = datetime.combine(on, ends, tzinfo=clock.SHANGHAI)
        return data | {"plan": plan}


class SignUpForm(forms.Form):
    """When and how families sign up."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    mode = forms.ChoiceField(label=_("名额怎么给"), choices=MODES, initial="draw", widget=forms.RadioSelect)
    opens_at = moment(_("什么时候开始报名"))
    draw_minutes = forms.IntegerField(
        label=_("抽签前收多少分钟"), min_value=5, max_value=10_080, initial=60, help_text=_("先到先得的不用管。")
    )
    closes_at = moment(_("什么时候截止"))
    grade_from = forms.IntegerField(label=_("从几年级"), min_value=1, max_value=12, required=False)
    grade_to = forms.IntegerField(
        label=_("到几年级"), min_value=1, max_value=12, required=False, help_text=_("都空着就是全部年级。")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("grade_from") or 1) > (data.get("grade_to") or 12):
            self.add_error("grade_to", _("年级要从低到高。"))
        return data

    def sign_up(self) -> SignUp:
        """What ``open_sign_up`` takes."""
        data = self.cleaned_data
        return SignUp(
            mode=data["mode"],
            opens_at=data["opens_at"],
            closes_at=data["closes_at"],
            draw_minutes=data["draw_minutes"],
            grades=self._grades(),
        )

    def _grades(self) -> list[int]:
        """Every grade of the span; none where neither end is said."""
        first, last = self.cleaned_data["grade_from"], self.cleaned_data["grade_to"]
        return list(range(first or 1, (last or 12) + 1)) if first or last else []


class WalkInForm(forms.Form):
    """How many came just now."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    children = forms.IntegerField(label=_("孩子"), min_value=0, max_value=WalkIn.MOST, initial=0)
    adults = forms.IntegerField(label=_("大人"), min_value=0, max_value=WalkIn.MOST, initial=0)

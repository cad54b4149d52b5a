"""How a draft is written."""

from decimal import Decimal

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baiye.catalogue.actions.content import Content, faults
from baiye.catalogue.hazards import KNOWN
from baiye.catalogue.models import ACCESS, LANGUAGES, RIASEC, STEPS, TASK_GROUPS, CourseVersion, Occupation
from baiye.catalogue.queries.courses import find_occupation
from baiye.core.choosing import ChosenField
from baiye.registry.models import Host
from baiye.registry.queries.hosts import hosts_by_words, place_of

GRADES = [(n, str(n)) for n in range(1, 13)]
STATES = [
    ("", _("全部状态")),
    ("draft", _("草稿")),
    ("review", _("评审中")),
    ("passed", _("已通过，待发布")),
    ("returned", _("已退回")),
    ("published", _("已发布")),
    ("idle", _("一年没有场次")),
    ("retired", _("已下架")),
]
TOLD = (("step", 200, 2), ("pupil", 600, 2), ("instructor", 600, 2))  # what is told of each step, how long, lines


class DraftForm(forms.Form):
    """A whole version of a course."""

    title = forms.CharField(label=_("项目名称"), max_length=60)
    summary = forms.CharField(label=_("一句话介绍"), max_length=200, help_text=_("来做什么、带走什么，一句话说清。"))
    glyph = forms.CharField(label=_("字头"), max_length=1, help_text=_("一个最能代表它的汉字，印在砖上。"))
    riasec = forms.ChoiceField(label=_("兴趣类型"), choices=RIASEC)
    occupation = forms.CharField(
        label=_("对应职业"),
        max_length=60,
        required=False,
        help_text=_("《职业分类大典》里的名称或编码，如 中式面点师。"),
    )
    task_group = forms.ChoiceField(label=_("劳动任务群"), choices=TASK_GROUPS)
    grade_from = forms.TypedChoiceField(label=_("从几年级"), choices=GRADES, coerce=int, initial=6)
    grade_to = forms.TypedChoiceField(label=_("到几年级"), choices=GRADES, coerce=int, initial=9)
    minutes = forms.IntegerField(label=_("时长（分钟）"), min_value=20, max_value=480, initial=160)
    group_min = forms.IntegerField(label=_("最少几人开课"), min_value=1, max_value=60, initial=8)
    group_ideal = forms.IntegerField(label=_("最合适几人"), min_value=1, max_value=60, initial=16)
    group_max = forms.IntegerField(label=_("最多几人"), min_value=1, max_value=60, initial=20)
    hazards = forms.MultipleChoiceField(
        label=_("要先问清的事"),
        choices=[(key, hazard.name) for key, hazard in KNOWN.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("勾了才问；基地只看得到和这一场有关的提醒。"),
    )
    bring = forms.CharField(label=_("要带什么"), max_length=120, required=False)
    hands_on_percent = forms.IntegerField(
        label=_("动手占几成（%）"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("学生自己动手的时间占全部时间的百分之几；标准要 60 以上。"),
    )
    price = forms.DecimalField(
        label=_("费用（元）"),
        min_value=0,
        max_value=9999,
        decimal_places=2,
        required=False,
        help_text=_("每人收多少，不收就填 0。只能收材料成本，并向家长公开。"),
    )
    price_covers = forms.CharField(label=_("费用包含什么"), max_length=200, required=False)
    languages = forms.MultipleChoiceField(
        label=_("用什么语言"), choices=LANGUAGES, initial=["zh"], widget=forms.CheckboxSelectMultiple
    )
    access = forms.ChoiceField(label=_("行动不便的学生"), choices=[("", _("还没有写")), *ACCESS], required=False)
    access_note = forms.CharField(
        label=_("怎样调整"),
        max_length=200,
        required=False,
        help_text=_("要调整的写怎样调整；还做不到的写卡在哪里。"),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        labels = {"step": _("做什么"), "pupil": _("给学生的说明"), "instructor": _("给带教老师的说明（不公开）")}
        for key, _name in STEPS:
            for told, longest, rows in TOLD:
                self.fields[f"{told}_{key}"] = forms.CharField(
                    label=labels[told],
                    max_length=longest,
                    required=False,
                    widget=forms.Textarea({"rows": rows}),
                )

    @property
    def by_step(self) -> list[tuple[object, list[forms.BoundField]]]:
        """The name of each step, and what is asked of it."""
        return [(name, [self[f"{told}_{key}"] for told, *_rest in TOLD]) for key, name in STEPS]

    def clean_occupation(self) -> Occupation | None:
        named = self.cleaned_data["occupation"]
        if not named:
            return None
        found = find_occupation(named)
        if found is None:
            raise forms.ValidationError(_("大典里没有「%(name)s」。照大典的写法填，或先空着。"), params={"name": named})
        return found

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        for name, why in faults(data | {"price_fen": data.get("price")}).items():
            self.add_error(name, why)
        return data

    def content(self) -> Content:
        """What the valid form says."""
        data = dict(self.cleaned_data)
        for told, column in (("step", "steps"), ("pupil", "pupil_notes"), ("instructor", "instructor_notes")):
            data[column] = {key: data.pop(f"{told}_{key}") for key, _name in STEPS}
        price = data.pop("price") or Decimal()
        return Content(**data, price_fen=int(price * 100))

    @staticmethod
    def initial_of(version: CourseVersion) -> dict[str, object]:
        """What the form shows first of a version."""
        fields = {name: getattr(version, name) for name in DraftForm.base_fields if name not in {"occupation", "price"}}
        told = (("step", version.steps), ("pupil", version.pupil_notes), ("instructor", version.instructor_notes))
        steps = {f"{name}_{key}": notes.get(key, "") for name, notes in told for key, _name in STEPS}
        price = {"price": Decimal(version.price_fen) / 100}
        return fields | steps | price | {"occupation": version.occupation.name if version.occupation else ""}


class NewCourseForm(DraftForm):
    """A first draft, and whose it is."""

    host = ChosenField(find=hosts_by_words, note=place_of, label=_("哪家基地"))
    field_order = ("host",)

    def __init__(self, *args: object, hosts: QuerySet[Host], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].offer(hosts)  # type: ignore[attr-defined]


class CopyForm(forms.Form):
    """At which of one's hosts a copy begins."""

    host = ChosenField(find=hosts_by_words, note=place_of, label=_("放到哪家基地"))

    def __init__(self, *args: object, hosts: QuerySet[Host], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["host"].offer(hosts)  # type: ignore[attr-defined]


class DraftsForm(forms.Form):
    """Search and filters of the desk; what it cannot read is left out."""

    q = forms.CharField(label=_("搜索项目"), required=False, max_length=40)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)

    def asked(self) -> dict[str, str]:
        """What was asked, empty where it was nothing or nonsense."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("q", "state")}

"""How the catalogue is asked, and how a draft is written."""

from dataclasses import dataclass

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baiye.catalogue.actions.content import Content
from baiye.catalogue.models import HAZARDS, RIASEC, STEPS, TASK_GROUPS, CourseVersion, Occupation
from baiye.catalogue.queries.courses import find_occupation
from baiye.registry.models import Host

GRADES = [(n, str(n)) for n in range(1, 13)]


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


MOST_HOSTS = 100  # in a list to choose from


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
        if hosts[: MOST_HOSTS + 1].count() > MOST_HOSTS:  # nobody reads so long a list: the words find a host, too
            self.fields["host"].widget = forms.HiddenInput()

    def asked(self) -> Asked:
        """What was asked, empty where it was nothing or nonsense."""
        self.is_valid()
        data = self.cleaned_data
        return Asked(data.get("q", ""), data.get("k", ""), data.get("host"))


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
        choices=list(HAZARDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("勾了才问；基地只看得到和这一场有关的提醒。"),
    )
    bring = forms.CharField(label=_("要带什么"), max_length=120, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for key, name in STEPS:
            self.fields[f"step_{key}"] = forms.CharField(
                label=name, max_length=200, required=False, widget=forms.Textarea({"rows": 2})
            )

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
        if data.get("grade_from", 1) > data.get("grade_to", 12):
            self.add_error("grade_to", _("要不低于「从几年级」。"))
        if data.get("group_min", 1) > data.get("group_ideal", 60):
            self.add_error("group_ideal", _("要不少于「最少几人开课」。"))
        if data.get("group_ideal", 1) > data.get("group_max", 60):
            self.add_error("group_max", _("要不少于「最合适几人」。"))
        return data

    def content(self) -> Content:
        """What the valid form says."""
        data = dict(self.cleaned_data)
        steps = {key: data.pop(f"step_{key}") for key, _name in STEPS}
        return Content(**data, steps=steps)

    @staticmethod
    def initial_of(version: CourseVersion) -> dict[str, object]:
        """What the form shows first of a version."""
        fields = {name: getattr(version, name) for name in DraftForm.base_fields if name != "occupation"}
        steps = {f"step_{key}": version.steps.get(key, "") for key, _name in STEPS}
        return fields | steps | {"occupation": version.occupation.name if version.occupation else ""}


class NewCourseForm(DraftForm):
    """A first draft, and whose it is."""

    host = forms.ModelChoiceField(label=_("哪家基地"), queryset=Host.objects.none())
    field_order = ("host",)

    def __init__(self, *args: object, hosts: QuerySet[Host], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].queryset = hosts  # type: ignore[attr-defined]
        if hosts[: MOST_HOSTS + 1].count() > MOST_HOSTS:  # nobody reads so long a list: the words find a host, too
            self.fields["host"].widget = forms.HiddenInput()

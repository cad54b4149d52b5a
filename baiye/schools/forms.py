"""What people type: codes, phones, answers, files, dates."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baiye.schools.models import HAN_GRADES, Consent, school_year

ANSWERS = [("yes", _("同意")), ("no", _("不同意"))]
ASKED = {
    "health": _("让基地看到您写的健康提醒"),
    "photo": _("拍照，只放进孩子自己的档案"),
    "display": _("照片和作品可以在学校展示"),
}
EXPLAINED = {
    "health": _("只有带教老师在活动前 1 天到活动后 7 天能看到，之后删除。"),
    "photo": _("只有孩子、您和班主任看得到。"),
    "display": _("只在校内展示，不上网。"),
}


class PupilCodeForm(forms.Form):
    """The 8-character code of a class card."""

    code = forms.CharField(
        label=_("班级卡上的 8 位码"),
        help_text=_("班主任发的小卡片上有，大小写都行。"),
        max_length=40,
        error_messages={"required": _("请填卡片上的 8 位码")},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class ChildCodeForm(PupilCodeForm):
    """The same, as a guardian is asked for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("孩子的 8 位码")
        self.fields["code"].help_text = _("在孩子的班级卡上。第一次登录要用，以后只用手机号。")


class PhoneForm(forms.Form):
    """A guardian who was here before."""

    phone = forms.CharField(
        label=_("手机号"),
        max_length=30,
        error_messages={"required": _("请填手机号")},
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel-national"}),
    )


class ContactForm(forms.Form):
    """Which phone of the roster is mine; the choices are contacts of the child, masked."""

    contact = forms.TypedChoiceField(
        label=_("哪一个是您的手机？"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个手机号")},
    )

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].choices = choices  # type: ignore[attr-defined]


class PhoneCodeForm(forms.Form):
    """The six digits of a text message."""

    code = forms.CharField(
        label=_("6 位验证码"),
        max_length=12,
        error_messages={"required": _("请填短信里的 6 位验证码")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class NewContactForm(forms.Form):
    """A second guardian whom the first, or the class teacher, vouches for."""

    name = forms.CharField(label=_("姓名"), max_length=40, error_messages={"required": _("请填姓名")})
    phone = forms.CharField(
        label=_("手机号"),
        max_length=30,
        error_messages={"required": _("请填手机号")},
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )


class ConsentForm(forms.Form):
    """A guardian's answers to the optional purposes; 同意 and 不同意 weigh the same and neither is preset.

    Parameters
    ----------
    hazards : mapping of slug to label
        What the child's courses have that health matters for; without any, and without notes, health is not asked.
    standing : mapping of purpose to Consent
        The answers that stand; they are filled in.
    written : mapping of slug to text
        The notes that stand.
    from_paper : bool
        A teacher types what a guardian signed on paper.
    """

    signature = forms.CharField(label=_("签上您的姓名"), max_length=40, error_messages={"required": _("还没有签名。请写您自己的姓名")})

    def __init__(
        self,
        *args: Any,
        hazards: Mapping[str, Any] | None = None,
        standing: Mapping[str, Consent] | None = None,
        written: Mapping[str, str] | None = None,
        from_paper: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hazards = {**{slug: slug for slug in written or {}}, **(hazards or {})}
        asked = [purpose for purpose in ASKED if purpose != "health" or self.hazards]
        fields: dict[str, forms.Field] = {}
        for slug, label in self.hazards.items():
            fields[f"note_{slug}"] = forms.CharField(
                label=label, max_length=100, required=False, initial=(written or {}).get(slug, "")
            )
        for purpose in asked:
            answer = (standing or {}).get(purpose)
            fields[purpose] = forms.ChoiceField(
                label=ASKED[purpose],
                help_text=EXPLAINED[purpose],
                choices=ANSWERS,
                widget=forms.RadioSelect,
                initial=("yes" if answer.agreed else "no") if answer else None,
                error_messages={"required": _("请选“同意”或“不同意”")},
            )
        self.asked = asked
        self.fields = fields | self.fields
        if from_paper:
            self.fields["signature"].label = _("纸上签的姓名")

    @property
    def answers(self) -> dict[str, bool]:
        """Purpose → agreed, for `actions.give_consents`."""
        return {purpose: self.cleaned_data[purpose] == "yes" for purpose in self.asked}

    @property
    def notes(self) -> dict[str, str]:
        """Hazard → what was written, for `actions.give_consents`."""
        return {slug: self.cleaned_data[f"note_{slug}"] for slug in self.hazards}

    @property
    def note_fields(self) -> list[forms.BoundField]:
        return [self[f"note_{slug}"] for slug in self.hazards]

    @property
    def answer_fields(self) -> list[forms.BoundField]:
        return [self[purpose] for purpose in self.asked]


class RosterForm(forms.Form):
    """A roster file, for which school and school year."""

    school = forms.TypedChoiceField(label=_("学校"), coerce=int)
    for_year = forms.TypedChoiceField(label=_("名单是哪个学年的"), coerce=int)
    file = forms.FileField(
        label=_("名册文件"),
        help_text=_(".xlsx 或 .csv，最大 10 MB。表头里有学籍号、姓名、班级就能认，次序随意。"),
        error_messages={"required": _("请选一个文件"), "empty": _("这个文件是空的，请选有名单的文件")},
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, schools: list[tuple[int, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = school_year(today)
        years = [year, year + 1] if today.month in (6, 7, 8) else [year]
        self.fields["school"].choices = schools  # type: ignore[attr-defined]
        self.fields["for_year"].choices = [(each, f"{each}–{each + 1}") for each in years]  # type: ignore[attr-defined]
        if len(schools) == 1:
            self.fields["school"].widget = forms.HiddenInput()
            self.fields["school"].initial = schools[0][0]
        if len(years) == 1:
            self.fields["for_year"].widget = forms.HiddenInput()
            self.fields["for_year"].initial = year


class TermForm(forms.Form):
    """A term and its two ends."""

    name = forms.CharField(label=_("学期"), help_text=_("例如 2026 学年第一学期"), max_length=40)
    starts_on = forms.DateField(label=_("第一天"), widget=forms.DateInput({"type": "date"}))
    ends_on = forms.DateField(label=_("最后一天"), widget=forms.DateInput({"type": "date"}))


class SchoolDayForm(forms.Form):
    """What a date is where it is not what its weekday says."""

    WEEKDAYS = [("", _("按当天")), *((n, f"周{han}") for n, han in enumerate("一二三四五六日", 1))]
    on = forms.DateField(label=_("日期"), widget=forms.DateInput({"type": "date"}))
    kind = forms.ChoiceField(label=_("这一天"), choices=[("holiday", _("放假")), ("workday", _("上课"))])
    acts_as = forms.TypedChoiceField(
        label=_("按星期几上课"), choices=WEEKDAYS, coerce=int, empty_value=None, required=False
    )
    blackout_grades = forms.TypedMultipleChoiceField(
        label=_("不能外出的年级"),
        help_text=_("考试周等。"),
        choices=[(n, f"{han}年级" if n < 10 else han) for n, han in enumerate(HAN_GRADES) if n],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label=_("备注"), max_length=60, required=False)


class TeacherForm(forms.Form):
    """Who becomes class teacher, by their user name."""

    username = forms.CharField(label=_("班主任的用户名"), max_length=60, error_messages={"required": _("请填用户名")})

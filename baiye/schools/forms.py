"""What people type: codes, phones, answers, files, dates."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baiye.schools.models import school_year
from baiye.schools.names import GRADES, WEEKDAYS

ACTS_AS = [("", _("按当天")), *enumerate(WEEKDAYS, 1)]


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

    on = forms.DateField(label=_("日期"), widget=forms.DateInput({"type": "date"}))
    kind = forms.ChoiceField(label=_("这一天"), choices=[("holiday", _("放假")), ("workday", _("上课"))])
    acts_as = forms.TypedChoiceField(
        label=_("按星期几上课"), choices=ACTS_AS, coerce=int, empty_value=None, required=False
    )
    blackout_grades = forms.TypedMultipleChoiceField(
        label=_("不能外出的年级"),
        help_text=_("考试周等。"),
        choices=list(enumerate(GRADES, 1)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label=_("备注"), max_length=60, required=False)


class TeacherForm(forms.Form):
    """Who becomes class teacher, by their user name."""

    username = forms.CharField(label=_("班主任的用户名"), max_length=60, error_messages={"required": _("请填用户名")})

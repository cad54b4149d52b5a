"""What is entered about a mentor: a check, a title, a certificate, a term, a year's work, the last day."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit
from baiye.core import clock
from baiye.mentors.forms.choosing import choose_from
from baiye.mentors.models import Check, Evaluation, Title

FILES = {"accept": ".pdf,image/jpeg,image/png,image/webp"}


def day(**options: Any) -> forms.DateField:
    """A question for a day."""
    return forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)


def request() -> forms.UUIDField:
    """What the browser sends again when it sends a form again."""
    return forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class CheckForm(forms.Form):
    """The result of a look-up; there is no room for the record itself."""

    request = request()
    result = forms.ChoiceField(label=_("结果"), choices=Check.RESULTS, widget=forms.RadioSelect)
    checked_on = day(label=_("查询日期"), help_text=_("从这天起，一年内有效。"))
    method = forms.ChoiceField(label=_("查询方式"), choices=Check.METHODS)


class TitleForm(forms.Form):
    """A title of honour, with its paper."""

    kind = forms.ChoiceField(label=_("称号"), choices=Title.KINDS)
    level = forms.ChoiceField(label=_("级别"), choices=Title.LEVELS)
    year = forms.IntegerField(label=_("年份"), min_value=1950, max_value=2100)
    awarded_by = forms.CharField(label=_("颁授单位"), max_length=60)
    upload = forms.FileField(
        label=_("证书或表彰文件"),
        required=False,
        help_text=_("PDF 或照片，10 MB 以内。没有的话，请总工会来登记确认。"),
        widget=forms.ClearableFileInput(FILES),
    )


class CertificateForm(forms.Form):
    """A training certificate earned elsewhere."""

    request = request()
    number = forms.CharField(label=_("证书编号"), max_length=60)
    issued_by = forms.CharField(label=_("发证单位"), max_length=60)
    minutes = forms.IntegerField(label=_("培训多少分钟"), min_value=1, max_value=30000)
    issued_on = day(label=_("发证日期"))
    valid_until = day(label=_("有效期到"), required=False, help_text=_("证书上没写就空着。"))
    upload = forms.FileField(
        label=_("证书"), help_text=_("PDF 或照片，10 MB 以内。"), widget=forms.ClearableFileInput(FILES)
    )


class AppointmentForm(forms.Form):
    """By whom somebody is appointed, and from when until when."""

    request = request()
    unit = forms.ModelChoiceField(label=_("聘任单位"), queryset=Unit.objects.none())
    from_on = day(label=_("聘期从"))
    until_on = day(label=_("聘期到"), help_text=_("两天都算在内。"))

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self.fields["unit"], units)


class EndingForm(forms.Form):
    """When an appointment ends early, and why."""

    on = day(label=_("从哪天起不再聘任"))
    because = forms.CharField(label=_("为什么"), max_length=200, widget=forms.Textarea({"rows": 2}))


class EvaluationForm(forms.Form):
    """How a school year went."""

    school_year = forms.TypedChoiceField(label=_("学年"), coerce=int)
    verdict = forms.ChoiceField(label=_("评价"), choices=Evaluation.VERDICTS, widget=forms.RadioSelect)
    text = forms.CharField(label=_("一句话说明"), max_length=400, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [(year, f"{year}–{year + 1}") for year in range(this_year, this_year - 3, -1)]
        self.fields["school_year"].choices = years  # type: ignore[attr-defined]


class DepartureForm(forms.Form):
    """From when on somebody guides nobody."""

    on = day(label=_("从哪天起不再带教"), initial=clock.today)

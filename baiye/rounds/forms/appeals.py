"""复核: what a family asks, and what is answered."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("哪里不对？"),
        max_length=500,
        help_text=_("写清楚哪一场、为什么，老师会照公布的规则重新核对。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写清楚哪里不对，再提交。"), "max_length": _("最多 500 字，请写短一点。")},
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("答复"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写下答复，家长会看到这段话。")},
    )

"""What people hand in on pages that belong to no room."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """A sheet to import."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    file = forms.FileField(
        label=_("填好的表格"),
        help_text=_(".xlsx 或 .csv，最大 10 MB，最多 2000 行。WPS 存的也行；列的次序随意。"),
        error_messages={"required": _("请选一个文件"), "empty": _("这个文件是空的，请选有名单的文件")},
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )

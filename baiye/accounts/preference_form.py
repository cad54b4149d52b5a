"""How people say by which channels, and when, copies of messages reach them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baiye.core import channels
from baiye.core.models import Delivery, Preference


class PreferenceForm(forms.Form):
    """Channels, quiet hours, the digest; a channel that is closed here, and a digest nobody owes one, are left out."""

    mail = forms.BooleanField(label=_("邮件"), required=False)
    wecom = forms.BooleanField(label=_("企业微信"), required=False)
    sms = forms.BooleanField(
        label=_("短信"), required=False, help_text=_("只发要紧的，比如提醒、改期、取消、候补轮到；页面最下面列着。")
    )
    quiet_from = forms.TimeField(label=_("从"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    quiet_to = forms.TimeField(label=_("到"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    digest = forms.BooleanField(
        label=_("每天一份汇总"),
        required=False,
        help_text=_("上学日 17:00 以后发一份，不再一条一条地发。页面最下面公布着哪些消息进汇总。"),
    )

    def __init__(self, data: Any = None, *, preference: Preference, reads_digest: bool) -> None:
        super().__init__(data, initial={name: getattr(preference, name) for name in self.base_fields})
        self._kept = {name: self.initial[name] for name in self.base_fields}
        closed = [channel for channel, _name in Delivery.CHANNELS if not channels.is_open(channel)]
        for name in [*closed, *([] if reads_digest else ["digest"])]:
            del self.fields[name]

    def wanted(self) -> dict[str, Any]:
        """The arguments of ``save_preference``; what was not asked stays as it is."""
        return self._kept | self.cleaned_data


class AddressForm(forms.Form):
    """Another address for a channel."""

    address = forms.CharField(max_length=254)

    def __init__(self, data: Any = None, *, channel: str) -> None:
        super().__init__(data, auto_id=f"id_{channel}_%s")
        field = self.fields["address"]
        if channel == "mail":
            field.label, field.widget.input_type = _("邮箱"), "email"
            field.widget.attrs |= {"autocomplete": "email", "inputmode": "email"}
        else:
            field.label = _("企业微信账号")
            field.help_text = _("管理后台里的“账号”，由字母和数字组成；在企业微信里问管理员。")
            field.widget.attrs |= {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}


class CodeForm(forms.Form):
    """The code that came to the address."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

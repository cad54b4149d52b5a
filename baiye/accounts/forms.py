"""What people type: who they are, whom they invite, which role they give, what they look for in the trail."""

from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from baiye.accounts import queries
from baiye.accounts.adapters import count_code, forget_codes
from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import ROLE_NAMES
from baiye.core.choosing import ChosenField

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words: TypeAlias = "str | _StrPromise"
PASSWORD_HINT = _("至少 10 个字。几个不相干的词连起来，又长又好记。")


class SignInForm(LoginForm):
    """Staff: username and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "login", _("用户名"), autocomplete="username", autocapitalize="none", spellcheck="false")
        _say(self, "password", _("密码"), autocomplete="current-password")
        self.fields["password"].help_text = ""


class PasswordAgainForm(AllauthReauthenticateForm):
    """The password once more, before a change to how one signs in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "password", _("密码"), autocomplete="current-password")


class ChangePasswordForm(AllauthChangePasswordForm):
    """The old password, and a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "oldpassword", _("现在的密码"), autocomplete="current-password")
        _say(self, "password1", _("新密码"), PASSWORD_HINT, autocomplete="new-password")
        _say(self, "password2", _("再写一遍新密码"), autocomplete="new-password")


class CodeForm(AuthenticateForm):
    """A code of the second factor, while signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self)

    def clean_code(self) -> str:
        count_code(self.user)
        code = super().clean_code()
        forget_codes(self.user)
        return code


class CodeAgainForm(ReauthenticateForm):
    """A code of the second factor, in a session that has shown none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self)

    def clean_code(self) -> str:
        count_code(self.user)
        code = super().clean_code()
        forget_codes(self.user)
        return code


class FirstCodeForm(ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self)

    def clean_code(self) -> str:
        count_code(self.user)
        code = super().clean_code()
        forget_codes(self.user)
        return code


class PasskeyForm(AuthenticateWebAuthnForm):
    """A passkey as the second factor, while signing in."""

    def clean_credential(self) -> Any:
        count_code(self.user)
        authenticator = super().clean_credential()
        forget_codes(self.user)
        return authenticator


class PasskeyAgainForm(ReauthenticateWebAuthnForm):
    """A passkey, in a session that has shown none."""

    def clean_credential(self) -> Any:
        count_code(self.user)
        authenticator = super().clean_credential()
        forget_codes(self.user)
        return authenticator


class NewPasskeyForm(AddWebAuthnForm):
    """A name for a new passkey, and whether it opens the account by itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "name", _("给它起个名字"), _("例如「办公室电脑」，以后好认。"))
        _say(self, "passwordless", _("以后只用它登录，不用再输密码"), _("设备要有指纹、面容或解锁码。"))


class PasskeyNameForm(EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "name", _("名字"))


class FirstPasswordForm(SetPasswordMixin, forms.Form):  # type: ignore[type-arg]  # no generic at run time
    """A password of one's own, by a one-time link."""

    password1 = forms.CharField(
        label=_("新密码"),
        help_text=PASSWORD_HINT,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("再写一遍"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        self.validate_passwords()
        self.validate_password_for_user(self.user, "password2")
        return super().clean() or {}


def kind_of(unit: Unit) -> str:
    """What sort of body a unit is: two may have the same name."""
    return str(unit.get_kind_display())


class GrantForm(forms.Form):
    """A role at a unit, from–to; only what the signed-in person may give."""

    role = forms.ChoiceField(label=_("权限"))
    unit = ChosenField(find=queries.units_by_words, note=kind_of, label=_("在哪里"), empty_label=_("请选择"))
    from_on = forms.DateField(label=_("从"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    to_on = forms.DateField(
        label=_("到"),
        required=False,
        help_text=_("当天也算。不填就一直有效，直到结束。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "role", [(role, ROLE_NAMES[role]) for role in queries.roles_for(by)])
        unit = self.fields["unit"]
        assert isinstance(unit, ChosenField)
        unit.offer(queries.units_for(by))
        self.fields["from_on"].initial = today


class InviteForm(GrantForm):
    """A new account with its first role."""

    name = forms.CharField(label=_("姓名"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        help_text=_("登录用，字母、数字、点和短横都行。"),
        validators=[RegexValidator(r"^[A-Za-z0-9._-]{3,}\Z", _("用户名至少 3 个字，只用字母、数字、点、短横和下划线"))],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("邮箱"),
        required=False,
        help_text=_("填了就把链接也寄到那里。"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("name", "username", "email", "role", "unit", "from_on", "to_on")


class PeopleFilterForm(forms.Form):
    """Which people to show."""

    q = forms.CharField(label=_("姓名或用户名"), required=False)
    role = forms.ChoiceField(label=_("权限"), required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "role", [("", _("全部")), *((role, ROLE_NAMES[role]) for role in queries.roles_for(by))])


class TrailForm(forms.Form):
    """What to look for in the trail."""

    kind = forms.CharField(label=_("事件"), required=False, max_length=60)
    person = forms.CharField(label=_("谁做的（用户名）"), required=False, max_length=60)
    object_type = forms.CharField(label=_("对象"), required=False, max_length=60)
    object_id = forms.CharField(label=_("对象编号"), required=False, max_length=40)
    from_on = forms.DateField(
        label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    to_on = forms.DateField(
        label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def wanted(self) -> queries.TrailFilter:
        """What was asked for; a field that makes no sense asks for nothing."""
        self.is_valid()
        given = getattr(self, "cleaned_data", {})
        return queries.TrailFilter(**{name: value for name, value in given.items() if value})


def _offer(form: forms.Form, name: str, choices: list[tuple[str, Words]]) -> None:
    """The choices of a field, known only when the form is made."""
    found = form.fields[name]
    assert isinstance(found, forms.ChoiceField)
    found.choices = choices


def _say(form: forms.Form, name: str, label: Words, hint: Words = "", **attrs: str) -> None:
    """Our own words on a field of allauth's, and no placeholder in place of a label."""
    if name not in form.fields:
        return
    found = form.fields[name]
    found.label, found.help_text = label, hint
    found.widget.attrs.pop("placeholder", None)
    found.widget.attrs.update(attrs)


def _say_code(form: forms.Form) -> None:
    _say(
        form,
        "code",
        _("6 位动态码"),
        _("也可以填备用码。"),
        autocomplete="one-time-code",
        inputmode="text",
        autocapitalize="none",
    )


class ApiKeyForm(forms.Form):
    """A new key for a partner's program."""

    unit = ChosenField(find=queries.units_by_words, note=kind_of, label=_("给哪个单位"), empty_label=_("请选择"))
    name = forms.CharField(
        label=_("用途"),
        max_length=60,
        help_text=_("哪个程序用它，例如「团区委小程序」。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, ChosenField)
        unit.offer(queries.key_units_for(by))

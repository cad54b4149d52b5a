"""How allauth behaves here: nobody signs up, tries are counted in the database, what happens stands in the trail."""

import base64
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages as notes
from django.contrib.auth.base_user import AbstractBaseUser
from django.forms import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.accounts import sessions
from baiye.accounts.models import User
from baiye.accounts.requests import SignedInRequest
from baiye.core import audit, clock, crypto, messages, throttle

TRIES_AN_ACCOUNT = 5
TRIES_AN_ADDRESS = 50  # a school may sit behind one address
WINDOW_S = 600
# What allauth would mail: the kind of event (none where the page records it), and what the person reads in the inbox.
TOLD = {
    "mfa/email/totp_activated": ("", gettext_lazy("动态码已经启用")),
    "mfa/email/totp_deactivated": ("second_factor.removed", gettext_lazy("动态码已经停用")),
    "mfa/email/webauthn_added": ("", gettext_lazy("加了一把通行密钥")),
    "mfa/email/webauthn_removed": ("second_factor.removed", gettext_lazy("删了一把通行密钥")),
    "mfa/email/recovery_codes_generated": ("recovery_codes.made", gettext_lazy("换了一组备用码")),
    "account/email/password_changed": ("password.changed", gettext_lazy("密码改好了")),
    "socialaccount/email/account_connected": ("outside_account.connected", gettext_lazy("连上了一个外部账号")),
    "socialaccount/email/account_disconnected": ("outside_account.removed", gettext_lazy("断开了一个外部账号")),
}


def place_of(user: User) -> str:
    """Where a person's events belong: at their first office."""
    return user.held[0][1] if user.held else ""


class AccountAdapter(DefaultAccountAdapter):
    """Staff accounts are made by invitation; a password is guarded by account and by address."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy("用户名或密码不对。再看一眼大小写，或请管理员发一个新链接"),
        "too_many_login_attempts": gettext_lazy("试的次数太多了，请过 10 分钟再试。急用可以请管理员发一个新链接"),
        "account_inactive": gettext_lazy("这个账号已停用，请找管理员"),
        "incorrect_password": gettext_lazy("密码不对，请再试一次"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before the password is looked at; both counts, so that neither hides the other."""
        account = throttle.hit(self._key(credentials), limit=TRIES_AN_ACCOUNT, per_s=WINDOW_S)
        address = throttle.hit(f"sign-in {self.get_client_ip(request)}", limit=TRIES_AN_ADDRESS, per_s=WINDOW_S)
        if not (account and address):
            audit.record("session.throttled", by=None, account=self._account(credentials))
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user = super().authenticate(request, **credentials)
        if user is not None:
            throttle.forget(self._key(credentials))
        return user

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing to roll back: a success forgets the account's count, and the address keeps its own."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        audit.record("session.refused", by=None, account=self._account(credentials))

    def _key(self, credentials: dict[str, Any]) -> str:
        return f"sign-in account {str(credentials.get('username', '')).lower()}"

    def _account(self, credentials: dict[str, Any]) -> str:
        """An account as it stands in the trail: a digest, for people type passwords into the wrong field."""
        return crypto.blind(str(credentials.get("username", "")).lower())[:16]

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        sessions.begin(request, at=clock.now())
        audit.record("session.begun", by=user, on=user, at_unit=place_of(user), by_ways=sessions.ways(request))

    def logout(self, request: SignedInRequest) -> None:
        user = request.user
        super().logout(request)
        audit.record("session.ended", by=user, on=user, at_unit=place_of(user))

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: Any = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Errors only: what went well is told by the page that follows, and by the inbox."""
        if message and level >= notes.WARNING:
            notes.add_message(request, level, message)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """A change to how someone signs in: an event, and a message to its owner (with a copy by mail)."""
        kind, subject = TOLD[template_prefix]
        at = clock.now()
        if kind:
            audit.record(kind, by=user, on=user, at_unit=place_of(user))
        body = _("时间 %(at)s。如果不是您本人做的，请马上找管理员停用账号。")
        body %= {"at": f"{at.astimezone(clock.SHANGHAI):%m-%d %H:%M}"}
        messages.send(
            to=[user],
            kind="sign_in.changed",
            key=f"{template_prefix}:{at.isoformat()}",
            subject=str(subject),
            body=body,
        )

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """Not within five minutes of signing in."""
        return not sessions.is_fresh(self.request, at=clock.now())


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """An outside account opens an account here only where its owner connected the two before."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are encrypted at rest, and staff never remove their last second factor."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("这个码不对，或已经用过。请等下一个码再填"),
        "cannot_delete_authenticator": gettext_lazy("这是唯一的第二步验证。请先加上另一种，再停用这一种"),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(crypto.encrypt(text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(base64.b64decode(encrypted_text))

    def build_totp_svg(self, url: str) -> str:
        """Black on white in both themes, or no phone could read it."""
        return str(segno.make(url, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff"))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if not settings.BAIYE_REQUIRE_SECOND_FACTOR:
            return True
        kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=kinds).exclude(pk=authenticator.pk)
        return others.exists()


def count_code(user: AbstractBaseUser | None) -> None:
    """Count a try of a second factor; a try too many is an error of the form."""
    key = f"second factor {user.pk if user else ''}"
    if not throttle.hit(key, limit=TRIES_AN_ACCOUNT, per_s=WINDOW_S):
        raise ValidationError(_("试的次数太多了，请过 10 分钟再试"))


def forget_codes(user: AbstractBaseUser | None) -> None:
    """Begin anew after a code that was right."""
    throttle.forget(f"second factor {user.pk if user else ''}")

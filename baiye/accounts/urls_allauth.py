"""allauth's pages, by the names it gives them; those that nobody needs here (signing up, mail addresses) have none."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as outside
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from baiye.accounts.views.second_factor import PasskeyView, TotpView, View, for_staff
from baiye.accounts.views.sign_in import StaffSignInView, sign_out


def _page(address: str, view: View, name: str) -> URLPattern:
    return path(address, for_staff(view), name=name)


urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/staff/", StaffSignInView.as_view(), name="account_login"),
    path("sign-in/closed/", account.account_inactive, name="account_inactive"),
    path("sign-out/", sign_out, name="account_logout"),
    _page("sign-in/again/", account.reauthenticate, "account_reauthenticate"),
    _page("password/", account.password_change, "account_change_password"),
    _page("second-factor/", mfa.index, "mfa_index"),
    _page("second-factor/code/", mfa.authenticate, "mfa_authenticate"),
    _page("second-factor/again/", mfa.reauthenticate, "mfa_reauthenticate"),
    _page("second-factor/app/", TotpView.as_view(), "mfa_activate_totp"),
    _page("second-factor/app/removal/", totp.deactivate_totp, "mfa_deactivate_totp"),
    _page("second-factor/recovery-codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    _page("second-factor/recovery-codes/new/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    _page("second-factor/recovery-codes/file/", recovery_codes.download_recovery_codes, "mfa_download_recovery_codes"),
    _page("second-factor/passkeys/", passkeys.list_webauthn, "mfa_list_webauthn"),
    _page("second-factor/passkeys/new/", PasskeyView.as_view(), "mfa_add_webauthn"),
    _page("second-factor/passkeys/again/", passkeys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    _page("second-factor/passkeys/sign-in/", passkeys.login_webauthn, "mfa_login_webauthn"),
    _page("second-factor/passkeys/<int:pk>/", passkeys.edit_webauthn, "mfa_edit_webauthn"),
    _page("second-factor/passkeys/<int:pk>/removal/", passkeys.remove_webauthn, "mfa_remove_webauthn"),
]
if settings.OIDC:
    urlpatterns += [
        _page("outside-accounts/", outside.connections, "socialaccount_connections"),
        path("outside-accounts/cancelled/", outside.login_cancelled, name="socialaccount_login_cancelled"),
        path("outside-accounts/error/", outside.login_error, name="socialaccount_login_error"),
        path("", include("allauth.socialaccount.providers.openid_connect.urls")),
    ]

"""Settings: one file, from the environment only; `.env.example` lists every variable. Reading it starts nothing."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from baiye.config import database

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = database.home()

# ── Mode ── production | demonstration | development; only the last two may run on built-in keys.
BAIYE_MODE = env.str("BAIYE_MODE", default="development")
if BAIYE_MODE not in {"production", "demonstration", "development"}:
    raise ImproperlyConfigured("BAIYE_MODE 只能是 production、demonstration 或 development")
PRODUCTION = BAIYE_MODE == "production"
DEMONSTRATION = BAIYE_MODE == "demonstration"
DEBUG = env.bool("DEBUG", default=False) and not PRODUCTION


def _key(name: str) -> str:
    """A secret from the environment; a built-in stand-in only outside production."""
    return str(
        env.str(name)
        if PRODUCTION
        else env.str(name, default=f"only-for-demonstration-{name.lower()}-" + "0123456789" * 4)
    )


SECRET_KEY = _key("SECRET_KEY")
FIELD_KEY = _key("FIELD_KEY")  # encrypts roll numbers and phones at rest; lose it and they are lost
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=PRODUCTION)  # one proxy that sets X-Forwarded-For and -Proto
BAIYE_HELP_PHONE = env.str("BAIYE_HELP_PHONE", default="")
BAIYE_DISTRICT = env.str("BAIYE_DISTRICT", default="普陀区")
BAIYE_SITE_URL = env.str("BAIYE_SITE_URL", default="http://127.0.0.1:8000")
BAIYE_FILINGS = env.str("BAIYE_FILINGS", default="")  # ICP and 等保 numbers, shown in the footer
# {year} and {n} stand in it once each
BAIYE_ACCREDITATION_NUMBER = env.str("BAIYE_ACCREDITATION_NUMBER", default="普职体〔{year}〕{n}号")
BAIYE_NOTICE_SCHOOL_DAYS = env.int("BAIYE_NOTICE_SCHOOL_DAYS", default=5)  # the shortest public notice of class hours

# ── Apps ──
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "baiye.config",  # the commands of the house
    "baiye.core",
    "baiye.accounts",
    "baiye.schools",
    "baiye.registry",
    "baiye.catalogue",
    "baiye.mentors",
    "baiye.visits",
    "baiye.attendance",
    "baiye.incidents",
    "baiye.hours",
    "baiye.partners",
    "baiye.rounds",
    "baiye.bookings",
    "baiye.portfolio",
    "baiye.outreach",
    "baiye.demo",
    "allauth",  # after ours, whose templates replace its own
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "baiye.core.middleware.permissions_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "baiye.bookings.middleware.live_numbers",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "baiye.accounts.middleware.idle_sign_out",
    "baiye.accounts.middleware.second_factor",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "baiye.config.urls"
WSGI_APPLICATION = "baiye.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "baiye.core.context.site",
                "baiye.accounts.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "baiye.core.templatetags.parts"],
        },
    }
]

# ── Database, cache, jobs ──
DATABASES = {"default": database.settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

# ── Files ──
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=None)  # only for a release that collects them; else served from the apps
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 60 if DEBUG else 3600
DATA_DIR = BASE_DIR / "data" if (BASE_DIR / "data").exists() else BASE_DIR.parent / "data"
FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# ── Language and time ──
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# ── Sign-in ──
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "baiye.accounts.passwords.NotOnesName", "OPTIONS": {"user_attributes": ("username", "email")}},
    {"NAME": "baiye.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "baiye.accounts.passwords.NotCommon"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "baiye.accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "baiye.accounts.adapters.SocialAccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # tries are counted by core.throttle, atomically and for all processes
ACCOUNT_SESSION_REMEMBER = False  # staff: the session ends with the browser
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the other sessions end, this one goes on
ACCOUNT_FORMS = {
    "login": "baiye.accounts.forms.SignInForm",
    "reauthenticate": "baiye.accounts.forms.PasswordAgainForm",
    "change_password": "baiye.accounts.forms.ChangePasswordForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
MFA_ADAPTER = "baiye.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "baiye.accounts.forms.CodeForm",
    "reauthenticate": "baiye.accounts.forms.CodeAgainForm",
    "activate_totp": "baiye.accounts.forms.FirstCodeForm",
    "authenticate_webauthn": "baiye.accounts.forms.PasskeyForm",
    "reauthenticate_webauthn": "baiye.accounts.forms.PasskeyAgainForm",
    "add_webauthn": "baiye.accounts.forms.NewPasskeyForm",
    "edit_webauthn": "baiye.accounts.forms.PasskeyNameForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "百业"
# Staff must have a second factor; the demonstration and development let one look around without.
BAIYE_REQUIRE_SECOND_FACTOR = env.bool("BAIYE_REQUIRE_SECOND_FACTOR", default=PRODUCTION)
OIDC = env.json("OIDC_PROVIDERS", default=[])  # [{"provider_id", "name", "client_id", "secret", "server_url"}, …]
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": p["provider_id"],
                "name": p["name"],
                "client_id": p["client_id"],
                "secret": p["secret"],
                "settings": {"server_url": p["server_url"]},
            }
            for p in OIDC
        ],
    }
}

# ── Channels for messages ──
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="baiye@localhost")
# Each channel is carried by the class that is named here; empty: the channel is closed.
_NO_SERVER = PRODUCTION and EMAIL_CONFIG["EMAIL_BACKEND"].endswith("console.EmailBackend")
MAIL_ADAPTER = env.str("MAIL_ADAPTER", default="" if _NO_SERVER else "baiye.core.channels_mail.Smtp")
SMS_ADAPTER = env.str("SMS_ADAPTER", default="" if PRODUCTION else "baiye.core.channels_sms.LocalOutbox")
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default="")  # of baiye.core.channels_sms.Gateway
SMS_GATEWAY_TOKEN = env.str("SMS_GATEWAY_TOKEN", default="")
WECOM_ADAPTER = env.str("WECOM_ADAPTER", default="")
WECOM_URL = env.str("WECOM_URL", default="https://qyapi.weixin.qq.com")  # of baiye.core.channels_wecom.WeCom
WECOM_CORP_ID = env.str("WECOM_CORP_ID", default="")
WECOM_AGENT_ID = env.int("WECOM_AGENT_ID", default=0)
WECOM_SECRET = env.str("WECOM_SECRET", default="")

# ── Security headers and cookies ──
SESSION_COOKIE_NAME = "baiye_session"
SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", default=12 * 3600)
STAFF_IDLE_S = env.int("STAFF_IDLE_S", default=30 * 60)  # staff are signed out after so long a silence
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "baiye.core.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secrets": {"()": "baiye.core.logs.HideSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["secrets"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}

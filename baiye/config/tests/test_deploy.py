"""In production mode Django's own check finds nothing to complain of, and nothing runs on built-in keys."""

import os
import subprocess
import sys

import pytest

# What tests set for themselves, or what a developer may have set.
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "BAIYE_MODE", "SECRET_KEY", "FIELD_KEY"}
ENVIRONMENT = {
    "BAIYE_MODE": "production",
    "SECRET_KEY": "x1!" + "9fK2mQ7vR4tY8uI3oP6aS5dF0gH1jL2zX" * 2,
    "FIELD_KEY": "another-key-for-the-fields-alone",
    "ALLOWED_HOSTS": "baiye.example",
}


def run(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    command = [sys.executable, "-m", "baiye.config.cli", *words]
    return subprocess.run(command, env=kept | environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_check_deploy_is_green_in_production():
    checked = run("check", "--deploy", "--fail-level", "WARNING", **ENVIRONMENT)

    assert checked.stderr == ""
    assert checked.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEY"])
def test_production_does_not_start_on_a_built_in_key(name):
    checked = run("check", **{key: value for key, value in ENVIRONMENT.items() if key != name})

    assert checked.returncode != 0
    assert name in checked.stderr


@pytest.mark.slow
def test_production_has_no_pages_for_trying_out():
    script = (
        "import django; django.setup(); from django.urls import resolve, Resolver404\n"
        "for path in ('/design/', '/demo/'):\n"
        "    try: resolve(path); print(path)\n"
        "    except Resolver404: pass\n"
        "from django.conf import settings as s\n"
        "assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE and s.SECURE_SSL_REDIRECT and not s.DEBUG\n"
        "assert s.BAIYE_REQUIRE_SECOND_FACTOR and s.STAFF_IDLE_S <= 1800 and s.SECURE_HSTS_SECONDS >= 31536000\n"
        "assert s.PASSWORD_HASHERS[0].endswith('Argon2PasswordHasher')\n"
    )
    variables = {**os.environ, **ENVIRONMENT, "DJANGO_SETTINGS_MODULE": "baiye.config.settings"}

    said = subprocess.run([sys.executable, "-c", script], env=variables, capture_output=True, text=True, check=False)

    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")

"""Every kind of answer carries the headers that keep a page to itself."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from baiye.accounts.tests.factories import PASSWORD, GrantFactory
from baiye.core import health
from baiye.core.models import Event

CSP = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
STATIC = "/static/core/css/pages/login.css"


def directives(response) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def answers() -> dict[str, object]:
    """One answer of each kind."""
    visitor, staff = Client(raise_request_exception=False), Client(raise_request_exception=False)
    staff.force_login(GrantFactory().user)
    strict = Client(enforce_csrf_checks=True)
    return {
        "page": visitor.get(reverse("accounts:sign-in")),
        "page of a person": staff.get(reverse("accounts:grant-list")),
        "redirect": visitor.get(reverse("accounts:inbox")),
        "not found": visitor.get("/nowhere/"),
        "forgery": strict.post(reverse("accounts:staff-sign-in")),
        "json": visitor.get("/healthz"),
        "static": visitor.get(STATIC),
        "wrong method": visitor.post("/healthz"),
        "error of the server": visitor.get("/boom/"),
    }


@pytest.fixture
def boom(settings):
    """A page that breaks."""
    settings.ROOT_URLCONF = "baiye.config.tests.urls_with_boom"


@pytest.mark.django_db
def test_every_answer_carries_the_headers(boom):
    found = answers()

    statuses = {kind: answer.status_code for kind, answer in found.items()}
    assert statuses == {
        "page": 200,
        "page of a person": 200,
        "redirect": 302,
        "not found": 404,
        "forgery": 403,
        "json": 200,
        "static": 200,
        "wrong method": 405,
        "error of the server": 500,
    }
    found["static"].close()
    for kind, answer in found.items():
        assert answer.headers["X-Content-Type-Options"] == "nosniff", kind
        assert answer.headers["Referrer-Policy"] == "same-origin", kind
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", kind
        if kind == "static":
            continue  # served before any page is made; a style sheet needs no policy
        assert directives(answer) == CSP, kind
        assert answer.headers["X-Frame-Options"] == "DENY", kind
        assert "camera=(self)" in answer.headers["Permissions-Policy"], kind


@pytest.mark.django_db
def test_pages_of_people_are_never_stored():
    client = Client()
    client.force_login(GrantFactory().user)

    assert "no-store" in client.get(reverse("accounts:grant-list")).headers["Cache-Control"]
    assert "no-store" in client.get(reverse("accounts:sign-in")).headers["Cache-Control"]


@pytest.mark.django_db
def test_cookies_are_out_of_reach_of_scripts_and_other_sites():
    client, user = Client(), GrantFactory().user
    client.get(reverse("accounts:staff-sign-in"))
    client.post(reverse("accounts:staff-sign-in"), {"login": user.username, "password": PASSWORD})
    client.post(reverse("core:look"), {"theme": "dark", "next": "/"})

    said = {name: (bool(cookie["httponly"]), cookie["samesite"]) for name, cookie in client.cookies.items()}
    assert said == dict.fromkeys(("baiye_session", "csrftoken", "theme"), (True, "Lax"))


@pytest.mark.django_db
def test_no_template_holds_script_or_style_of_its_own():
    rooms = Path(health.__file__).resolve().parents[1]
    bad = re.compile(
        r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*(?:src=|application/json))|javascript:", re.IGNORECASE
    )

    found = {str(file.relative_to(rooms)): bad.search(file.read_text()) for file in rooms.rglob("templates/**/*.html")}

    assert {name for name, match in found.items() if match} == set()


@pytest.mark.django_db
def test_health_says_when_the_database_is_away(client, monkeypatch):
    class Away:
        def cursor(self) -> None:
            raise health.OperationalError

    assert client.get("/healthz").json() == {"database": "ok"}
    monkeypatch.setattr(health, "connection", Away())

    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (503, {"database": "unreachable"})


@pytest.mark.django_db
def test_a_forged_form_is_refused_with_a_kind_word():
    response = Client(enforce_csrf_checks=True).post(reverse("accounts:staff-sign-in"), {"login": "lin"})

    assert "这一页放得太久了" in response.content.decode()
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_the_page_of_a_server_error_needs_no_database(boom, django_assert_num_queries):
    client = Client(raise_request_exception=False)

    with django_assert_num_queries(0):
        page = client.get("/boom/").content.decode()

    assert "系统出错了" in page

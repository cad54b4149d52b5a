"""Theme, size and language kept in cookies; the shells that follow them; pages of errors and help."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse


def post(client, **choice):
    return client.post(reverse("core:look"), choice)


@pytest.mark.parametrize(
    ("choice", "cookie"),
    [({"theme": "dark"}, "theme"), ({"large": "1"}, "large"), ({"language": "en"}, "django_language")],
)
def test_look_keeps_a_choice_and_returns_to_the_page(client, choice, cookie):
    response = post(client, next="/help/?a=1", **choice)

    assert (response.status_code, response.url) == (302, "/help/?a=1")
    assert response.cookies[cookie].value in choice.values()
    assert response.cookies[cookie]["httponly"] is True
    assert response.cookies[cookie]["samesite"] == "Lax"
    assert len(response.cookies) == 1


@pytest.mark.parametrize(
    "choice",
    [{}, {"theme": "pink"}, {"large": "2"}, {"language": "xx"}, {"theme": "dark", "language": "../x"}],
)
def test_look_refuses_what_it_does_not_know_and_keeps_nothing(client, choice):
    response = post(client, next="/help/", **choice)

    assert response.status_code == 400
    assert not response.cookies


@pytest.mark.parametrize(
    "page", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "", "\\\\x.example"]
)
def test_look_never_leads_elsewhere(client, page):
    assert post(client, theme="dark", next=page).url == "/"


def test_look_is_not_done_by_following_a_link(client):
    assert client.get(reverse("core:look")).status_code == 405


def test_look_from_another_site_is_refused():
    assert Client(enforce_csrf_checks=True).post(reverse("core:look"), {"theme": "dark"}).status_code == 403


@pytest.mark.parametrize(
    ("theme", "media"),
    [
        (None, "screen and (prefers-color-scheme: dark)"),
        ("dark", "screen"),
        ("light", None),
        ("pink", "screen and (prefers-color-scheme: dark)"),
    ],
)
def test_page_links_the_dark_theme_as_the_cookie_says(client, theme, media):
    if theme:
        client.cookies["theme"] = theme

    text = client.get(reverse("core:help")).text

    assert ("core/css/dark.css" in text) == (media is not None)
    assert media is None or f'media="{media}"' in text


@pytest.mark.parametrize(("large", "linked"), [("1", True), ("0", False)])
def test_page_links_large_print_as_the_cookie_says(client, large, linked):
    client.cookies["large"] = large

    assert ("core/css/large.css" in client.get(reverse("core:help")).text) is linked


def test_page_names_its_language(client):
    client.cookies["django_language"] = "en"

    assert '<html lang="en">' in client.get(reverse("core:help")).text


def test_help_has_the_phone_of_the_settings(client, settings):
    settings.BAIYE_HELP_PHONE = "021-0000-0000"

    assert 'href="tel:021-0000-0000"' in client.get(reverse("core:help")).text


def test_help_without_a_phone_has_no_link_to_call(client, settings):
    settings.BAIYE_HELP_PHONE = ""

    assert "tel:" not in client.get(reverse("core:help")).text


def test_lost_page_keeps_navigation_and_phone(client, settings):
    settings.BAIYE_HELP_PHONE = "021-0000-0000"

    response = client.get("/nowhere/at/all/")

    assert response.status_code == 404
    assert "没有这一页" in response.text
    assert 'class="pubbar"' in response.text
    assert "tel:021-0000-0000" in response.text


def test_error_page_needs_no_request():
    text = render_to_string("core/error.html", {"status": 500, "heading": "系统出错了", "lead": "已经保存的内容都在。"})

    assert "系统出错了" in text
    assert "<form" not in text


@pytest.mark.parametrize("shell", ["public", "phone", "door", "desk"])
def test_design_shows_every_shell_with_one_heading_and_nothing_inline(client, shell):
    text = client.get(reverse("core:design"), {"shell": shell}).text

    assert text.count("<h1") == 1
    assert 'id="main"' in text
    assert 'class="foot"' in text
    assert "style=" not in text
    assert "<style" not in text
    assert "{#" not in text
    assert " onclick" not in text


def test_design_of_an_unknown_shell_is_the_public_one(client):
    assert 'class="pubbar"' in client.get(reverse("core:design"), {"shell": "../x"}).text


def test_tab_bar_and_action_bar_never_stand_together(client):
    door = client.get(reverse("core:design"), {"shell": "door"}).text

    assert ('class="actionbar"' in door, 'class="tabbar"' in door) == (True, False)

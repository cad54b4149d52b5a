"""The eyes of the journeys see what they are for."""

import pytest

from tests.journeys.looking import Eyes

pytestmark = [pytest.mark.journey, pytest.mark.slow]
BODY = """(inside) => {
  document.body.className = "";
  document.body.innerHTML = `<main><h1>页</h1>${inside}</main>`;
}"""
STYLE = """(rules) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [sheet];
}"""
PALE_IN_THE_DARK = "@media (prefers-color-scheme: dark) { #pale { color: #333; background: #222; } }"


@pytest.fixture
def page(open_page):
    page = open_page()
    page.goto("/help/")
    return page


def seen(page):
    eyes = Eyes()
    eyes.look_at(page, "page")
    return [line for line in eyes.found if "region" not in line]


def test_a_page_without_barriers_gives_nothing(page):
    assert seen(page) == []


def test_an_image_without_words_is_named_at_both_widths(page):
    page.evaluate(BODY, '<img id="x" src="data:,">')

    assert [line for line in seen(page) if "image-alt" in line] == [
        "page 390 light image-alt: #x",
        "page 1440 light image-alt: #x",
    ]


def test_words_that_fade_only_in_the_dark_are_named(page):
    page.evaluate(BODY, '<p id="pale">看不清的一行字</p>')
    page.evaluate(STYLE, PALE_IN_THE_DARK)

    assert [line for line in seen(page) if "contrast" in line] == [
        "page 390 dark color-contrast: #pale",
        "page 1440 dark color-contrast: #pale",
    ]


def test_what_scrolls_sideways_on_a_phone_is_named(page):
    page.evaluate(BODY, '<p id="wide">很宽的一行</p>')
    page.evaluate(STYLE, "#wide { inline-size: 600px; }")

    assert [line for line in seen(page) if "px too wide" in line and "light" in line] != []

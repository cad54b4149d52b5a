"""Journeys: Debian's Chromium, as a person in Shanghai; whatever goes wrong in a page fails the test.

The browser is launched once a process (by pytest-playwright); each ``open_page()`` is one more person, with cookies of
their own, on the web server of the test and its own database.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, ViewportSize

from tests.rig import camera

PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1440, height=900)
NARROW = ViewportSize(width=320, height=640)
CHROMIUM = Path(os.environ.get("CHROMIUM") or "/usr/bin/chromium")
AXE = Axe().axe_script
RUN = "async (rules) => (await axe.run(document, { resultTypes: ['violations'], ...rules })).violations"
EVERY_RULE: dict[str, Any] = {}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}  # a theme changes colours, nothing else
LOOKS = ((PHONE, "light"), (PHONE, "dark"), (DESK, "dark"), (DESK, "light"))
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def camera_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the browser's camera sees; it is read again each time a page opens the camera."""
    film = tmp_path_factory.mktemp("camera") / "film.y4m"
    camera.show("", film)
    return film


@pytest.fixture
def show_to_camera(camera_film: Path) -> Callable[[str], None]:
    """``show_to_camera(text)``: from the next opening of the camera on it sees a QR code of ``text``; first nothing."""
    camera.show("", camera_film)
    return lambda text: camera.show(text, camera_film)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], camera_film: Path) -> dict[str, Any]:
    if not CHROMIUM.exists():
        pytest.fail(f"journeys need Chromium, and {CHROMIUM} is not there: run `make browser`, or set CHROMIUM")
    eyes = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    film = f"--use-file-for-fake-video-capture={camera_film}"
    return {**browser_type_launch_args, "executable_path": str(CHROMIUM), "args": [*QUIET, *eyes, film]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    place = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": PHONE, "reduced_motion": "reduce"}
    return {**browser_context_args, **place, "permissions": ["camera"]}


@pytest.fixture
def troubles() -> Iterator[list[str]]:
    """What went wrong in the pages of this test; a test that provokes something takes it out of the list itself."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext], live_server: Any, troubles: list[str]) -> Callable[..., Page]:
    """``open_page(viewport=DESK)``: a page of one more person; ``page.goto("/")`` is the site under test."""

    def opened(viewport: ViewportSize = PHONE, **options: Any) -> Page:
        page = new_context(base_url=live_server.url, **options).new_page()
        page.set_viewport_size(viewport)
        watch(page, troubles, host=urlsplit(live_server.url).netloc)
        return page

    return opened


@pytest.fixture
def page_of(open_page: Callable[..., Page], live_server: Any) -> Callable[..., Page]:
    """``page_of(user, viewport=DESK)``: a page on which someone is signed in, without the pages of signing in."""

    def opened(user: Any, viewport: ViewportSize = PHONE, **options: Any) -> Page:
        page = open_page(viewport, **options)
        sign_in(page, user, live_server.url)
        return page

    return opened


def sign_in(page: Page, user: Any, url: str) -> None:
    """The person of ``page`` is ``user`` from now on, on the site at ``url``."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])


def watch(page: Page, troubles: list[str], host: str) -> None:
    """Write down errors in the console, in scripts, and requests that leave ``host``."""

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            troubles.append(f"console: {message.text}")

    def on_request(request: Request) -> None:
        there = urlsplit(request.url)
        if there.scheme in {"http", "https", "ws", "wss"} and there.netloc != host:
            troubles.append(f"left the site: {request.url}")

    page.on("console", on_console)
    page.on("request", on_request)
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))


def looks(page: Page, in_dark: dict[str, Any]) -> Iterator[tuple[ViewportSize, str, list[str]]]:
    """The page as it is, on a phone and at a desk, in both themes: size, theme, and what axe finds there.

    Every rule is asked in the light, those of ``in_dark`` in the dark.
    """
    before = page.viewport_size
    page.wait_for_load_state()  # what a click led to may only have begun
    page.evaluate(AXE)
    for size, scheme in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        rules = in_dark if scheme == "dark" else EVERY_RULE
        yield size, scheme, [_in_words(rule) for rule in page.evaluate(RUN, rules)]
    page.emulate_media(color_scheme=None)
    if before:
        page.set_viewport_size(before)


def _in_words(rule: dict[str, Any]) -> str:
    return f"{rule['id']}: " + ", ".join(" ".join(map(str, node["target"])) for node in rule["nodes"])


def barriers(page: Page) -> list[str]:
    """What axe finds on the page, on a phone and at a desk, in both themes."""
    return [f"{size['width']} {scheme} {rule}" for size, scheme, found in looks(page, EVERY_RULE) for rule in found]


def shut_nobody_out(page: Page, addresses: Iterable[str], narrow: ViewportSize = PHONE) -> None:
    """Each page has no barrier for anyone, and nothing beside the screen, at the page's own size or on a phone."""
    before = page.viewport_size or PHONE
    for address in addresses:
        page.goto(address)
        assert barriers(page) == [], address
        for size in (narrow, before):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address

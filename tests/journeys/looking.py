"""Looking hard at a page: no barrier for anyone at phone and desk width in both themes, nothing to scroll sideways."""

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.rig.browser import DESK, PHONE

AXE = Axe().axe_script
RUN = "async (rules) => (await axe.run(document, { resultTypes: ['violations'], ...rules })).violations"
EVERY_RULE: dict[str, Any] = {}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}  # a theme changes colours, nothing else
LOOKS = (
    (PHONE, "light", EVERY_RULE),
    (PHONE, "dark", COLOURS),
    (DESK, "dark", COLOURS),
    (DESK, "light", EVERY_RULE),
)
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Eyes:
    """Looks at each page once, however many people come by, and remembers what it found."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.found: list[str] = []

    def look_at(self, page: Page, name: str) -> None:
        """Look at ``page``, known as ``name``; a picture of each look is kept where BAIYE_PICTURES says so."""
        if name in self.seen:
            return
        self.seen.add(name)
        before = page.viewport_size
        page.wait_for_load_state()  # what a click led to may only have begun
        page.evaluate(AXE)
        for size, scheme, rules in LOOKS:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            self._barriers(page, f"{name} {size['width']} {scheme}", rules)
            if size is PHONE and (over := page.evaluate(TOO_WIDE)) > 0:
                self.found.append(f"{name} {size['width']} {scheme}: {over} px too wide")
            self._keep_picture(page, name, size["width"], scheme)
        page.emulate_media(color_scheme=None)
        if before:
            page.set_viewport_size(before)

    def _barriers(self, page: Page, where: str, rules: dict[str, Any]) -> None:
        for rule in page.evaluate(RUN, rules):
            nodes = ", ".join(" ".join(map(str, node["target"])) for node in rule["nodes"])
            self.found.append(f"{where} {rule['id']}: {nodes}")

    def _keep_picture(self, page: Page, name: str, width: int, scheme: str) -> None:
        if folder := os.environ.get("BAIYE_PICTURES"):
            file = Path(folder) / f"{name}-{width}-{scheme}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=file, full_page=True)

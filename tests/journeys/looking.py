"""Looking hard at a page: no barrier for anyone at phone and desk width in both themes, nothing to scroll sideways."""

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.rig.browser import COLOURS, PHONE, looks

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
        for size, scheme, found in looks(page, COLOURS):
            where = f"{name} {size['width']} {scheme}"
            self.found += [f"{where} {rule}" for rule in found]
            if size is PHONE and (over := page.evaluate(TOO_WIDE)) > 0:
                self.found.append(f"{where}: {over} px too wide")
            self._keep_picture(page, name, size["width"], scheme)

    def _keep_picture(self, page: Page, name: str, width: int, scheme: str) -> None:
        if folder := os.environ.get("BAIYE_PICTURES"):
            file = Path(folder) / f"{name}-{width}-{scheme}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=file, full_page=True)

"""The people of a journey: each in a browser of their own, doing with pages what people do."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from re import Pattern
from typing import Literal

import pytest
from playwright.sync_api import Download, Locator, Page, ViewportSize, expect

from baiye.accounts.models import User
from baiye.accounts.tests.factories import PASSWORD
from baiye.core import clock, jobs
from baiye.core.clock import SHANGHAI
from tests.journeys.looking import Eyes
from tests.rig.browser import DESK, PHONE

Name = str | Pattern[str]


@dataclass
class Person:
    """Somebody at a page. ``user`` is given for staff, who sign in again whenever they were away too long."""

    page: Page
    eyes: Eyes
    user: User | None = None

    def opens(self) -> None:
        """Go to where this person's work begins, through the staff's door where that is asked for."""
        self.page.goto("/")
        if self.user is None:
            return
        if "/welcome/" in self.page.url:
            self.looks("landing")
            self.follows("登录", exact=True)
            self.looks("sign-in")
            self.follows("基地、学校、中心人员登录")
        if "/sign-in/" in self.page.url:
            self.looks("staff-sign-in")
            self.fills("用户名", self.user.username)
            self.fills("密码", PASSWORD)
            self.presses("登录", exact=True)
            expect(self.page).not_to_have_url(re.compile("/sign-in/"))

    def looks(self, name: str) -> None:
        self.eyes.look_at(self.page, name)

    def presses(self, name: Name, *, within: Locator | None = None, exact: bool = False) -> None:
        (within or self.page).get_by_role("button", name=name, exact=exact).first.click()

    def follows(self, name: Name, *, within: Locator | None = None, exact: bool = False) -> None:
        """Follow a link to another page, and wait until that is there."""
        before = self.page.url
        (within or self.page).get_by_role("link", name=name, exact=exact).first.click()
        self.page.wait_for_url(lambda address: address != before)

    def downloads(self, name: Name, role: Literal["link", "button"] = "link") -> Download:
        with self.page.expect_download() as download:
            self.page.get_by_role(role, name=name).first.click()
        return download.value

    def fills(self, label: Name, text: str) -> None:
        self.page.get_by_label(label).fill(text)

    def ticks(self, label: Name) -> None:
        boxes = self.page.get_by_role("checkbox", name=label).or_(self.page.get_by_role("radio", name=label))
        boxes.first.check()

    def chooses(self, label: Name, option: str) -> None:
        self.page.get_by_label(label).select_option(label=option)

    def sees(self, *texts: Name) -> None:
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    def does_not_see(self, *texts: Name) -> None:
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text)

    def row(self, text: Name, kind: str = "row") -> Locator:
        """The row or list item that says ``text``."""
        return self.page.get_by_role(kind).filter(has_text=text)  # type: ignore[arg-type]


@dataclass
class World:
    """The web site, the calendar on its wall, and whoever has come to it so far."""

    open_page: Callable[..., Page]
    monkeypatch: pytest.MonkeyPatch
    eyes: Eyes = field(default_factory=Eyes)
    now: datetime = datetime(2025, 10, 13, 9, 0, tzinfo=SHANGHAI)
    people: list[Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.monkeypatch.setattr(clock, "now", lambda: self.now.astimezone(UTC))
        self.monkeypatch.setattr(clock, "today", lambda: self.now.astimezone(SHANGHAI).date())

    def it_is(self, month: int, day: int, hour: int = 9, minute: int = 0, *, year: int | None = None) -> None:
        """Turn the clock, the site's and that of every browser; the year stays unless another is given."""
        self.now = datetime(year or self.now.year, month, day, hour, minute, tzinfo=SHANGHAI)
        for person in self.people:
            person.page.clock.set_fixed_time(self.now)

    def later(self, *, days: int = 0, hours: int = 0, minutes: int = 0) -> None:
        now = self.now + timedelta(days=days, hours=hours, minutes=minutes)
        self.it_is(now.month, now.day, now.hour, now.minute, year=now.year)

    def at_a_desk(self, user: User | None = None) -> Person:
        return self._comes(user, DESK)

    def with_a_phone(self, user: User | None = None) -> Person:
        return self._comes(user, PHONE)

    def _comes(self, user: User | None, viewport: ViewportSize) -> Person:
        for known in self.people:
            if user is not None and known.user == user:
                return known
        person = Person(self.open_page(viewport), self.eyes, user)
        person.page.set_default_timeout(20_000)
        person.page.clock.set_fixed_time(self.now)
        self.people.append(person)
        return person

    @staticmethod
    def works() -> None:
        """The worker does what is due."""
        jobs.run_due()

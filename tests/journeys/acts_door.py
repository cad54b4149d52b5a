"""Act six: at the workshop's door pupils come and go, by typed code, by the roll and the rest at one go."""

import re

from playwright.sync_api import expect

from tests.journeys.cast import DAYS, PUPILS, Cast
from tests.journeys.people import Person, World

CODED, LISTED, ABSENT = PUPILS[0], PUPILS[1], PUPILS[3]  # the last one is ill on the first morning
HALVES = ("09:00", "13:00")


def masked(name: str) -> str:
    return f"{name[0]}*{name[-1]}"


def they_go_to_both_hosts(world: World, people: Cast, pupil: Person) -> None:
    """Each host on its day, both halves. At the first the instructor makes the marks and the manager signs."""
    for host, user, signs in zip(DAYS, (people.instructor, people.managers[1]), people.managers, strict=True):
        day, door, desk = DAYS[host], world.with_a_phone(user), world.with_a_phone(signs)
        for half in HALVES:
            is_first = host == next(iter(DAYS)) and half == HALVES[0]
            hour = int(half[:2])
            world.it_is(day.month, day.day, hour - 1, 55)
            shown = _shows_the_pass(pupil) if is_first else None
            for visit in _visits(door, half):
                _goes_in(door, visit, shown, is_first)
            world.it_is(day.month, day.day, hour + 2, 36)
            for visit in _visits(door, half):
                _goes_out(door, visit)
            for visit in _visits(desk, half):
                _signs(desk, visit)


def _shows_the_pass(pupil: Person) -> tuple[str, str]:
    """The course and the code of a pupil's next half-day."""
    pupil.opens()
    pupil.looks("home-with-a-seat")
    pupil.follows("签到码")
    pupil.looks("pass")
    pupil.sees(CODED, "给门口老师扫一扫")
    code = pupil.page.locator("p.code").inner_text()
    return pupil.page.locator(".ticket__stub .grow > b").inner_text(), code


def _visits(door: Person, half: str) -> list[str]:
    """Addresses of today's visits of this half that somebody is expected at."""
    door.opens()
    door.looks("door")
    rows = door.page.get_by_role("main").get_by_role("listitem").filter(has_text=half)
    wanted = [row for row in rows.all() if not row.inner_text().rstrip().endswith("/ 0")]
    return [str(row.get_by_role("link").get_attribute("href")) for row in wanted]


def _enters(door: Person, visit: str) -> None:
    door.opens()
    door.page.locator(f'a[href="{visit}"]').click()


def _goes_in(door: Person, visit: str, shown: tuple[str, str] | None, is_first: bool) -> None:
    _enters(door, visit)
    door.looks("door-of-a-visit")
    if shown and shown[0] in door.page.title():
        door.fills("签到码", shown[1].lower())
        door.presses("签到", exact=True)
        _has_come(door, CODED)
    if (listed := door.page.get_by_role("button", name=f"给{masked(LISTED)}签到")).is_visible():
        listed.click()
        _has_come(door, LISTED)
    if is_first and door.page.get_by_text(masked(ABSENT)).count():
        return  # the one who is ill is not marked, and so nobody else here by the whole roll
    _the_rest(door, "都到了")


def _has_come(door: Person, name: str) -> None:
    """The server has the mark: what waits on the device is not green."""
    expect(door.row(masked(name), "listitem").locator(".tag--ok")).to_contain_text(re.compile(r"已到 \d\d:55"))


def _goes_out(door: Person, visit: str) -> None:
    _enters(door, visit)
    door.sees("签退")
    door.looks("door-on-leaving")
    _the_rest(door, "都离开了")


def _the_rest(door: Person, word: str) -> None:
    door.page.reload()  # the marks made a moment ago are in the page now
    if door.page.get_by_role("link", name=re.compile(f"其余 \\d 人{word}")).count():
        door.follows(re.compile(f"其余 \\d 人{word}"))
        door.looks(f"roll-call-{len(word)}")
        door.presses(word, exact=True)
        door.sees(re.compile(r"记下了 \d 人"))


def _signs(desk: Person, visit: str) -> None:
    _enters(desk, visit)
    desk.looks("door-signing")
    desk.presses("确认到场人数")
    desk.sees("学校也确认后，课时自动记上")

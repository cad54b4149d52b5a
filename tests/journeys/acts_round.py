"""Act two: the coordinator makes a round, puts sittings of both hosts into it and sends every class on its way."""

from tests.journeys.cast import COURSES, DAYS, Cast
from tests.journeys.people import Person, World

NAME = "2025 秋季职业体验"
PHASES = {
    "筹备": ("2025-10-13T00:00", "2025-10-14T00:00"),
    "排期": ("2025-10-14T00:00", "2025-10-16T00:00"),
    "填志愿": ("2025-10-16T00:00", "2025-10-23T00:00"),
    "录取运算": ("2025-10-23T00:00", "2025-10-27T00:00"),
    "复核公示": ("2025-10-27T00:00", "2025-10-30T00:00"),
    "到岗体验": ("2025-11-03T00:00", "2025-11-15T00:00"),
    "课时归档": ("2025-11-15T00:00", "2025-12-20T00:00"),
}
SEATS = {"舌尖上的面点": 1}  # the others take two each half-day; this one is wanted and scarce


def the_coordinator_prepares_a_round(world: World, people: Cast) -> None:
    centre = world.at_a_desk(people.coordinator)
    _makes_it(centre)
    for name in COURSES:
        _puts_sittings(centre, name)
    _fills_the_trips(centre)


def _makes_it(centre: Person) -> None:
    centre.opens()
    centre.follows("建一轮")
    centre.looks("round-create")
    centre.fills("名称", NAME)
    centre.chooses("哪个年级去", "七年级")
    for phase, (begin, end) in PHASES.items():
        dates = centre.page.get_by_role("group", name=phase, exact=True)
        dates.get_by_label("开始").fill(begin)
        dates.get_by_label("结束").fill(end)
    centre.presses("建这一轮")
    centre.sees("轮次建好了")


def _puts_sittings(centre: Person, host: str) -> None:
    centre.looks("round-visits-empty")
    centre.follows(host)
    for title, _glyph, _riasec in COURSES[host]:
        centre.ticks(title)
        centre.fills(f"{title} 每场名额", str(SEATS.get(title, 2)))
    day = DAYS[host]
    centre.ticks(f"{day.month} 月 {day.day} 日")
    centre.looks("sittings")
    centre.presses("放进这一轮")
    centre.sees("放进了 6 场")
    centre.looks("round-visits")


def _fills_the_trips(centre: Person) -> None:
    centre.follows(NAME)
    centre.looks("round-prepared")
    centre.follows("出行排期", exact=True)
    centre.looks("trips-empty")
    centre.presses("自动排")
    centre.sees("自动排了 2 个班次", *COURSES)
    centre.looks("trips")
    centre.page.locator("a.slot").first.click()
    centre.looks("trip")
    centre.fills("出发时间", "08:00")
    centre.fills("车辆", "1 号车")
    centre.presses("排好")
    centre.sees("排好了")

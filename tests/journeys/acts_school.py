"""Act one: the term is in the calendar, the roster comes in, every pupil gets a code."""

import re

from playwright.sync_api import expect

from tests.journeys.cast import MISTYPED, PUPILS, Cast, roster
from tests.journeys.people import Person, World

CODE = re.compile(r"[2-9A-Z]{8}")


def the_school_brings_its_pupils(world: World, people: Cast) -> dict[str, str]:
    """The code of each pupil, as it stands on the class cards."""
    centre = world.at_a_desk(people.coordinator)
    _writes_the_term(centre)
    school = world.at_a_desk(people.school_coordinator)
    _uploads_the_roster(world, school)
    _imports_it(world, school)
    _appoints(school, people.teacher.username)
    return _issues_the_cards(school)


def _writes_the_term(centre: Person) -> None:
    centre.opens()
    centre.looks("round-list-empty")
    centre.follows("校历", exact=True)
    centre.looks("calendar")
    centre.fills("学期", "2025 学年第一学期")
    centre.fills("第一天", "2025-09-01")
    centre.fills("最后一天", "2026-01-20")
    centre.presses("记下学期")
    centre.sees("2025 学年第一学期已记下")


def _uploads_the_roster(world: World, school: Person) -> None:
    school.opens()
    school.looks("roster-list")
    school.page.get_by_label("名册文件").set_input_files(
        {"name": "七年级.xlsx", "mimeType": "application/octet-stream", "buffer": roster()}
    )
    school.presses("上传并核对")
    school.sees("正在核对")
    school.looks("roster-checking")
    world.works()
    school.sees("等您确认", "1 行要改", re.compile("性别（D\\d+）“.”：性别请填“男”或“女”"))
    school.looks("roster-dry-run")


def _imports_it(world: World, school: Person) -> None:
    school.presses("导入 4 人")
    school.sees("正在写入名册")
    world.works()
    school.sees("已导入")
    school.looks("roster-imported")
    school.follows("班级", exact=True)
    school.looks("class-list")
    school.follows("七（1）班")
    school.sees(*PUPILS, "没有登录码")
    school.does_not_see(MISTYPED)
    school.looks("class")


def _appoints(school: Person, username: str) -> None:
    school.fills("班主任的用户名", username)
    school.presses("设为班主任")
    school.sees("从今天起是班主任")


def _issues_the_cards(school: Person) -> dict[str, str]:
    school.follows("发班级卡")
    school.looks("class-cards-question")
    school.presses("发新码并打印")
    cards = school.page.locator(".classcard")
    expect(cards).to_have_count(len(PUPILS))
    school.looks("class-cards")
    codes = {}
    for name in PUPILS:
        said = cards.filter(has_text=name).locator(".classcard__code").inner_text()
        codes[name] = re.sub(r"\s", "", said)
    assert all(CODE.fullmatch(code) for code in codes.values())
    school.follows("印好了，回到班级")
    school.sees("有登录码")
    return codes

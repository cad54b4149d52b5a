"""Acts five and six: a baker becomes a counsellor, is with a visit; a year later the look-up no longer holds."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from baiye.core import clock
from baiye.visits import actions
from baiye.visits.actions import SeatRefused
from baiye.visits.models import Visit
from tests.journeys.acts_course import TITLE
from tests.journeys.host_cast import HOST, VENUE, HostCast
from tests.journeys.people import Person, World

NAME = "周师傅"
TRAINING = "2024 年校外辅导员岗前培训"
CLEAR, NOT_CLEAR = "未发现限制从业的记录", "不宜接触学生"


def a_baker_becomes_a_counsellor(world: World, people: HostCast, manager: Person) -> None:
    world.it_is(11, 5)
    _enters(manager)
    centre = world.at_a_desk(people.coordinator)
    _checks(centre, date(2024, 11, 5), CLEAR)
    agency = world.at_a_desk(people.inspector)
    _makes_a_training(agency)
    world.it_is(11, 7, 16, 30)
    _notes_who_was_there(agency)
    _appoints(agency)


def _enters(manager: Person) -> None:
    manager.opens()
    manager.follows("场次", exact=True)
    manager.follows("带教人员")
    manager.looks("mentor-list-empty")
    manager.follows("登记一位")
    manager.looks("mentor-new")
    manager.fills("姓名", NAME)
    manager.ticks("校外辅导员")
    manager.ticks("基地带教")
    manager.chooses("聘任单位", "示例区人社局")
    manager.fills("手艺", "欧式面包")
    manager.presses("登记", exact=True)
    manager.sees("还没有从业查询结果。请先查询并登记。")
    manager.looks("mentor-entered")


def _checks(centre: Person, on: date, result: str) -> None:
    centre.opens()
    centre.follows("带教人员")
    centre.looks("mentor-list")
    centre.follows(NAME)
    centre.follows("登记结果")
    centre.looks("check-new")
    centre.ticks(result)
    centre.fills("查询日期", on.isoformat())
    centre.presses("登记结果")
    centre.sees(f"{on.year} 年 {on.month} 月 {on.day} 日", result)


def _makes_a_training(agency: Person) -> None:
    agency.opens()
    agency.follows("带教人员")
    agency.follows("培训", exact=True)
    agency.looks("training-list-empty")
    agency.follows("办一期培训")
    agency.looks("training-new")
    agency.fills("名称", TRAINING)
    agency.fills("到课满多少分钟发证", "90")
    agency.presses("建好这一期")
    agency.fills("日期", "2024-11-07")
    agency.fills("几点开始", "14:00")
    agency.fills("几点结束", "16:00")
    agency.fills("地点", "示例区工人文化宫")
    agency.looks("training-new-session")
    agency.presses("加上")
    agency.sees("已加上这次课")


def _notes_who_was_there(agency: Person) -> None:
    agency.opens()
    agency.follows("带教人员")
    agency.follows("培训", exact=True)
    agency.follows(TRAINING)
    agency.follows("登记到课")
    agency.looks("attendance")
    agency.ticks(re.compile(NAME))
    agency.presses("存好到课")
    agency.sees("已登记，到课 1 人")
    agency.presses("给满时间的发证")
    agency.sees("发了 1 份合格证书")
    agency.looks("training")


def _appoints(agency: Person) -> None:
    agency.opens()
    agency.follows("带教人员")
    agency.follows(NAME)
    agency.follows("聘任", exact=True)
    agency.looks("appointment-new")
    agency.fills("聘期从", "2024-11-08")
    agency.fills("聘期到", "2026-11-07")
    agency.presses("聘任并出聘书")
    agency.sees("已聘任，聘书可以打印了", "在聘")
    agency.looks("mentor-appointed")
    assert agency.downloads(re.compile("^聘书")).path().read_bytes().startswith(b"%PDF-")


def a_visit_with_the_baker(world: World, people: HostCast, manager: Person) -> None:
    world.it_is(11, 11)
    visit = _makes_a_visit(manager, date(2024, 11, 20))
    _assigns(manager, visit)
    _gives_a_seat(people, visit, 0)


def _makes_a_visit(manager: Person, on: date) -> Visit:
    manager.opens()
    manager.follows("场次", exact=True)
    manager.looks("visit-list-of-a-host")
    manager.follows("排一场")
    manager.looks("visit-new")
    manager.chooses("项目", f"{HOST}：{TITLE}")
    manager.chooses("场地", f"{HOST}：{VENUE}（24）")
    manager.fills("日期", on.isoformat())
    manager.fills("几点开始", "09:00")
    manager.fills("几点结束", "11:40")
    manager.fills("名额", "12")
    manager.presses("排好这一场")
    manager.sees(f"{on.month} 月 {on.day} 日")
    return Visit.objects.latest("starts_at")


def _assigns(manager: Person, visit: Visit) -> None:
    _opens_the_adults(manager, visit)
    manager.looks("adults")
    option = manager.page.get_by_label("哪一位").get_by_role("option", name=re.compile(NAME))
    manager.page.get_by_label("哪一位").select_option(str(option.get_attribute("value")))
    manager.presses("安排这一位")
    manager.sees(NAME, "带教")
    manager.looks("adults-assigned")


def _opens_the_adults(manager: Person, visit: Visit) -> None:
    manager.page.get_by_role("link", name="场次", exact=True).first.click()
    manager.page.locator(f'a[href="/visits/{visit.pk}/adults/"]').click()


def _gives_a_seat(people: HostCast, visit: Visit, n: int) -> None:
    """No page gives one seat by hand yet; the coordinator's action does."""
    actions.assign_seat(visit=visit, pupil=people.pupils[n], by=people.coordinator, at=clock.now())


def a_year_later_the_lookup_no_longer_holds(world: World, people: HostCast, manager: Person) -> None:
    """366 days after the look-up nobody can put the baker on a visit; the look-up made anew finds something."""
    world.it_is(11, 6, year=2025)
    visit = _makes_a_visit(manager, date(2025, 11, 19))
    _opens_the_adults(manager, visit)
    expect(manager.page.get_by_label("哪一位").get_by_role("option", name=re.compile(NAME))).to_have_count(0)
    manager.looks("adults-nobody-may")
    manager.follows("带教人员")
    manager.follows(NAME)
    manager.sees("从业查询已经满一年。请重新查询并登记。")
    manager.looks("mentor-lapsed")
    centre = world.at_a_desk(people.coordinator)
    _checks(centre, date(2025, 11, 6), CLEAR)
    _assigns(manager, visit)
    _gives_a_seat(people, visit, 0)
    _the_next_lookup_is_bad(world, people, centre, visit)


def _the_next_lookup_is_bad(world: World, people: HostCast, centre: Person, visit: Visit) -> None:
    """Who sits there already is in danger: the list says so; nobody more is given a seat until it is clear again."""
    world.it_is(11, 12)
    _checks(centre, date(2025, 11, 12), NOT_CLEAR)
    world.works()
    with pytest.raises(SeatRefused, match="有带教人员的从业查询、聘任或培训不在有效期内。先办好，或换一位。"):
        _gives_a_seat(people, visit, 1)
    centre.follows("受影响的场次")
    centre.sees(TITLE, f"{NAME}：最近一次从业查询没有通过，不能接触学生。换一位。", "已有 1 位学生的名额")
    centre.looks("lapse-list")
    centre.follows(re.compile("^补查询或聘任"))
    world.it_is(11, 14)
    _checks(centre, date(2025, 11, 14), CLEAR)
    centre.follows("受影响的场次")
    centre.sees("没有受影响的场次")
    centre.looks("lapse-list-empty")
    _gives_a_seat(people, visit, 1)
    assert Visit.objects.get(pk=visit.pk).taken == 2

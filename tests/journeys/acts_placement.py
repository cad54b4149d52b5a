"""Acts four and five: the placement is computed, two people publish it, the families read why."""

import re

from playwright.sync_api import expect

from tests.journeys.acts_round import NAME
from tests.journeys.cast import PUPILS, Cast
from tests.journeys.people import Person, World


def two_people_publish_the_placement(world: World, people: Cast) -> None:
    world.it_is(10, 24, 10)
    centre = world.at_a_desk(people.coordinator)
    _runs_the_placement(world, centre)
    _reads_it_and_proposes(centre)
    world.later(hours=1)
    officer = world.at_a_desk(people.officer)
    _approves(officer)


def _runs_the_placement(world: World, centre: Person) -> None:
    centre.opens()
    centre.looks("round-list")
    centre.follows(NAME)
    centre.looks("round")
    centre.fills("公开抽签的种子", "20251024")
    centre.presses("开始运算")
    centre.sees("排在队里，马上开始")
    centre.looks("run-progress")
    world.works()
    centre.sees("录取在第几志愿")


def _reads_it_and_proposes(centre: Person) -> None:
    centre.looks("run")
    expect(centre.page.get_by_role("img", name=re.compile("录取到第 1 志愿 4 个半天|录取到第 1 志愿"))).to_be_visible()
    centre.sees("独立核对通过", *PUPILS)
    centre.fills("搜索学生", PUPILS[0])
    centre.presses("筛选")
    expect(centre.row(PUPILS[0])).to_be_visible()
    centre.does_not_see(PUPILS[1])
    assert centre.downloads("导出名单").suggested_filename.endswith(".xlsx")
    centre.presses("提请公布")
    centre.sees("等另一位同事复核", "等第二人复核")
    centre.looks("run-proposed")
    expect(centre.page.get_by_role("link", name="复核并公布")).to_have_count(0)


def _approves(officer: Person) -> None:
    officer.opens()
    officer.follows(NAME)
    officer.follows(re.compile("协调员李"))
    officer.follows("复核并公布")
    officer.sees("4 人排满，共 4 人", "由 协调员李 提请")
    officer.looks("approval")
    officer.presses("公布", exact=True)
    officer.sees("已公布。各家会在消息里看到结果")
    officer.follows("公开核对页")
    officer.sees("冻结的输入", "20251024")
    officer.looks("verification")


def the_pupil_reads_the_result(pupil: Person) -> None:
    pupil.opens()
    pupil.looks("home-with-a-result")
    pupil.follows("全部安排")
    pupil.sees("录取结果出来了", "为什么是这个结果", "第 1 志愿")
    expect(pupil.page.locator("article.ticket")).to_have_count(4)
    pupil.looks("result")

"""Acts two and three: the bakery is inspected where there is no network, two people decide, the public reads it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from baiye.registry.tests.test_papers import words_of
from tests.journeys.host_cast import HOST, LINES, HostCast, picture
from tests.journeys.people import Person, World

POINTS = (5, 4, 5, 4)
NOTE = "灭火器检验到 2025 年 6 月。"
KEPT = "caches.match(location.href).then(Boolean)"


def the_bakery_is_inspected(world: World, people: HostCast, manager: Person, troubles: list[str]) -> None:
    centre = world.at_a_desk(people.coordinator)
    _plans_it(world, centre)
    world.it_is(10, 21, 13, 30)
    phone = world.with_a_phone(people.inspector)
    _opens_the_inspection(phone)
    _judges_without_a_network(phone)
    _comes_back_into_the_network(phone, troubles)
    phone.presses("判完了，签字")
    phone.sees("等第二个人签")
    phone.looks("inspection-signed-once")
    _signs_second(manager)


def _plans_it(world: World, centre: Person) -> None:
    centre.opens()
    centre.follows("基地认定")
    centre.sees(HOST, "还没有核查记录")
    centre.looks("assessment-unplanned")
    centre.fills("哪一天", "2024-10-21")
    centre.chooses("核查人", "干部郑")
    centre.presses("安排核查")
    centre.sees("核查人 干部郑")
    centre.looks("assessment-planned")
    world.works()


def _opens_the_inspection(phone: Person) -> None:
    phone.opens()
    phone.follows("核查", exact=True)
    phone.looks("inspection-list")
    phone.follows(HOST)
    phone.sees("核查", HOST)
    _wait_until_kept(phone.page)
    phone.looks("inspection")


def _wait_until_kept(page: Page) -> None:
    """Until the browser has the page for the next time without a network."""
    for _n in range(100):
        if page.evaluate(KEPT):
            return
        page.wait_for_timeout(100)
    pytest.fail("the page was not kept")


def _judges_without_a_network(phone: Person) -> None:
    phone.page.context.set_offline(True)
    for (_area, title, _how), points in zip(LINES, POINTS, strict=True):
        card = _card(phone, title)
        card.get_by_text("符合", exact=True).click()
        card.get_by_label("得分").fill(str(points))
    first = _card(phone, LINES[0][1])
    first.get_by_label("说明").fill(NOTE)
    first.get_by_text("加照片").click()
    first.get_by_label("拍一张或选一张").set_input_files(picture("灭火器.jpg", "firebrick"))
    first.get_by_text("看过了，照片里没有人脸").click()
    first.get_by_role("button", name="加这张").click()
    expect(phone.page.locator("[data-netbar]")).to_contain_text("离线中 · 5 条已存在本机")
    phone.looks("inspection-offline")
    phone.page.reload()
    expect(_card(phone, LINES[1][1]).get_by_label("得分")).to_have_value("4")
    expect(first.get_by_label("说明")).to_have_value(NOTE)


def _card(phone: Person, title: str) -> Locator:
    return phone.page.locator("[data-indicator]").filter(has=phone.page.get_by_role("heading", name=title))


def _comes_back_into_the_network(phone: Person, troubles: list[str]) -> None:
    phone.page.context.set_offline(False)
    expect(phone.page.locator("[data-netbar]")).to_be_hidden(timeout=30_000)
    for _area, title, _how in LINES:
        expect(_card(phone, title)).to_contain_text("已上传")
    troubles[:] = [trouble for trouble in troubles if "ERR_INTERNET_DISCONNECTED" not in trouble]
    phone.page.reload()
    expect(phone.page.get_by_role("img", name="现场照片 1")).to_be_visible()
    phone.looks("inspection-judged")


def _signs_second(manager: Person) -> None:
    """The host's manager comes by the message about the inspection."""
    manager.opens()
    manager.follows("消息")
    manager.looks("manager-inbox")
    manager.follows(re.compile(f"{HOST}：首次核查定在"))
    manager.follows("去看看")
    manager.sees("等第二个人签", "18 分 · 14 分通过")
    manager.looks("inspection-to-sign")
    manager.presses("看过了，我来签第二个")
    manager.sees("记录不再改动")
    manager.looks("inspection-signed")


def two_people_accredit_it(world: World, people: HostCast) -> None:
    world.it_is(10, 23, 10)
    world.works()
    inspector = world.at_a_desk(people.inspector)
    _proposes(inspector)
    world.later(hours=3)
    colleague = world.at_a_desk(people.colleague)
    _signs(colleague)
    world.works()


def _proposes(inspector: Person) -> None:
    inspector.opens()
    inspector.sees("还没有查过近三年的行政处罚", NOTE)
    _looks_for_penalties(inspector)
    inspector.sees("共 18 分，达到 14 分", "国家企业信用信息公示系统：没有查到")
    inspector.looks("assessment-to-decide")
    inspector.ticks("通过")
    inspector.fills("给基地的意见", "工坊整齐，流程清楚，照方案开课。")
    inspector.presses("提交，需 2 人签字")
    inspector.sees("已签 1 人，共要 2 人", "请另一位同事来签")
    inspector.looks("assessment-proposed")


def _looks_for_penalties(inspector: Person) -> None:
    inspector.page.get_by_text("记一次查询").click()
    inspector.ticks("国家企业信用信息公示系统")
    inspector.ticks("没有查到")
    inspector.presses("记下")


def _signs(colleague: Person) -> None:
    colleague.opens()
    colleague.presses("同意，签字")
    colleague.sees("干部郑", "干部冯")
    colleague.looks("assessment-decided")
    colleague.follows("认定", exact=True)
    colleague.looks("accreditation-list")
    colleague.follows(HOST)
    colleague.sees("2024 年 10 月 23 日 – 2027 年 10 月 22 日")
    colleague.looks("accreditation")


def the_public_reads_it(world: World, applicant: Person) -> None:
    """Whoever applied looks by the secret link, then as anybody at the register and its map; and on paper at a desk."""
    applicant.page.reload()
    applicant.sees("通过", "工坊整齐，流程清楚")
    applicant.looks("apply-passed")
    applicant.page.goto("/hosts/")
    applicant.sees(HOST, "已认定", "至 2027 年 10 月 22 日")
    applicant.looks("register")
    applicant.follows("地图", exact=True)
    expect(applicant.page.get_by_role("link", name=f"1 {HOST}")).to_be_visible()
    applicant.looks("register-map")
    applicant.follows("列表", exact=True)
    applicant.follows(HOST, exact=True)
    applicant.sees("已通过认定，有效期至 2027 年 10 月 22 日", "牵头部门：示例区人社局")
    applicant.looks("register-host")
    _the_list_on_paper(world.at_a_desk())


def _the_list_on_paper(visitor: Person) -> None:
    visitor.page.goto("/hosts/")
    visitor.page.get_by_text("下载", exact=True).click()
    address = visitor.page.get_by_role("link", name="认定名单").get_attribute("href")
    paper = visitor.page.request.get(str(address))
    assert paper.headers["content-type"] == "application/pdf"
    assert set(HOST) <= words_of(paper.body())

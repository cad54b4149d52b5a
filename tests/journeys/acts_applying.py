"""Act one: a bakery applies on a phone; the coordinator looks at its papers and gives its manager an account."""

import re

from baiye.accounts.models import User
from baiye.accounts.tests.factories import PASSWORD
from baiye.registry.models import Standard
from tests.journeys.host_cast import HOST, VENUE, HostCast, picture
from tests.journeys.people import Person, World

CODE = "91350100M000100Y43"  # the example of GB 32100
MANAGER, USERNAME = "负责人麦师傅", "mai.shifu"


def a_company_applies(world: World, people: HostCast) -> Person:
    """Who applied, still at the phone, at the page of the secret link."""
    applicant = world.with_a_phone()
    _begins(applicant, people.standard)
    _fills_the_pages(applicant)
    _hands_in_a_paper(applicant)
    _promises_and_submits(applicant)
    return applicant


def _begins(applicant: Person, standard: Standard) -> None:
    applicant.page.goto("/welcome/")
    applicant.follows("申报成为基地")
    applicant.looks("apply")
    applicant.ticks(str(standard))
    applicant.presses("开始填写")
    applicant.sees("请先把这个链接存好")
    applicant.looks("apply-begun")


def _fills_the_pages(applicant: Person) -> None:
    applicant.follows("1. 单位")
    applicant.looks("apply-body")
    applicant.fills("单位名称", HOST)
    applicant.fills("统一社会信用代码", CODE)
    applicant.chooses("单位类型", "企业")
    applicant.fills("地址", "示例路 12 号")
    applicant.chooses("街镇", "示例路街道")
    applicant.presses("存好，下一页")
    applicant.looks("apply-contact")
    applicant.fills("联系人", "麦师傅")
    applicant.fills("联系电话", "154 0000 0001")
    applicant.fills("学生能体验哪些职业", "烘焙师、咖啡师")
    applicant.presses("存好，下一页")
    applicant.looks("apply-venue")
    applicant.fills("场地名称", VENUE)
    applicant.fills("同时能容纳几名学生", "24")
    applicant.fills("学生活动的面积", "120")
    applicant.fills("经度", "121.385")
    applicant.fills("纬度", "31.235")
    applicant.presses("存好，下一页")


def _hands_in_a_paper(applicant: Person) -> None:
    applicant.looks("apply-papers-empty")
    applicant.chooses("哪一种材料", "学生意外险与场所责任险")
    applicant.page.get_by_label("文件").set_input_files(picture("保单.jpg", "ivory"))
    applicant.fills("从哪天起有效", "2024-01-01")
    applicant.fills("到哪天为止", "2026-12-31")
    applicant.presses("上传这一份")
    applicant.sees("要的材料都有了", "有效至 2026 年 12 月 31 日")
    applicant.looks("apply-papers")
    applicant.follows("下一页：声明")


def _promises_and_submits(applicant: Person) -> None:
    applicant.looks("apply-declaration")
    applicant.ticks("我们是营利性单位")
    applicant.ticks("接待学生时不做广告")
    applicant.presses("存好，下一页")
    applicant.looks("apply-complete")
    applicant.presses("提交申报")
    applicant.sees("待受理")
    applicant.looks("apply-submitted")


def the_coordinator_lets_it_through(world: World, people: HostCast) -> Person:
    """The new host's manager, at a browser of their own, signed in."""
    world.it_is(10, 15)
    centre = world.at_a_desk(people.coordinator)
    centre.opens()
    centre.follows("基地申报")
    centre.looks("application-list")
    centre.follows(HOST)
    centre.looks("application-submitted")
    centre.presses("受理")
    centre.presses(re.compile("^通过 ?学生意外险"))
    centre.sees("协调员李 于 2024 年 10 月 15 日 核对")
    centre.presses("都不是，录入新基地")
    centre.sees(HOST)
    centre.looks("application-ready")
    centre.presses("初审通过，去现场核查")
    centre.sees("现场核查")
    centre.looks("application-let-through")
    centre.follows(HOST)
    centre.sees("自己申报，正在审核")
    centre.looks("host-file-new")
    return _the_manager_comes(world, centre)


def _the_manager_comes(world: World, centre: Person) -> Person:
    centre.follows("请负责人来登录")
    centre.looks("host-manager-new")
    centre.fills("姓名", MANAGER)
    centre.fills("用户名", USERNAME)
    centre.presses("建账号，得到链接")
    centre.looks("host-manager-link")
    link = centre.page.get_by_label("设密码的链接").input_value()
    centre.follows("已经交给本人")
    centre.sees(MANAGER)

    manager = world.with_a_phone(User.objects.get(username=USERNAME))
    manager.page.goto(link)
    manager.looks("invitation")
    for box in manager.page.locator("input[type=password]").all():
        box.fill(PASSWORD)
    manager.presses("设好密码")
    manager.sees("密码设好了，请用它登录")
    return manager

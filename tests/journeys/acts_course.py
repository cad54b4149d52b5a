"""Act four: the manager writes a course, two people review it, the centre publishes it; then a second version."""

from playwright.sync_api import expect

from tests.journeys.host_cast import HOST, HostCast
from tests.journeys.people import Person, World

TITLE = "第一炉面包"
STEPS = {
    "走进一所职校": "穿过面包房，认一认面粉、酵母和烤箱。",
    "体验一个项目": "揉一团面，看它醒发，整形，送进烤箱。",
    "了解一门职业": "听烘焙师讲凌晨三点的一天。",
    "感受一种文化": "说说家里过节吃什么面点。",
}
FIRST, SECOND = "围裙会发给大家", "围裙会发给大家；头发长的带一根皮筋"


def the_manager_proposes_a_course(world: World, people: HostCast, manager: Person) -> None:
    world.it_is(10, 28)
    manager.opens()
    manager.follows("场次", exact=True)
    manager.follows("项目管理")
    manager.looks("draft-list-empty")
    manager.follows("写一个新项目")
    manager.looks("draft-new")
    _writes(manager)
    manager.looks("draft")
    _proposes(manager)
    world.later(hours=5)
    _two_people_review_it(world, people, "第 1 版")
    _publishes(world.at_a_desk(people.coordinator))


def _writes(manager: Person) -> None:
    if manager.page.get_by_label("哪家基地").count():
        manager.chooses("哪家基地", HOST)
    manager.fills("项目名称", TITLE)
    manager.fills("一句话介绍", "揉一团面，烤一个面包，带着热气回家。")
    manager.fills("字头", "包")
    manager.chooses("劳动任务群", "烹饪与营养")
    manager.fills("动手占几成", "70")
    manager.fills("要带什么", FIRST)
    manager.chooses("行动不便的学生", "行动不便的学生都能参加")
    manager.ticks("食物过敏")
    for step, text in STEPS.items():
        box = manager.page.get_by_role("group", name=step)
        box.get_by_label("做什么").fill(text)
        box.get_by_label("给学生的说明").fill(f"记下：{text}")
        box.get_by_label("给带教老师的说明").fill("先讲安全，再动手，最后问一个问题。")
    manager.presses("存草稿")
    manager.sees("草稿")


def _proposes(manager: Person) -> None:
    manager.follows("提交评审")
    manager.looks("proposal")
    manager.presses("提交评审")
    manager.sees("正在评审，草稿暂时不能改")
    manager.looks("draft-in-review")


def _two_people_review_it(world: World, people: HostCast, version: str) -> None:
    for user, part in ((people.safety, "安全评审"), (people.pedagogy, "教学评审")):
        reviewer = world.at_a_desk(user)
        reviewer.opens()
        reviewer.follows("项目评审")
        reviewer.looks("review-list")
        reviewer.follows(TITLE)
        reviewer.sees(version)
        reviewer.looks("review")
        _finds_everything_met(reviewer, part)


def _finds_everything_met(reviewer: Person, part: str) -> None:
    box = reviewer.page.get_by_role("region", name=part)
    for line in box.get_by_role("group").all():
        line.get_by_text("符合", exact=True).click()
    reviewer.presses("通过", within=box, exact=True)
    expect(box.get_by_role("button", name="通过", exact=True)).to_have_count(0)
    reviewer.looks(f"review-passed-{part}")


def _publishes(centre: Person) -> None:
    centre.opens()
    centre.follows("项目管理")
    centre.looks("draft-list")
    centre.follows(TITLE)
    centre.sees("安全和教学评审都已通过，等协调中心发布")
    centre.looks("draft-passed")
    centre.presses("发布这一版")
    centre.sees("发布了的版本不再改动")
    centre.looks("draft-published")


def the_manager_revises_it(world: World, people: HostCast, manager: Person) -> None:
    world.it_is(11, 4)
    _finds_it(manager)
    manager.presses("起一个新版")
    manager.fills("要带什么", SECOND)
    manager.presses("存草稿")
    _proposes(manager)
    world.later(hours=2)
    _two_people_review_it(world, people, "第 2 版")
    _publishes(world.at_a_desk(people.coordinator))
    _finds_it(manager)
    manager.follows("对比版本")
    manager.sees("第 1 版与第 2 版", "头发长的带一根皮筋")
    manager.looks("comparison")


def _finds_it(manager: Person) -> None:
    manager.opens()
    manager.follows("场次", exact=True)
    manager.follows("项目管理")
    manager.follows(TITLE)


def anybody_reads_the_course(applicant: Person) -> None:
    applicant.page.goto("/courses/")
    applicant.looks("course-list-of-the-public")
    applicant.follows(TITLE)
    applicant.sees("第 2 版", "已过安全和教学评审", SECOND)
    applicant.looks("course-of-the-bakery")

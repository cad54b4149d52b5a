"""Act three: a pupil ranks wishes on the phone, a guardian reads and answers, the class teacher sees to the rest."""

import re

from playwright.sync_api import expect

from baiye.core.models import Delivery
from tests.journeys.acts_round import NAME
from tests.journeys.cast import COURSES, PUPILS, Cast
from tests.journeys.people import Person, World

WANTED = [title for courses in COURSES.values() for title, _glyph, _riasec in courses]
FIRST = "舌尖上的面点"


def the_families_answer(world: World, people: Cast, codes: dict[str, str]) -> Person:
    """The first pupil, still at the phone."""
    world.it_is(10, 17, 19)
    pupils = {name: world.with_a_phone() for name in PUPILS[:2]}
    for name, pupil in pupils.items():
        _signs_in(pupil, codes[name])
        _chooses(pupil)
        _ranks(pupil)
    guardian = world.with_a_phone()
    _signs_in_as_guardian(world, guardian, codes[PUPILS[0]])
    _reads_the_notice(guardian)
    _answers(guardian)
    world.it_is(10, 20, 12)
    teacher = world.with_a_phone(people.teacher)
    _sees_who_lacks_what(teacher)
    _enters_from_paper(teacher)
    return pupils[PUPILS[0]]


def _signs_in(pupil: Person, code: str) -> None:
    pupil.page.goto("/sign-in/")
    pupil.fills("班级卡上的 8 位码", code.lower())
    pupil.presses("进入")
    pupil.sees("再体验 16 学时就达标")
    pupil.looks("home-wishing")


def _chooses(pupil: Person) -> None:
    pupil.follows("去选项目")
    pupil.sees("你们班能去 6 个")
    pupil.looks("courses")
    pupil.follows(FIRST, exact=True)
    pupil.looks("course")
    pupil.page.go_back()
    for title in reversed(WANTED):
        pupil.presses(f"把{title}加进志愿")
        expect(pupil.row(title, "listitem").filter(has_text="第")).to_contain_text(re.compile(r"第 \d 志愿"))
    pupil.follows("排志愿顺序")


def _ranks(pupil: Person) -> None:
    """What was chosen last goes to the first place, arrow by arrow."""
    pupil.looks("wishes")
    names = pupil.page.locator("[data-rank-item]")
    while names.first.get_attribute("data-name") != FIRST:
        pupil.presses(re.compile(f"把{FIRST}上移"))
    expect(pupil.page.locator("[data-rank-said]")).to_have_text(f"{FIRST}现在是第 1 志愿")
    pupil.sees("已自动保存")
    pupil.presses("提交 6 个志愿")
    pupil.sees("志愿交上了")
    expect(names.first).to_have_attribute("data-name", FIRST)


def _signs_in_as_guardian(world: World, guardian: Person, code: str) -> None:
    guardian.page.goto("/sign-in/")
    guardian.follows("家长登录")
    guardian.looks("guardian-code")
    guardian.fills("孩子的 8 位码", code)
    guardian.presses("下一步")
    guardian.sees("哪一个是您的手机？")
    guardian.looks("guardian-phone")
    guardian.ticks(re.compile("林"))
    guardian.presses("发验证码")
    guardian.sees("填短信里的验证码")
    world.works()
    guardian.looks("guardian-text")
    text = Delivery.objects.filter(channel="sms").latest("made_at").body
    guardian.fills("6 位验证码", re.findall(r"\d{6}", text)[0])
    guardian.presses("登录")
    guardian.sees("安全告知书")
    guardian.looks("home-of-a-guardian")


def _reads_the_notice(guardian: Person) -> None:
    guardian.follows(re.compile("安全告知书"))
    guardian.sees("上午八点在校门口集合", "示例烹饪职校", "08:00 从学校出发")
    guardian.looks("notice")
    guardian.presses("我已读完")
    guardian.sees("已读")


def _answers(guardian: Person) -> None:
    guardian.follows("首页")
    guardian.follows(re.compile("选一选"))
    guardian.sees("选同意还是不同意，名额都一样")
    guardian.looks("consents")
    for answer in guardian.page.get_by_label("不同意", exact=True).all():
        answer.check()
    guardian.fills("签上您的姓名", "林家长")
    guardian.presses("签名并提交")
    guardian.sees("选哪个都不影响名额")


def _sees_who_lacks_what(teacher: Person) -> None:
    teacher.opens()
    teacher.looks("teacher-home")
    teacher.follows("看谁没完成")
    teacher.sees(NAME, "2 人没交志愿，3 人的家长没读安全告知书")
    teacher.does_not_see(PUPILS[0])
    teacher.looks("class-in-the-round")
    for name in PUPILS[1:]:
        teacher.ticks(re.compile(name))
    teacher.presses("登记纸质回执")
    teacher.sees("登记了 3 份纸质回执")
    teacher.ticks(re.compile(PUPILS[3]))
    teacher.presses("提醒选中的")
    teacher.sees(re.compile(r"提醒发给了 \d 人"))


def _enters_from_paper(teacher: Person) -> None:
    teacher.follows(re.compile(f"代录 ?{PUPILS[2]}"))
    teacher.looks("paper")
    for rank, title in enumerate(WANTED[:4], start=1):
        choice = teacher.page.get_by_label(f"第 {rank} 志愿")
        choice.select_option(choice.locator("option", has_text=title).get_attribute("value"))
    teacher.presses("录入并提交")
    teacher.sees(f"{PUPILS[2]} 的纸质志愿已录入并提交")

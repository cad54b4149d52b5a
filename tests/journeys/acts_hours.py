"""Acts seven and eight: the school signs, hours are entered, shown to all, certified; the pupil looks back."""

import io
import re
from typing import Any

import openpyxl
from playwright.sync_api import expect

from baiye.hours.models import Certificate
from tests.journeys.acts_door import ABSENT
from tests.journeys.cast import PUPILS, Cast
from tests.journeys.people import Person, World

TEXT = "揉面最难，面团总是粘手。师傅让我先撒一层薄粉，再慢慢用力，第三次就成了。"


def the_hours_are_certified(world: World, people: Cast, pupil: Person) -> None:
    world.it_is(11, 13, 9)
    school = world.at_a_desk(people.school_coordinator)
    _confirms(school)
    world.works()
    _sees_the_hours(pupil)
    _opens_the_notice(school)
    _reads_the_public_notice(pupil)
    world.it_is(11, 24, 9)
    _issues(school)
    _exports(school)


def _confirms(school: Person) -> None:
    school.opens()
    school.follows("到岗确认")
    school.looks("confirm-list")
    school.page.get_by_role("row").get_by_role("link").first.click()
    school.looks("confirm-sheet")
    school.presses("确认到场人数")
    school.sees("基地也确认后，课时自动记上")
    school.page.get_by_label("全选本页").check()
    school.presses("按签到记录确认")
    school.sees(re.compile(r"确认了 \d+ 场"), "都确认过了")


def _sees_the_hours(pupil: Person) -> None:
    pupil.opens()
    pupil.sees("职校体验的学时已经达标")
    pupil.looks("home-when-done")
    pupil.follows("课时", exact=True)
    pupil.sees("职业院校的 16 课时满了", "等学校公示")
    pupil.looks("hours")


def _opens_the_notice(school: Person) -> None:
    school.follows("课时公示")
    school.looks("notice-list")
    school.follows("开始公示")
    school.fills("标题", "七年级职业体验课时公示")
    school.looks("notice-new")
    school.presses("开始公示")
    school.sees("公示开始了", "60 课时")
    school.looks("hours-notice")


def _reads_the_public_notice(pupil: Person) -> None:
    pupil.page.reload()
    pupil.follows("去看看")
    pupil.sees(PUPILS[0], "周*诺", "提异议")
    pupil.looks("hours-notice-of-a-family")


def _issues(school: Person) -> None:
    school.opens()
    school.follows("课时台账")
    school.sees("4 位同学的课时公示完了，可以开证明")
    school.looks("hours-desk")
    school.presses("开证明")
    school.sees("开好了 4 张证明")
    school.follows("七（1）班")
    absent = school.row(ABSENT)
    expect(absent).to_contain_text("12 / 16")
    expect(absent).to_contain_text("没有签到记录，这半天不计课时")
    school.looks("hours-of-a-class")


def _exports(school: Person) -> None:
    school.follows("课时台账")
    school.follows("导出给市级平台")
    school.fills("用途", "导入市级社会实践记录平台")
    school.fills("交给谁", "区教育学院")
    school.looks("hours-exports")
    file = school.downloads("导出 Excel", "button")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(file.path().read_bytes())).active
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert all(name in text for name in PUPILS)


def the_certificate_is_checked(world: World, pupil: Person) -> None:
    pupil.opens()
    pupil.follows("课时", exact=True)
    pupil.looks("hours-with-a-certificate")
    assert pupil.downloads("PDF").path().read_bytes().startswith(b"%PDF-")
    number = pupil.row(re.compile(r"BY2025-\d{6}"), "listitem").locator("b").inner_text()
    paper = Certificate.objects.get(number=number)
    visitor = world.with_a_phone()
    visitor.page.goto(f"/check/{paper.token}/")
    visitor.sees("这张证明有效", "林*满", number)
    visitor.looks("check")
    visitor.page.goto("/check/")
    visitor.looks("check-form")


def the_pupil_looks_back(pupil: Person) -> None:
    pupil.follows("档案", exact=True)
    pupil.sees("4 次体验 · 16 课时 · 0 枚印", "待写")
    pupil.looks("portfolio")
    pupil.page.locator("ol.bend a").last.click()
    steps = pupil.page.get_by_role("region", name="四步").get_by_role("textbox")
    expect(steps).to_have_count(4)
    for number, step in enumerate(steps.all(), start=1):
        step.fill(f"第 {number} 步我自己做了一遍。")
    pupil.page.locator("label.chip").first.click()
    pupil.fills("哪一步最难", TEXT)
    pupil.looks("reflection")
    pupil.presses("写好了")
    pupil.sees(re.compile("存下了，得到「.」字印"))
    pupil.follows("档案", exact=True)
    pupil.sees("4 次体验 · 16 课时 · 1 枚印")
    pupil.looks("portfolio-with-a-seal")

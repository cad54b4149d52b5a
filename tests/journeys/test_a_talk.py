"""A talk in a school, from the plan of a campaign to the letter of thanks, by clicking, as the people it concerns."""

import re
from dataclasses import dataclass
from datetime import date, datetime

import pytest

from baiye.accounts.models import Unit, User
from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory, UserFactory
from baiye.catalogue.tests.factories import OccupationFactory
from baiye.core.clock import SHANGHAI
from baiye.mentors.models import Mentor
from baiye.mentors.tests.factories import CheckFactory
from baiye.outreach.models import Talk
from baiye.schools.models import Term
from baiye.schools.tests.factories import SchoolClassFactory, SchoolFactory
from tests.journeys.people import Person, World

pytestmark = [pytest.mark.journey, pytest.mark.slow]
BEGINNING = datetime(2025, 3, 3, 9, 0, tzinfo=SHANGHAI)
TITLE, TOPIC, MORNING = "2025 年职业教育进校园", "一块面包是怎样发起来的", "5 月 13 日 周二 上午"
DAYS = {
    "报讲座从": date(2025, 3, 10),
    "提需求从": date(2025, 3, 24),
    "截止并匹配": date(2025, 4, 14),
    "确认从": date(2025, 4, 21),
    "第一天讲座": date(2025, 5, 6),
    "最后一天讲座": date(2025, 6, 20),
    "反馈到": date(2025, 6, 27),
}


@dataclass(frozen=True)
class Cast:
    """Who has to do with the talk."""

    coordinator: User
    officer: User
    teacher: User
    baker: User


def cast() -> Cast:
    """Make them with the clock at the journey's beginning."""
    Term.objects.create(name="2024 学年第二学期", starts_on=date(2025, 2, 17), ends_on=date(2025, 6, 30))
    OccupationFactory(code="4-03-02-02", name="西式面点师")
    district = DistrictFactory(name="示例区")
    school = SchoolFactory(unit=UnitFactory(parent=district, name="示例初级中学"), address="示例路 1 号")
    SchoolClassFactory(school=school, number=2)
    bakery = UnitFactory(kind="host", parent=district, name="示例面包房")
    baker = _staff("周师傅", "mentor", bakery)
    mentor = Mentor.objects.create(unit=bakery, name="周师傅", kinds=["craftsman"], user=baker)
    CheckFactory(mentor=mentor, checked_on=date(2025, 2, 20))
    return Cast(
        _staff("协调员李", "coordinator", district),
        _staff("干部吴", "district_officer", district),
        _staff("统筹老师陈", "school_coordinator", school.unit),
        baker,
    )


def _staff(name: str, role: str, unit: Unit) -> User:
    user: User = GrantFactory(user=UserFactory(name=name), role=role, unit=unit).user
    return user


def test_a_school_asks_for_a_talk_and_a_speaker_accepts(open_page, monkeypatch, troubles):
    world = World(open_page, monkeypatch, now=BEGINNING)
    people = cast()

    the_centre_plans_a_campaign(world, people)
    the_baker_offers_a_talk(world, people)
    the_school_asks_for_it(world, people)
    two_people_publish_the_match(world, people)
    the_baker_accepts(world, people)
    the_school_confirms_and_the_baker_rehearses(world, people)
    the_talk_is_held_and_both_say_how_it_was(world, people)
    anybody_reads_the_result(world)

    assert world.eyes.found == []


def the_centre_plans_a_campaign(world: World, people: Cast) -> None:
    centre = world.at_a_desk(people.coordinator)
    centre.opens()
    centre.follows("进校园讲座")
    centre.looks("campaign-list-empty")
    centre.follows("办一次活动")
    centre.fills("名称", TITLE)
    centre.chooses("学期", "2024 学年第二学期")
    for label, day in DAYS.items():
        centre.fills(label, day.isoformat())
    centre.looks("campaign-new")
    centre.presses("存好")
    centre.sees("还没公布")
    centre.follows("公布活动")
    centre.looks("campaign-announcement")
    centre.presses("公布", exact=True)
    centre.sees("已公布。主讲人和学校会在消息里看到。")
    world.works()


def the_baker_offers_a_talk(world: World, people: Cast) -> None:
    world.it_is(3, 12, 20)
    baker = world.with_a_phone(people.baker)
    baker.opens()
    baker.sees("2025 年职业教育进校园：可以报讲座了")
    baker.follows("我的讲座")
    baker.looks("my-talks-to-offer")
    baker.follows(re.compile(TITLE))
    baker.fills("题目 1", TOPIC)
    baker.fills(re.compile("^职业 1"), "西式面点师")
    baker.ticks("初中")
    baker.ticks(MORNING)
    baker.ticks("5 月 14 日 周三 下午")
    baker.looks("offer")
    baker.presses("报上")
    baker.sees("已报上。匹配以前都可以改。")


def the_school_asks_for_it(world: World, people: Cast) -> None:
    world.it_is(3, 26, 10)
    school = world.at_a_desk(people.teacher)
    school.opens()
    school.follows("进校园讲座")
    school.follows(re.compile(TITLE))
    school.sees(TOPIC)
    school.looks("school-campaign")
    school.follows("提一项需求")
    school.ticks(re.compile("七（2）班"))
    school.chooses(re.compile("第 1 志愿"), "西式面点师")
    school.fills("在哪里讲", "阶梯教室")
    school.ticks(MORNING)
    school.ticks("5 月 15 日 周四 上午")
    school.looks("request-new")
    school.presses("提交")
    school.sees("已提交。截止以前都可以改。", "西式面点师")


def two_people_publish_the_match(world: World, people: Cast) -> None:
    world.it_is(4, 15, 9)
    centre = world.at_a_desk(people.coordinator)
    centre.opens()
    centre.follows("进校园讲座")
    centre.follows(re.compile(TITLE))
    centre.presses("匹配", exact=True)
    centre.sees("正在匹配")
    world.works()
    centre.page.get_by_role("link", name="再看一下").click()
    centre.sees("独立核对通过", "已是最好")
    centre.looks("matched")
    centre.presses("提请公布")
    officer = world.at_a_desk(people.officer)
    officer.opens()
    officer.follows("进校园讲座")
    officer.follows(re.compile(TITLE))
    officer.follows(re.compile("等第二人复核"))
    officer.follows("复核并公布")
    officer.looks("match-approval")
    officer.presses("公布", exact=True)
    officer.sees("已公布。主讲人和学校会在消息里看到。")
    world.works()


def the_baker_accepts(world: World, people: Cast) -> None:
    world.it_is(4, 16, 19)
    baker = world.with_a_phone(people.baker)
    baker.opens()
    baker.follows("我的讲座")
    baker.sees("请您答复", "示例初级中学")
    baker.looks("my-talks")
    baker.follows(re.compile("示例初级中学"))
    baker.sees("阶梯教室", "七（2）班", "第一次进校园")
    baker.looks("talk-to-answer")
    baker.presses("接受")
    baker.sees("已接受。学校会来确认礼堂和时间。")
    world.works()


def the_school_confirms_and_the_baker_rehearses(world: World, people: Cast) -> None:
    world.it_is(4, 22, 9)
    school = world.at_a_desk(people.teacher)
    _to_the_talk(school)
    school.looks("talk-to-confirm")
    school.fills("学校谁在场", "年级组长王老师")
    school.fills("几点开始", "09:10")
    school.presses("确认", exact=True)
    school.sees("已确认，主讲人会收到时间和地点。", "09:10–10:10")
    centre = world.at_a_desk(people.coordinator)
    centre.opens()
    centre.follows("进校园讲座")
    centre.follows(re.compile(TITLE))
    centre.follows(re.compile("讲座安排"))
    centre.sees("要先试讲")
    centre.looks("talk-list")
    centre.follows(re.compile("09:10"))
    centre.fills(re.compile("试讲记录"), "讲得清楚，少用行话")
    centre.presses("试讲过了")
    centre.sees("试讲已登记。")
    world.works()


def the_talk_is_held_and_both_say_how_it_was(world: World, people: Cast) -> None:
    world.it_is(5, 13, 11)
    school = world.at_a_desk(people.teacher)
    _to_the_talk(school)
    school.fills("到场听讲的学生", "42")
    school.presses("讲过了")
    school.sees("42 位同学")
    school.ticks("很好")
    school.ticks(re.compile("愿意再来一次"))
    school.looks("talk-feedback")
    school.presses("提交反馈")
    school.sees("谢谢，已记下。")
    world.works()
    baker = world.with_a_phone(people.baker)
    baker.opens()
    baker.follows("我的讲座")
    baker.follows(re.compile("示例初级中学"))
    assert baker.page.request.get(baker.page.get_by_role("link", name="感谢信").get_attribute("href")).ok
    baker.ticks("可以")
    baker.presses("提交反馈")
    baker.sees("谢谢，已记下。")
    assert Talk.objects.get().feedback.count() == 2


def anybody_reads_the_result(world: World) -> None:
    visitor = world.with_a_phone()
    visitor.page.goto(f"/talks-in-schools/{Talk.objects.get().offer.campaign_id}/")
    visitor.sees("示例初级中学", TOPIC, "baiye-placement talks verify")
    visitor.does_not_see("周师傅")
    visitor.looks("public-campaign")


def _to_the_talk(school: Person) -> None:
    school.opens()
    school.follows("进校园讲座")
    school.follows(re.compile(TITLE))
    school.follows(re.compile(TOPIC))

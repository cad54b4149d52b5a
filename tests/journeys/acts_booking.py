"""Open sign-up: the desk releases one seat, two families want it, one gives it back, the other is asked and takes."""

import re
from dataclasses import dataclass
from datetime import datetime

from playwright.sync_api import expect

from baiye.accounts.models import Unit, User
from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory, UserFactory
from baiye.bookings.models import Booking
from baiye.catalogue.tests.factories import CourseVersionFactory
from baiye.core import clock
from baiye.core.models import Delivery
from baiye.registry.tests.factories import AccreditedHostFactory, VenueFactory
from baiye.schools.models import Pupil
from baiye.schools.tests.factories import (
    GuardianContactFactory,
    PupilCodeFactory,
    PupilFactory,
    SchoolClassFactory,
    SchoolFactory,
    TermFactory,
)
from baiye.visits.models import Visit
from baiye.visits.tests.factories import VisitFactory
from tests.journeys.people import Person, World

COURSE, RELEASE = "舌尖上的面点", "周末面点加开"
CODES = {"林小满": "2222AAAA", "周一诺": "2222CCCC"}


@dataclass(frozen=True)
class BookingCast:
    """Who has to do with the one seat."""

    district: Unit
    coordinator: User
    pupils: dict[str, Pupil]
    visit: Visit


def booking_cast() -> BookingCast:
    """A district with a vocational school that bakes, one seat on a Saturday, and two families."""
    district = DistrictFactory(name="示例区")
    TermFactory(name="示例学期")
    school = SchoolFactory(unit=UnitFactory(parent=district, name="示例初级中学"))
    school_class = SchoolClassFactory(school=school, number=1)
    host = AccreditedHostFactory(unit=UnitFactory(kind="host", parent=district, name="示例烹饪职校"))
    version = CourseVersionFactory(
        course__host=host, title=COURSE, glyph="面", bring="围裙和水杯", summary="自己做一笼面点带回家。"
    )
    starts = datetime(2025, 11, 22, 13, 30, tzinfo=clock.SHANGHAI)
    venue = VenueFactory(host=host, name="中点实训室", street="曹杨新村街道")
    visit = VisitFactory(version=version, venue=venue, seats=1, starts_at=starts)
    coordinator = GrantFactory(user=UserFactory(name="协调员李"), role="coordinator", unit=district).user
    return BookingCast(district, coordinator, {name: _pupil(name, school_class) for name in CODES}, visit)


def _pupil(name: str, school_class: object) -> Pupil:
    pupil: Pupil = PupilFactory(school_class=school_class, name=name)
    PupilCodeFactory(pupil=pupil, text=CODES[name])
    GuardianContactFactory(pupil=pupil, name=f"{name[0]}家长")
    return pupil


def the_desk_releases_one_seat(world: World, people: BookingCast) -> None:
    desk = world.at_a_desk(people.coordinator)
    desk.opens()
    desk.follows("放号", exact=True)
    desk.looks("releases-none-yet")
    desk.follows("做一次放号")
    desk.looks("release-new")
    desk.fills("名称", RELEASE)
    desk.ticks("先到先得")
    desk.fills("几时开放", "2025-11-12T10:00")
    desk.fills("几时截止", "2025-11-21T12:00")
    desk.presses("存成草稿，去加场次")
    desk.ticks(re.compile(f"选择{COURSE}"))
    desk.fills("轮到候补时给几小时答复", "12")
    desk.looks("release-additions")
    desk.presses("加进来")
    desk.sees("加了 1 场")
    desk.looks("release-draft")
    desk.follows("家长会看到")
    desk.sees("先点先得；满了排队候补", COURSE)
    desk.looks("release-preview")
    desk.follows(RELEASE)
    desk.follows("去公布")
    desk.sees("公布以前，请再看一眼")
    desk.looks("release-publication")
    desk.presses("公布", exact=True)
    desk.sees("公布了。家长现在就能在日历上看到。", "快要开放")


def anybody_reads_the_calendar(world: World) -> None:
    visitor = world.with_a_phone()
    visitor.page.goto("/bookings/calendar/")
    visitor.sees(RELEASE, "11.12", "还有 2 天")
    visitor.looks("release-calendar")
    visitor.follows(RELEASE)
    visitor.sees("每个学生一学期最多约上 4 场", COURSE)
    visitor.looks("release-public")


def a_family_comes_before_it_opens(world: World, name: str) -> Person:
    guardian = world.with_a_phone()
    _signs_in(world, guardian, name)
    guardian.follows("预约", exact=True)
    guardian.sees("能约的有 1 场", "11 月 12 日 周三 10:00 开放")
    guardian.looks("openings-soon")
    guardian.follows(COURSE)
    guardian.sees("还有 1 小时", "以网站的时钟为准")
    expect(guardian.page.get_by_role("button", name=re.compile("^预约"))).to_be_disabled()
    guardian.looks("opening-soon")
    return guardian


def the_first_books_and_the_second_waits(world: World, first: Person) -> Person:
    world.it_is(11, 12, 10, 0)
    first.page.reload()
    first.sees("余", "共 1 个名额")
    first.presses(re.compile("^预约"))
    first.sees("约上了", "记得带签到码")
    first.looks("booking-booked")
    second = world.with_a_phone()
    _signs_in(world, second, "周一诺")
    second.follows("预约", exact=True)
    second.sees("满了，可候补")
    second.looks("openings-full")
    second.follows(COURSE)
    second.presses(re.compile("^排队候补"))
    second.sees("您排第 1 位", "一有人退，就按次序问下一位")
    second.looks("booking-waiting")
    return second


def the_first_cancels(world: World, first: Person) -> None:
    world.it_is(11, 13, 18, 30)
    first.page.goto("/bookings/mine/")
    first.sees("约上的")
    first.looks("bookings-of-a-child")
    first.follows(re.compile("^取消这一场"))
    first.sees("取消这一场吗？", "名额会立刻给候补第 1 位")
    first.looks("booking-cancellation")
    first.presses("取消这一场")
    first.sees("取消好了", "这个预约取消了")
    first.looks("booking-ended")
    world.works()


def the_second_is_asked_and_takes_it(world: World, second: Person) -> None:
    second.page.goto("/home/")
    second.sees(f"轮到了：要「{COURSE}」的名额吗？")
    second.looks("home-with-an-offer")
    second.follows(re.compile("轮到了"))
    second.sees("轮到您了，要这个名额吗？", "名额给您留到 11 月 14 日 周五 15:30")
    second.looks("booking-offered")
    second.presses(re.compile("^要这个名额"))
    second.sees("约上了", "签到码")
    second.follows(re.compile("^签到码"))
    second.sees("周一诺", COURSE)
    assert [one.pupil.name for one in Booking.objects.filter(ended_at=None)] == ["周一诺"]


def the_desk_sees_who_is_where(world: World, people: BookingCast) -> None:
    desk = world.at_a_desk(people.coordinator)
    desk.opens()
    desk.follows("放号", exact=True)
    desk.follows(RELEASE)
    desk.sees("1 / 1")
    desk.looks("release-open")
    desk.follows(COURSE)
    desk.sees("周*诺", "约上了")
    desk.does_not_see("周一诺")
    desk.looks("release-line")


def _signs_in(world: World, guardian: Person, name: str) -> None:
    """By the child's code, then a text to the phone of the roster."""
    guardian.page.goto("/sign-in/")
    guardian.follows("家长登录")
    guardian.fills("孩子的 8 位码", CODES[name])
    guardian.presses("下一步")
    guardian.ticks(re.compile(name[0]))
    guardian.presses("发验证码")
    guardian.sees("填短信里的验证码")
    world.works()
    text = Delivery.objects.filter(channel="sms", message=None).latest("made_at").body
    guardian.fills("6 位验证码", re.findall(r"\d{6}", text)[0])
    guardian.presses("登录")
    guardian.sees("要做的事")

"""A small district before anything has happened: offices, one school without pupils, two vocational schools."""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime

import xlsxwriter

from baiye.accounts.models import Unit, User
from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, NoticeFactory, UnitFactory, UserFactory
from baiye.catalogue.tests.factories import CourseVersionFactory
from baiye.registry.models import Host
from baiye.registry.tests.factories import AccreditedHostFactory, VenueFactory
from baiye.schools.tests.factories import SchoolFactory, roll_number

PUPILS = ("林小满", "周一诺", "陈子墨", "王若溪")
MISTYPED = "赵可欣"
COURSES = {
    "示例烹饪职校": (("舌尖上的面点", "面", "R"), ("一盏好茶", "茶", "S"), ("蛋糕裱花", "裱", "A")),
    "示例信息职校": (("飞控入门", "飞", "I"), ("三维打印", "印", "C"), ("小店开张", "店", "E")),
}
DAYS = {"示例烹饪职校": date(2025, 11, 5), "示例信息职校": date(2025, 11, 12)}
GROUP = {"group_min": 1, "group_ideal": 2, "group_max": 3}
BEFORE = datetime(2025, 9, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """The units, and who works in them."""

    district: Unit
    school: Unit
    hosts: dict[str, Host]
    coordinator: User
    officer: User
    school_coordinator: User
    teacher: User
    instructor: User  # of the first host
    managers: list[User]  # of each host


def cast() -> Cast:
    """Make the district with the clock at the journey's beginning."""
    district = DistrictFactory(name="示例区")
    school = UnitFactory(parent=district, name="示例初级中学")
    SchoolFactory(unit=school)
    hosts = {name: _host(district, name) for name in COURSES}
    for kind, title, text in (
        ("safety", "安全告知书", "上午八点在校门口集合，由班主任带队。车上系好安全带，到了听带教老师的话。"),
        ("consent", "个人信息告知书", "我们只收和体验有关的信息，用完就删。"),
    ):
        NoticeFactory(kind=kind, title=title, text=text, published_at=BEFORE)
    first = next(iter(hosts.values()))
    return Cast(
        district,
        school,
        hosts,
        coordinator=_staff("协调员李", "coordinator", district),
        officer=_staff("干部吴", "district_officer", district),
        school_coordinator=_staff("统筹徐老师", "school_coordinator", school),
        teacher=_staff("班主任何老师", "teacher", school),
        instructor=_staff("带教孙师傅", "host_instructor", first.unit),
        managers=[_staff(f"负责人{host.unit.name[2:4]}", "host_manager", host.unit) for host in hosts.values()],
    )


def _staff(name: str, role: str, unit: Unit) -> User:
    user: User = GrantFactory(user=UserFactory(name=name), role=role, unit=unit).user
    return user


def _host(district: Unit, name: str) -> Host:
    host: Host = AccreditedHostFactory(
        unit=UnitFactory(kind="host", parent=district, name=name), kind="职业院校", is_vocational=True
    )
    for title, glyph, riasec in COURSES[name]:
        CourseVersionFactory(course__host=host, title=title, glyph=glyph, riasec=riasec, published_at=BEFORE, **GROUP)
        VenueFactory(host=host, name=f"{glyph}字工坊")
    return host


def roster() -> bytes:
    """The school's list as its office keeps it: a merged title, full-width digits, an empty line, a slip of the pen."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("七年级")
        sheet.merge_range(0, 0, 0, 7, "示例初级中学学生名册")
        sheet.write_row(1, 0, ["班级", "姓名", "学籍号", "性别", "出生日期", "年级", "监护人", "监护人手机"])
        for n, name in enumerate(PUPILS, start=1):
            sheet.write_row(1 + n, 0, _line(n, name))
        sheet.write_row(3 + len(PUPILS), 0, _line(9, MISTYPED, sex="？", born_on="2013年13月1日"))
    return buffer.getvalue()


def _line(n: int, name: str, sex: str = "女", born_on: str = "2013-09-01") -> list[str]:
    phone = _full_width(f"154{n:08d}") if n == 1 else f"154{n:08d}"
    roll = _full_width(roll_number(n)) if n == 2 else f" {roll_number(n)} "
    return ["七（1）班", name, roll, sex, born_on, "七年级", f"{name[0]}家长", phone]


def _full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) if character.isascii() else character for character in text)

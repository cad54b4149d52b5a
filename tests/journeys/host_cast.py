"""A district in which a bakery wants to receive pupils: the body that keeps the standard, the district, one school."""

import io
from dataclasses import dataclass
from datetime import date

from PIL import Image
from playwright.sync_api import FilePayload

from baiye.accounts.models import Unit, User
from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory, UserFactory
from baiye.registry.models import Indicator, MapShape, Standard
from baiye.schools.models import Pupil
from baiye.schools.tests.factories import PupilFactory, SchoolClassFactory, SchoolFactory

HOST = "示例麦田烘焙有限公司"
VENUE = "一楼面包工坊"
STANDARD = "示例企业类基地认定标准"
LINES = (
    ("安全", "消防通道畅通，灭火器在有效期内", "走一遍学生的路线，看灭火器的检验标签。"),
    ("安全", "热源有护栏，学生够不着", "看烤箱、油锅和开关的位置。"),
    ("师资", "每 8 名学生有一位带教", "对照带教名单和班次。"),
    ("课程", "动手时间不少于六成", "看半天的流程，数动手的分钟。"),
)
PUPILS = ("林小满", "周一诺")
SQUARE = [[121.36, 31.22], [121.42, 31.22], [121.42, 31.26], [121.36, 31.26], [121.36, 31.22]]


@dataclass(frozen=True)
class HostCast:
    """Who has to do with the bakery."""

    district: Unit
    keeper: Unit
    standard: Standard
    coordinator: User
    inspector: User
    colleague: User  # of the inspector
    safety: User  # looks at courses for safety
    pedagogy: User
    pupils: list[Pupil]


def host_cast() -> HostCast:
    """Make them with the clock at the journey's beginning."""
    district = DistrictFactory(name="示例区")
    keeper = UnitFactory(kind="agency", parent=district, name="示例区人社局")
    school = SchoolFactory(unit=UnitFactory(parent=district, name="示例初级中学"))
    school_class = SchoolClassFactory(school=school, number=1)
    _draw(district.name)
    return HostCast(
        district,
        keeper,
        _standard(keeper),
        coordinator=_staff("协调员李", "coordinator", district),
        inspector=_staff("干部郑", "agency_officer", keeper),
        colleague=_staff("干部冯", "agency_officer", keeper),
        safety=_staff("干部吴", "district_officer", district),
        pedagogy=_staff("教研员钱", "district_officer", district),
        pupils=[PupilFactory(school_class=school_class, name=name) for name in PUPILS],
    )


def _staff(name: str, role: str, unit: Unit) -> User:
    user: User = GrantFactory(user=UserFactory(name=name), role=role, unit=unit).user
    return user


def _standard(keeper: Unit) -> Standard:
    """Four indicators of five points, passed at 14, none below two."""
    made = Standard.objects.create(name=STANDARD, version=1, keeper=keeper, pass_points=14, needs=["insurance"])
    Indicator.objects.bulk_create(
        Indicator(standard=made, number=n, area=area, title=title, guidance=how, points=5, floor=2)
        for n, (area, title, how) in enumerate(LINES, start=1)
    )
    made.published_on = date(2024, 9, 1)
    made.save(update_fields=["published_on"])
    return made


def _draw(name: str) -> None:
    """The outline and one street of the district, so that there is a map."""
    MapShape.objects.create(kind="district", code="1", name=name, lines=[SQUARE])
    street = {"label_lon": 121.39, "label_lat": 31.25}
    MapShape.objects.create(kind="street", code="2", name="示例路街道", lines=[SQUARE], **street)


def picture(name: str, colour: str) -> FilePayload:
    """A photo as a phone takes it, with a note of the place inside."""
    out = io.BytesIO()
    image, exif = Image.new("RGB", (640, 480), colour), Image.Exif()
    exif[0x010E] = "示例路 12 号"
    image.save(out, format="JPEG", exif=exif)
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}

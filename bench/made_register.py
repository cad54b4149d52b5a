"""Rows for `register.py`: invented hosts and courses, by the thousand, always the same."""

import random
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from baiye.accounts.models import Unit
    from baiye.registry.models import Host

HOSTS, COURSES = 20_000, 50_000
WHERE = (
    *("曹杨", "长寿", "真如", "甘泉", "石泉", "宜川", "长风", "桃浦", "万里", "长征", "武宁", "梅川", "兰溪", "枫桥"),
    *("光新", "中山北", "金沙江", "大渡河", "祁连山", "真北", "礼泉", "白玉", "岚皋", "镇坪", "交通", "新村", "志丹"),
)
WHAT = (
    *("纺织", "印刷", "机械", "电子", "食品", "烘焙", "汽车", "物流", "航空", "铁路", "海洋", "气象", "陶瓷", "木作"),
    *("无人机", "机器人", "云计算", "动画", "摄影", "园艺", "茶艺", "咖啡", "护理", "口腔", "中医", "急救", "档案"),
    *("法律", "金融", "会展", "酒店", "旅游", "体育", "戏剧", "民乐", "非遗", "环保", "水务", "电力", "燃气", "消防"),
)
KINDS = {
    "博物馆": "博物馆",
    "企业": "有限公司",
    "医院": "医院",
    "中职校": "职业技术学校",
    "社区": "社区服务中心",
    "公园": "公园",
    "展示馆": "展示馆",
    "产业园": "产业园",
    "学校": "实验学校",
    "科普场馆": "科普馆",
}
BEGINNINGS = (
    "东华",
    "新源",
    "江桥",
    "沪西",
    "半马",
    "苏河",
    "申普",
    "同乐",
    "启明",
    "安澜",
    "和济",
    "博闻",
    "立信",
    "云起",
)
DOES = (
    "体验",
    "入门",
    "工坊",
    "探秘",
    "实训",
    "制作",
    "观察",
    "一日",
    "小课堂",
    "挑战",
    "测量",
    "修复",
    "设计",
    "演练",
)
TODAY = date(2026, 11, 28)
AT_A_TIME = 2000
REVIEWED = "course_version_published_after_a_review"
NEXT = "SELECT nextval(pg_get_serial_sequence('accounts_unit', 'id'))"  # a unit's path holds its number


def fill(hosts: int, courses: int) -> None:
    """Have the real district's map and occupations and so many invented hosts and courses, made where they are not."""
    from django.core.management import call_command
    from django.db import connection

    from baiye.catalogue.models import Course
    from baiye.registry.models import Host

    call_command("migrate", verbosity=0)
    if Host.objects.count() < hosts or Course.objects.count() < courses:
        sys.stderr.write("making hosts and courses; this takes some minutes, and only the first time\n")
        call_command("load", "putuo", json=True, stdout=StringIO())
        drawn = random.Random(20261128)  # noqa: S311 (a benchmark, not a secret)
        made = _hosts(drawn, hosts - Host.objects.count())
        _accreditations(drawn, made)
        _courses(drawn, made, courses - Course.objects.count())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _hosts(drawn: random.Random, number: int) -> "Sequence[Host]":
    from django.db import connection

    from baiye.accounts.models import Unit
    from baiye.catalogue.models import Occupation
    from baiye.registry.models import Host, MapShape, Venue

    district = Unit.objects.get(kind="district", is_example=False)
    towns = list(MapShape.objects.filter(kind="street", label_lon__isnull=False).order_by("code"))
    trades = list(Occupation.objects.order_by("code").values_list("name", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('accounts_unit', 'id')) FROM generate_series(1, %s)", [number]
        )
        keys = [row[0] for row in cursor.fetchall()]
    units = [_unit(drawn, key, n, district) for n, key in enumerate(keys)]
    Unit.objects.bulk_create(units, AT_A_TIME)
    rows = [_host(drawn, unit, drawn.choice(towns), trades) for unit in units]
    Host.objects.bulk_create(rows, AT_A_TIME)
    access: list[list[str]] = [[], ["step_free"], ["step_free", "lift"]]
    venues = [Venue(host=host, name="一号场地", capacity=30, access=drawn.choice(access)) for host in rows]
    Venue.objects.bulk_create(venues, AT_A_TIME)
    return rows


def _unit(drawn: random.Random, key: int, n: int, district: "Unit") -> "Unit":
    from baiye.accounts.models import Unit
    from baiye.core import pinyin

    kind = drawn.choice(list(KINDS))
    name = f"{drawn.choice(BEGINNINGS)}{drawn.choice(WHERE)}{drawn.choice(WHAT)}{KINDS[kind]}{_han(n)}号"
    unit = Unit(pk=key, parent=district, kind="host", name=name, pinyin=pinyin.key(name)[:240])
    unit.path, unit.source = f"{district.path}{key}/", kind
    return unit


def _host(drawn: random.Random, unit: "Unit", town: Any, trades: Sequence[str]) -> "Host":
    from baiye.registry.models import Host

    return Host(
        unit=unit,
        kind=unit.source,
        evidence=drawn.choice(["confirmed", "confirmed", "lead"]),
        occupations=drawn.sample(trades, 3),
        address=f"{drawn.choice(WHERE)}路{drawn.randint(1, 2000)}号",
        street=town.name,
        lon=town.label_lon + drawn.gauss(0, 0.008),
        lat=town.label_lat + drawn.gauss(0, 0.006),
    )


def _accreditations(drawn: random.Random, hosts: "Sequence[Host]") -> None:
    """Three of five confirmed hosts hold one; one of ten of these is suspended, and some are over."""
    from baiye.accounts.models import User
    from baiye.registry.models import Accreditation, Standard

    by, _made = User.objects.get_or_create(username="bench")
    standard, _made = Standard.objects.get_or_create(
        name="区级职业体验中心", version=1, defaults={"published_on": date(2024, 9, 1), "stages": ["初中"]}
    )
    rows = []
    for host in hosts:
        if host.evidence == "confirmed" and drawn.random() < 0.6:
            until = TODAY + timedelta(days=drawn.randint(-200, 1000))
            row = Accreditation(
                host=host, standard=standard, valid_from=until - timedelta(days=1095), valid_until=until
            )
            if drawn.random() < 0.1:
                row.suspended_on, row.suspended_by = TODAY - timedelta(days=1), by
            rows.append(row)
    Accreditation.objects.bulk_create(rows, AT_A_TIME)


def _courses(drawn: random.Random, hosts: "Sequence[Host]", number: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from baiye.accounts.models import User
    from baiye.catalogue.models import Course, CourseVersion, Occupation

    by, at = User.objects.get(username="bench"), timezone.now()
    trades = list(Occupation.objects.order_by("code"))
    courses = [Course(host=drawn.choice(hosts), slug=f"bench-{n}") for n in range(number)]
    Course.objects.bulk_create(courses, AT_A_TIME)
    versions = [
        CourseVersion(course=course, occupation=drawn.choice(trades), published_at=at, published_by=by, **content)
        for course, content in zip(courses, _contents(drawn), strict=False)
    ]
    with connection.cursor() as cursor:  # invented courses passed no review; in this database alone that may be
        cursor.execute(f"ALTER TABLE catalogue_courseversion DISABLE TRIGGER {REVIEWED}")
        CourseVersion.objects.bulk_create(versions, AT_A_TIME)
        cursor.execute(f"ALTER TABLE catalogue_courseversion ENABLE TRIGGER {REVIEWED}")


def _contents(drawn: random.Random) -> Iterator[dict[str, Any]]:
    from baiye.core import pinyin

    while True:
        what = drawn.choice(WHAT)
        title = f"{drawn.choice(WHERE)}{what}{drawn.choice(DOES)}"
        yield {
            "number": 1,
            "title": title,
            "pinyin": pinyin.key(title)[:240],
            "summary": f"在{drawn.choice(WHERE)}的工坊里动手做{what}，了解这一行的一天",
            "glyph": what[0],
            "riasec": drawn.choice("RIASEC"),
            "task_group": "新技术体验与应用",
            "grade_from": 6,
            "grade_to": 9,
            "minutes": 160,
            "group_min": 8,
            "group_ideal": 20,
            "group_max": 30,
        }


def _han(n: int) -> str:
    return "".join("零一二三四五六七八九"[int(digit)] for digit in str(n))

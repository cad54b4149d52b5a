"""The main job, from Excel rosters to certified hours, step by step; a step that was done is passed over."""

import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings

from baiye.accounts.models import Unit, User
from baiye.catalogue.examples import make_example_courses
from baiye.catalogue.loading import load
from baiye.core import clock
from baiye.demo import cast
from baiye.demo.calendar import Calendar, at, calendar
from baiye.demo.story import door, family, guides, releases, rounds, schools, streets, talks
from baiye.registry.examples import make_example_applications, make_example_hosts
from baiye.rounds.models import Round
from baiye.schools.models import School
from baiye.schools.queries import is_school_day


@dataclass
class Stage:
    """What the steps hand on to each other."""

    say: Callable[[str], None]
    bar: Callable[[str, int], Any]  # a context manager that gives a tick
    seconds: dict[str, float] = field(default_factory=dict)
    district: Unit = field(init=False)
    people: dict[str, User] = field(init=False)
    schools: list[tuple[School, int]] = field(init=False)
    staff: door.Staff = field(init=False)
    teachers: dict[int, User] = field(init=False)
    calendar: Calendar = field(init=False)
    offers: dict[int, list[rounds.Offer]] = field(init=False)

    @contextmanager
    def step(self, name: str, title: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 2)
        self.say(f"{title}（{self.seconds[name]:.1f} 秒）")


@contextmanager
def warmed_up() -> Iterator[None]:
    """Have the engine compiled on the other core meanwhile: only a machine's first run needs it (about 20 seconds)."""
    with tempfile.TemporaryDirectory() as folder:
        engine = shlex.join([sys.executable, "-m", "baiye_placement.cli"])
        there = shlex.quote(folder)
        steps = f"{engine} generate -o {there}/in --pupils 60 --shape trips && {engine} place {there}/in {there}/out"
        warming = subprocess.Popen(steps, shell=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S602
        try:
            yield
        finally:
            warming.wait()


def play(stage: Stage) -> tuple[Round, Round]:
    """Play everything; gives the finished and the open round."""
    with warmed_up():
        _set_the_stage(stage)
    finished = _finished_round(stage)
    opened = _open_round(stage)
    with stage.step("talks", "五六月的劳模工匠进校园：报讲座、提需求、匹配、公布"):
        talks.make_season(stage.district, stage.people, stage.staff.schools)
    with stage.step("families", "演示账号的家长和学生"):
        family.make_named_family(finished, opened)
    with stage.step("releases", "放号：先到先得、抽签、排志愿和下一次"):
        releases.make_releases(
            district=stage.district,
            offers=stage.offers,
            own=family.named_child(finished),
            others=family.classmates(family.named_child(finished)),
            by=stage.people["coordinator"],
            moment=clock.now(),
        )
    return finished, opened


def _set_the_stage(stage: Stage) -> None:
    today = clock.today()
    with stage.step("district", "全区学校、基地、职业、街道"):
        load(settings.DATA_DIR / "putuo", settings.DATA_DIR / "occupations")
        stage.district = Unit.objects.get(kind="district")
        stage.people = cast.district_staff(stage.district, today - timedelta(days=400))
        schools.make_terms(today, stage.people["coordinator"])
        schools.publish_notices()
    with stage.step("rosters", "各校花名册（Excel）导入"):
        _bring_in_schools(stage)
    with stage.step("courses", "六所中职校的示例项目"):
        _open_hosts(stage)


def _bring_in_schools(stage: Stage) -> None:
    stage.schools = schools.junior_schools(stage.district)
    long_ago = clock.today() - timedelta(days=400)
    units = [school.unit for school, _ in stage.schools]
    coordinators = cast.unit_staff(units, "school_coordinator", "school", long_ago)
    stage.staff = door.Staff({}, {}, coordinators)
    with stage.bar("导入花名册", len(stage.schools)) as tick:
        schools.bring_in_rosters(stage.schools, coordinators, clock.now(), tick)
    stage.teachers = schools.teachers_of(stage.schools, clock.today())


def _open_hosts(stage: Stage) -> None:
    today = clock.today()
    stage.calendar = calendar(today, lambda day: is_school_day(day, schools.GRADES[-1]))
    coordinator = stage.people["coordinator"]
    hosts = make_example_hosts(
        district=stage.district,
        valid_from=stage.calendar.finished_days[0] - timedelta(days=90),
        valid_until=stage.calendar.open_days[-1] + timedelta(days=365),
        by=coordinator,
    )
    make_example_applications(district=stage.district, by=coordinator, at=clock.now())
    offers = make_example_courses(hosts=hosts, by=coordinator, at=clock.now())
    stage.offers = {host.pk: [] for host in hosts}
    for offer in offers:
        stage.offers[offer.version.course.host_id].append((offer.version, offer.venue))
    units = [host.unit for host in hosts]
    long_ago = today - timedelta(days=400)
    instructors = cast.unit_staff(units, "host_instructor", "instructor", long_ago)
    managers = cast.unit_staff(units, "host_manager", "host", long_ago)
    stage.staff = door.Staff(instructors, managers, stage.staff.schools)


def _finished_round(stage: Stage) -> Round:
    people, days = stage.people, stage.calendar.finished_days
    deadline = at(days[0] - timedelta(days=14), 20)
    script = rounds.Script(f"{days[0].year} 年秋季 七年级 16 课时职业体验（示例）", 7, days, deadline)
    with stage.step("round", "已办完的一轮：场次和出行日"):
        round = _standing() or rounds.prepare(script, stage.district, stage.offers, people["coordinator"])
    with stage.step("wishes", "学生志愿"):
        rounds.wish(round, stage.teachers, share=1.0, moment=deadline - timedelta(hours=4))
    with stage.step("placement", "录取运算、独立核对、两人公布"):
        rounds.publish(round, people["coordinator"], people["officer"], deadline + timedelta(hours=13))
    with stage.step("attendance", "到场签到，基地和学校各自确认"):
        with stage.bar("签到", len(door.sittings_of(round))) as tick:
            door.check_in(round, stage.staff, tick)
        if not door.is_confirmed(round):
            with stage.bar("学校确认", len(stage.schools)) as tick:
                door.confirm_all(round, stage.staff, tick)
    with stage.step("hours", "课时入账、公示、证书"):
        after = days[-1] + timedelta(days=1)
        door.enter(round, at(after, 8))
        with stage.bar("公示和证书", len(stage.schools)) as tick:
            door.show_and_certify(
                [school for school, _ in stage.schools],
                stage.staff,
                name=round.name,
                opens=after,
                today=clock.today(),
                tick=tick,
            )
    return round


def _standing() -> Round | None:
    """The finished round of an earlier run of the demonstration, whatever its dates."""
    return Round.objects.filter(is_example=True).order_by("pk").first()


def _open_round(stage: Stage) -> Round:
    people, days = stage.people, stage.calendar.open_days
    deadline = at(clock.today() + timedelta(days=6), 20)
    script = rounds.Script(f"{days[0].year} 年冬季 六年级 16 课时职业体验（示例）", 6, days, deadline)
    with stage.step("open_round", "正在填志愿的一轮"):
        standing = Round.objects.filter(is_example=True).order_by("pk")[1:2]
        round = next(iter(standing), None) or rounds.prepare(
            script, stage.district, stage.offers, people["coordinator"]
        )
        rounds.wish(round, stage.teachers, share=0.7, moment=clock.now() - timedelta(hours=1))
    with stage.step("guides", "带教老师的查询和排班"):
        by = people["coordinator"]
        made = guides.make_guides(stage.offers, by)
        guides.assign_guides(round, made, by=by, moment=clock.now())
    with stage.step("streets", "社区公益项目和就业服务站"):
        streets.make_street_life(district=stage.district, offers=stage.offers, guides=made, by=by, moment=clock.now())
    return round

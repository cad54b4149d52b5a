"""Who plays in the demonstration: one named account for each role, and the staff of every school and host."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from baiye.accounts.models import Grant, Unit, User
from baiye.demo.people import adult
from baiye.schools.models import ClassTeacher, SchoolClass


@dataclass(frozen=True, slots=True)
class Part:
    """A named account of the demonstration: what it may do, and where."""

    username: str
    role: str
    note: str  # one line for whoever tries it


DISTRICT_PARTS = (
    Part("coordinator", "coordinator", "建轮次、排出行日、运算录取、提请公布"),
    Part("coordinator2", "coordinator", "复核并公布：公布要两个人"),
    Part("officer", "district_officer", "看全区的数，复核公布，裁定异议"),
    Part("agency", "agency_officer", "看本部门牵头的基地"),
    Part("auditor", "auditor", "看操作留痕"),
    Part("sysadmin", "system_admin", "系统管理员，三员之一"),
    Part("secadmin", "security_admin", "安全管理员：给人开权限"),
    Part("auditadmin", "audit_admin", "审计管理员：看留痕"),
)


def account(username: str, rng: random.Random) -> User:
    """The user of that name, made once; nobody can sign in to it by password outside the demonstration's own page."""
    user, _ = User.objects.get_or_create(
        username=username, defaults={"name": adult(rng), "password": make_password(None), "kind": "staff"}
    )
    return user


def grant(user: User, role: str, unit: Unit, from_on: date) -> None:
    """``user`` holds ``role`` at ``unit`` from that day on; once."""
    if not Grant.objects.filter(user=user, role=role, unit=unit, ended_at=None).exists():
        Grant.objects.create(user=user, role=role, unit=unit, from_on=from_on)


def district_staff(district: Unit, from_on: date) -> dict[str, User]:
    """The named accounts at district level, by username."""
    rng = random.Random("baiye cast district")
    people = {}
    for part in DISTRICT_PARTS:
        people[part.username] = account(part.username, rng)
        grant(people[part.username], part.role, district, from_on)
    return people


@transaction.atomic
def unit_staff(units: Iterable[Unit], role: str, prefix: str, from_on: date) -> dict[int, User]:
    """One holder of ``role`` at each unit, in a constant number of statements; unit key → user."""
    units = list(units)
    held = {
        g.unit_id: g.user for g in Grant.objects.filter(role=role, unit__in=units, ended_at=None).select_related("user")
    }
    fresh = [unit for unit in units if unit.pk not in held]
    rng = random.Random(f"baiye cast {role}")
    nobody = make_password(None)
    users = User.objects.bulk_create(
        User(username=f"{prefix}{unit.pk}", name=adult(rng), password=nobody, kind="staff") for unit in fresh
    )
    Grant.objects.bulk_create(
        Grant(user=user, role=role, unit=unit, from_on=from_on) for user, unit in zip(users, fresh, strict=True)
    )
    return held | {unit.pk: user for unit, user in zip(fresh, users, strict=True)}


@transaction.atomic
def class_teachers(classes: Iterable[SchoolClass], from_on: date) -> dict[int, User]:
    """A class teacher for each class that has none; class key → user."""
    classes = list(classes)
    held = {
        t.school_class_id: t.user for t in ClassTeacher.objects.filter(school_class__in=classes).select_related("user")
    }
    fresh = [each for each in classes if each.pk not in held]
    rng = random.Random("baiye cast teachers")
    nobody = make_password(None)
    users = User.objects.bulk_create(
        User(username=f"teacher{each.pk}", name=adult(rng), password=nobody, kind="staff") for each in fresh
    )
    ClassTeacher.objects.bulk_create(
        ClassTeacher(user=user, school_class=each, from_on=from_on) for user, each in zip(users, fresh, strict=True)
    )
    return held | {each.pk: user for each, user in zip(fresh, users, strict=True)}

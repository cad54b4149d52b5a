"""Reads for the demonstration's own pages: who can be played, and what was texted."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import ROLE_NAMES
from baiye.core import crypto
from baiye.core.models import Delivery
from baiye.demo.cast import DISTRICT_PARTS
from baiye.schools.models import ClassTeacher


@dataclass(frozen=True, slots=True)
class Role:
    """A named account: who it is, and what one can try as them."""

    username: str
    name: str
    role: str
    note: str


def roles() -> list[Role]:
    """The named accounts that are there, one line each; four queries."""
    notes = {part.username: (str(ROLE_NAMES[part.role]), part.note) for part in DISTRICT_PARTS}
    notes |= {
        "guardian": (str(ROLE_NAMES["guardian"]), _("两个孩子：看结果、排志愿、签可选事项")),
        "pupil6": (str(ROLE_NAMES["pupil"]), _("正在填志愿")),
        "pupil7": (str(ROLE_NAMES["pupil"]), _("已体验完：签到码、课时、写收获")),
    }
    notes |= {user.username: (title, note) for user, title, note in _by_office()}
    notes["craftsman"] = (str(ROLE_NAMES["mentor"]), _("劳模工匠：答复学校请的讲座"))
    people = User.objects.filter(username__in=notes).order_by("pk")
    order = list(notes)
    return sorted(
        (Role(user.username, user.name, *notes[user.username]) for user in people),
        key=lambda role: order.index(role.username),
    )


def _by_office() -> list[tuple[User, str, str]]:
    """A class teacher and coordinator of the named child's school, and the people of one host."""
    pupil = User.objects.filter(username="pupil7").select_related("pupil__school_class__school").first()
    if pupil is None:
        return []
    found: list[tuple[User, str, str]] = []
    school_class = pupil.pupil.school_class
    teacher = ClassTeacher.objects.filter(school_class=school_class).select_related("user").first()
    if teacher is not None:
        found.append((teacher.user, str(ROLE_NAMES["class_teacher"]), _("看谁没交志愿，代录纸质志愿，确认到场")))
    offices = [
        ("school_coordinator", school_class.school.unit.path, _("导入花名册、公示课时、发证书")),
        ("host_manager", "", _("看场次，确认到场人数")),
        ("host_instructor", "", _("门口扫码签到")),
    ]
    for role, path, note in offices:
        user = User.objects.filter(grants__role=role, grants__unit__path__startswith=path or "/").order_by("pk").first()
        if user is not None:
            found.append((user, str(ROLE_NAMES[role]), note))
    return found


def playable(username: str) -> User | None:
    """The named account, if it is one of the page's."""
    return User.objects.filter(username=username).first() if username in {role.username for role in roles()} else None


@dataclass(frozen=True, slots=True)
class Text:
    """A text that the local outbox kept instead of sending."""

    at: object
    phone: str
    body: str


def texts() -> list[Text]:
    """The last twenty texts, newest first."""
    found = Delivery.objects.filter(channel="sms").order_by("-made_at")[:20]
    return [Text(each.made_at, crypto.decrypt(bytes(each.address)), each.body) for each in found]

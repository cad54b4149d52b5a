"""Where each person starts, and what stands in their rail or tab bar: one table, by permission."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import User
from baiye.accounts.permissions import ROLES, Permission
from baiye.accounts.requests import SignedInRequest
from baiye.core.shapes import NavItem

P = Permission
# The first that is held decides; who holds none sees the public pages.
HOMES = (
    ("pupil", "rounds:home"),
    ("guardian", "rounds:home"),
    ("coordinator", "rounds:round-list"),
    ("district_officer", "rounds:round-list"),
    ("school_coordinator", "schools:roster-list"),
    ("class_teacher", "rounds:teacher-home"),
    ("host_manager", "attendance:day"),
    ("host_instructor", "attendance:day"),
    ("audit_admin", "accounts:audit"),
    ("auditor", "accounts:audit"),
    ("security_admin", "accounts:grant-list"),
    ("system_admin", "rounds:round-list"),
    ("agency_officer", "registry:assessment-list"),
    ("teacher", "accounts:inbox"),
    ("mentor", "accounts:inbox"),
)
NOWHERE = "registry:landing"


@dataclass(frozen=True, slots=True)
class Place:
    """A page that stands in the navigation of whoever holds ``permission`` through one of ``roles``."""

    label: str | Promise
    url_name: str
    icon: str
    permission: Permission | None
    roles: frozenset[str]
    group: str | Promise = ""


PHONE = frozenset({"pupil", "guardian"})
TEACHER = frozenset({"class_teacher"})
DISTRICT = frozenset({"coordinator", "district_officer", "agency_officer"})
SCHOOL = frozenset({"school_coordinator"})
HOST = frozenset({"host_manager", "host_instructor"})
ANYONE = frozenset(ROLES)
ROUND, HOSTS, COURSES, PUPILS, ORDER = _("本轮"), _("基地"), _("课程"), _("学生"), _("治理")
PLACES = (
    Place(_("首页"), "rounds:home", "home", P.PUPIL_VIEW, PHONE),
    Place(_("项目"), "catalogue:course-list", "search", P.WISH_GIVE, PHONE),
    Place(_("预约"), "bookings:opening-list", "ticket", P.WISH_GIVE, PHONE),
    Place(_("课时"), "hours:mine", "clock", P.HOURS_VIEW, PHONE),
    Place(_("档案"), "portfolio:mine", "notebook", P.PORTFOLIO_VIEW, PHONE),
    Place(_("我的班"), "rounds:teacher-home", "users", P.WISH_RECORD, TEACHER),
    Place(_("班级预约"), "bookings:class-list", "ticket", P.WISH_RECORD, TEACHER),
    Place(_("轮次"), "rounds:round-list", "route", P.PROGRAMME_VIEW, DISTRICT | {"system_admin", "auditor"}, ROUND),
    Place(_("轮次"), "rounds:round-list", "route", P.PLACEMENT_VIEW, SCHOOL, ROUND),
    Place(_("校历"), "schools:calendar", "calendar", P.ROUND_PREPARE, DISTRICT, ROUND),
    Place(_("签到"), "attendance:day", "scan", P.CHECKIN, HOST, ROUND),
    Place(_("场次"), "visits:visit-list", "calendar", P.VISIT_MANAGE, DISTRICT | HOST, ROUND),
    Place(_("放号"), "bookings:release-list", "ticket", P.VISIT_MANAGE, DISTRICT | HOST, ROUND),
    Place(_("受影响的场次"), "visits:lapse-list", "calendar-off", P.VISIT_MANAGE, DISTRICT | HOST, ROUND),
    Place(_("我的带教"), "visits:my-assignments", "calendar-check", None, frozenset({"mentor"}), ROUND),
    Place(_("进校园讲座"), "outreach:campaign-list", "speakerphone", P.TALK_MANAGE, DISTRICT, ROUND),
    Place(_("进校园讲座"), "outreach:campaign-list", "speakerphone", P.TALK_PUBLISH, DISTRICT, ROUND),
    Place(_("进校园讲座"), "outreach:campaign-list", "speakerphone", P.TALK_ASK, SCHOOL, ROUND),
    Place(_("我的讲座"), "outreach:my-talks", "speakerphone", None, frozenset({"mentor"}), ROUND),
    Place(_("基地名单"), "registry:host-list", "building", P.HOST_VIEW, DISTRICT | HOST, HOSTS),
    Place(_("基地管理"), "registry:host-desk", "building-factory-2", P.HOST_MANAGE, DISTRICT | HOST, HOSTS),
    Place(_("基地管理"), "registry:host-desk", "building-factory-2", P.HOST_ACCREDIT, DISTRICT, HOSTS),
    Place(_("基地申报"), "registry:application-list", "inbox", P.HOST_ACCREDIT, DISTRICT, HOSTS),
    Place(_("基地认定"), "registry:assessment-list", "clipboard-check", P.HOST_ACCREDIT, DISTRICT, HOSTS),
    Place(_("核查"), "registry:inspection-list", "clipboard-list", P.HOST_ACCREDIT, DISTRICT, HOSTS),
    Place(_("认定"), "registry:accreditation-list", "rosette-discount-check", P.HOST_VIEW, DISTRICT | HOST, HOSTS),
    Place(_("申诉"), "registry:appeal-list", "gavel", P.HOST_ACCREDIT, DISTRICT, HOSTS),
    Place(_("认定标准"), "registry:standard-list", "scale", P.STANDARD_EDIT, DISTRICT, HOSTS),
    Place(_("就业服务站"), "outreach:station-desk", "briefcase", P.STATION_EDIT, DISTRICT, HOSTS),
    Place(_("带教人员"), "mentors:mentor-list", "user-check", P.MENTOR_VIEW, DISTRICT | HOST, HOSTS),
    Place(_("承诺与兑现"), "partners:pledge-list", "heart-handshake", P.PLEDGE_MANAGE, DISTRICT | HOST, HOSTS),
    Place(_("项目管理"), "catalogue:draft-list", "notes", P.COURSE_MANAGE, DISTRICT | HOST, COURSES),
    Place(_("项目评审"), "catalogue:review-list", "clipboard-check", P.COURSE_REVIEW, DISTRICT, COURSES),
    Place(_("系列"), "catalogue:series-desk", "route", P.COURSE_PUBLISH, DISTRICT, COURSES),
    Place(_("社区公益"), "outreach:project-desk", "users-group", P.PROJECT_MANAGE, DISTRICT | HOST, COURSES),
    Place(_("社区公益"), "outreach:project-desk", "users-group", P.CHECKIN, HOST, COURSES),
    Place(_("学生名册"), "schools:roster-list", "users", P.ROSTER_IMPORT, SCHOOL, PUPILS),
    Place(_("班级"), "schools:class-list", "id-badge-2", P.CODE_ISSUE, SCHOOL, PUPILS),
    Place(_("到岗确认"), "attendance:confirm-list", "checks", P.CONFIRM_AS_SCHOOL, SCHOOL | TEACHER, PUPILS),
    Place(_("课时公示"), "hours:notice-list", "clipboard-check", P.HOURS_PUBLISH, SCHOOL, PUPILS),
    Place(_("课时台账"), "hours:desk", "clock", P.HOURS_VIEW, DISTRICT | SCHOOL, PUPILS),
    Place(_("事件与投诉"), "incidents:incident-list", "alert-triangle", P.INCIDENT_HANDLE, DISTRICT, ORDER),
    Place(_("报告事件"), "incidents:report", "alert-triangle", P.INCIDENT_REPORT, HOST | SCHOOL | {"mentor"}, ORDER),
    Place(_("账号与权限"), "accounts:grant-list", "key", P.GRANT_MANAGE, ANYONE, ORDER),
    Place(_("接口密钥"), "accounts:api-key-list", "key", P.API_KEY_MANAGE, ANYONE, ORDER),
    Place(_("审计记录"), "accounts:audit", "history", P.AUDIT_VIEW, ANYONE, ORDER),
    Place(_("消息"), "accounts:inbox", "bell", None, ANYONE, ORDER),
    Place(_("没送到的消息"), "accounts:delivery-list", "alert-circle", P.DELIVERY_VIEW, ANYONE - TEACHER, ORDER),
    Place(_("账号安全"), "mfa_index", "shield-lock", None, ANYONE - PHONE, ORDER),
)


def home_of(user: User) -> str:
    """The name of the page where ``user`` starts."""
    return next((url_name for role, url_name in HOMES if role in user.roles), NOWHERE)


def shell_of(user: User) -> str:
    """The template around a page that everyone has: the phone's for families and class teachers, else the desk's."""
    on_the_phone = user.kind != "staff" or "class_teacher" in user.roles <= {"class_teacher", "teacher"}
    return "core/phone.html" if on_the_phone else "core/desk.html"


def items(request: SignedInRequest) -> list[NavItem]:
    """What stands in the rail or tab bar of the signed-in person, in the order of the table, no address twice."""
    places: dict[str, Place] = {}
    for place in PLACES:
        if _has(request.user.roles, place):
            places.setdefault(reverse(place.url_name), place)
    here = max((url for url in places if request.path.startswith(url)), key=len, default="")
    return [
        NavItem(label=str(place.label), url=url, icon=place.icon, current=url == here, group=str(place.group))
        for url, place in places.items()
    ]


def _has(held: frozenset[str], place: Place) -> bool:
    through = held & place.roles
    return bool(through) and (place.permission is None or any(place.permission in ROLES[role] for role in through))

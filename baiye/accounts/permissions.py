"""Who may do what: the whole matrix on this page. Roles are slugs in the database; permissions live in code alone.

`guardian`, `pupil` and `class_teacher` are held through a child or a class (schools.permissions), the rest by Grant.
"""

from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baiye.accounts.models import Unit, User


class Permission(StrEnum):
    AUDIT_VIEW = "audit.view"
    GRANT_MANAGE = "grant.manage"
    PROGRAMME_VIEW = "programme.view"  # the desk: figures without names
    PUPIL_VIEW = "pupil.view"
    ROSTER_IMPORT = "roster.import"
    CODE_ISSUE = "code.issue"
    CONSENT_GIVE = "consent.give"  # for one's own child only
    CONSENT_RECORD = "consent.record"  # entered from paper
    HOST_VIEW = "host.view"
    HOST_MANAGE = "host.manage"
    HOST_ACCREDIT = "host.accredit"  # applications, inspections, panel, measures: under the standards one keeps
    STANDARD_EDIT = "standard.edit"
    MENTOR_VIEW = "mentor.view"
    MENTOR_MANAGE = "mentor.manage"  # the roster, appointments, training, assignment
    MENTOR_VET = "mentor.vet"  # enters the result of a check
    COURSE_MANAGE = "course.manage"  # drafts of courses
    COURSE_REVIEW = "course.review"
    COURSE_PUBLISH = "course.publish"
    PLEDGE_MANAGE = "pledge.manage"  # what partners promise
    TALK_MANAGE = "talk.manage"  # campaigns of talks in schools: plan, match, look after
    TALK_PUBLISH = "talk.publish"  # proposes or approves a match, two people
    TALK_ASK = "talk.ask"  # a school asks, confirms hall and staff, says how it was
    PROJECT_MANAGE = "project.manage"  # community projects, and the programmes they are part of
    STATION_EDIT = "station.edit"  # what a station serves: one's own, or one under a standard one keeps
    INCIDENT_REPORT = "incident.report"
    INCIDENT_HANDLE = "incident.handle"  # sees reports and complaints of its scope
    API_KEY_MANAGE = "api_key.manage"
    DELIVERY_VIEW = "delivery.view"  # which copies of messages did not arrive, and sends them again
    VISIT_MANAGE = "visit.manage"
    ROUND_PREPARE = "round.prepare"
    WISH_GIVE = "wish.give"
    WISH_RECORD = "wish.record"  # entered from paper
    PLACEMENT_RUN = "placement.run"
    PLACEMENT_PUBLISH = "placement.publish"
    PLACEMENT_VIEW = "placement.view"
    SEAT_ASSIGN = "seat.assign"
    CHECKIN = "attendance.check_in"
    CONFIRM_AS_HOST = "attendance.confirm_as_host"
    CONFIRM_AS_SCHOOL = "attendance.confirm_as_school"
    HOURS_VIEW = "hours.view"
    HOURS_PUBLISH = "hours.publish"  # opens the public notice
    OBJECTION_RULE = "objection.rule"
    CERTIFICATE_ISSUE = "certificate.issue"
    HOURS_EXPORT = "hours.export"
    REFLECT = "portfolio.reflect"
    PORTFOLIO_VIEW = "portfolio.view"


P = Permission
ROLES: dict[str, frozenset[Permission]] = {
    "district_officer": frozenset(
        {P.PROGRAMME_VIEW, P.HOST_VIEW, P.PLACEMENT_VIEW, P.PLACEMENT_PUBLISH, P.HOURS_VIEW, P.OBJECTION_RULE}
        | {P.HOST_ACCREDIT, P.STANDARD_EDIT, P.MENTOR_VIEW, P.MENTOR_VET, P.COURSE_REVIEW}
        | {P.INCIDENT_REPORT, P.INCIDENT_HANDLE}
        | {P.TALK_PUBLISH}
    ),
    "coordinator": frozenset(
        {P.PROGRAMME_VIEW, P.PUPIL_VIEW, P.HOST_VIEW, P.HOST_MANAGE, P.COURSE_MANAGE, P.VISIT_MANAGE, P.ROUND_PREPARE}
        | {P.COURSE_PUBLISH}
        | {P.PLACEMENT_RUN, P.PLACEMENT_PUBLISH, P.PLACEMENT_VIEW, P.SEAT_ASSIGN, P.HOURS_VIEW, P.CERTIFICATE_ISSUE}
        | {P.HOURS_EXPORT}
        | {P.HOST_ACCREDIT, P.STANDARD_EDIT, P.MENTOR_VIEW, P.MENTOR_MANAGE, P.MENTOR_VET, P.COURSE_REVIEW}
        | {P.PLEDGE_MANAGE, P.INCIDENT_REPORT, P.INCIDENT_HANDLE, P.DELIVERY_VIEW}
        | {P.PROJECT_MANAGE, P.STATION_EDIT}
        | {P.TALK_MANAGE, P.TALK_PUBLISH}
    ),
    "agency_officer": frozenset(  # of its own part: the standards it keeps, the mentors it appoints
        {P.PROGRAMME_VIEW, P.HOST_VIEW, P.HOST_ACCREDIT, P.STANDARD_EDIT, P.MENTOR_VIEW, P.MENTOR_MANAGE}
        | {P.INCIDENT_REPORT}
        | {P.PROJECT_MANAGE, P.STATION_EDIT}
        | {P.TALK_MANAGE, P.TALK_PUBLISH}
    ),
    "school_coordinator": frozenset(
        {P.PUPIL_VIEW, P.ROSTER_IMPORT, P.CODE_ISSUE, P.CONSENT_RECORD, P.WISH_RECORD, P.PLACEMENT_VIEW}
        | {P.CONFIRM_AS_SCHOOL, P.HOURS_VIEW, P.HOURS_PUBLISH, P.OBJECTION_RULE, P.CERTIFICATE_ISSUE, P.HOURS_EXPORT}
        | {P.GRANT_MANAGE, P.INCIDENT_REPORT, P.DELIVERY_VIEW}
        | {P.TALK_ASK}
    ),
    "class_teacher": frozenset(
        {P.PUPIL_VIEW, P.CODE_ISSUE, P.CONSENT_RECORD, P.WISH_RECORD, P.PLACEMENT_VIEW, P.CONFIRM_AS_SCHOOL}
        | {P.HOURS_VIEW, P.PORTFOLIO_VIEW, P.INCIDENT_REPORT, P.DELIVERY_VIEW}
    ),
    "teacher": frozenset({P.INCIDENT_REPORT}),  # belongs to the school; a class is given to them by ClassTeacher
    "host_manager": frozenset(
        {P.HOST_VIEW, P.HOST_MANAGE, P.COURSE_MANAGE, P.VISIT_MANAGE, P.CHECKIN, P.CONFIRM_AS_HOST}
        | {P.MENTOR_VIEW, P.MENTOR_MANAGE, P.PLEDGE_MANAGE, P.INCIDENT_REPORT, P.PROJECT_MANAGE, P.STATION_EDIT}
        | {P.DELIVERY_VIEW}
    ),
    "host_instructor": frozenset({P.CHECKIN, P.CONFIRM_AS_HOST, P.INCIDENT_REPORT}),
    "mentor": frozenset({P.INCIDENT_REPORT}),
    "guardian": frozenset(
        {P.PUPIL_VIEW, P.CONSENT_GIVE, P.WISH_GIVE, P.PLACEMENT_VIEW, P.HOURS_VIEW, P.PORTFOLIO_VIEW}
    ),
    "pupil": frozenset(
        {P.PUPIL_VIEW, P.WISH_GIVE, P.PLACEMENT_VIEW, P.HOURS_VIEW, P.REFLECT, P.PORTFOLIO_VIEW}  # never CONSENT_GIVE
    ),
    "auditor": frozenset({P.AUDIT_VIEW, P.PROGRAMME_VIEW}),
    "system_admin": frozenset({P.PROGRAMME_VIEW, P.API_KEY_MANAGE}),
    "security_admin": frozenset({P.GRANT_MANAGE}),
    "audit_admin": frozenset({P.AUDIT_VIEW}),
}
ROLE_NAMES = {
    "district_officer": _("教育局干部"),
    "coordinator": _("协调中心专员"),
    "agency_officer": _("牵头部门干部"),
    "school_coordinator": _("学校统筹老师"),
    "class_teacher": _("班主任"),
    "teacher": _("老师"),
    "host_manager": _("基地负责人"),
    "host_instructor": _("基地带教老师"),
    "mentor": _("校外辅导员"),
    "guardian": _("家长"),
    "pupil": _("学生"),
    "auditor": _("审计人员"),
    "system_admin": _("系统管理员"),
    "security_admin": _("安全管理员"),
    "audit_admin": _("审计管理员"),
}
# At which kind of unit each role is granted; the others are held through a child or a class.
HELD_AT = {
    "district_officer": "district",
    "coordinator": "district",
    "auditor": "district",
    "system_admin": "district",
    "security_admin": "district",
    "audit_admin": "district",
    "agency_officer": "agency",
    "school_coordinator": "school",
    "teacher": "school",
    "host_manager": "host",
    "host_instructor": "host",
    "mentor": "host",
}
# Which roles may be given by whoever holds GRANT_MANAGE through which role.
GIVES = {
    "security_admin": frozenset(HELD_AT),
    "school_coordinator": frozenset({"school_coordinator", "teacher"}),
    "coordinator": frozenset({"host_manager", "host_instructor"}),
}


def may_give(user: User, role: str, unit: Unit) -> bool:
    """Whether ``user`` may give ``role`` at ``unit``, or end it there."""
    held = (through for through, path in user.held if unit.path.startswith(path))
    return unit.kind == HELD_AT.get(role) and any(role in GIVES.get(through, ()) for through in held)


def paths(user: User, permission: Permission) -> list[str]:
    """The paths of the units where ``user`` holds ``permission`` by grant today (no query after the first call)."""
    return [path for role, path in user.held if permission in ROLES.get(role, frozenset())]


def may(user: User, permission: Permission, unit: Unit) -> bool:
    """Whether ``user`` holds ``permission`` at ``unit`` or above it, by grant."""
    return any(unit.path.startswith(path) for path in paths(user, permission))


def require(user: User, permission: Permission, unit: Unit) -> None:
    """Raise PermissionDenied unless ``user`` holds ``permission`` at ``unit`` or above it."""
    if not may(user, permission, unit):
        raise PermissionDenied(f"{permission} at {unit.path}")


def within(user: User, permission: Permission, unit_field: str = "") -> Q:
    """A filter: rows whose ``unit_field``, or units that, lie where ``user`` holds ``permission``; none if nowhere."""
    below = f"{unit_field}__path__startswith" if unit_field else "path__startswith"
    scope = Q(pk__in=[])
    for path in paths(user, permission):
        scope |= Q(**{below: path})
    return scope

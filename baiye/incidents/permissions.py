"""Who reports, who handles: reporting needs only an office; reading is for handlers, and for who reported."""

from django.db.models import Exists, OuterRef, Q

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, may, paths, within
from baiye.incidents.models import Incident
from baiye.schools.models import SchoolClass
from baiye.schools.permissions import class_scope, holds_in_office, pupil_scope
from baiye.visits.models import Seat

REPORT, HANDLE = Permission.INCIDENT_REPORT, Permission.INCIDENT_HANDLE


def may_report(user: User) -> bool:
    """Whether someone holds any office in which incidents are reported."""
    return holds_in_office(user, REPORT)


def visit_scope(user: User) -> Q:
    """A filter over visits: at a host of one's own, or with a pupil of one's own on it."""
    theirs = Seat.objects.filter(pupil_scope(user, REPORT, "pupil__"), visit=OuterRef("pk"))
    return within(user, REPORT, "venue__host__unit") | Q(Exists(theirs))


def own_units(user: User) -> Q:
    """A filter over units: where someone reports incidents, class teachers' schools too."""
    classes = SchoolClass.objects.filter(class_scope(user, REPORT))
    return Q(path__in=paths(user, REPORT)) | Q(pk__in=classes.values("school__unit"))


def reads(user: User, incident: Incident) -> bool:
    """Whether someone may see all of an incident, follow-ups included."""
    return may(user, HANDLE, incident.unit)

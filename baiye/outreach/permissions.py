"""Whose projects and stations are whose."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, may, within
from baiye.outreach.models import Programme
from baiye.registry.models import Accreditation, Application, Host


def projects_managed_by(user: User) -> Q:
    """A filter over projects: those at hosts where ``user`` manages projects, and those of programmes they keep."""
    place = within(user, Permission.PROJECT_MANAGE, "visit__venue__host__unit")
    return place | within(user, Permission.PROJECT_MANAGE, "programme__unit")


def require_project(user: User, host: Host, programme: Programme) -> None:
    """Raise PermissionDenied unless ``user`` manages projects at ``host``, or keeps the programme."""
    if not any(may(user, Permission.PROJECT_MANAGE, unit) for unit in (host.unit, programme.unit)):
        raise PermissionDenied(f"{Permission.PROJECT_MANAGE} at host {host.pk}, programme {programme.pk}")


def stations_edited_by(user: User) -> Q:
    """A filter over hosts: those of one's own units, and those under a standard that one's body keeps."""
    kept = within(user, Permission.STATION_EDIT, "standard__keeper")
    asked = Application.objects.filter(kept, host=OuterRef("pk")).exclude(state="draft")
    held = Accreditation.objects.filter(kept, host=OuterRef("pk"))
    return within(user, Permission.STATION_EDIT, "unit") | Q(Exists(asked)) | Q(Exists(held))

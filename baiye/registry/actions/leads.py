"""A body that the desk knows of comes into the register as a lead (线索): nothing about it is proven yet."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.actions.units import make_unit
from baiye.accounts.models import Unit, User
from baiye.core import audit
from baiye.registry.actions.hosts import HostRefused
from baiye.registry.kinds import is_vocational
from baiye.registry.models import Host
from baiye.registry.permissions import keeps


@transaction.atomic
def add_lead(*, district: Unit, name: str, kind: str, by: User) -> Host:
    """Enter a host under ``district`` as a lead; only an application and an accreditation make more of it.

    Raises
    ------
    PermissionDenied
        ``by`` does not both manage and accredit hosts there: no host enters another.
    HostRefused
        The name is in the register already.
    """
    if not keeps(by, district):
        raise PermissionDenied(f"enter a host at {district.path}")
    if Unit.objects.filter(kind="host", name=name).exists():
        raise HostRefused(_("名录里已有这个名称"))
    unit = make_unit(parent=district, kind="host", name=name, by=by, is_example=district.is_example)
    host = Host.objects.create(
        unit=unit, kind=kind, is_vocational=is_vocational(kind), evidence="lead", grounds="candidate"
    )
    audit.record("host.made", by=by, on=host, at_unit=unit.path)
    return host

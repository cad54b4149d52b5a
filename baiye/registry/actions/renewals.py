"""Renewal (到期复评): offered 90 days before the end, begun with what is known, then an application like any other."""

import uuid
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.core.refusals import Refused
from baiye.registry.actions.applications import begin
from baiye.registry.models import Accreditation, Application, Host, Standard
from baiye.registry.queries.accreditations import RENEWAL
from baiye.registry.queries.applications import open_standards
from baiye.registry.queries.assessments import WAITING

KNOWN = (  # by the same name of a host and of an application
    *("credit_code", "credit_confirmed_by", "address", "street", "lon", "lat", "occupations", "about"),
    *("is_commercial", "contact", "phone_sealed", "email"),
)


class RenewalRefused(Refused):
    """A renewal cannot be begun now."""


def is_offered(accreditation: Accreditation, on: date) -> bool:
    """Whether one may apply for a renewal: from 90 days before its end on, unless it was revoked."""
    return accreditation.revoked_on is None and on >= accreditation.valid_until - RENEWAL


@transaction.atomic
def begin_renewal(*, accreditation: Accreditation, by: User, on: date) -> Application:
    """Begin an application under the newest version of the standard, filled in from the host; asked twice, it is one.

    Raises
    ------
    PermissionDenied
        ``by`` does not manage the host.
    RenewalRefused
        It is too early, it was revoked, or no version of the standard takes applications.
    """
    host = accreditation.host
    require(by, Permission.HOST_MANAGE, host.unit)
    Accreditation.objects.select_for_update(of=("self",), no_key=True).get(pk=accreditation.pk)
    if not is_offered(accreditation, on):
        raise RenewalRefused(_("到期前 90 天才能申请复评；撤销了的要重新申报。"))
    standard = _newest(accreditation, on)
    under_way = Application.objects.filter(host=host, kind="renewal", standard__name=standard.name)
    if found := under_way.filter(state__in=("draft", *WAITING)).first():
        return found
    return begin(
        standard=standard,
        request=uuid.uuid4(),
        by=by,
        at_unit=host.unit.path,
        kind="renewal",
        host=host,
        is_example=accreditation.is_example,
        **_said_by(host),
    )


def _said_by(host: Host) -> dict[str, object]:
    """What a host has said of itself and its first open venue, as an application asks it."""
    said: dict[str, object] = {name: getattr(host, name) for name in KNOWN}
    said |= {"name": host.unit.name, "host_kind": host.kind, "credit_insisted": host.credit_confirmed_by_id is not None}
    venue = host.venues.filter(closed_on=None).order_by("pk").first()
    if venue is None:
        return said
    return said | {"venue_name": venue.name, "capacity": venue.capacity, "area_m2": venue.area_m2}


def _newest(accreditation: Accreditation, on: date) -> Standard:
    versions = open_standards(on).filter(name=accreditation.standard.name)
    found = versions.order_by("-version").first()
    if found is None:
        raise RenewalRefused(_("这份标准现在不收申报。请和协调中心联系。"))
    return found

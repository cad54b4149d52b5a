"""Keys of partners' programs are made, used and revoked here."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from baiye.accounts import queries
from baiye.accounts.models import ApiKey, ApiUse, Unit, User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit, clock
from baiye.core.refusals import Refused


class KeyRefused(Refused):
    """The key cannot be made or revoked now."""


@transaction.atomic
def make_key(*, unit: Unit, name: str, by: User, at: datetime) -> tuple[ApiKey, str]:
    """Give a key for a program of ``unit``, and the key's text, which is kept nowhere.

    Raises
    ------
    PermissionDenied
        ``by`` manages no keys there.
    KeyRefused
        The unit is neither an agency nor a host, or has a key of that name already.
    """
    require(by, Permission.API_KEY_MANAGE, unit)
    if unit.kind not in queries.KEY_KINDS:
        raise KeyRefused(_("密钥只发给牵头部门和基地，请换一个单位"))
    text = f"by_{secrets.token_urlsafe(32)}"
    try:
        with transaction.atomic():
            key = ApiKey.objects.create(
                unit=unit, name=name, start=text[:8], digest=queries.key_digest(text), made_at=at, made_by=by
            )
    except IntegrityError as error:
        raise KeyRefused(_("这个单位已经有一个叫这个名字的密钥，请换一个名字，或先停用原来的")) from error
    audit.record("api_key.made", by=by, on=key, at_unit=unit.path)
    return key, text


@transaction.atomic
def revoke_key(*, key: ApiKey, by: User, at: datetime) -> None:
    """End ``key`` at once; twice is once.

    Raises
    ------
    PermissionDenied
        ``by`` manages no keys at its unit.
    """
    require(by, Permission.API_KEY_MANAGE, key.unit)
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at, revoked_by=by):
        audit.record("api_key.revoked", by=by, on=key, at_unit=key.unit.path)


@transaction.atomic
def use_key(*, text: str, at: datetime) -> ApiKey | None:
    """Count one use of the key with this text; None where there is no such key, or none any more."""
    key = ApiKey.objects.select_related("unit").filter(digest=queries.key_digest(text), revoked_at=None).first()
    if key is None:
        return None
    use, is_new = ApiUse.objects.get_or_create(key=key, on=clock.day_of(at), defaults={"hits": 1})
    if not is_new:
        ApiUse.objects.filter(pk=use.pk).update(hits=F("hits") + 1)
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)
    return key

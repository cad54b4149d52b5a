"""Where someone wants copies of messages: an address is theirs once they typed the code that was sent there."""

import hmac
import re
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from baiye.accounts.actions.grants import require_may_manage
from baiye.accounts.models import AddressCode, User
from baiye.core import audit, channels, clock, crypto, throttle
from baiye.core.refusals import Refused

LIVES = timedelta(minutes=10)
TRIES = 5
ASKED_AN_HOUR = 5  # by one person: each is a mail or a message to somebody
FIELDS = {"mail": "email", "wecom": "wecom_id"}  # channel → the person's own field
WECOM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")  # as WeCom lets administrators name members


class AddressRefused(Refused):
    """The address cannot be taken now."""


def ask_address(*, channel: str, address: str, by: User, at: datetime) -> None:
    """Send a code to an address of one's own; an earlier code for this channel ends.

    Raises
    ------
    PermissionDenied
        ``by`` is a pupil: of children no further address is kept.
    AddressRefused
        The channel is closed here, the address cannot be one, or too many were asked for within an hour.
    """
    _require_grown_up(by)
    address = address.strip()
    if channel not in FIELDS or not channels.is_open(channel):
        raise AddressRefused(_("这个通道没有开通。"))
    _refuse_malformed(channel, address)
    if not throttle.hit(f"address of {by.pk}", limit=ASKED_AN_HOUR, per_s=3600):
        raise AddressRefused(_("试的次数太多了，请一小时后再试。"))
    _send_code(channel, address, by, at)


@transaction.atomic
def _send_code(channel: str, address: str, by: User, at: datetime) -> None:
    """Write a new code down and send it; an earlier one ends."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    AddressCode.objects.filter(user=by, channel=channel, used_at=None).delete()
    code = f"{secrets.randbelow(1_000_000):06d}"
    AddressCode.objects.create(
        user=by,
        channel=channel,
        address=crypto.encrypt(address),
        digest=_digest(by, channel, code),
        made_at=at,
        expires_at=at + LIVES,
    )
    body = _("验证码 %s，10 分钟内有效。有人想用这个地址收百业的消息；不是您，就不用管。") % code
    channels.hand_over(channel, address, subject=_("百业：验证码"), body=body)


def prove_address(*, channel: str, code: str, by: User, at: datetime) -> None:
    """Take the code: five tries, ten minutes, once. The address becomes where copies go; an old mailbox is told.

    Raises
    ------
    AddressRefused
        The code is wrong, over, or used up.
    """
    wrong = AddressRefused(_("验证码不对或已过期。请看清后再填，或重新获取"))
    live = AddressCode.objects.filter(user=by, channel=channel, used_at=None, expires_at__gt=at, tries__lt=TRIES)
    if not live.update(tries=F("tries") + 1):
        raise wrong
    asked = AddressCode.objects.filter(user=by, channel=channel, used_at=None).first()
    if asked is None or not hmac.compare_digest(asked.digest, _digest(by, channel, "".join(code.split()))):
        raise wrong
    with transaction.atomic():
        if not AddressCode.objects.filter(pk=asked.pk, used_at=None).update(used_at=at):
            raise wrong
        _put(channel, crypto.decrypt(bytes(asked.address)), by)


@transaction.atomic
def drop_address(*, channel: str, by: User) -> None:
    """Forget an address of one's own; without one nothing happens."""
    if channel in FIELDS and getattr(by, FIELDS[channel]):
        _put(channel, "", by)


@transaction.atomic
def set_wecom(*, person: User, wecom_id: str, by: User) -> None:
    """Write down by which userid WeCom knows ``person``, as who manages their account says; the same again is nothing.

    Raises
    ------
    PermissionDenied
        ``by`` does not manage this account.
    """
    require_may_manage(by, person, on=clock.today())
    if person.wecom_id != wecom_id:
        User.objects.filter(pk=person.pk).update(wecom_id=wecom_id)
        audit.record("address.set", by=by, on=person, channel="wecom")


def waiting_address(user: User, channel: str, at: datetime) -> str:
    """The address to which an open code was sent, or ""."""
    open_ones = AddressCode.objects.filter(user=user, channel=channel, used_at=None, expires_at__gt=at)
    asked = open_ones.filter(tries__lt=TRIES).first()
    return crypto.decrypt(bytes(asked.address)) if asked else ""


def tidy(*, at: datetime) -> int:
    """Forget codes that are over, and where they were sent; how many."""
    return AddressCode.objects.filter(expires_at__lte=at).delete()[0]


def _put(channel: str, address: str, by: User) -> None:
    """Write it down; whoever reads the old mailbox learns that it is no longer used."""
    if by.email and channel == "mail" and by.email != address:
        said = _("您在百业收消息的邮箱已改掉，以后的消息不再发到这里。不是您改的，请马上联系管理员。")
        channels.mail(by.email, _("百业：收消息的邮箱已更改"), said)
    setattr(by, FIELDS[channel], address)
    by.save(update_fields=[FIELDS[channel]])
    audit.record("address.proved" if address else "address.dropped", by=by, on=by, channel=channel)


def _refuse_malformed(channel: str, address: str) -> None:
    if channel == "wecom":
        if not WECOM.fullmatch(address):
            raise AddressRefused(
                _("企业微信账号由字母、数字、点、短横和 @ 组成，不是姓名或手机昵称。在企业微信里问管理员。")
            )
        return
    try:
        validate_email(address)
    except ValidationError as error:
        raise AddressRefused(_("这不像一个邮箱地址，请看看有没有写漏。")) from error


def _require_grown_up(by: User) -> None:
    if by.kind == "pupil":
        raise PermissionDenied("pupils have an inbox alone")


def _digest(user: User, channel: str, code: str) -> str:
    return crypto.blind(f"address code\0{user.pk}\0{channel}\0{code}")

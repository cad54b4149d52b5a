"""How a pupil and a guardian come in: a code from the class card, a one-time code to a phone of the roster.

Nothing here opens an office: users made here are of kind ``pupil`` or ``guardian`` and have no password. Tries are
counted in transactions of their own, so that a refusal does not roll them back; these functions therefore must not be
called inside a transaction.
"""

import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.core import audit, channels, clock, crypto, throttle
from baiye.core.refusals import Refused
from baiye.core.sheets.values import BadValue
from baiye.schools import actions, codes, queries
from baiye.schools.models import GuardianContact, GuardianRequest, Guardianship, PhoneCode, Pupil
from baiye.schools.permissions import held_on
from baiye.schools.roll import parse_phone
from baiye.schools.roster.sentences import sentence

WINDOW_S = 600
TRIES_AN_ADDRESS = 200  # a whole school may sit behind one address
TRIES_A_PREFIX = 10  # the first half of a code, from anywhere
TEXTS_A_PHONE = 5  # an hour
TEXTS_AN_ADDRESS = 100  # an hour
PHONE_CODE_LIVES = timedelta(minutes=10)
PHONE_CODE_TRIES = 5


@dataclass(frozen=True, slots=True)
class Proof:
    """Who proved to hold the phone; ``waits`` when the first guardian or the class teacher must agree first."""

    user: User
    pupil: Pupil
    waits: bool = False


# ── pupils ──


def find_child(*, text: str, address: str, at: datetime) -> Pupil:
    """The pupil whose code was typed; every try counts, by address and by the first half of the code.

    Raises
    ------
    Refused
        No such code, or it ended, or there were too many tries.
    """
    code = codes.normal_code(text)
    if not code:
        raise Refused(_("码是 8 位，没有 0、O、1、I、L，请对照卡片再看一遍"))
    within = throttle.hit(f"code address {address}", limit=TRIES_AN_ADDRESS, per_s=WINDOW_S)
    if not throttle.hit(f"code prefix {code[:4]}", limit=TRIES_A_PREFIX, per_s=WINDOW_S) or not within:
        raise Refused(_("试的次数太多了，请 10 分钟后再试，或问班主任"))
    found = queries.find_code(codes.digest(code), clock.day_of(at))
    if found is None:
        raise Refused(_("没有这个码。可能抄错了一位，或已经换了新卡，请问班主任"))
    return found.pupil


def sign_in_pupil(*, text: str, address: str, at: datetime) -> User:
    """The pupil's own user, made on first use."""
    pupil = find_child(text=text, address=address, at=at)
    with transaction.atomic():
        pupil = (
            Pupil.objects.select_for_update(of=("self",))
            .select_related("user", "school_class__school__unit")
            .get(pk=pupil.pk)
        )
        user = pupil.user or User.objects.create(kind="pupil", name=pupil.name, **_account("pupil"))
        if not user.is_active:
            raise Refused(_("这个账号已停用，请问班主任"))
        if pupil.user is None:
            pupil.user = user
            pupil.save(update_fields=["user"])
        audit.record("pupil.signed_in", by=user, on=pupil, at_unit=pupil.school_class.school.unit.path)
    return user


def _account(kind: str) -> dict[str, str]:
    """A name nobody can guess or type, and no password."""
    return {"username": f"{kind}-{uuid.uuid4().hex}", "password": make_password(None)}


# ── guardians ──


def send_phone_code(*, contact: GuardianContact, address: str, at: datetime) -> None:
    """Send a new one-time code to the contact's phone; codes sent to it before end."""
    phone = contact.phone
    if not throttle.hit(f"text minute {contact.phone_blind}", limit=1, per_s=60):
        raise Refused(_("验证码刚发过，请过 1 分钟再发"))
    within = throttle.hit(f"text address {address}", limit=TEXTS_AN_ADDRESS, per_s=3600)
    if not throttle.hit(f"text phone {contact.phone_blind}", limit=TEXTS_A_PHONE, per_s=3600) or not within:
        raise Refused(_("验证码发得太多了，请 1 小时后再试"))
    code = codes.make_phone_code()
    with transaction.atomic():
        PhoneCode.objects.filter(contact=contact, used_at=None).delete()
        PhoneCode.objects.create(
            contact=contact, digest=codes.phone_digest(contact.pk, code), made_at=at, expires_at=at + PHONE_CODE_LIVES
        )
        body = _("【百业】验证码 %(code)s，10 分钟内有效。请不要告诉别人，老师也不会问您要。")
        channels.text(phone, body % {"code": code})


def send_to_guardian(*, phone: str, address: str, at: datetime) -> GuardianContact | None:
    """Send a code to a guardian who was here before; None (and nothing sent) where nobody has this phone.

    The page must show the same in both cases. Too many tries from one address are refused before anything is looked up.
    """
    try:
        number = parse_phone(phone)
    except BadValue as bad:
        raise Refused(sentence(bad.code, bad.facts)) from bad
    if not throttle.hit(f"guardian address {address}", limit=TRIES_AN_ADDRESS, per_s=WINDOW_S):
        raise Refused(_("试的次数太多了，请 10 分钟后再试"))
    user = queries.find_guardian(number)
    contact = queries.contact_of_guardian(user, clock.day_of(at)) if user else None
    if contact is not None:
        send_phone_code(contact=contact, address=address, at=at)
    return contact


def prove_phone(*, contact: GuardianContact | None, text: str, at: datetime) -> Proof:
    """Take a one-time code: five tries, ten minutes, once. Makes the guardianship, or asks for it.

    The first to prove a phone of the roster stands for the child. A second one does where the first, or the class
    teacher, added that phone; else a request is left for them, as it is for someone whose guardianship was ended.
    """
    wrong = Refused(_("验证码不对或已过期。请看清后再填，或重新获取"))
    code = _count_try(contact, at) if contact is not None else None
    given = codes.phone_digest(contact.pk if contact else 0, "".join(text.split()))
    if not hmac.compare_digest(code.digest if code else "", given) or code is None or contact is None:
        raise wrong
    with transaction.atomic():
        if not PhoneCode.objects.filter(pk=code.pk, used_at=None).update(used_at=at):
            raise wrong
        return _let_in(contact, at)


def _count_try(contact: GuardianContact, at: datetime) -> PhoneCode | None:
    """The contact's open code, with this try already counted and committed; None when there is none left to try."""
    live = PhoneCode.objects.filter(contact=contact, used_at=None, expires_at__gt=at, tries__lt=PHONE_CODE_TRIES)
    if not live.update(tries=F("tries") + 1):
        return None
    return PhoneCode.objects.filter(contact=contact, used_at=None).first()


def _let_in(contact: GuardianContact, at: datetime) -> Proof:
    pupil = (
        Pupil.objects.select_for_update(of=("self",))
        .select_related("school_class__school__unit")
        .get(pk=contact.pupil_id)
    )
    user = _guardian_of(contact)
    if not user.is_active:
        raise Refused(_("这个账号已停用，请联系班主任"))
    standing = Guardianship.objects.filter(held_on(clock.day_of(at)), pupil=pupil)
    mine = standing.filter(user=user).exists()
    was_ended = Guardianship.objects.filter(pupil=pupil, user=user, ended_at__isnull=False).exists()
    vouched = contact.added_by_id is not None and contact.added_by_id != user.pk
    if not mine and (was_ended or (standing.exists() and not vouched)):
        return _ask(user, pupil, at)
    actions.make_guardianship(user=user, pupil=pupil, made_by=contact.added_by, at=at)
    audit.record("guardian.signed_in", by=user, on=pupil, at_unit=pupil.school_class.school.unit.path)
    return Proof(user=user, pupil=pupil)


def _guardian_of(contact: GuardianContact) -> User:
    """The guardian's user, one for each phone, made on first use."""
    fields = {"name": contact.name, "phone_sealed": crypto.encrypt(contact.phone), **_account("guardian")}
    found, _is_new = User.objects.get_or_create(kind="guardian", phone_blind=contact.phone_blind, defaults=fields)
    return found


def _ask(user: User, pupil: Pupil, at: datetime) -> Proof:
    request, is_new = GuardianRequest.objects.get_or_create(
        user=user, pupil=pupil, answered_at=None, defaults={"asked_at": at}
    )
    if is_new:
        audit.record("guardian_request.made", by=user, on=request, at_unit=pupil.school_class.school.unit.path)
        actions.tell_of_request(request, clock.day_of(at))
    return Proof(user=user, pupil=pupil, waits=True)

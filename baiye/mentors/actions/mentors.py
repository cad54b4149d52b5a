"""Mentors come, change and leave; titles are claimed and confirmed; the result of a check is entered."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, may, require
from baiye.catalogue.models import Occupation
from baiye.core import audit, crypto, files, jobs, pinyin
from baiye.mentors.models import Check, Mentor, Title
from baiye.mentors.permissions import APPOINTERS, is_union, require_over
from baiye.mentors.refusals import MentorRefused, in_words

PLAIN = ("kinds", "languages", "trade", "free_slots", "most_a_term", "about")  # written as they are
TITLES = {"title_claimed_once": gettext_lazy("这个称号已经登记过了。")}
CHECKS = {
    "check_not_of_the_future": gettext_lazy("查询日期不能晚于今天。"),
    "check_by_somebody_else": gettext_lazy("不能登记自己的查询结果。请换一位同事登记。"),
}


@transaction.atomic
def add_mentor(*, unit: Unit, by: User, request: uuid.UUID | None = None, **fields: Any) -> Mentor:
    """Somebody new in the roster of ``unit``; ``fields`` as in ``change_mentor``. The same request: the same row."""
    require(by, Permission.MENTOR_MANAGE, unit)
    request = request or uuid.uuid4()
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # so that a request sent twice at once finds its row
    before = Mentor.objects.filter(request=request).select_related("unit", "appointed_by").first()
    if before is not None:
        require_over(by, Permission.MENTOR_MANAGE, before)
        return before
    mentor = Mentor(unit=unit, request=request, made_by=by, is_example=fields.pop("is_example", unit.is_example))
    _write(mentor, fields)
    audit.record("mentor.added", by=by, on=mentor, at_unit=unit.path)
    return mentor


@transaction.atomic
def change_mentor(*, mentor: Mentor, by: User, **fields: Any) -> None:
    """Write any of name, phone, kinds, languages, occupations, trade, free_slots, most_a_term, about, appointed_by.

    ``appointed_by`` names the body that is asked to appoint them: a district or an agency above or beside their unit.
    """
    require_over(by, Permission.MENTOR_MANAGE, mentor)
    before = (mentor.kinds, mentor.appointed_by_id)
    _write(mentor, fields)
    audit.record("mentor.changed", by=by, on=mentor, at_unit=mentor.unit.path, fields=sorted(fields))
    if (mentor.kinds, mentor.appointed_by_id) != before:  # nothing else of these can hinder
        jobs.later("visits.tell_lapses")


@transaction.atomic
def link_account(*, mentor: Mentor, user: User | None, by: User) -> None:
    """Say which account is somebody's own, so that they see where they are expected; None takes it away."""
    require_over(by, Permission.MENTOR_MANAGE, mentor)
    if user is not None and not any(role == "mentor" and mentor.unit.path.startswith(at) for role, at in user.held):
        raise MentorRefused(_("这个账号在这家单位没有「校外辅导员」的权限。请先请安全管理员开通。"))
    with in_words({"mentors_mentor_user_id_key": gettext_lazy("这个账号已经是另一位带教人员的了。")}):
        Mentor.objects.filter(pk=mentor.pk).update(user=user)
    audit.record("mentor.account_linked", by=by, on=mentor, at_unit=mentor.unit.path, user=user.pk if user else None)


@transaction.atomic
def note_departure(*, mentor: Mentor, on: date, by: User) -> None:
    """From ``on`` they guide nobody; what they did stays."""
    require_over(by, Permission.MENTOR_MANAGE, mentor)
    locked = Mentor.objects.select_for_update().get(pk=mentor.pk)
    if locked.left_on is not None:
        raise MentorRefused(_("早先已经登记离任了。"))
    Mentor.objects.filter(pk=mentor.pk).update(left_on=on, left_by=by)
    audit.record("mentor.left", by=by, on=mentor, at_unit=mentor.unit.path)
    jobs.later("visits.tell_lapses")


@transaction.atomic
def claim_title(*, mentor: Mentor, upload: "UploadedFile[bytes] | None", by: User, at: datetime, **facts: Any) -> Title:
    """Note a title of honour (kind, level, year, awarded_by) with its paper; without one a union itself enters it.

    Raises
    ------
    MentorRefused
        Neither a paper nor a union's word, or the title is noted already.
    """
    require_over(by, Permission.MENTOR_MANAGE, mentor)
    union = union_of(by, mentor)
    if upload is None and union is None:
        raise MentorRefused(_("请附上证书或表彰文件；没有的话，请总工会来登记确认。"))
    title = Title(mentor=mentor, entered_by=by, **facts)
    if union is not None:
        title.confirming_unit, title.confirmed_by, title.confirmed_at = union, by, at
    with in_words(TITLES):
        title.file = files.keep(upload, by=by) if upload is not None else None
        title.save(force_insert=True)
    audit.record("title.claimed", by=by, on=title, at_unit=mentor.unit.path, mentor=mentor.pk)
    return title


@transaction.atomic
def confirm_title(*, title: Title, by: User, at: datetime) -> None:
    """A union says that the title is true."""
    union = union_of(by, title.mentor)
    if union is None:
        raise PermissionDenied(f"title {title.pk} is confirmed by a union")
    confirmed = {"confirming_unit": union, "confirmed_by": by, "confirmed_at": at}
    if Title.objects.filter(pk=title.pk, confirmed_at=None).update(**confirmed):
        audit.record("title.confirmed", by=by, on=title, at_unit=union.path, mentor=title.mentor_id)


def union_of(user: User, mentor: Mentor) -> Unit | None:
    """The union (工会) among the units behind ``mentor`` for which ``user`` speaks, if any."""
    behind = (unit for unit in (mentor.unit, mentor.appointed_by) if unit is not None and is_union(unit))
    return next((unit for unit in behind if may(user, Permission.MENTOR_MANAGE, unit)), None)


@transaction.atomic
def enter_check(
    *,
    mentor: Mentor,
    result: str,
    checked_on: date,
    method: str,
    by: User,
    request: uuid.UUID | None = None,
) -> Check:
    """Note the result of a look-up of somebody's record, never the record; the same request gives the same row."""
    require(by, Permission.MENTOR_VET, mentor.unit)
    request = request or uuid.uuid4()
    Mentor.objects.select_for_update(no_key=True).get(pk=mentor.pk)  # so that a request sent twice finds its row
    before = Check.objects.filter(request=request, mentor=mentor).first()
    if before is not None:
        return before
    check = Check(mentor=mentor, result=result, checked_on=checked_on, method=method, checker=by, request=request)
    with in_words(CHECKS):
        check.save(force_insert=True)
    audit.record("check.entered", by=by, on=check, at_unit=mentor.unit.path, mentor=mentor.pk)
    jobs.later("visits.tell_lapses")
    return check


def _write(mentor: Mentor, fields: dict[str, Any]) -> None:
    """Write what is given and nothing else: ``mentor`` may have been read a while ago."""
    body: Unit | None = fields.get("appointed_by")
    if body is not None and (body.kind not in APPOINTERS or body.lineage()[0] != mentor.unit.lineage()[0]):
        raise MentorRefused(_("聘任单位得是本区或本区的牵头部门。请重新选。"))
    values = {name: fields[name] for name in ("name", "appointed_by", *PLAIN) if name in fields}
    if "name" in fields:
        values["pinyin"] = pinyin.key(fields["name"])
    if "phone" in fields:
        values["phone_sealed"] = crypto.encrypt(fields["phone"]) if fields["phone"] else b""
    for name, value in values.items():
        setattr(mentor, name, value)
    if not mentor.kinds:
        raise MentorRefused(_("请至少选一种身份。"))
    mentor.save(update_fields=None if mentor._state.adding else values)
    occupations: Iterable[Occupation] | None = fields.get("occupations")
    if occupations is not None:
        mentor.occupations.set(occupations)

"""Writes about classes, pupils, who stands for them, and the calendar.

Signing in is in `sign_in`, the roster in `roster`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts.models import Notice, User
from baiye.accounts.permissions import Permission, paths
from baiye.core import audit, clock, crypto, messages
from baiye.core.refusals import Refused
from baiye.core.sheets.values import BadValue
from baiye.schools import codes, queries
from baiye.schools.models import (
    ClassTeacher,
    Consent,
    GuardianContact,
    GuardianRequest,
    Guardianship,
    HealthNote,
    PhoneCode,
    Pupil,
    PupilCode,
    SchoolClass,
    SchoolDay,
    Term,
)
from baiye.schools.permissions import require_for_class, require_for_pupil
from baiye.schools.roll import parse_phone
from baiye.schools.roster.sentences import sentence


def note_look(*, pupil: Pupil, by: User, page: str) -> None:
    """Write down that ``by`` looked at a page of this pupil's file."""
    audit.record("pupil.viewed", by=by, on=pupil, at_unit=pupil.school_class.school.unit.path, page=page)


# ── codes on class cards ──


@transaction.atomic
def issue_codes(
    *, school_class: SchoolClass, by: User, at: datetime, seen: str | None = None
) -> list[tuple[Pupil, str]]:
    """Give every pupil of the class a new personal code; the old ones end at once. By pinyin, codes in clear, once.

    ``seen`` is what `queries.last_issue` said when the page was opened: whoever acts on an older state is refused, so
    that pressing twice does not void the cards that were just printed.

    Raises
    ------
    PermissionDenied
        ``by`` issues no codes for this class.
    Refused
        No term is entered, or codes were issued in the meantime.
    """
    require_for_class(by, Permission.CODE_ISSUE, school_class)
    SchoolClass.objects.select_for_update().get(pk=school_class.pk)
    if seen is not None and seen != queries.last_issue(school_class):
        raise Refused(_("刚刚已经发过一次新码。要再发，请重新打开这一页"))
    pupils = list(queries.roll_of(school_class, clock.day_of(at)))
    made = _new_codes(pupils, by, at)
    audit.record("codes.issued", by=by, on=school_class, at_unit=school_class.school.unit.path, pupils=len(pupils))
    return list(zip(pupils, made, strict=True))


@transaction.atomic
def reissue_code(*, pupil: Pupil, by: User, at: datetime) -> str:
    """Give one pupil a new personal code, in clear, once; the old one ends at once."""
    require_for_pupil(by, Permission.CODE_ISSUE, pupil)
    if pupil.left_on is not None:
        raise Refused(_("这位学生已经转出，不能再发码"))
    SchoolClass.objects.select_for_update().get(pk=pupil.school_class_id)
    (code,) = _new_codes([pupil], by, at)
    audit.record("code.reissued", by=by, on=pupil, at_unit=pupil.school_class.school.unit.path)
    return code


def _new_codes(pupils: Sequence[Pupil], by: User, at: datetime) -> list[str]:
    term = queries.term_for_codes(clock.day_of(at))
    if term is None:
        raise Refused(_("还没有设置这个学期的起止日期，请联系协调中心"))
    PupilCode.objects.filter(pupil__in=pupils, revoked_at=None).update(revoked_at=at)
    made = [codes.make_code() for _pupil in pupils]
    PupilCode.objects.bulk_create(
        PupilCode(pupil=pupil, digest=codes.digest(code), issued_at=at, issued_by=by, expires_on=term.ends_on)
        for pupil, code in zip(pupils, made, strict=True)
    )
    return made


# ── class teachers, and pupils who leave ──


@transaction.atomic
def appoint_teacher(*, school_class: SchoolClass, user: User, by: User, at: datetime) -> ClassTeacher:
    """Make ``user`` class teacher from today on."""
    require_for_class(by, Permission.ROSTER_IMPORT, school_class)
    if user.kind != "staff":
        raise Refused(_("班主任要用教职工账号，家长和学生的账号不行"))
    if ClassTeacher.objects.filter(school_class=school_class, user=user, ended_at=None, to_on=None).exists():
        raise Refused(_("%(name)s已经是这个班的班主任") % {"name": user.name})
    made = ClassTeacher.objects.create(school_class=school_class, user=user, from_on=clock.day_of(at))
    audit.record("class_teacher.appointed", by=by, on=made, at_unit=school_class.school.unit.path, user=user.pk)
    return made


@transaction.atomic
def end_teacher(*, teacher: ClassTeacher, by: User, at: datetime) -> None:
    """End a class teachership at once; twice is no error."""
    require_for_class(by, Permission.ROSTER_IMPORT, teacher.school_class)
    if ClassTeacher.objects.filter(pk=teacher.pk, ended_at=None).update(ended_at=at, ended_by=by):
        audit.record("class_teacher.ended", by=by, on=teacher, at_unit=teacher.school_class.school.unit.path)


@transaction.atomic
def mark_left(*, pupil: Pupil, by: User, at: datetime) -> None:
    """Note that the pupil left the school; the code ends, the file stays, another school may take them in."""
    require_for_pupil(by, Permission.ROSTER_IMPORT, pupil)
    if not Pupil.objects.filter(pk=pupil.pk, left_on=None).update(left_on=clock.day_of(at)):
        raise Refused(_("这位学生已经转出"))
    PupilCode.objects.filter(pupil=pupil, revoked_at=None).update(revoked_at=at)
    audit.record("pupil.left", by=by, on=pupil, at_unit=pupil.school_class.school.unit.path)


# ── guardians ──


@transaction.atomic
def add_contact(*, pupil: Pupil, name: str, phone: str, by: User) -> GuardianContact:
    """Vouch for another guardian's phone: who proves to hold it stands for the child without a further question.

    The first guardian (CONSENT_GIVE) or the class teacher (CODE_ISSUE) may.
    """
    _require_family_or_teacher(by, pupil)
    name = name.strip()
    if not name:
        raise Refused(_("请填这位监护人的姓名"))
    try:
        number = parse_phone(phone)
    except BadValue as bad:
        raise Refused(sentence(bad.code, bad.facts)) from bad
    contact, is_new = GuardianContact.objects.get_or_create(
        pupil=pupil,
        phone_blind=crypto.blind(number),
        defaults={"name": name, "phone_sealed": crypto.encrypt(number), "added_by": by},
    )
    if not is_new:
        raise Refused(_("这个手机号已经在孩子名下。请对方用孩子的码登录，再由您同意"))
    audit.record("guardian_contact.added", by=by, on=pupil, at_unit=pupil.school_class.school.unit.path)
    return contact


@transaction.atomic
def remove_contact(*, contact: GuardianContact, by: User) -> None:
    """Take back a phone that someone vouched for; those of the roster change with the roster."""
    _require_family_or_teacher(by, contact.pupil)
    if contact.added_by_id is None:
        raise Refused(_("这个手机号来自学校名册，请班主任在名册里改"))
    unit = contact.pupil.school_class.school.unit
    audit.record("guardian_contact.removed", by=by, on=contact.pupil, at_unit=unit.path)
    contact.delete()


@transaction.atomic
def answer_request(*, request: GuardianRequest, agreed: bool, by: User, at: datetime) -> None:
    """Let a second guardian in, or not. Twice the same answer is no error, another answer is refused."""
    _require_family_or_teacher(by, request.pupil)
    if request.user_id == by.pk:
        raise Refused(_("自己的申请要由另一位监护人或班主任来答复"))
    answer = {"agreed": agreed, "answered_at": at, "answered_by": by}
    if not GuardianRequest.objects.filter(pk=request.pk, answered_at=None).update(**answer):
        request.refresh_from_db(fields=["agreed"])
        if request.agreed == agreed:
            return
        raise Refused(_("这个申请已经有人答复过了"))
    if agreed:
        make_guardianship(user=request.user, pupil=request.pupil, made_by=by, at=at)
    unit = request.pupil.school_class.school.unit
    audit.record("guardian_request.answered", by=by, on=request, at_unit=unit.path, agreed=agreed)


def make_guardianship(*, user: User, pupil: Pupil, made_by: User | None, at: datetime) -> Guardianship:
    """Give the guardianship that stands, or one from today on; inside the caller's transaction."""
    today = clock.day_of(at)
    if standing := queries.guardianships_of(pupil, today).filter(user=user).first():
        return standing
    made = Guardianship.objects.create(user=user, pupil=pupil, from_on=today, made_by=made_by)
    unit = pupil.school_class.school.unit
    audit.record("guardianship.made", by=made_by or user, on=made, at_unit=unit.path, pupil=pupil.pk)
    return made


@transaction.atomic
def end_guardianship(*, guardianship: Guardianship, by: User, at: datetime) -> None:
    """End it at once: one's own, or as the class teacher anyone's (never one guardian another's). Twice is no error.

    Their consents stay until someone withdraws them: they were rightly given.
    """
    _require_family_or_teacher(by, guardianship.pupil)
    if by.kind == "guardian" and guardianship.user_id != by.pk:
        raise PermissionDenied("another guardian's guardianship")
    if Guardianship.objects.filter(pk=guardianship.pk, ended_at=None).update(ended_at=at, ended_by=by):
        unit = guardianship.pupil.school_class.school.unit
        audit.record("guardianship.ended", by=by, on=guardianship, at_unit=unit.path, pupil=guardianship.pupil_id)


def tell_of_request(request: GuardianRequest, on: date) -> None:
    """Ask the guardians and class teachers of a child whether a second guardian may come in."""
    pupil = request.pupil
    guardians = [each.user for each in queries.guardianships_of(pupil, on)]
    messages.send(
        to=[*guardians, *queries.teachers_of(pupil.school_class, on)],
        kind="guardian.asked",
        key=f"guardian-request-{request.pk}",
        subject=_("有人想成为%(name)s的监护人，请答复") % {"name": pupil.name},
        url=reverse("schools:guardians", args=[pupil.pk]),
    )


def _require_family_or_teacher(by: User, pupil: Pupil) -> None:
    if by.kind == "guardian":
        require_for_pupil(by, Permission.CONSENT_GIVE, pupil)
    else:
        require_for_pupil(by, Permission.CODE_ISSUE, pupil)


# ── consents ──


@transaction.atomic
def give_consents(
    *,
    pupil: Pupil,
    answers: Mapping[str, bool],
    notes: Mapping[str, str],
    signature: str,
    by: User,
    at: datetime,
    from_paper: bool = False,
) -> list[Consent]:
    """Keep a guardian's answers to optional purposes; each ends the answer before it. ``notes``: hazard → text.

    A guardian answers for their own child; a teacher enters what stands on paper (``from_paper``); a pupil never.
    Notes for hazards that are not named stay as they were while the purpose ``health`` is agreed to.

    Raises
    ------
    PermissionDenied
        ``by`` may not, above all when it is the pupil.
    Refused
        No notice is published, nothing is answered, or the signature is missing or the child's.
    """
    require_for_pupil(by, Permission.CONSENT_RECORD if from_paper else Permission.CONSENT_GIVE, pupil)
    notice = _check_answers(pupil, answers, notes, signature.strip())
    kept = _standing_notes(pupil) if answers.get("health") else {}
    Consent.objects.filter(pupil=pupil, purpose__in=answers, ended_at=None).update(ended_at=at, ended_by=by)
    common = {"pupil": pupil, "notice": notice, "notice_sha256": notice.digest, "signature": signature.strip()}
    common |= {"given_by": by, "given_at": at, "from_paper": from_paper}
    young = is_under_14(pupil, clock.day_of(at))
    made = [Consent(**common, under_14=young, purpose=purpose, agreed=agreed) for purpose, agreed in answers.items()]
    Consent.objects.bulk_create(made)
    _keep_notes(next((each for each in made if each.purpose == "health" and each.agreed), None), kept, notes)
    facts = {"answers": dict(answers), "notice": notice.pk, "from_paper": from_paper}
    audit.record("consent.given", by=by, on=pupil, at_unit=pupil.school_class.school.unit.path, **facts)
    return made


def _check_answers(pupil: Pupil, answers: Mapping[str, bool], notes: Mapping[str, str], signature: str) -> Notice:
    notice = queries.consent_notice()
    if notice is None:
        raise Refused(_("告知书还没有发布，请等区里发布后再填"))
    if not answers or not answers.keys() <= dict(Consent.PURPOSES).keys():
        raise Refused(_("请为每一项选“同意”或“不同意”"))
    if "health" not in answers and any(text.strip() for text in notes.values()):
        raise Refused(_("写了健康提醒，请选是否同意基地看到它"))
    if not signature:
        raise Refused(_("还没有签名。请写您自己的姓名"))
    if signature == pupil.name:
        raise Refused(_("请写您自己的姓名，不是孩子的"))
    return notice


@transaction.atomic
def withdraw_consent(*, consent: Consent, by: User, at: datetime) -> None:
    """End an answer at once; health notes given under it are deleted with it (trigger). Twice is no error."""
    permission = Permission.CONSENT_GIVE if by.kind == "guardian" else Permission.CONSENT_RECORD
    require_for_pupil(by, permission, consent.pupil)
    if Consent.objects.filter(pk=consent.pk, ended_at=None).update(ended_at=at, ended_by=by):
        unit = consent.pupil.school_class.school.unit
        audit.record("consent.withdrawn", by=by, on=consent.pupil, at_unit=unit.path, purpose=consent.purpose)


def forget_health_notes(*, pupil_ids: Collection[int], hazards: Collection[str]) -> int:
    """Delete notes that nobody needs any more (the visit is over); how many."""
    gone, _each = HealthNote.objects.filter(pupil__in=pupil_ids, hazard__in=hazards).delete()
    return gone


def is_under_14(pupil: Pupil, on: date) -> bool:
    """Whether the law counts the pupil's data as a child's on a day (PIPL art. 28: under 14)."""
    born = pupil.born_on
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) < 14


def _standing_notes(pupil: Pupil) -> dict[str, bytes]:
    return {note.hazard: bytes(note.note_sealed) for note in HealthNote.objects.filter(pupil=pupil)}


def _keep_notes(consent: Consent | None, kept: dict[str, bytes], notes: Mapping[str, str]) -> None:
    if consent is None:
        return
    sealed = kept | {hazard: crypto.encrypt(text.strip()) for hazard, text in notes.items() if text.strip()}
    emptied = {hazard for hazard, text in notes.items() if not text.strip()}
    HealthNote.objects.bulk_create(
        HealthNote(pupil=consent.pupil, consent=consent, hazard=hazard, note_sealed=text)
        for hazard, text in sealed.items()
        if hazard not in emptied
    )


@transaction.atomic
def tidy(*, at: datetime) -> None:
    """Delete what is over: one-time codes after a day, health notes given before this term began."""
    PhoneCode.objects.filter(expires_at__lt=at - timedelta(days=1)).delete()
    if term := queries.term_on(clock.day_of(at)):
        HealthNote.objects.filter(consent__given_at__date__lt=term.starts_on).delete()


# ── the district's calendar ──


@transaction.atomic
def set_term(*, name: str, starts_on: date, ends_on: date, by: User) -> Term:
    """Enter a term, or move the ends of the one with this name; codes already issued keep their day."""
    _require_calendar(by)
    if ends_on <= starts_on:
        raise Refused(_("学期的最后一天要晚于第一天"))
    try:
        with transaction.atomic():
            term, _is_new = Term.objects.update_or_create(
                name=name.strip(), defaults={"starts_on": starts_on, "ends_on": ends_on}
            )
    except IntegrityError as error:
        raise Refused(_("和另一个学期的日期重叠了，请核对")) from error
    audit.record("term.set", by=by, on=term, starts_on=str(starts_on), ends_on=str(ends_on))
    return term


@transaction.atomic
def set_school_day(
    *,
    on: date,
    kind: str,
    by: User,
    acts_as: int | None = None,
    blackout_grades: Sequence[int] = (),
    note: str = "",
) -> SchoolDay:
    """Say what a date is: a holiday, or a workday that may act as another weekday or keep some grades at school."""
    _require_calendar(by)
    if kind not in {"holiday", "workday"}:
        raise Refused(_("请选“放假”或“上课”"))
    if kind == "holiday" and acts_as is not None:
        raise Refused(_("放假的日子不用按星期几上课"))
    fields = {"kind": kind, "acts_as": acts_as, "blackout_grades": sorted(set(blackout_grades)), "note": note.strip()}
    day, _is_new = SchoolDay.objects.update_or_create(on=on, defaults=fields)
    audit.record("school_day.set", by=by, on=day, date=str(on), kind=kind, acts_as=acts_as)
    return day


@transaction.atomic
def clear_school_day(*, day: SchoolDay, by: User) -> None:
    """Let a date be again what its weekday says."""
    _require_calendar(by)
    audit.record("school_day.cleared", by=by, on=day, date=str(day.on), kind=day.kind)
    day.delete()


def _require_calendar(by: User) -> None:
    """The calendar is the whole district's: who prepares rounds keeps it."""
    if not paths(by, Permission.ROUND_PREPARE):
        raise PermissionDenied("the calendar")

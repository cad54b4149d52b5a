"""A draft is proposed, reviewed in two parts by people who did not write it, and passed or returned with reasons."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.accounts.queries import people_with
from baiye.catalogue.actions.content import CourseRefused, missing_steps
from baiye.catalogue.actions.courses import lock, require_open
from baiye.catalogue.checklist import checklist, lacks
from baiye.catalogue.models import PARTS, CourseVersion, Review, ReviewItem, ReviewPart
from baiye.catalogue.queries.reviews import author_ids, find_standing_review
from baiye.core import audit, clock, messages

Answers = Mapping[str, tuple[str, str]]  # code of an item → answer, note


@transaction.atomic
def propose_version(*, version: CourseVersion, note: str = "", by: User, at: datetime) -> Review:
    """Hand a draft in for review: from now on it does not change, and the reviewers are told. Asked twice, it is one.

    Raises
    ------
    PermissionDenied
        ``by`` writes no courses at the host.
    CourseRefused
        It is published, the course is retired, or something is still missing.
    """
    unit = version.course.host.unit
    require(by, Permission.COURSE_MANAGE, unit)
    lock(version.course_id)
    if standing := find_standing_review(version):
        return standing
    locked = require_open(version)
    if locked.course.retired_at is not None:
        raise CourseRefused(_("这个项目已经下架，不能再提交评审。"))
    if missing := [*missing_steps(locked), *map(str, lacks(locked))]:
        raise CourseRefused(_("还差：%(what)s。写完再提交评审。") % {"what": "、".join(missing)})
    review = Review.objects.create(version=locked, note=note.strip()[:300], proposed_at=at, proposed_by=by)
    _lay_out(review, locked)
    audit.record("course_version.proposed", by=by, on=locked, at_unit=unit.path, number=locked.number)
    messages.send(
        to=people_with(Permission.COURSE_REVIEW, unit, clock.day_of(at)).exclude(pk=by.pk),
        kind="course_version.proposed",
        key=f"course-review-{review.pk}-proposed",
        at=at,
        subject=_("待评审：%(course)s") % {"course": locked.title},
        body=_("%(host)s提交了第 %(n)d 版。请评安全和教学两部分。") % {"host": unit.name, "n": locked.number},
        url=reverse("catalogue:review", args=[review.pk]),
    )
    return review


@transaction.atomic
def withdraw_proposal(*, review: Review, by: User, at: datetime) -> None:
    """Take a proposal back so that the draft can be changed, even after it passed; what was answered stays."""
    unit = review.version.course.host.unit
    require(by, Permission.COURSE_MANAGE, unit)
    now = _locked(review)
    if now.withdrawn_at is not None:
        return
    if now.returned_at is not None:
        raise CourseRefused(_("这次评审已经退回，可以直接修改草稿。"))
    if now.version.published_at is not None:
        raise CourseRefused(_("这一版已经发布，不能撤回。要改，请另起一版。"))
    now.withdrawn_at, now.withdrawn_by = at, by
    now.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record("course_version.withdrawn", by=by, on=now.version, at_unit=unit.path)


@transaction.atomic
def save_answers(*, part: ReviewPart, answers: Answers, because: str = "", by: User) -> None:
    """Keep what a reviewer has answered so far.

    Raises
    ------
    PermissionDenied
        ``by`` does not review courses there.
    CourseRefused
        ``by`` wrote in the draft, or the part or the review is decided.
    """
    _write(_to_judge(part, by), answers, because)


@transaction.atomic
def decide_part(
    *, part: ReviewPart, verdict: str, answers: Answers, because: str = "", by: User, at: datetime
) -> Review:
    """Pass one part, or return the whole draft with reasons; the host is told when it is returned or wholly passed.

    Raises
    ------
    PermissionDenied
        ``by`` does not review courses there.
    CourseRefused
        ``by`` wrote in the draft, it is decided already, something is unanswered or not met, or reasons are missing.
    """
    now = _to_judge(part, by)
    _write(now, answers, because)
    _require_grounds(now, verdict)
    now.verdict, now.decided_at, now.decided_by = verdict, at, by
    now.save(update_fields=["verdict", "decided_at", "decided_by"])
    review, unit = now.review, now.review.version.course.host.unit
    kind = "course_review.returned" if verdict == "returned" else "course_review.passed"
    audit.record(kind, by=by, on=review.version, at_unit=unit.path, part=now.kind)
    if verdict == "returned":
        review.returned_at = at
        review.save(update_fields=["returned_at"])
    elif review.parts.filter(verdict="passed").count() == len(PARTS):
        review.passed_at = at
        review.save(update_fields=["passed_at"])
    if not review.is_open:
        _tell_host(review, now, at)
    return review


def _lay_out(review: Review, version: CourseVersion) -> None:
    """The two parts with their lines, as they are asked today."""
    parts = {kind: ReviewPart.objects.create(review=review, kind=kind) for kind, _name in PARTS}
    lines = [
        ReviewItem(part=parts[check.part], place=place, code=check.code, asks=str(check.asks))
        for place, check in enumerate(checklist(version), 1)
    ]
    ReviewItem.objects.bulk_create(lines)


def _to_judge(part: ReviewPart, by: User) -> ReviewPart:
    """The part, its review locked, if ``by`` may judge it now."""
    require(by, Permission.COURSE_REVIEW, part.review.version.course.host.unit)
    review = _locked(part.review)
    now = ReviewPart.objects.select_for_update().get(pk=part.pk)
    if now.decided_at is not None or not review.is_open:
        raise CourseRefused(_("这一部分已经评完，或评审已经结束。"))
    if by.pk == review.proposed_by_id or by.pk in author_ids(review.version):
        raise CourseRefused(_("您写过这份草稿。请另一位同事来评。"))
    now.review = review
    return now


def _write(part: ReviewPart, answers: Answers, because: str) -> None:
    items = list(part.items.all())
    for item in items:
        item.answer, item.note = answers.get(item.code, (item.answer, item.note))
        item.note = item.note.strip()[:300]
    ReviewItem.objects.bulk_update(items, ["answer", "note"])
    part.because = because.strip()
    part.save(update_fields=["because"])


def _require_grounds(part: ReviewPart, verdict: str) -> None:
    """That the answers bear the verdict."""
    items = list(part.items.all())
    if bare := [item.asks for item in items if item.answer == "unmet" and not item.note]:
        raise CourseRefused(_("不符合的要写明差在哪里：%(items)s") % {"items": "；".join(bare)})
    if verdict == "returned":
        if not part.because:
            raise CourseRefused(_("退回要写明理由和怎样改，基地会看到。"))
        return
    if open_ := [item.asks for item in items if not item.answer]:
        raise CourseRefused(_("还有没评的：%(items)s") % {"items": "；".join(open_)})
    if unmet := [item.asks for item in items if item.answer == "unmet"]:
        raise CourseRefused(_("有不符合的，不能通过，请退回修改：%(items)s") % {"items": "；".join(unmet)})


def _locked(review: Review) -> Review:
    lock(review.version.course_id)
    rows = Review.objects.select_for_update(of=("self",)).select_related("version__course__host__unit")
    return rows.get(pk=review.pk)


def _tell_host(review: Review, part: ReviewPart, at: datetime) -> None:
    version = review.version
    unit = version.course.host.unit
    said = {"course": version.title, "n": version.number}
    if review.returned_at:
        kind, subject, body = "returned", _("评审退回：%(course)s") % said, part.because
    else:
        kind, subject = "passed", _("评审通过：%(course)s") % said
        body = _("第 %(n)d 版的安全和教学评审都已通过，协调中心可以发布了。") % said
    messages.send(
        to=people_with(Permission.COURSE_MANAGE, unit, clock.day_of(at)),
        kind=f"course_review.{kind}",
        key=f"course-review-{review.pk}-{kind}",
        at=at,
        subject=subject,
        body=body,
        url=reverse("catalogue:draft", args=[version.pk]),
    )

"""Adults are assigned to visits, and taken off; behind each rule stands the database (migration 0004)."""

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.accounts.models import User
from baiye.accounts.permissions import Permission, require
from baiye.core import audit, clock
from baiye.core.templatetags.text import han_date
from baiye.mentors import hindrances
from baiye.mentors.models import Mentor
from baiye.mentors.permissions import require_over
from baiye.mentors.refusals import MentorRefused, in_words
from baiye.schools.models import Term
from baiye.schools.queries import all_terms
from baiye.visits.actions import lock_visits
from baiye.visits.models import Assignment, Visit

Lead = tuple[Visit, Mentor]
SENTENCES = {
    "assignment_no_mentor_in_two_places_at_once": gettext_lazy("这位老师那个时段已经有别的场次。换一位，或换一场。"),
    "assignment_one_lead_a_visit": gettext_lazy("这一场已经有带教老师了。先取消原来的，或作为协助。"),
    "assignment_to_a_visit_that_is_held": gettext_lazy("这一场已经取消了，不用安排。"),
    "seat_only_with_vetted_adults": gettext_lazy("这位老师那天不能带教。请看资料页上的原因。"),
}


@transaction.atomic
def assign_mentor(
    *, visit: Visit, mentor: Mentor, role: str, by: User, at: datetime, request: uuid.UUID | None = None
) -> Assignment:
    """Put ``mentor`` on ``visit`` as lead, assistant or driver; the same request gives the same row.

    A lead's name becomes what families read, where nothing stands yet.

    Raises
    ------
    PermissionDenied
        ``by`` manages no mentors at the host, or does not manage this one.
    MentorRefused
        The visit is over or cancelled; something keeps the adult from pupils that day; they are elsewhere then, or have
        as many visits this term as they take.
    """
    _require_over_all([(visit, mentor)], by)
    ((now, _mentor),) = _lock([(visit, mentor)])
    request = request or uuid.uuid4()
    before = Assignment.objects.filter(request=request, visit=visit, mentor=mentor).first()
    if before is not None:
        return before
    if now.ends_at <= at:
        raise MentorRefused(_("这一场已经结束，不能再安排。"))
    _refuse_hindered(now, mentor)
    _refuse_too_many([(now, mentor)])
    assignment = Assignment(visit=visit, mentor=mentor, role=role, request=request, assigned_at=at, assigned_by=by)
    assignment.span = _span(now)
    with in_words(SENTENCES):
        assignment.save(force_insert=True)
    if role == "lead" and not now.guide:
        Visit.objects.filter(pk=visit.pk).update(guide=mentor.name)
    unit = visit.venue.host.unit
    audit.record("mentor.assigned", by=by, on=assignment, at_unit=unit.path, visit=visit.pk, mentor=mentor.pk)
    return assignment


@transaction.atomic
def assign_leads(*, leads: Sequence[Lead], by: User, at: datetime) -> int:
    """Put a lead on each visit, all or none, by the rules of ``assign_mentor``; how many. A constant number of queries.

    Every visit has venue, host and unit loaded, every mentor its units.
    """
    _require_over_all(leads, by)
    locked = _lock(leads)
    if any(visit.ends_at <= at for visit, _mentor in locked):
        raise MentorRefused(_("有场次已经结束，不能再安排。"))
    _refuse_too_many(locked)
    rows = [
        Assignment(visit=visit, mentor=mentor, role="lead", assigned_at=at, assigned_by=by, span=_span(visit))
        for visit, mentor in locked
    ]
    with in_words(SENTENCES):
        Assignment.objects.bulk_create(rows, batch_size=1000)
    unnamed = [(visit, mentor) for visit, mentor in locked if not visit.guide]
    for visit, mentor in unnamed:
        visit.guide = mentor.name
    Visit.objects.bulk_update([visit for visit, _mentor in unnamed], ["guide"], batch_size=500)
    if rows:
        audit.record("mentors.assigned", by=by, at_unit=leads[0][0].venue.host.unit.lineage()[0], visits=len(rows))
    return len(rows)


@transaction.atomic
def end_assignment(*, assignment: Assignment, by: User, at: datetime) -> None:
    """Take an adult off a visit that is not over; twice does nothing more. A lead's name goes with them."""
    visit = assignment.visit
    require(by, Permission.MENTOR_MANAGE, visit.venue.host.unit)
    now = lock_visits([visit.pk])[visit.pk]  # before its assignments, as cancelling does
    locked = Assignment.objects.select_for_update(of=("self",)).select_related("mentor").get(pk=assignment.pk)
    if locked.ended_at is not None:
        return
    if now.ends_at <= at:
        raise MentorRefused(_("这一场已经结束，带过的记录不能取消。"))
    Assignment.objects.filter(pk=locked.pk).update(ended_at=at, ended_by=by)
    if locked.role == "lead":
        Visit.objects.filter(pk=visit.pk, guide=locked.mentor.name).update(guide="")
    unit = visit.venue.host.unit
    audit.record("assignment.ended", by=by, on=locked, at_unit=unit.path, visit=visit.pk, mentor=locked.mentor_id)


def _refuse_hindered(visit: Visit, mentor: Mentor) -> None:
    """Say which reason keeps them from pupils that day: who assigns may know; families never read it."""
    code = hindrances.why_not(mentor, clock.day_of(visit.starts_at), clock.day_of(visit.ends_at))
    if code:
        raise MentorRefused(
            _("%(name)s %(day)s 不能带教：%(why)s")
            % {"name": mentor.name, "day": han_date(visit.starts_at, "day"), "why": hindrances.sentence(code)}
        )


def _refuse_too_many(leads: Sequence[Lead]) -> None:
    """Count what each mentor holds in a term, and what would come on top; two queries, however many."""
    terms = list(all_terms())
    held = Assignment.objects.filter(mentor__in={mentor.pk for _visit, mentor in leads}, ended_at=None)
    wanted = [(mentor.pk, visit.starts_at) for visit, mentor in leads]
    counts = Counter((pk, _term_of(terms, at)) for pk, at in [*held.values_list("mentor", "visit__starts_at"), *wanted])
    for visit, mentor in leads:
        term = _term_of(terms, visit.starts_at)
        if term is not None and (n := counts[mentor.pk, term]) > mentor.most_a_term:
            raise MentorRefused(
                _("这样 %(name)s 这学期会有 %(n)d 次，超过自己定的上限 %(most)d 次。换一位，或先和本人商量改上限。")
                % {"name": mentor.name, "n": n, "most": mentor.most_a_term}
            )


def _term_of(terms: Sequence[Term], at: datetime) -> int | None:
    on = clock.day_of(at)
    return next((term.pk for term in terms if term.starts_on <= on <= term.ends_on), None)


def _span(visit: Visit) -> tuple[datetime, datetime]:
    return (visit.starts_at, visit.ends_at)


def _lock(leads: Sequence[Lead]) -> list[Lead]:
    """``leads`` with the visits as they are now. Adults, then visits, each by key: nobody waits for ever."""
    adults = Mentor.objects.select_for_update(no_key=True).filter(pk__in={mentor.pk for _visit, mentor in leads})
    list(adults.order_by("pk").values_list("pk"))  # so that two at once count each other
    visits = lock_visits(visit.pk for visit, _mentor in leads)
    return [(visits[visit.pk], mentor) for visit, mentor in leads]


def _require_over_all(leads: Sequence[Lead], by: User) -> None:
    for unit in {visit.venue.host.unit for visit, _mentor in leads}:
        require(by, Permission.MENTOR_MANAGE, unit)
    for mentor in {mentor for _visit, mentor in leads}:
        require_over(by, Permission.MENTOR_MANAGE, mentor)

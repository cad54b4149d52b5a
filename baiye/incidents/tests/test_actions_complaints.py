"""Complaints: taken from anyone once, answered once, looked at again by another."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.core import clock
from baiye.core.models import Message
from baiye.incidents.actions import complaints as actions
from baiye.incidents.actions.complaints import ComplaintRefused
from baiye.incidents.models import Complaint
from baiye.incidents.queries.complaints import due_after, find_by_link
from baiye.incidents.tests.factories import ComplaintFactory
from baiye.registry.tests.factories import HostFactory
from baiye.schools.tests.factories import SchoolDayFactory, TermFactory

pytestmark = pytest.mark.django_db
TEXT = "现场发传单，让孩子扫码"


def made(host, *, request=None, by=None, token="t" * 32, text=TEXT):
    return actions.make_complaint(
        kind="selling",
        text=text,
        host=host,
        contact="",
        request=request or uuid.uuid4(),
        token=token,
        by=by,
        at=clock.now(),
    )


def handler_of(complaint, role="coordinator"):
    return GrantFactory(role=role, unit=complaint.unit.parent).user


def answered(complaint, by, *, upheld=True):
    return actions.answer_complaint(complaint=complaint, upheld=upheld, answer="查实了", by=by, at=clock.now())


def test_make_complaint_by_a_visitor_is_followed_by_its_link_and_encrypted():
    host = HostFactory()

    complaint = made(host)

    assert find_by_link("t" * 32) == complaint
    assert find_by_link("x" * 32) is None
    assert (complaint.text, complaint.made_by) == (TEXT, None)
    assert TEXT.encode() not in bytes(Complaint.objects.get().text_sealed)


def test_make_complaint_tells_who_handles_it_but_not_the_host():
    host = HostFactory()
    handler = GrantFactory(role="coordinator", unit=host.unit.parent).user
    GrantFactory(role="host_manager", unit=host.unit)

    made(host)

    assert [message.to for message in Message.objects.all()] == [handler]


def test_make_complaint_sent_twice_is_one():
    host, request = HostFactory(), uuid.uuid4()

    assert made(host, request=request) == made(host, request=request)
    assert Complaint.objects.count() == 1


def test_make_complaint_that_says_nothing_is_refused():
    with pytest.raises(ComplaintRefused, match="写清楚"):
        made(HostFactory(), text="  ")


def test_answer_tells_who_made_it_signed_in():
    guardian = UserFactory(kind="guardian")
    complaint = made(HostFactory(), by=guardian)

    answered(complaint, handler_of(complaint))

    assert Message.objects.filter(to=guardian, subject="您反映的事有答复了").count() == 1


def test_answer_by_a_stranger_is_denied():
    with pytest.raises(PermissionDenied):
        answered(ComplaintFactory(), handler_of(ComplaintFactory()))


def test_answer_twice_is_refused():
    complaint = ComplaintFactory()
    answered(complaint, handler_of(complaint))

    with pytest.raises(ComplaintRefused, match="已经答复"):
        answered(complaint, handler_of(complaint))


def test_escalated_is_looked_at_again_by_another_and_that_is_the_last_word():
    complaint = ComplaintFactory()
    first, second = handler_of(complaint), handler_of(complaint, "district_officer")
    answered(complaint, first, upheld=False)
    actions.escalate(complaint=complaint, by=None, at=clock.now())
    actions.escalate(complaint=complaint, by=None, at=clock.now())

    with pytest.raises(ComplaintRefused, match="另一位"):
        answered(complaint, first)
    answered(complaint, second, upheld=True)

    assert (complaint.stands_upheld, complaint.final_by) == (True, second)
    with pytest.raises(ComplaintRefused, match="已经有了结果"):
        actions.escalate(complaint=complaint, by=None, at=clock.now())


def test_escalate_before_an_answer_is_refused():
    with pytest.raises(ComplaintRefused, match="还没有答复"):
        actions.escalate(complaint=ComplaintFactory(), by=None, at=clock.now())


@pytest.mark.parametrize(
    ("on", "due_on"),
    [
        (date(2026, 11, 2), date(2026, 11, 23)),  # Monday: three weeks
        (date(2026, 7, 20), date(2026, 8, 10)),  # outside every term all the same
        (date(2026, 9, 21), date(2026, 10, 16)),  # over the National Day week
    ],
)
def test_due_after_is_the_fifteenth_working_day_whether_or_not_there_is_school(on, due_on):
    TermFactory()
    for day in range(1, 8):
        SchoolDayFactory(on=date(2026, 10, day), kind="holiday")
    SchoolDayFactory(on=date(2026, 10, 10), kind="workday")

    assert due_after(on) == due_on

"""What a panel is told of a host's complaints and incidents: kinds and days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.incidents.models import Complaint, Incident
from baiye.incidents.tests.factories import ComplaintFactory, IncidentFactory
from baiye.registry.conduct import Known, known_of
from baiye.registry.tests.factories import HostFactory

pytestmark = pytest.mark.django_db
LATE = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)  # in Shanghai it is the day after
ON = date(2026, 9, 7)


def complaint(host, *, upheld=True, final=None, at=LATE, kind="safety"):
    """A complaint that was answered, and looked at again where ``final`` says how that ended."""
    made = ComplaintFactory(host=host, kind=kind, made_at=at)
    said = {"answered_at": at, "answered_by": UserFactory(), "upheld": upheld, "answer": "查了"}
    if final is not None:
        said |= {"escalated_at": at, "final_at": at, "final_by": UserFactory(), "final_upheld": final}
        said["final_answer"] = "又查了"
    Complaint.objects.filter(pk=made.pk).update(**said)
    return made


def test_known_of_counts_upheld_complaints_by_kind_and_day():
    host = HostFactory()
    complaint(host)
    complaint(host, at=LATE - timedelta(days=30))
    complaint(host, upheld=False, final=True, kind="selling")

    assert known_of(host, ON) == [
        Known("投诉属实", "推销、收费或发广告", (date(2026, 3, 2),)),
        Known("投诉属实", "不安全", (date(2026, 3, 2), date(2026, 1, 31))),
    ]


def test_known_of_leaves_out_what_was_not_upheld_not_answered_of_others_and_long_ago():
    host = HostFactory()
    complaint(host, upheld=False)
    complaint(host, upheld=True, final=False)
    ComplaintFactory(host=host, made_at=LATE)
    complaint(HostFactory())
    complaint(host, at=datetime(2023, 9, 6, 15, 59, tzinfo=UTC))
    IncidentFactory(happened_at=LATE, reported_at=LATE)

    assert known_of(host, ON) == []


def test_known_of_counts_incidents_by_kind_and_how_grave_they_were():
    host = HostFactory()
    for severity in ("serious", "", "serious"):
        IncidentFactory(host=host, happened_at=LATE, reported_at=LATE, severity=severity, kind="food")

    assert known_of(host, ON) == [
        Known("事件报告", "食品或过敏", (date(2026, 3, 2), date(2026, 3, 2)), "较重"),
        Known("事件报告", "食品或过敏", (date(2026, 3, 2),), "还没定级"),
    ]


def test_known_of_goes_on_after_a_merge():
    host = HostFactory()
    merged = HostFactory(merged_into=host, merged_at=clock.now(), merged_by=UserFactory())
    IncidentFactory(host=merged, happened_at=LATE, reported_at=LATE)

    assert [(one.kind, one.n) for one in known_of(host, ON)] == [("受伤或突发疾病", 1)]


@pytest.mark.parametrize("count", [1, 3])
def test_known_of_costs_as_many_queries_for_three_as_for_one(count, django_assert_num_queries):
    host = HostFactory()
    for _n in range(count):
        complaint(host)
        IncidentFactory(host=host, happened_at=LATE, reported_at=LATE)

    with django_assert_num_queries(3):  # what was merged, complaints, incidents
        known = known_of(host, ON)

    assert sum(one.n for one in known) == 2 * count


def test_known_of_holds_nobodys_words():
    host = HostFactory()
    complaint(host)
    incident = IncidentFactory(host=host, happened_at=LATE, reported_at=LATE, place="二楼门口")

    said = repr(known_of(host, ON))

    assert Incident.objects.get().what == "一位同学在门口滑倒。"
    assert not [word for word in ("滑倒", "加群", "二楼", incident.reported_by.name) if word in said]

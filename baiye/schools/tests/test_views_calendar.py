"""The page of the calendar: the centre's alone."""

import pytest

from baiye.accounts.tests.factories import GrantFactory
from baiye.core import clock
from baiye.schools.models import SchoolDay, Term
from baiye.schools.tests.factories import SchoolDayFactory, TermFactory
from baiye.schools.tests.pages import url
from baiye.schools.tests.people import centre, coordinator_of, guardian_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3])
def test_calendar_costs_as_many_queries_for_three_days_as_for_one(client, django_assert_num_queries, count):
    for n in range(count):
        SchoolDayFactory(on=clock.today().replace(day=n + 1))
    TermFactory()
    client.force_login(centre())

    with django_assert_num_queries(6):  # session, user, grants, class teacher?, terms, days
        response = client.get(url("calendar"))

    assert len(response.context["days"]) == count


def test_calendar_sets_and_clears(client):
    client.force_login(centre())

    client.post(url("terms"), {"name": "秋", "starts_on": "2026-09-01", "ends_on": "2027-01-15"})
    client.post(
        url("days"), {"on": "2026-11-28", "kind": "workday", "acts_as": "1", "blackout_grades": ["9"], "note": "调休"}
    )
    text = client.get(url("calendar")).content.decode()
    assert "上课，按周一" in text
    assert "九年级" in text
    client.post(url("day-removal", SchoolDay.objects.get().pk))

    assert not SchoolDay.objects.exists()
    assert Term.objects.get().name == "秋"


def test_calendar_says_what_is_wrong_beside_the_field(client):
    client.force_login(centre())

    response = client.post(url("terms"), {"name": "秋", "starts_on": "2026-09-01", "ends_on": "2026-09-01"})
    assert response.context["term_form"].errors == {"ends_on": ["学期的最后一天要晚于第一天"]}
    response = client.post(url("days"), {"on": "2026-11-28", "kind": "holiday", "acts_as": "1"})
    assert response.context["day_form"].errors == {"acts_as": ["放假的日子不用按星期几上课"]}


def test_calendar_is_the_centres_alone(client, pupil):
    day = SchoolDayFactory()

    for other in (coordinator_of(pupil.school_class.school), guardian_of(pupil), GrantFactory(role="auditor").user):
        client.force_login(other)
        assert client.get(url("calendar")).status_code == 404
        for address in (url("terms"), url("days"), url("day-removal", day.pk)):
            assert client.post(address).status_code == 404

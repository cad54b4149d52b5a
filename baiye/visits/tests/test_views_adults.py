"""Who is with the pupils, and what a lapse endangers: the pages, in scope, at a fixed cost."""

import uuid

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.mentors.tests.factories import MentorFactory, UncheckedFactory
from baiye.visits.models import Assignment
from baiye.visits.tests.factories import AssignmentFactory, SeatFactory, VisitFactory
from baiye.visits.tests.people import holder
from baiye.visits.tests.test_paths import end_appointment, ready_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    return VisitFactory()


@pytest.fixture
def manager(client, visit):
    user = holder("host_manager", visit.venue.host.unit)
    client.force_login(user)
    return user


def adults(visit):
    return reverse("visits:adults", args=[visit.pk])


def test_adults_assigns_who_may_and_offers_nobody_else(client, visit, manager):
    free = MentorFactory(unit=visit.venue.host.unit)
    unchecked = UncheckedFactory(unit=visit.venue.host.unit)
    typed = {"request": uuid.uuid4(), "role": "lead"}

    assert list(client.get(adults(visit)).context["form"].fields["mentor"].queryset) == [free]
    assert client.post(adults(visit), typed | {"mentor": unchecked.pk}).status_code == 422
    assert client.post(adults(visit), typed | {"mentor": free.pk}).status_code == 302

    assert Assignment.objects.get().mentor == free


def test_adults_beside_a_lead_says_why_not_and_keeps_what_was_chosen(client, visit, manager):
    AssignmentFactory(visit=visit)
    other = MentorFactory(unit=visit.venue.host.unit)

    response = client.post(adults(visit), {"request": uuid.uuid4(), "role": "lead", "mentor": other.pk})

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["这一场已经有带教老师了。先取消原来的，或作为协助。"]
    assert f'value="{other.pk}" selected' in response.content.decode()


def test_assignment_ending_takes_somebody_off_ones_own_visit_alone(client, visit, manager):
    mine, others = AssignmentFactory(visit=visit), AssignmentFactory()

    assert client.post(reverse("visits:assignment-ending", args=[others.pk])).status_code == 404
    assert client.post(reverse("visits:assignment-ending", args=[mine.pk])).url == adults(visit)

    assert list(Assignment.objects.filter(ended_at=None)) == [others]


def test_adults_of_another_host_and_for_who_manages_no_mentors_are_not_found(client, visit, manager):
    assert client.get(adults(VisitFactory())).status_code == 404

    client.force_login(holder("host_instructor", visit.venue.host.unit))
    assert client.get(adults(visit)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_adults_costs_the_same_for_three_as_for_one(client, visit, manager, django_assert_num_queries, count):
    for role in ["lead", "assistant", "driver"][:count]:
        AssignmentFactory(visit=visit, role=role)
    MentorFactory.create_batch(count, unit=visit.venue.host.unit)

    with django_assert_num_queries(8):
        client.get(adults(visit))


def test_mentor_assignments_shows_coming_visits_of_a_mentor_one_sees(client, visit, manager):
    made = AssignmentFactory(visit=visit)

    shown = client.get(reverse("visits:mentor-assignments", args=[made.mentor_id]))
    hidden = client.get(reverse("visits:mentor-assignments", args=[AssignmentFactory().mentor_id]))

    assert list(shown.context["assignments"]) == [made]
    assert hidden.status_code == 404


def test_my_assignments_are_ones_own(client, visit):
    made = AssignmentFactory(visit=visit)
    AssignmentFactory()
    user = holder("mentor", visit.venue.host.unit)
    client.force_login(user)
    address = reverse("visits:my-assignments")

    unlinked = client.get(address)
    made.mentor.user = user
    made.mentor.save(update_fields=["user"])
    linked = client.get(address)

    assert "这个账号还没有连上带教资料" in unlinked.content.decode()
    assert list(linked.context["assignments"]) == [made]
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404


def test_lapse_list_shows_each_host_its_own_and_the_coordinator_all(client):
    mine, others = ready_visit(), ready_visit()
    SeatFactory(visit=mine)
    for visit in (mine, others):
        end_appointment(visit)
    address = reverse("visits:lapse-list")

    def shown(user):
        client.force_login(user)
        return {row.visit.pk for row in client.get(address).context["rows"]}

    both = holder("coordinator", mine.venue.host.unit.parent, others.venue.host.unit.parent)
    assert shown(holder("host_manager", mine.venue.host.unit)) == {mine.pk}
    assert shown(both) == {mine.pk, others.pk}
    response = client.get(address)
    assert (response.context["visits"], response.context["pupils"]) == (2, 1)
    client.force_login(holder("host_instructor", mine.venue.host.unit))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_lapse_list_costs_the_same_for_three_as_for_one(client, django_assert_num_queries, count):
    visits = [ready_visit() for _n in range(count)]
    for visit in visits:
        end_appointment(visit)
    client.force_login(holder("coordinator", *(visit.venue.host.unit for visit in visits)))

    with django_assert_num_queries(12):
        response = client.get(reverse("visits:lapse-list"))

    assert len(response.context["rows"]) == count
    assert response.context["page"].paginator.count == count
    assert clock.now() < visits[0].ends_at

"""The pass: for the pupil, the guardian and who looks after them; and the sheet to print."""

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import UserFactory
from baiye.attendance.tests.factories import coordinator_of, events, instructor_of
from baiye.schools.tests.factories import ClassTeacherFactory, GuardianshipFactory, PupilFactory
from baiye.visits.tests.factories import SeatFactory

pytestmark = pytest.mark.django_db


def pass_of(seat):
    return reverse("attendance:pass", args=[seat.pk])


def test_pass_shows_the_code_as_one_reads_it_and_the_qr(client):
    seat = SeatFactory(code="7K3Q92", pupil__user=UserFactory(kind="pupil"))
    client.force_login(seat.pupil.user)

    response = client.get(pass_of(seat))

    assert response.context["code"] == "7K3 Q92"
    assert response.context["path"] in response.text
    assert events() == ["pupil.viewed"]


def test_pass_is_shown_to_the_guardian_and_to_no_other(client):
    seat = SeatFactory()
    guardian, stranger = GuardianshipFactory(pupil=seat.pupil).user, GuardianshipFactory().user

    answers = []
    for user in (guardian, stranger, instructor_of(seat.visit)):
        client.force_login(user)
        answers.append(client.get(pass_of(seat)).status_code)

    assert answers == [200, 404, 404]


def test_pass_of_a_seat_given_up_is_not_found(client):
    seat = SeatFactory(given_up_at="2026-01-01T00:00Z", given_up_by=UserFactory())
    client.force_login(coordinator_of(seat.pupil))

    assert client.get(pass_of(seat)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_sheet_prints_the_next_day_of_a_class_at_a_fixed_cost(client, count, django_assert_num_queries):
    first = SeatFactory()
    for _ in range(count - 1):
        SeatFactory(visit=first.visit, pupil=PupilFactory(school_class=first.pupil.school_class))
    client.force_login(ClassTeacherFactory(school_class=first.pupil.school_class).user)

    with django_assert_num_queries(8):  # session, user, grants, class, days, seats; class teacher, unread
        response = client.get(reverse("attendance:pass-sheet", args=[first.pupil.school_class.pk]))

    assert len(response.context["cards"]) == count


def test_sheet_of_another_class_is_not_found(client):
    seat = SeatFactory()
    client.force_login(ClassTeacherFactory().user)

    assert client.get(reverse("attendance:pass-sheet", args=[seat.pupil.school_class.pk])).status_code == 404

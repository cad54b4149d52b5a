"""The portfolio's pages: the pupil writes, the family and the class teacher read, nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import UserFactory
from baiye.attendance.tests.factories import PastSeatFactory, coordinator_of, instructor_of
from baiye.core import clock
from baiye.core.models import Event
from baiye.portfolio.models import Reflection
from baiye.portfolio.tests.factories import ReflectionFactory, visited_seat
from baiye.schools.tests.factories import ClassTeacherFactory, GuardianshipFactory, PupilFactory

pytestmark = pytest.mark.django_db
MINE = reverse("portfolio:mine")


def page_of(seat):
    return reverse("portfolio:visit", args=[seat.pk])


def test_portfolio_shows_the_visits_one_came_to_newest_first(client):
    newer = visited_seat()
    pupil = newer.pupil
    older = visited_seat(pupil=pupil, seat__visit__starts_at=clock.now() - timedelta(days=9))
    PastSeatFactory(pupil=pupil, visit__starts_at=clock.now() - timedelta(days=4))  # did not come
    ReflectionFactory(seat=older)
    client.force_login(pupil.user)

    response = client.get(MINE)

    assert [(stop.seat, stop.sealed) for stop in response.context["stops"]] == [(newer, False), (older, True)]


def test_portfolio_before_the_first_visit_says_how_it_begins(client):
    client.force_login(PupilFactory(user=UserFactory(kind="pupil")).user)

    assert "第一次体验以后，档案就开始了" in client.get(MINE).text


def test_portfolio_of_a_child_is_read_by_the_guardian_and_the_look_is_noted(client):
    seat = visited_seat()
    visited_seat()  # another child's
    client.force_login(GuardianshipFactory(pupil=seat.pupil).user)

    response = client.get(MINE)

    assert [stop.seat for stop in response.context["stops"]] == [seat]
    assert Event.objects.get(kind="pupil.viewed").facts == {"page": "portfolio"}


def test_portfolio_of_ones_own_is_not_found_by_staff(client):
    client.force_login(coordinator_of(visited_seat().pupil))

    assert client.get(MINE).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_portfolio_costs_as_many_queries_for_three_visits_as_for_one(client, count, django_assert_num_queries):
    pupil = visited_seat().pupil
    for days in range(1, count):
        seat = visited_seat(pupil=pupil, seat__visit__starts_at=clock.now() - timedelta(days=3 * days))
        ReflectionFactory(seat=seat)
    client.force_login(pupil.user)

    with django_assert_num_queries(9):  # session, user, pupil, look, grants, visits, entries, steps, unread
        response = client.get(MINE)

    assert len(response.context["stops"]) == count


def test_visit_is_written_by_the_pupil_and_earns_its_seal(client):
    seat = visited_seat()
    client.force_login(seat.pupil.user)

    response = client.post(
        page_of(seat), {"feelings": ["again"], "text": "水温总是掌握不好，老师让我听水声，第三次成功了。"}, follow=True
    )

    assert "存下了，得到「面」字印" in response.text
    assert response.context["stop"].sealed


def test_visit_with_a_short_text_is_kept_and_says_how_much_more_earns_the_seal(client):
    seat = visited_seat()
    client.force_login(seat.pupil.user)

    response = client.post(page_of(seat), {"text": "好玩"}, follow=True)

    assert ("再写 18 个字就能得印" in response.text, Reflection.objects.count()) == (True, 1)


def test_visit_refused_keeps_every_word_in_the_form(client):
    seat = visited_seat()
    client.force_login(seat.pupil.user)

    response = client.post(page_of(seat), {"text": "打给我 13800138000", "step_project": "揉了三次面团"})

    assert (response.status_code, Reflection.objects.count()) == (422, 0)
    assert "打给我 13800138000" in response.text
    assert "揉了三次面团" in response.text


@pytest.mark.parametrize("who", ["guardian", "teacher"])
def test_visit_is_read_but_not_written_by_family_and_class_teacher(client, who):
    reflection = ReflectionFactory()
    pupil = reflection.seat.pupil
    reader = (
        GuardianshipFactory(pupil=pupil) if who == "guardian" else ClassTeacherFactory(school_class=pupil.school_class)
    )
    client.force_login(reader.user)

    response = client.get(page_of(reflection.seat))
    client.post(page_of(reflection.seat), {"text": "改成别的，够二十个字了吗，够了够了够了"})

    reflection.refresh_from_db()
    assert (response.context["form"], reflection.text in response.text) == (None, True)
    assert "改成别的" not in reflection.text


@pytest.mark.parametrize("who", ["host", "coordinator", "another teacher", "another guardian", "another pupil"])
def test_visit_is_not_found_by_anyone_else(client, who):
    seat = visited_seat()
    strangers = {
        "host": lambda: instructor_of(seat.visit),
        "coordinator": lambda: coordinator_of(seat.pupil),
        "another teacher": lambda: ClassTeacherFactory().user,
        "another guardian": lambda: GuardianshipFactory().user,
        "another pupil": lambda: visited_seat().pupil.user,
    }
    client.force_login(strangers[who]())

    assert client.get(page_of(seat)).status_code == 404


def test_pupils_page_is_for_the_class_teacher(client):
    seat = visited_seat()
    address = reverse("portfolio:pupil", args=[seat.pupil.pk])
    answers = []
    for user in (ClassTeacherFactory(school_class=seat.pupil.school_class).user, ClassTeacherFactory().user):
        client.force_login(user)
        answers.append(client.get(address).status_code)

    assert answers == [200, 404]

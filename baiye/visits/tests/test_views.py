from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.catalogue.tests.factories import CourseVersionFactory
from baiye.core import clock
from baiye.registry.tests.factories import AccreditedHostFactory, HostFactory, VenueFactory
from baiye.visits.models import Seat, Visit
from baiye.visits.tests.factories import SeatFactory, VisitFactory

pytestmark = pytest.mark.django_db
LIST = "visits:visit-list"


def signed_in(client, role, unit):
    client.force_login(GrantFactory(role=role, unit=unit).user)
    return client


@pytest.mark.parametrize("count", [1, 3])
def test_visit_list_costs_as_many_queries_for_three_visits_as_for_one(client, django_assert_num_queries, count):
    host = AccreditedHostFactory()
    visits = VisitFactory.create_batch(count, version__course__host=host)
    VisitFactory()
    signed_in(client, "host_manager", host.unit)

    with django_assert_num_queries(7):  # session, user, grants, hosts, how many, the page, unread messages
        response = client.get(reverse(LIST))

    assert set(response.context["page"]) == set(visits)


@pytest.mark.parametrize("state", ["coming", "past", "cancelled"])
def test_visit_list_filters_by_course_host_day_and_state(client, state):
    host, now = AccreditedHostFactory(), clock.now()
    cancelled = {"cancelled_at": now, "cancelled_by": UserFactory()}
    kinds = {"coming": {}, "past": {"starts_at": now - timedelta(days=7)}, "cancelled": cancelled}
    made = {
        name: VisitFactory(version__course__host=host, version__title=f"面点{name}", **fields)
        for name, fields in kinds.items()
    }
    VisitFactory(version__course__host=host, version__title="别的")
    signed_in(client, "coordinator", host.unit.parent)
    asked = {"q": "面点", "host": host.pk, "state": state, "on": clock.day_of(made[state].starts_at).isoformat()}

    response = client.get(reverse(LIST), asked)

    assert list(response.context["page"]) == [made[state]]


def test_visit_list_tells_examples_and_few_pupils(client):
    visit = VisitFactory(is_example=True, minimum=8)
    signed_in(client, "host_manager", visit.venue.host.unit)

    page = client.get(reverse(LIST)).text

    assert ("示例" in page, "不到 8 人" in page) == (True, True)


def test_visit_list_that_is_empty_says_what_to_do(client):
    signed_in(client, "host_manager", HostFactory().unit)

    assert "选一个已发布的项目，定好时间、场地和名额。" in client.get(reverse(LIST)).text
    assert "去掉日期、状态或基地再看。" in client.get(reverse(LIST), {"q": "没有"}).text


@pytest.mark.parametrize("name", ["visit-list", "visit-new"])
def test_the_desk_is_not_found_by_who_manages_no_visits(client, name):
    signed_in(client, "host_instructor", HostFactory().unit)

    assert client.get(reverse(f"visits:{name}")).status_code == 404


def test_the_desk_asks_a_visitor_to_sign_in(client):
    assert client.get(reverse(LIST)).status_code == 302


def asked_for(version, **changed):
    day = clock.today() + timedelta(days=7)
    said = {"version": version.pk, "on": day.isoformat(), "starts": "13:30", "ends": "16:30", "seats": "20"}
    return said | {"venue": VenueFactory(host=version.course.host).pk, "minimum": "", "guide": "王老师"} | changed


def test_visit_new_makes_a_visit_at_shanghai_time(client):
    version = CourseVersionFactory()
    signed_in(client, "host_manager", version.course.host.unit)

    response = client.post(reverse("visits:visit-new"), asked_for(version))

    visit = Visit.objects.get()
    assert (response.status_code, response.url) == (302, reverse(LIST))
    assert (visit.version, visit.seats, visit.minimum, visit.guide, visit.counts_as) == (version, 20, 0, "王老师", "")
    assert f"{visit.starts_at.astimezone(clock.SHANGHAI):%H:%M}" == "13:30"


def test_visit_new_that_is_refused_says_why_and_keeps_what_was_written(client):
    version = CourseVersionFactory()
    signed_in(client, "host_manager", version.course.host.unit)

    response = client.post(reverse("visits:visit-new"), asked_for(version, seats="40"))

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["这个项目一场最多 30 人。请把名额减到 30 以内。"]
    assert 'value="王老师"' in response.text
    assert not Visit.objects.exists()


def test_visit_new_of_anothers_course_is_no_choice(client):
    signed_in(client, "host_manager", HostFactory().unit)

    response = client.post(reverse("visits:visit-new"), asked_for(CourseVersionFactory()))

    assert (response.status_code, sorted(response.context["form"].errors)) == (422, ["venue", "version"])


def test_cancellation_says_who_is_touched_and_cancels(client):
    seat = SeatFactory()
    signed_in(client, "host_manager", seat.visit.venue.host.unit)
    address = reverse("visits:cancellation", args=[seat.visit.pk])
    assert "1 位学生会失去这一场的名额" in client.get(address).text

    response = client.post(address, {"because": "设备检修"}, follow=True)

    assert "已取消，原来有名额的学生和家长会收到通知。" in response.text
    assert Seat.objects.get().given_up_because == "设备检修"


def test_cancellation_of_an_empty_visit_says_that_nobody_is_touched(client):
    visit = VisitFactory()
    signed_in(client, "host_manager", visit.venue.host.unit)

    assert "这一场还没有学生" in client.get(reverse("visits:cancellation", args=[visit.pk])).text


def test_cancellation_without_a_reason_is_asked_again(client):
    visit = VisitFactory()
    signed_in(client, "coordinator", visit.venue.host.unit)

    response = client.post(reverse("visits:cancellation", args=[visit.pk]), {"because": " "})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["because"])
    assert Visit.objects.get().cancelled_at is None


def test_cancellation_of_a_visit_that_is_over_says_so(client):
    visit = VisitFactory(starts_at=clock.now() - timedelta(days=1))
    signed_in(client, "coordinator", visit.venue.host.unit)

    response = client.post(reverse("visits:cancellation", args=[visit.pk]), {"because": "停电"})

    assert response.context["form"].non_field_errors() == ["这一场已经结束，不能再取消。"]


def test_cancellation_of_anothers_visit_is_not_found(client):
    signed_in(client, "host_manager", HostFactory().unit)

    assert client.post(reverse("visits:cancellation", args=[VisitFactory().pk]), {"because": "停电"}).status_code == 404

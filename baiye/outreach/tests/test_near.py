"""What is within a walk: places gathered, reckoned, ordered, and the two pages of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.bookings.tests.factories import published as published_openings
from baiye.catalogue.tests.factories import CourseVersionFactory
from baiye.core import clock
from baiye.outreach.queries import near
from baiye.outreach.tests.streets import (
    MIDDLE,
    ProjectFactory,
    StationFactory,
    StationHostFactory,
    small_district,
)
from baiye.registry.queries.register import Origin, walk_minutes

pytestmark = pytest.mark.django_db
HERE = Origin("here", "这里", *MIDDLE)


def test_places_hold_projects_stations_and_hosts_with_courses_each_once():
    project = ProjectFactory()
    station = StationFactory(host__lon=MIDDLE[0] + 0.01)

    found = {place.name: [thing.kind for thing in place.things] for place in near.places(clock.now())}

    assert found[station.host.unit.name] == ["station"]
    assert found[project.visit.venue.host.unit.name] == ["project", "host"]
    assert {place.street for place in near.places(clock.now())} == {"长寿路街道"}  # of the venue, of the station


def test_places_leave_out_what_is_over_cancelled_unproven_or_nowhere():
    at, by = clock.now(), ProjectFactory(visit__venue__lon=None).made_by
    ProjectFactory(visit__starts_at=at - timedelta(days=2), lead=False)
    ProjectFactory(published_at=None, published_by=None)
    ProjectFactory(visit__cancelled_at=at, visit__cancelled_by=by, lead=False)
    StationFactory(host__lon=None, host__lat=None)
    StationHostFactory()

    assert [place for place in near.places(at) if any(thing.kind != "host" for thing in place.things)] == []


def test_places_cost_as_many_queries_for_three_of_each_as_for_one(django_assert_num_queries):
    ProjectFactory(), StationFactory(), CourseVersionFactory()
    with django_assert_num_queries(5):  # projects, stations, courses, openings, hosts
        near.places(clock.now())

    for _ in range(2):
        ProjectFactory(), StationFactory(), CourseVersionFactory()

    with django_assert_num_queries(5):
        assert len(near.places(clock.now())) == 6


def test_the_line_of_a_host_says_how_many_sittings_are_open_but_not_its_projects():
    (opening,) = published_openings()
    host = opening.visit.venue.host
    host.lon, host.lat = MIDDLE
    host.save()
    other = published_openings(visits=({},), beside=opening)[0]
    ProjectFactory(visit=other.visit)

    (line,) = [thing for place in near.places(clock.now()) for thing in place.things if thing.kind == "host"]

    assert line.note == "1 个项目，1 场在放号"


def place(minutes_east, name="某处", kind="host"):
    """A place whose way is so many minutes, by the register's own formula backwards."""
    lon = MIDDLE[0]
    while walk_minutes(HERE, lon, MIDDLE[1]) < minutes_east:
        lon += 0.00005
    return near.Place(name, "", lon, MIDDLE[1], things=[near.Thing(kind, name, "")])


def test_reached_numbers_what_is_within_the_time_nearest_first_then_names_three_farther_ones():
    places = [place(n, f"走{n}分") for n in (20, 3, 15, 16, 30, 40, 1)]

    rows = [(row.number, row.place.name, row.minutes) for row in near.reached(places, HERE, 15)]

    assert rows == [
        (1, "走1分", 1),
        (2, "走3分", 3),
        (3, "走15分", 15),
        (0, "走16分", 16),
        (0, "走20分", 20),
        (0, "走30分", 30),
    ]


def test_reached_of_one_kind_keeps_places_that_have_it():
    places = [place(1, "站", "station"), place(2, "基地", "host")]

    assert [row.place.name for row in near.reached(places, HERE, 15, "station")] == ["站"]


def test_near_without_script_starts_from_a_street_and_lists_what_is_reached(client):
    street, project = small_district(), ProjectFactory()

    response = client.get(reverse("outreach:near"), {"start": f"street-{street.code}", "minutes": "5"})

    assert [row.place.name for row in response.context["near"]] == [project.visit.venue.host.unit.name]
    assert response.context["minutes"] == 5
    assert "geolocation=(self)" in response["Permissions-Policy"]
    assert "geolocation=()" in client.get(reverse("outreach:project-list"))["Permissions-Policy"]


@pytest.mark.parametrize("asked", [{}, {"start": "street-999"}, {"start": "121.4,31.2"}, {"minutes": "-3"}])
def test_near_asked_for_nothing_or_nonsense_asks_for_a_start(client, asked):
    small_district()

    response = client.get(reverse("outreach:near"), asked)

    assert response.status_code == 200
    assert (response.context["origin"], response.context["near"]) == (None, [])


def test_near_without_a_map_still_lists(client):
    assert client.get(reverse("outreach:near")).context["map"] is None


def test_points_are_public_and_may_be_kept_for_a_minute(client):
    street, project = small_district(), ProjectFactory()

    answer = client.get(reverse("outreach:points"))

    assert "public" in answer["Cache-Control"]
    (row,) = answer.json()["places"]
    assert row["name"] == project.visit.venue.host.unit.name
    assert [start["name"] for start in answer.json()["starts"]] == [street.name]
    assert answer.json()["walk"] == {"m_a_degree": 111195, "detour": 1.3, "m_a_minute": 4000 / 60, "farther": 3}

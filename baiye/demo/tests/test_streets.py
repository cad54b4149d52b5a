"""What is on in the streets of the demonstration: the same each time, all of it example, found on the map."""

from datetime import timedelta

import pytest

from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory
from baiye.catalogue.tests.factories import CourseVersionFactory
from baiye.core import clock
from baiye.demo.story.streets import STATION, make_street_life
from baiye.mentors.tests.factories import MentorFactory
from baiye.outreach.models import Programme, Project, Station
from baiye.outreach.queries.near import places
from baiye.outreach.standing import standing_of
from baiye.registry.tests.factories import (
    AccreditationFactory,
    HostFactory,
    MapShapeFactory,
    StandardFactory,
    VenueFactory,
)
from baiye.schools.tests.factories import TermFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    """Three example hosts with a course and a guide each, four streets, a term."""
    TermFactory()
    district = DistrictFactory()
    standard = StandardFactory(name="示例标准", is_example=True, keeper=district)
    MapShapeFactory.create_batch(4)
    offers, guides = {}, {}
    for _ in range(3):
        host = HostFactory(unit=UnitFactory(kind="host", parent=district, is_example=True))
        AccreditationFactory(host=host, standard=standard, is_example=True)
        version = CourseVersionFactory(course__host=host)
        offers[host.pk] = [(version, VenueFactory(host=host, is_example=True))]
        guides[version.course_id] = MentorFactory(unit=host.unit)
    by = GrantFactory(role="coordinator", unit=district).user
    return {"district": district, "offers": offers, "guides": guides, "by": by}


def test_street_life_is_made_once_all_of_it_example_and_on_the_map(town):
    for _twice in range(2):
        made = make_street_life(**town, moment=clock.now())

    assert Programme.objects.count() == Station.objects.count() == 1
    assert Project.objects.count() == len(made) == 3
    assert all(project.visit.is_example for project in Project.objects.select_related("visit"))
    things = [(place.name, thing) for place in places(clock.now()) for thing in place.things]
    assert all(thing.is_example for _name, thing in things)
    assert sorted(thing.kind for _name, thing in things) == ["project", "project", "project", "station"]
    assert STATION in {name for name, _thing in things}


def test_street_life_shows_both_ways_to_come(town):
    first, second, third = make_street_life(**town, moment=clock.now())
    later = clock.now() + timedelta(minutes=5)

    words = [standing_of(Project.objects.get(pk=each.pk), later).word for each in (first, second, third)]

    assert words == ["还有 12 个名额", "不用报名，来了就能看", "不用报名，来了就能看"]

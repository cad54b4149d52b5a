"""The demonstration's campaign of talks: real schools, generated speakers, the same each time."""

from datetime import date, timedelta

import pytest

from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory
from baiye.catalogue.tests.factories import OccupationFactory
from baiye.core import clock
from baiye.demo.figures import talks as figures
from baiye.demo.story import talks as story
from baiye.outreach.models import Campaign, Match, Talk, TalkOffer
from baiye.registry.tests.factories import AccreditedHostFactory, MapShapeFactory
from baiye.schools.models import Term
from baiye.schools.tests.factories import SchoolFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def district():
    unit = DistrictFactory()
    today = clock.today()
    for year in (today.year, today.year + 1):
        Term.objects.create(name=f"{year} 春", starts_on=date(year, 2, 16), ends_on=date(year, 6, 30))
    AccreditedHostFactory(unit__parent=unit)
    MapShapeFactory(label_lon=121.4, label_lat=31.25)
    for n in range(4):
        SchoolFactory(
            unit=UnitFactory(parent=unit), stages=["junior", "primary"][n % 2 :], lon=121.4, lat=31.2 + n / 99
        )
    for _n in range(24):
        OccupationFactory(riasec="RIA")
    return unit


def people_of(unit):
    return {name: GrantFactory(role=role, unit=unit).user for name, role in ROLES.items()}


ROLES = {"coordinator": "coordinator", "officer": "district_officer"}


def test_a_season_is_matched_published_and_judged_and_made_once(district, tmp_path):
    people = people_of(district)

    match = story.make_season(district, people, {})
    again = story.make_season(district, people, {})

    found = figures(tmp_path)
    assert again == match
    assert Campaign.objects.get().is_example
    assert TalkOffer.objects.filter(is_example=True).count() == story.SPEAKERS
    assert found["talks"] == Talk.objects.count() > 0
    assert found["talks_valid"]
    assert [aim["aim"] for aim in found["talk_aims"]] == ["need", "points", "minutes", "load", "lots"]
    assert Match.objects.count() == 1


def test_a_season_lies_in_the_next_may_and_june_of_a_known_term(district):
    today = clock.today()

    found = story.season(today)

    assert found is not None
    assert (found.days["first_on"].month, found.days["last_on"].month) == (5, 6)
    assert found.days["first_on"] > today
    assert story.season(date(today.year + 1, 4, 30)) is None  # the one after has no term yet
    assert found.days["match_from"] == today - timedelta(days=2)


def test_there_are_no_figures_of_talks_where_none_were_matched(tmp_path):
    assert figures(tmp_path) == {"talks": 0, "talk_requests": 0, "talks_valid": False, "talk_aims": []}

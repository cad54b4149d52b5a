"""A round from an Excel roster to certified hours, by clicking, as the people who have to do with it.

Each act is a day or two of one autumn. Every page anybody comes to is looked at hard, once.
"""

import pytest

from tests.journeys import acts_door, acts_family, acts_hours, acts_placement, acts_round, acts_school
from tests.journeys.cast import cast
from tests.journeys.people import World

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def test_a_round_from_the_roster_to_certified_hours(open_page, monkeypatch):
    world = World(open_page, monkeypatch)
    people = cast()

    codes = acts_school.the_school_brings_its_pupils(world, people)
    acts_round.the_coordinator_prepares_a_round(world, people)
    pupil = acts_family.the_families_answer(world, people, codes)
    acts_placement.two_people_publish_the_placement(world, people)
    acts_placement.the_pupil_reads_the_result(pupil)
    acts_door.they_go_to_both_hosts(world, people, pupil)
    acts_hours.the_hours_are_certified(world, people, pupil)
    acts_hours.the_certificate_is_checked(world, pupil)
    acts_hours.the_pupil_looks_back(pupil)

    assert world.eyes.found == []

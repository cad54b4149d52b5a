"""A host from its application on a phone to a seat that is refused, by clicking, as the people who have to do with it.

Each act is a day or two; the last comes a year after the first. Every page anybody comes to is looked at hard, once.
"""

from datetime import datetime

import pytest

from baiye.core.clock import SHANGHAI
from tests.journeys import acts_applying, acts_course, acts_inspecting, acts_mentor
from tests.journeys.host_cast import host_cast
from tests.journeys.people import World

pytestmark = [pytest.mark.journey, pytest.mark.slow]
BEGINNING = datetime(2024, 10, 14, 9, 0, tzinfo=SHANGHAI)


def test_a_host_from_its_application_to_a_seat_that_is_refused(open_page, monkeypatch, troubles):
    world = World(open_page, monkeypatch, now=BEGINNING)
    people = host_cast()

    applicant = acts_applying.a_company_applies(world, people)
    manager = acts_applying.the_coordinator_lets_it_through(world, people)
    acts_inspecting.the_bakery_is_inspected(world, people, manager, troubles)
    acts_inspecting.two_people_accredit_it(world, people)
    acts_inspecting.the_public_reads_it(world, applicant)
    acts_course.the_manager_proposes_a_course(world, people, manager)
    acts_course.the_manager_revises_it(world, people, manager)
    acts_course.anybody_reads_the_course(applicant)
    acts_mentor.a_baker_becomes_a_counsellor(world, people, manager)
    acts_mentor.a_visit_with_the_baker(world, people, manager)
    acts_mentor.a_year_later_the_lookup_no_longer_holds(world, people, manager)

    assert world.eyes.found == []

"""One seat on a Saturday: released at the desk, booked, waited for, given back, offered and taken, on phones.

Every page anybody comes to is looked at hard, once.
"""

from datetime import datetime

import pytest

from baiye.core.clock import SHANGHAI
from tests.journeys import acts_booking as acts
from tests.journeys.people import World

pytestmark = [pytest.mark.journey, pytest.mark.slow]
BEGINNING = datetime(2025, 11, 10, 9, 0, tzinfo=SHANGHAI)


def test_a_seat_is_booked_waited_for_given_back_offered_and_taken(open_page, monkeypatch, troubles):
    world = World(open_page, monkeypatch, now=BEGINNING)
    people = acts.booking_cast()

    acts.the_desk_releases_one_seat(world, people)
    acts.anybody_reads_the_calendar(world)
    world.it_is(11, 12, 8, 30)
    first = acts.a_family_comes_before_it_opens(world, "林小满")
    second = acts.the_first_books_and_the_second_waits(world, first)
    acts.the_first_cancels(world, first)
    acts.the_second_is_asked_and_takes_it(world, second)
    acts.the_desk_sees_who_is_where(world, people)

    assert world.eyes.found == []

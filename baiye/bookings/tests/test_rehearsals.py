"""What keeps a pupil from an opening is told before anybody presses, by the function that takes presses."""

from datetime import timedelta

import pytest

from baiye.bookings.actions.rehearsals import rehearse
from baiye.bookings.models import Booking
from baiye.bookings.tests.factories import ask, pressed, published, pupil_of
from baiye.core import clock
from baiye.core.models import Event
from baiye.visits.models import Seat

pytestmark = pytest.mark.django_db


def whys(opening, pupils):
    found = rehearse(opening=opening, pupils=pupils, by=opening.release.made_by, at=clock.now())
    return [candidate.why for candidate in found]


def test_rehearse_leaves_nothing_behind():
    (opening,) = published()
    pupils = [pupil_of(opening) for _n in range(3)]
    events = Event.objects.count()

    assert whys(opening, pupils) == ["", "", ""]
    assert (Booking.objects.count(), Seat.objects.count(), Event.objects.count()) == (0, 0, events)


def test_rehearse_says_what_the_press_says():
    begins = clock.now() + timedelta(days=7)
    clash = {"starts_at": begins + timedelta(hours=1), "opening__grades": [7]}
    first, second = published(visits=[{"starts_at": begins}, clash])
    free, busy, young = (pupil_of(first) for _n in range(3))
    young.school_class.entry_year += 1
    young.school_class.save()
    pressed(first, busy)

    said = whys(second, [free, busy, young])

    assert said == ["", *(ask(second, pupil).sentence for pupil in (busy, young))]
    assert said[1].startswith("那个时段已经有别的安排")


def test_rehearse_of_who_is_in_says_so_and_a_full_visit_keeps_nobody():
    (opening,) = published(seats=1)
    pupil, other = pupil_of(opening), pupil_of(opening)
    pressed(opening, pupil)

    assert whys(opening, [pupil, other]) == ["已经约了或在候补这一场。", ""]


def test_rehearse_before_it_opens_judges_by_the_minute_it_will():
    (opening,) = published(opens_at=clock.now() + timedelta(days=1), visits=[{"opening__consents": ["photo"]}])

    assert whys(opening, [pupil_of(opening)]) == ["这一场要家长先在同意书里同意，才能预约。"]

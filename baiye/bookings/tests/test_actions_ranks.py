"""The order in which a family wants a ranked release: saved whole, never over another's, never after the freeze."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.bookings.actions.placements import place_ranked
from baiye.bookings.actions.ranks import RanksMoved, set_order
from baiye.bookings.models import Booking
from baiye.bookings.tests.factories import ask, published
from baiye.bookings.tests.people import family, teacher_of
from baiye.core import clock
from baiye.core.models import Event
from baiye.core.refusals import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    """Two openings ranked by a family: openings, pupil, guardian."""
    days = [clock.now() + timedelta(days=40 + n) for n in range(2)]
    openings = published(mode="ranked", visits=[{"starts_at": day} for day in days])
    pupil, guardian = family(openings[0])
    for rank, opening in enumerate(openings, start=1):
        ask(opening, pupil, rank=rank)
    return openings, pupil, guardian


def order(place, wanted, *, by=None, version=None, at=None):
    openings, pupil, guardian = place
    release = openings[0].release
    release.refresh_from_db()
    shown = version if version is not None else ",".join(str(one.pk) for one in openings)
    ids = [one.pk for one in wanted]
    return set_order(release=release, pupil=pupil, openings=ids, version=shown, by=by or guardian, at=at or clock.now())


def ranks():
    return list(Booking.objects.filter(ended_at=None).order_by("rank").values_list("opening", flat=True))


def told():
    return Event.objects.filter(kind="ranks.set").count()


def test_set_order_ranks_from_one_in_the_order_that_was_shown(place):
    (a, b), _pupil, _guardian = place

    saved = order(place, [b, a])

    assert [(one.opening_id, one.rank) for one in saved] == [(b.pk, 1), (a.pk, 2)]
    assert (ranks(), told()) == ([b.pk, a.pk], 1)


def test_set_order_closes_the_gap_that_a_withdrawal_left(place):
    (a, b), _pupil, guardian = place
    Booking.objects.filter(opening=a).update(ended_at=clock.now(), ended_by=guardian, because="cancelled")

    order(place, [b], version=str(b.pk))

    assert Booking.objects.get(opening=b).rank == 1


@pytest.mark.parametrize("wanted", [[0], [0, 0], [0, 1, 1]])
def test_set_order_of_other_openings_than_are_ranked_changes_nothing(place, wanted):
    openings = place[0]

    with pytest.raises(RanksMoved, match="没有覆盖"):
        order(place, [openings[n] for n in wanted])

    assert (ranks(), told()) == ([one.pk for one in openings], 0)


def test_set_order_from_an_older_page_changes_nothing(place):
    (a, b), _pupil, _guardian = place
    order(place, [b, a])

    with pytest.raises(RanksMoved):
        order(place, [a, b])

    assert ranks() == [b.pk, a.pk]


def test_set_order_after_the_close_or_the_freeze_is_refused(place):
    (a, b), _pupil, _guardian = place
    closes = a.release.closes_at

    with pytest.raises(Refused, match="现在不能改志愿"):
        order(place, [b, a], at=closes)
    place_ranked(release=a.release, at=closes)
    with pytest.raises(Refused, match="现在不能改志愿"):
        order(place, [b, a], at=closes - timedelta(hours=1))


def test_set_order_by_anybody_else_is_denied(place):
    (a, b), pupil, _guardian = place

    for by in (family(a)[1], teacher_of(pupil)):
        with pytest.raises(PermissionDenied):
            order(place, [b, a], by=by)

    assert (ranks(), told()) == ([a.pk, b.pk], 0)

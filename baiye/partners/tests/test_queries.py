"""A host's account: what was published, taken, attended and credited, and why places stayed free."""

from datetime import date, timedelta

import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.attendance.tests.factories import MarkFactory, PastSeatFactory, PastVisitFactory
from baiye.core import clock
from baiye.hours.tests.factories import HourEntryFactory
from baiye.partners import queries
from baiye.partners.tests.factories import LongTermFactory, PledgeFactory
from baiye.registry.tests.factories import VenueFactory
from baiye.rounds.tests.factories import RoundFactory, RoundVisitFactory, WishFactory
from baiye.visits.models import Seat, Visit

pytestmark = pytest.mark.django_db
EVER = (date(2000, 1, 1), date(2099, 12, 31))


def account_of(host):
    return queries.accounts([host.pk], *EVER)[host.pk]


def visit_at(venue, **fields):
    return PastVisitFactory(venue=venue, version__course__host=venue.host, **fields)


@pytest.fixture
def venue():
    return VenueFactory()


def test_account_counts_visits_places_seats_and_who_came(venue):
    visit = visit_at(venue, seats=10, guide="王师傅")
    first, _second = PastSeatFactory.create_batch(2, visit=visit)
    MarkFactory(seat=first)

    account = account_of(venue.host)

    assert (account.visits, account.published, account.taken) == (1, 10, 2)
    assert (account.attended, account.pupils, account.guides) == (1, 1, 1)


def test_account_counts_a_pupil_once_who_came_twice(venue):
    seat = PastSeatFactory(visit=visit_at(venue, starts_at=clock.now() - timedelta(days=3)))
    again = PastSeatFactory(visit=visit_at(venue, starts_at=clock.now() - timedelta(days=2)), pupil=seat.pupil)
    for each in (seat, again):
        MarkFactory(seat=each)

    assert (account_of(venue.host).attended, account_of(venue.host).pupils) == (2, 1)


def test_account_counts_class_hours_with_their_reversals():
    entry = HourEntryFactory()
    host = entry.seat.visit.venue.host

    assert account_of(host).class_hours == entry.minutes // 40


def test_account_leaves_out_places_of_cancelled_visits(venue):
    visit = visit_at(venue, seats=12)
    Visit.objects.filter(pk=visit.pk).update(cancelled_at=clock.now(), cancelled_by=UserFactory())

    account = account_of(venue.host)

    assert (account.visits, account.published, account.cancelled) == (0, 0, 12)


def test_account_of_another_time_is_empty(venue):
    visit_at(venue)

    assert queries.accounts([venue.host_id], date(2001, 1, 1), date(2001, 12, 31))[venue.host_id] == queries.Account()


def test_free_places_of_a_visit_in_no_round_were_not_offered(venue):
    visit_at(venue, seats=10)

    assert account_of(venue.host).not_offered == 10


def test_free_places_after_a_return_were_given_up(venue):
    visit = visit_at(venue, seats=2)
    seat = PastSeatFactory(visit=visit)
    Seat.objects.filter(pk=seat.pk).update(given_up_at=clock.now(), given_up_by=UserFactory(), given_up_because="生病")

    account = account_of(venue.host)

    assert (account.given_up, account.not_offered, account.unfilled) == (1, 1, 2)


def test_free_places_of_a_round_are_divided_by_how_often_the_project_was_wished(venue):
    visit = visit_at(venue, seats=10)
    round_ = RoundFactory()
    RoundVisitFactory(round=round_, visit=visit)
    for _ in range(4):
        WishFactory(wish_list__round=round_, course=visit.version.course, rank=1)

    account = account_of(venue.host)

    assert (account.few_wishes, account.elsewhere) == (6, 4)


def test_the_reasons_always_add_up(venue):
    visit = visit_at(venue, seats=7)
    RoundVisitFactory(visit=visit)
    PastSeatFactory(visit=visit)
    visit_at(venue, seats=5, starts_at=clock.now() - timedelta(days=9))

    account = account_of(venue.host)

    reasons = account.given_up + account.not_offered + account.few_wishes + account.elsewhere
    assert reasons == account.unfilled == 11


@pytest.mark.parametrize("count", [1, 3])
def test_accounts_cost_as_many_queries_for_three_hosts_as_for_one(django_assert_num_queries, count):
    visits = [visit_at(VenueFactory(), seats=3) for _ in range(count)]
    for visit in visits:
        RoundVisitFactory(visit=visit)
    hosts = [visit.venue.host_id for visit in visits]

    with django_assert_num_queries(7):  # visits, marks, minutes, guides, seats given up, rounds' visits, wishes
        found = queries.accounts(hosts, *EVER)

    assert len(found) == count


def test_kept_counts_places_and_half_days_and_leaves_equipment_to_the_hand_over(venue):
    visit = visit_at(venue, seats=10)
    MarkFactory(seat=PastSeatFactory(visit=visit))
    term = LongTermFactory()
    pledges = [
        PledgeFactory(host=venue.host, term=term),
        PledgeFactory(host=venue.host, term=term, kind="half_days", quantity=4),
        PledgeFactory(host=venue.host, term=term, kind="equipment", title="焊台", quantity=6),
    ]

    found = queries.kept(pledges)

    assert [(one.published, one.used) for one in found] == [(10, 1), (1, None), (None, 0)]

"""What the database holds about pledges, each promise broken once."""

import pytest
from django.db import IntegrityError

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.partners.tests.factories import PledgeFactory

pytestmark = pytest.mark.django_db


def refused(sentence):
    return pytest.raises(IntegrityError, match=sentence)


def test_a_pledge_stands_once_a_host_and_term():
    pledge = PledgeFactory()

    with refused("pledge_once_a_term"):
        PledgeFactory(host=pledge.host, term=pledge.term)


def test_a_pledge_that_was_withdrawn_leaves_room_for_another():
    by = UserFactory()
    pledge = PledgeFactory(withdrawn_at=clock.now(), withdrawn_by=by, withdrawn_because="改数量")

    assert PledgeFactory(host=pledge.host, term=pledge.term).pk != pledge.pk


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"quantity": 0}, "pledge_of_something"),
        ({"kind": "equipment"}, "pledge_equipment_has_a_name_and_only_it"),
        ({"title": "焊台"}, "pledge_equipment_has_a_name_and_only_it"),
        ({"handed_over_on": "2026-01-01"}, "pledge_handed_over_by_whom_and_when"),
        ({"withdrawn_because": "没空"}, "pledge_withdrawn_by_whom_when_and_why"),
    ],
)
def test_a_pledge_makes_sense(fields, sentence):
    with refused(sentence):
        PledgeFactory(**fields)

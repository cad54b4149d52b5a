"""Each promise of the database about hosts and accreditations, broken once."""

from datetime import date, timedelta

import pytest

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.core.invariants import findings
from baiye.registry.models import Accreditation, Host
from baiye.registry.tests.applying import handed_in
from baiye.registry.tests.factories import (
    AccreditationFactory,
    HostFactory,
    MapShapeFactory,
    StandardFactory,
    VenueFactory,
)
from tests.rig.promises import refused

pytestmark = pytest.mark.django_db


def test_a_lead_is_accredited_only_as_an_example():
    lead = HostFactory(evidence="lead")

    assert AccreditationFactory(host=lead, is_example=True).pk
    with refused("accreditation_of_a_lead_only_as_an_example"):
        AccreditationFactory(host=lead, valid_from=date(2016, 1, 1))
    with refused("accreditation_of_a_lead_only_as_an_example"):
        Accreditation.objects.update(is_example=False)


def test_invariants_find_a_host_that_became_a_lead_again():
    accreditation = AccreditationFactory()
    name = "accreditation_of_a_lead_only_as_an_example"
    assert {finding.name: finding.rows for finding in findings()}[name] == 0

    type(accreditation.host).objects.update(evidence="lead")

    assert {finding.name: finding.rows for finding in findings()}[name] == 1


def test_an_accreditation_ends_after_it_begins_and_is_suspended_by_someone():
    with refused("accreditation_ends_after_it_begins"):
        AccreditationFactory(valid_until=date(2014, 12, 31))
    with refused("accreditation_suspended_by_whom_and_when"):
        AccreditationFactory(suspended_on=date(2026, 1, 1))


def test_an_accreditation_is_written_once():
    accreditation = AccreditationFactory()

    with refused("accreditation_once"):
        AccreditationFactory(host=accreditation.host)


def test_names_and_numbers_that_stand_once():
    venue, shape, standard = VenueFactory(), MapShapeFactory(), StandardFactory()
    HostFactory(credit_code="91350100M000100Y43")

    with refused("venue_named_once"):
        VenueFactory(host=venue.host, name=venue.name)
    with refused("map_shape_once"):
        MapShapeFactory(code=shape.code)
    with refused("standard_version_once"):
        type(standard).objects.create(name=standard.name, version=1, published_on=date(2026, 1, 1))
    with refused("host_credit_code_once"):
        HostFactory(credit_code="91350100M000100Y43")
    assert HostFactory.create_batch(2, credit_code="")


def test_a_venue_holds_someone():
    with refused("venue_holds_someone"):
        VenueFactory(capacity=0)


def test_the_last_step_of_an_application_is_the_one_written_last_whatever_the_clocks_say():
    application = handed_in()
    long_ago = application.steps.earliest("pk").at - timedelta(days=1)

    application.steps.create(state="withdrawn", at=long_ago)
    type(application).objects.filter(pk=application.pk).update(state="withdrawn")

    assert "an_application_stands_where_its_last_step_left_it" not in {found.name for found in findings() if found.rows}


def test_an_application_whose_last_step_says_something_else_is_found():
    application = handed_in()
    assert "an_application_stands_where_its_last_step_left_it" not in {found.name for found in findings() if found.rows}

    type(application).objects.filter(pk=application.pk).update(state="withdrawn")

    assert "an_application_stands_where_its_last_step_left_it" in {found.name for found in findings() if found.rows}


def test_a_venue_of_a_merged_host_is_found():
    venue = VenueFactory()
    assert "a_merged_host_keeps_no_venue_and_no_open_grant" not in {found.name for found in findings() if found.rows}

    Host.objects.filter(pk=venue.host_id).update(
        merged_into=HostFactory(), merged_at=clock.now(), merged_by=UserFactory()
    )

    assert "a_merged_host_keeps_no_venue_and_no_open_grant" in {found.name for found in findings() if found.rows}

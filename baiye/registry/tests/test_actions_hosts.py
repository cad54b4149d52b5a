"""Details, venues and managers of a host; two rows of one body become one."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from baiye.accounts.actions.people import Newcomer
from baiye.accounts.models import Grant
from baiye.accounts.tests.factories import GrantFactory
from baiye.core.models import Event
from baiye.registry.actions import hosts
from baiye.registry.actions.hosts import HostRefused
from baiye.registry.actions.merging import MergeRefused, merge_hosts
from baiye.registry.merges import MERGES, STAYS, follow
from baiye.registry.models import Accreditation, Host
from baiye.registry.queries.hosts import desk_hosts_for, duplicate_pairs, find_desk_host
from baiye.registry.tests.applying import (
    AT,
    GOOD_CODE,
    ODD_CODE,
    OTHER_CODE,
    TODAY,
    DocumentFactory,
    KeptStandardFactory,
    handed_in,
    reviewer_of,
)
from baiye.registry.tests.factories import AccreditationFactory, HostFactory, VenueFactory

pytestmark = pytest.mark.django_db


def pair():
    """Two hosts of one district, and its coordinator."""
    old = HostFactory()
    new = HostFactory(unit__parent=old.unit.parent)
    return old, new, GrantFactory(role="coordinator", unit=old.unit.parent).user


def test_edit_host_changes_what_it_says_of_itself_and_nothing_that_others_decide():
    host = HostFactory()
    manager = GrantFactory(role="host_manager", unit=host.unit).user

    fields = {"about": "揉面", "phone": "13800000000", "evidence": "lead", "credit_code": OTHER_CODE}
    hosts.edit_host(host=host, fields=fields, by=manager)

    host.refresh_from_db()
    assert (host.about, host.phone, host.evidence, host.credit_code) == ("揉面", "13800000000", "confirmed", "")
    assert Event.objects.get(kind="host.edited").facts == {"fields": ["about", "phone_sealed"]}


def test_edit_host_is_denied_to_another_host():
    host = HostFactory()

    with pytest.raises(PermissionDenied):
        hosts.edit_host(host=host, fields={"about": "x"}, by=GrantFactory(role="host_manager").user)

    host.refresh_from_db()
    assert host.about == ""


def test_set_credit_code_that_is_odd_needs_a_person_of_the_desk():
    host, _other, coordinator = pair()
    manager = GrantFactory(role="host_manager", unit=host.unit).user

    with pytest.raises(HostRefused, match="校验位"):
        hosts.set_credit_code(host=host, code=ODD_CODE, confirmed=False, by=coordinator)
    with pytest.raises(PermissionDenied):
        hosts.set_credit_code(host=host, code=ODD_CODE, confirmed=True, by=manager)
    hosts.set_credit_code(host=host, code=ODD_CODE.lower(), confirmed=True, by=coordinator)

    host.refresh_from_db()
    assert (host.credit_code, host.credit_confirmed_by) == (ODD_CODE, coordinator)


def test_set_credit_code_of_another_host_is_refused():
    host, other, coordinator = pair()
    hosts.set_credit_code(host=other, code=GOOD_CODE, confirmed=False, by=coordinator)

    with pytest.raises(HostRefused, match="合并"):
        hosts.set_credit_code(host=host, code=GOOD_CODE, confirmed=False, by=coordinator)


def test_save_venue_that_holds_more_than_its_area_is_refused():
    host = HostFactory()
    manager = GrantFactory(role="host_manager", unit=host.unit).user

    with pytest.raises(HostRefused, match="最多容纳 20 人"):
        hosts.save_venue(host=host, fields={"name": "工坊", "capacity": 21, "area_m2": 60}, by=manager)
    made = hosts.save_venue(host=host, fields={"name": "工坊", "capacity": 20, "area_m2": 60}, by=manager)

    assert list(host.venues.all()) == [made]


def test_save_venue_of_a_name_that_is_taken_is_refused():
    venue = VenueFactory()
    manager = GrantFactory(role="host_manager", unit=venue.host.unit).user

    with pytest.raises(HostRefused, match="同名"):
        hosts.save_venue(host=venue.host, fields={"name": venue.name, "capacity": 2}, by=manager)


def test_close_venue_from_a_day_and_open_it_again():
    venue = VenueFactory()
    manager = GrantFactory(role="host_manager", unit=venue.host.unit).user

    with pytest.raises(HostRefused, match="今天以前"):
        hosts.close_venue(venue=venue, from_on=TODAY - timedelta(days=1), by=manager, at=AT)
    hosts.close_venue(venue=venue, from_on=TODAY, by=manager, at=AT)
    venue.refresh_from_db()
    closed = (venue.closed_on, venue.closed_by)
    hosts.reopen_venue(venue=venue, by=manager)

    venue.refresh_from_db()
    assert closed == (TODAY, manager)
    assert (venue.closed_on, venue.closed_by) == (None, None)


def test_invite_manager_by_the_coordinator_makes_an_account_at_this_host():
    host, other, coordinator = pair()

    link = hosts.invite_manager(host=host, newcomer=Newcomer("shifu", "示例师傅"), by=coordinator, at=AT)

    assert [(grant.role, grant.unit) for grant in link.user.grants.all()] == [("host_manager", host.unit)]
    with pytest.raises(PermissionDenied):
        manager = GrantFactory(role="host_manager", unit=other.unit).user
        hosts.invite_manager(host=other, newcomer=Newcomer("second", "示例"), by=manager, at=AT)


def test_desk_hosts_for_shows_ones_own_and_those_under_ones_standards():
    mine, other, coordinator = pair()
    manager = GrantFactory(role="host_manager", unit=mine.unit).user
    standard = KeptStandardFactory(keeper__parent=mine.unit.parent)
    AccreditationFactory(host=other, standard=standard)
    HostFactory()

    assert list(desk_hosts_for(manager, on=TODAY)) == [mine]
    assert list(desk_hosts_for(reviewer_of(standard), on=TODAY)) == [other]
    assert set(desk_hosts_for(coordinator, on=TODAY)) == {mine, other}
    assert list(desk_hosts_for(coordinator, on=TODAY, state="accredited")) == [other]
    assert find_desk_host(manager, other.pk) is None


def test_merge_hosts_moves_everything_and_keeps_the_history():
    old, new, coordinator = pair()
    venue, taken = VenueFactory(host=old, name="工坊"), VenueFactory(host=new, name="工坊")
    held, document = AccreditationFactory(host=old), DocumentFactory(host=old)
    application = handed_in()
    type(application).objects.filter(pk=application.pk).update(host=old)
    manager = GrantFactory(role="host_manager", unit=old.unit).user

    merge_hosts(old=old, new=new, by=coordinator, at=AT)
    again = merge_hosts(old=old, new=new, by=coordinator, at=AT)

    for row in (venue, held, document, application, old):
        row.refresh_from_db()
    assert [row.host for row in (venue, held, document, application)] == [new, new, new, new]
    assert (taken.name, venue.name) == ("工坊", f"{old.unit}·工坊")
    assert (old.merged_into, old.merged_by, again) == (new, coordinator, {})
    assert {grant.unit for grant in Grant.objects.filter(user=manager, ended_at=None)} == {new.unit}
    assert Event.objects.filter(kind="host.merged").count() == 1
    assert list(duplicate_pairs(coordinator)) == []


def test_merge_hosts_gives_the_other_what_it_lacks_and_nothing_else():
    old, new, coordinator = pair()
    known = {"credit_code": GOOD_CODE, "address": "示例路 1 号", "opening": "周六", "lon": 121.4, "lat": 31.2}
    Host.objects.filter(pk=old.pk).update(**known, occupations=["面点师"], is_vocational=True, is_commercial=True)
    Host.objects.filter(pk=new.pk).update(address="示例路 2 号")

    merge_hosts(old=old, new=new, by=coordinator, at=AT)

    new.refresh_from_db()
    assert {name: getattr(new, name) for name in known} == known | {"address": "示例路 2 号"}
    assert (new.occupations, new.is_vocational, new.is_commercial) == (["面点师"], True, True)


def test_merge_hosts_whose_accreditations_differ_is_refused_and_leaves_nothing_behind():
    old, new, coordinator = pair()
    AccreditationFactory(host=old)
    AccreditationFactory(host=new, valid_until=TODAY)

    with pytest.raises(MergeRefused, match="期限却不同"):
        merge_hosts(old=old, new=new, by=coordinator, at=AT)

    old.refresh_from_db()
    assert old.merged_into is None
    assert Accreditation.objects.filter(host=old).count() == 1


@pytest.mark.parametrize(
    ("of_old", "of_new", "match"),
    [
        ({}, {"evidence": "lead"}, "反过来"),
        ({"unit__is_example": True}, {}, "示例"),
        ({"credit_code": GOOD_CODE}, {"credit_code": OTHER_CODE}, "代码不同"),
    ],
)
def test_merge_hosts_that_do_not_fit_is_refused(of_old, of_new, match):
    old = HostFactory(**of_old)
    new = HostFactory(unit__parent=old.unit.parent, **of_new)
    coordinator = GrantFactory(role="coordinator", unit=old.unit.parent).user

    with pytest.raises(MergeRefused, match=match):
        merge_hosts(old=old, new=new, by=coordinator, at=AT)

    assert not Host.objects.filter(merged_into__isnull=False).exists()


def test_merge_hosts_with_itself_is_refused():
    old, _new, coordinator = pair()

    with pytest.raises(MergeRefused, match="自己"):
        merge_hosts(old=old, new=old, by=coordinator, at=AT)


@pytest.mark.parametrize("role", ["host_manager", "district_officer"])
def test_merge_hosts_is_denied_to_who_only_manages_or_only_accredits(role):
    old, new, _coordinator = pair()
    unit = old.unit if role == "host_manager" else old.unit.parent

    with pytest.raises(PermissionDenied):
        merge_hosts(old=old, new=new, by=GrantFactory(role=role, unit=unit).user, at=AT)


def test_a_merged_host_takes_nothing_new():
    old, new, coordinator = pair()
    merge_hosts(old=old, new=new, by=coordinator, at=AT)

    with pytest.raises(HostRefused, match="并入"):
        hosts.edit_host(host=old, fields={"about": "x"}, by=coordinator)


def test_follow_twice_is_an_error():
    name = next(iter(MERGES))
    model, field = name.rsplit(".", 1)

    with pytest.raises(ValueError, match="already"):
        follow(model, field)


BY_ITSELF = {
    f"registry.{name}.host" for name in ("Venue", "Accreditation", "HostDocument", "Application", "Inspection")
}
BY_ITSELF |= {"registry.Host.merged_into", "registry.Listing.host"}


def test_no_table_that_names_a_host_is_forgotten_in_a_merge():
    named = {f"{relation.related_model._meta.label}.{relation.field.name}" for relation in Host._meta.related_objects}

    assert named - STAYS - BY_ITSELF - set(MERGES) == set()


def test_duplicate_pairs_finds_like_names_and_same_addresses_once_each():
    old, new, coordinator = pair()
    type(old.unit).objects.filter(pk=old.unit_id).update(name="示例面点工坊有限公司")
    type(new.unit).objects.filter(pk=new.unit_id).update(name="上海市示例面点工坊")
    HostFactory(unit__parent=old.unit.parent, unit__name="区图书馆")

    assert duplicate_pairs(coordinator)[:1] == [(old, new, True, False)]
    assert [(one, other) for one, other, *_facts in duplicate_pairs(coordinator)] == [(old, new)]


def test_hosts_cannot_be_merged_without_saying_by_whom():
    old, new, _coordinator = pair()

    with pytest.raises(IntegrityError, match="host_merged_by_whom_and_when"):
        Host.objects.filter(pk=old.pk).update(merged_into=new)

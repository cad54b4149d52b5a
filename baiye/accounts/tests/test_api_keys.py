"""Keys of partners' programs: made, used, revoked; by whom, and by nobody else."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from baiye.accounts.actions.api_keys import KeyRefused, make_key, revoke_key, use_key
from baiye.accounts.models import ApiKey, ApiUse
from baiye.accounts.tests.factories import DistrictFactory, GrantFactory, UnitFactory, UserFactory
from baiye.core import clock
from baiye.core.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return GrantFactory(role="system_admin", unit=DistrictFactory()).user


def agency_of(admin):
    return UnitFactory(kind="agency", parent=admin.grants.get().unit)


def key_for(admin, **fields):
    return make_key(**{"unit": agency_of(admin), "name": "小程序", "by": admin, "at": clock.now()} | fields)


def test_make_key_keeps_a_digest_and_an_event_alone(admin):
    key, text = key_for(admin)

    assert (key.start, text.startswith(key.start), text in str(vars(key))) == (text[:8], True, False)
    assert Event.objects.filter(kind="api_key.made", object_id=str(key.pk)).count() == 1


def test_make_key_for_a_school_or_twice_is_refused_and_leaves_nothing(admin):
    key, _text = key_for(admin)

    with pytest.raises(KeyRefused, match="只发给牵头部门和基地"):
        key_for(admin, unit=UnitFactory(kind="school", parent=admin.grants.get().unit))
    with pytest.raises(KeyRefused, match="已经有一个叫这个名字"):
        key_for(admin, unit=key.unit)
    assert ApiKey.objects.get() == key


def test_make_and_revoke_key_by_somebody_else_is_denied(admin):
    key, _text = key_for(admin)
    stranger = GrantFactory(role="system_admin", unit=DistrictFactory()).user

    with pytest.raises(PermissionDenied):
        key_for(admin, by=stranger, unit=key.unit)
    with pytest.raises(PermissionDenied):
        revoke_key(key=key, by=stranger, at=clock.now())


def test_use_key_counts_by_day_until_it_is_revoked(admin):
    key, text = key_for(admin)

    assert [use_key(text=text, at=clock.now()) for _ in range(3)] == [key] * 3
    assert list(ApiUse.objects.values_list("hits", flat=True)) == [3]
    revoke_key(key=key, by=admin, at=clock.now())
    revoke_key(key=key, by=admin, at=clock.now())
    assert use_key(text=text, at=clock.now()) is None
    assert Event.objects.filter(kind="api_key.revoked").count() == 1


def test_a_key_is_revoked_by_someone_and_named_once_a_unit(admin):
    key, _text = key_for(admin)

    with pytest.raises(IntegrityError, match="api_key_revoked_by_whom_and_when"), transaction.atomic():
        ApiKey.objects.update(revoked_at=clock.now())
    with pytest.raises(IntegrityError, match="api_key_named_once_a_unit"), transaction.atomic():
        ApiKey.objects.create(unit=key.unit, name=key.name, digest="x", made_at=clock.now(), made_by=admin)
    with pytest.raises(IntegrityError, match="api_use_is_some"), transaction.atomic():
        ApiUse.objects.create(key=key, on=clock.today(), hits=0)
    ApiUse.objects.create(key=key, on=clock.today(), hits=1)
    with pytest.raises(IntegrityError, match="api_use_counted_once_a_day"), transaction.atomic():
        ApiUse.objects.create(key=key, on=clock.today(), hits=1)


def test_key_list_makes_a_key_and_shows_its_text_once(client, admin):
    client.force_login(admin)
    unit = agency_of(admin)

    made = client.post(reverse("accounts:api-key-list"), {"unit": unit.pk, "name": "小程序"})
    after = client.get(reverse("accounts:api-key-list"))

    text = made.context["text"]
    assert (use_key(text=text, at=clock.now()).unit, text in made.text, text in after.text) == (unit, True, False)


def test_key_list_with_an_empty_form_keeps_what_was_typed(client, admin):
    client.force_login(admin)

    response = client.post(reverse("accounts:api-key-list"), {"name": "小程序"})

    assert (response.status_code, 'value="小程序"' in response.text) == (422, True)


def test_revocation_asks_then_ends_the_key(client, admin):
    key, text = key_for(admin)
    client.force_login(admin)
    address = reverse("accounts:api-key-revocation", args=[key.pk])

    asked = client.get(address)
    done = client.post(address)

    assert (asked.status_code, done.status_code) == (200, 302)
    assert use_key(text=text, at=clock.now()) is None


def test_pages_of_keys_are_not_there_for_others(client, admin):
    key, _text = key_for(admin)
    pages = [reverse("accounts:api-key-list"), reverse("accounts:api-key-revocation", args=[key.pk])]
    other = GrantFactory(role="system_admin", unit=DistrictFactory()).user

    client.force_login(other)
    assert [client.get(page).status_code for page in pages] == [200, 404]
    client.force_login(GrantFactory(role="coordinator", unit=admin.grants.get().unit).user)
    assert [client.get(page).status_code for page in pages] == [404, 404]
    client.force_login(UserFactory())
    assert [client.post(page).status_code for page in pages] == [404, 404]


@pytest.mark.parametrize("count", [1, 3])
def test_key_list_costs_as_many_queries_for_three_as_for_one(client, admin, django_assert_max_num_queries, count):
    for n in range(count):
        key_for(admin, name=str(n))
    client.force_login(admin)

    with django_assert_max_num_queries(8):
        response = client.get(reverse("accounts:api-key-list"))

    assert len(response.context["page"]) == count

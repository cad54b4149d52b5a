"""A family's own pages: which child, and who else stands for them."""

import pytest

from baiye.core import clock
from baiye.schools import queries
from baiye.schools.models import GuardianContact, GuardianRequest
from baiye.schools.tests.factories import (
    GuardianContactFactory,
    GuardianRequestFactory,
    GuardianshipFactory,
    PupilFactory,
)
from baiye.schools.tests.pages import page, url
from baiye.schools.tests.people import guardian_of

pytestmark = pytest.mark.django_db


def test_child_is_chosen_for_the_session_among_ones_own(client, pupil):
    user = guardian_of(pupil)
    other = GuardianshipFactory(user=user, pupil__born_on=clock.today().replace(year=2010, day=1)).pupil
    client.force_login(user)

    response = client.post(url("child", pupil.pk))
    assert queries.current_child(response.wsgi_request) == pupil
    response = client.post(url("child", other.pk))
    assert queries.current_child(response.wsgi_request) == other
    assert client.post(url("child", PupilFactory().pk)).status_code == 404


def test_current_child_whose_guardianship_ended_is_another(client, pupil):
    user = guardian_of(pupil)
    kept = GuardianshipFactory(user=user).pupil
    client.force_login(user)
    response = client.post(url("child", pupil.pk))
    pupil.guardianships.update(ended_at=clock.now(), ended_by=user)

    assert queries.current_child(response.wsgi_request) == kept


def test_guardians_adds_answers_removes_and_ends(client, pupil):
    user = guardian_of(pupil)
    asked = GuardianRequestFactory(pupil=pupil)
    client.force_login(user)

    client.post(url("guardians", pupil.pk), {"name": "王芳", "phone": "15400000002"})
    assert GuardianContact.objects.get().added_by == user
    client.post(url("guardian-contact-removal", GuardianContact.objects.get().pk))
    assert not GuardianContact.objects.exists()
    client.post(url("guardian-request-answer", asked.pk), {"agreed": "yes"})
    assert len(queries.guardians_of([pupil.pk])[pupil.pk]) == 2
    own = pupil.guardianships.get(user=user)
    assert client.get(url("guardianship-end", own.pk)).status_code == 200
    client.post(url("guardianship-end", own.pk))
    assert queries.guardians_of([pupil.pk]) == {pupil.pk: [asked.user]}


def test_guardians_with_a_wrong_phone_says_so_beside_the_field(client, pupil):
    client.force_login(guardian_of(pupil))

    response = client.post(url("guardians", pupil.pk), {"name": "王芳", "phone": "154"})

    assert response.status_code == 422
    assert response.context["form"].errors["phone"] == ["手机号少了 8 位，请补全"]


@pytest.mark.parametrize("count", [1, 3])
def test_guardians_costs_as_many_queries_for_three_as_for_one(client, pupil, django_assert_num_queries, count):
    user = guardian_of(pupil)
    for _n in range(count):
        GuardianshipFactory(pupil=pupil)
        GuardianContactFactory(pupil=pupil)
        GuardianRequestFactory(pupil=pupil)
    client.force_login(user)

    with django_assert_num_queries(9):
        client.get(url("guardians", pupil.pk))


def test_what_belongs_to_another_family_is_not_there(client, pupil):
    guardianship, asked = GuardianshipFactory(pupil=pupil), GuardianRequestFactory(pupil=pupil)
    contact = GuardianContactFactory(pupil=pupil, added_by=guardianship.user)
    client.force_login(guardian_of(PupilFactory()))

    for address in (
        url("guardianship-end", guardianship.pk),
        url("guardian-request-answer", asked.pk),
        url("guardian-contact-removal", contact.pk),
        url("guardians", pupil.pk),
    ):
        assert client.post(address, {"agreed": "yes"}).status_code == 404

    assert GuardianRequest.objects.get().answered_at is None
    assert GuardianContact.objects.count() == 1


def test_guardianship_end_of_another_guardian_of_the_same_child_is_not_there(client, pupil):
    first = GuardianshipFactory(pupil=pupil)

    assert page(client, guardian_of(pupil), url("guardianship-end", first.pk)).status_code == 404

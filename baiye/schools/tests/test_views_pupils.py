"""The page of a pupil: masked, looked at on record, a card and a departure."""

import pytest

from baiye.core import clock
from baiye.core.models import Event
from baiye.schools.models import Pupil, PupilCode
from baiye.schools.tests.factories import (
    GuardianContactFactory,
    GuardianRequestFactory,
    GuardianshipFactory,
    PupilFactory,
    SchoolClassFactory,
    TermFactory,
)
from baiye.schools.tests.pages import page, url
from baiye.schools.tests.people import coordinator_of, events, guardian_of, teacher_of

pytestmark = pytest.mark.django_db


def test_pupil_card_asks_first_and_shows_one_code(client, pupil):
    TermFactory()
    client.force_login(teacher_of(pupil.school_class))
    assert client.get(url("pupil-card", pupil.pk)).status_code == 200
    assert not PupilCode.objects.exists()

    response = client.post(url("pupil-card", pupil.pk))

    assert [card.pupil for card in response.context["cards"]] == [pupil]


def test_pupil_shows_masked_numbers_and_writes_the_look_down(client, pupil):
    GuardianContactFactory(pupil=pupil, number="15400000001")
    GuardianshipFactory(pupil=pupil)
    by = teacher_of(pupil.school_class)

    response = page(client, by, url("pupil", pupil.pk))

    text = response.content.decode()
    assert "G990000********" in text
    assert pupil.roll_number not in text
    assert "154****0001" in text
    assert "15400000001" not in text
    look = Event.objects.get(kind="pupil.viewed")
    assert (look.actor_id, look.object_id, look.facts, look.unit_path) == (
        by.pk,
        str(pupil.pk),
        {"page": "file"},
        pupil.school_class.school.unit.path,
    )


@pytest.mark.parametrize("count", [1, 3])
def test_pupil_costs_as_many_queries_for_three_guardians_as_for_one(client, pupil, django_assert_num_queries, count):
    for _n in range(count):
        GuardianshipFactory(pupil=pupil)
        GuardianContactFactory(pupil=pupil)
        GuardianRequestFactory(pupil=pupil)
    client.force_login(teacher_of(pupil.school_class))

    with django_assert_num_queries(14):
        response = client.get(url("pupil", pupil.pk))

    assert len(response.context["guardianships"]) == count


def test_pupil_out_of_scope_is_not_there_and_no_look_is_written(client, pupil):
    others = [
        guardian_of(PupilFactory()),
        teacher_of(SchoolClassFactory()),
        coordinator_of(SchoolClassFactory().school),
    ]

    for other in others:
        assert page(client, other, url("pupil", pupil.pk)).status_code == 404

    assert "pupil.viewed" not in events()


def test_pupil_departure_asks_first_and_then_marks(client, pupil):
    client.force_login(coordinator_of(pupil.school_class.school))
    assert client.get(url("pupil-departure", pupil.pk)).status_code == 200
    assert Pupil.objects.get().left_on is None

    response = client.post(url("pupil-departure", pupil.pk), follow=True)

    assert Pupil.objects.get().left_on == clock.today()
    assert "已标记转出" in response.content.decode()


def test_pupil_departure_is_not_there_for_the_class_teacher(client, pupil):
    assert page(client, teacher_of(pupil.school_class), url("pupil-departure", pupil.pk)).status_code == 404

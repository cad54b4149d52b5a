"""What the database holds about incidents and complaints, each promise broken once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock, crypto
from baiye.core.models import File
from baiye.incidents.models import Complaint, Concerned, Incident, IncidentPhoto, Step
from baiye.incidents.tests.factories import ComplaintFactory, IncidentFactory
from baiye.schools.tests.factories import PupilFactory

pytestmark = pytest.mark.django_db
STAYS = "stays as it is"


def refused(sentence):
    return pytest.raises(IntegrityError, match=sentence)


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "other"},
        {"what_sealed": b"x"},
        {"done_sealed": b"x"},
        {"told": ["police"]},
        {"place": "别处"},
        {"host": None},
        {"happened_at": clock.now() - timedelta(days=2)},
    ],
)
def test_a_report_never_changes(changed):
    incident = IncidentFactory()

    with refused(STAYS):
        Incident.objects.filter(pk=incident.pk).update(**changed)


def test_a_report_is_never_deleted():
    incident = IncidentFactory()

    with refused(STAYS):
        Incident.objects.filter(pk=incident.pk).delete()


def test_a_report_is_not_sent_before_it_happened():
    with refused("incident_not_before_it_happened"):
        IncidentFactory(happened_at=clock.now() + timedelta(hours=1))


def test_an_incident_is_closed_once_it_was_weighed():
    with refused("incident_closed_once_weighed"):
        IncidentFactory(closed_at=clock.now(), closed_by=UserFactory())


def test_an_incident_that_is_more_than_minor_is_closed_by_another():
    owner = UserFactory()

    with refused("incident_heavier_than_minor_closed_by_another"):
        IncidentFactory(severity="serious", owner=owner, closed_at=clock.now(), closed_by=owner)


def test_who_closed_and_when_stand_together():
    with refused("incident_closed_by_whom_and_when"):
        IncidentFactory(severity="minor", owner=UserFactory(), closed_at=clock.now())


def test_a_step_stays():
    step = Step.objects.create(
        incident=IncidentFactory(), by=UserFactory(), kind="note", text_sealed=crypto.encrypt("a")
    )

    with refused(STAYS):
        Step.objects.filter(pk=step.pk).update(kind="closed")


def test_who_was_concerned_stays():
    row = Concerned.objects.create(incident=IncidentFactory(), pupil=PupilFactory())

    with refused(STAYS):
        row.delete()


def test_a_photo_stays():
    file = File.objects.create(name="a.jpg", media_type="image/jpeg", size=1, sha256="0", sealed=b"x")
    photo = IncidentPhoto.objects.create(incident=IncidentFactory(), file=file)

    with refused(STAYS):
        photo.delete()


def test_a_request_makes_one_report():
    incident = IncidentFactory()

    with refused("request"):
        IncidentFactory(request=incident.request)


@pytest.mark.parametrize("changed", [{"text_sealed": b"x"}, {"kind": "other"}, {"made_by": None, "host": None}])
def test_a_complaint_never_changes(changed):
    complaint = ComplaintFactory()

    with refused(STAYS):
        Complaint.objects.filter(pk=complaint.pk).update(**changed)


def test_a_complaint_is_never_deleted():
    complaint = ComplaintFactory()

    with refused(STAYS):
        complaint.delete()


def test_an_answer_never_changes():
    complaint = ComplaintFactory(answered_at=clock.now(), answered_by=UserFactory(), upheld=True, answer="查实了")

    with refused(STAYS):
        Complaint.objects.filter(pk=complaint.pk).update(answer="别的")


def test_an_answer_says_who_when_and_how():
    with refused("complaint_answered_by_whom_when_and_how"):
        ComplaintFactory(answered_at=clock.now(), answered_by=UserFactory(), upheld=True)


def test_a_complaint_is_escalated_after_an_answer():
    with refused("complaint_escalated_after_an_answer"):
        ComplaintFactory(escalated_at=clock.now())


def test_a_complaint_is_looked_at_again_by_another():
    first = UserFactory()
    answered = {"answered_at": clock.now(), "answered_by": first, "upheld": False, "answer": "没有查实"}

    with refused("complaint_looked_at_again_by_another"):
        ComplaintFactory(
            **answered,
            escalated_at=clock.now(),
            final_at=clock.now(),
            final_by=first,
            final_upheld=False,
            final_answer="一样",
        )

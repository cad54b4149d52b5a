"""The world's mentors, and who is with one of its visits: keys for the addresses of mentors and of assignments."""

from baiye.accounts.models import User
from baiye.mentors.tests.factories import (
    AppointmentFactory,
    CertificateFactory,
    CheckFactory,
    SessionFactory,
    TitleFactory,
    UncheckedFactory,
)
from baiye.rounds.tests.factories import District
from baiye.visits.tests.factories import AssignmentFactory


def mentor_keys(base: District, own: User | None) -> dict[str, object]:
    """A counsellor of the world's first host whom its district appoints; ``own`` is their account."""
    mentor = UncheckedFactory(kinds=["counsellor"], unit=base.hosts[0].unit, appointed_by=base.unit, user=own)
    CheckFactory(mentor=mentor)
    appointment = AppointmentFactory(mentor=mentor)
    certificate = CertificateFactory(mentor=mentor)
    session = SessionFactory(training__unit=base.unit)
    assignment = AssignmentFactory(visit=base.visits[0], mentor=mentor)
    return {
        "mentor_id": mentor.pk,
        "title_id": TitleFactory(mentor=mentor).pk,
        "appointment_id": appointment.pk,
        "training_id": session.training_id,
        "session_id": session.pk,
        "assignment_id": assignment.pk,
        "mentors:certificate-paper.certificate_id": certificate.pk,
        "visits:adults.visit_id": base.visits[0].pk,
    }

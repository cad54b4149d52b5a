"""The paper of an appointment (聘书): the PDF is a function of its row alone."""

from pathlib import Path

from baiye.core import typeset
from baiye.mentors.models import Appointment

TEMPLATE = Path(__file__).parent / "templates" / "mentors" / "appointment.typ"


def appointment_paper(appointment: Appointment) -> bytes:
    """One page, A4 across; the same bytes for the same row."""
    return typeset.pdf(TEMPLATE, {**appointment.shows, "number": appointment.number}, at=appointment.made_at)

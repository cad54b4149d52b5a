"""The tables of the people who guide pupils, one file a noun; Django looks for them here, and so may everyone."""

from baiye.mentors.models.appointments import Appointment, Evaluation
from baiye.mentors.models.mentors import Check, Mentor, Title
from baiye.mentors.models.trainings import Attendance, Certificate, Session, Training

__all__ = [
    "Appointment",
    "Attendance",
    "Certificate",
    "Check",
    "Evaluation",
    "Mentor",
    "Session",
    "Title",
    "Training",
]

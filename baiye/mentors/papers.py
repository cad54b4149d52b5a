"""The paper of an appointment (聘书): the PDF is a function of its row alone."""

import json
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

from baiye.mentors.models import Appointment

TEMPLATE = Path(__file__).parent / "templates" / "mentors" / "appointment.typ"


def appointment_paper(appointment: Appointment) -> bytes:
    """One page, A4 across; the same bytes for the same row."""
    data = {**appointment.shows, "number": appointment.number}
    inputs = {"data": json.dumps(data, ensure_ascii=False, sort_keys=True)}
    pdf = _compiler().compile(format="pdf", sys_inputs=inputs, timestamp=int(appointment.made_at.timestamp()))
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _compiler() -> typst.Compiler:
    fonts = [str(Path(pylopdf_fonts_zh_cn.__file__).parent)]
    return typst.Compiler(str(TEMPLATE), font_paths=fonts, ignore_system_fonts=True)

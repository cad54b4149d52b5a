"""The letter of thanks for a talk: the PDF is a function of the row of a talk that was held."""

from pathlib import Path

from baiye.core import clock, typeset
from baiye.outreach.models import Talk

TEMPLATE = Path(__file__).parent / "templates" / "outreach" / "thanks.typ"


def letter_of_thanks(talk: Talk) -> bytes:
    """One page, A4; the same bytes for the same talk, with its speaker, school, topic and campaign loaded."""
    assert talk.held_at is not None
    held, written = clock.day_of(talk.starts_at), clock.day_of(talk.held_at)
    said = {
        "name": talk.speaker.name,
        "of": talk.speaker.unit.name,
        "school": talk.school.unit.name,
        "topic": talk.topic.title,
        "on": typeset.han(held),
        "heard": talk.heard,
        "campaign": talk.offer.campaign.title,
        "by": talk.offer.campaign.unit.name,
        "written": typeset.han(written),
        "example": talk.is_example,
    }
    return typeset.pdf(TEMPLATE, said, at=talk.held_at)

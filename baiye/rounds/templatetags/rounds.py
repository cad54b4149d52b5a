"""Phases, rules and grades of a round as they are called."""

from datetime import date

from django.template import Library

from baiye.rounds import policies
from baiye.rounds.models import Phase, Round
from baiye.rounds.words import PHASE_NAMES

register = Library()


@register.filter
def phase_name(phase: Phase) -> str:
    """填志愿."""
    return str(PHASE_NAMES[phase.kind])


@register.filter
def policy_name(policy: str) -> str:
    """总分最高."""
    return str(policies.NAMES[policy])


@register.filter
def policy_sentence(policy: str) -> str:
    """The one sentence that defines a published rule."""
    return str(policies.SENTENCES[policy])


@register.simple_tag
def round_grade(round: Round, on: date) -> int:
    """The grade that goes, on a day: 7."""
    return round.grade(on)

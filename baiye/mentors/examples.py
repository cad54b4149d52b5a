"""The example layer (示例) of a demonstration: mentors with generated names whose checks nobody made."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction

from baiye.accounts.models import Unit, User
from baiye.core import pinyin
from baiye.mentors.models import Check, Mentor
from baiye.registry.examples import require_examples


@transaction.atomic
def make_example_guides(*, names: Mapping[Unit, Sequence[str]], on: date, by: User | None) -> dict[int, list[Mentor]]:
    """A guide for each name at each unit, checked on a day; unit key → its guides. May be asked twice.

    A unit that has as many example guides already keeps them, with a fresh check where theirs grows old.
    """
    require_examples()
    made: dict[int, list[Mentor]] = {}
    for unit, wanted in names.items():
        held = list(Mentor.objects.filter(unit=unit, is_example=True).order_by("pk"))
        held += [_guide(unit, name, by) for name in wanted[len(held) :]]
        for guide in held:
            if not guide.checks.filter(checked_on__gt=on - timedelta(days=180)).exists():
                Check.objects.create(mentor=guide, result="clear", checked_on=on, method="employer", checker=by)
        made[unit.pk] = held
    return made


def _guide(unit: Unit, name: str, by: User | None) -> Mentor:
    return Mentor.objects.create(
        unit=unit, name=name, pinyin=pinyin.key(name), kinds=["guide"], is_example=True, made_by=by, most_a_term=400
    )

"""Reads for the official list (职业体验单位名单): accreditations that hold, and on wish those that ended."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from baiye.accounts.models import Unit
from baiye.registry.models import Accreditation
from baiye.registry.queries.register import Asked, find
from baiye.registry.queries.verdicts import holding, kept_by, real_accreditations


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of the list: accreditations with host, unit, standard and keeper loaded, by host's name."""

    held: Sequence[Accreditation]
    ended: Sequence[Accreditation]


def lines(asked: Asked, on: date, *, ended: bool = False) -> Lines:
    """Accreditations of the hosts asked for that hold on a day; with ``ended`` also those that hold no more."""
    hosts = find(replace(asked, sort="name", keeper=None), on).order_by()
    begun = real_accreditations().filter(host__in=hosts.values("pk"), valid_from__lte=on)
    if asked.keeper is not None:
        begun = begun.filter(kept_by(asked.keeper, "standard__"))
    begun = begun.select_related("host__unit", "standard__keeper")
    begun = begun.order_by("host__listing__sounds", "host", "standard__name", "valid_from", "pk")
    held = list(begun.filter(holding(on)))
    again = {(each.host_id, each.standard.name) for each in held}
    over = begun.exclude(holding(on)) if ended else begun.none()
    return Lines(held, [each for each in over if (each.host_id, each.standard.name) not in again])


def body(keeper: int | None) -> Unit | None:
    """The body whose part of the register was asked for; None for the district's or for all."""
    return Unit.objects.filter(pk=keeper).first() if keeper else None

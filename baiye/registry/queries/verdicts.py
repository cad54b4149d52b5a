"""What the register says of a host on a day: accredited until when, stopped, on record, or a lead."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from baiye.registry.models import Accreditation, Host, Listing

SOON = timedelta(days=60)
State = Literal["accredited", "revoked", "suspended", "expired", "confirmed", "lead"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The public verdict on a host; ``by`` is the accreditation that it rests on, standard and keeper loaded."""

    state: State
    by: Accreditation | None = None
    ends_soon: bool = False

    @property
    def until(self) -> date | None:
        """The last day of an accreditation that holds."""
        return self.by.valid_until if self.by and self.state == "accredited" else None


def holding(on: date) -> Q:
    """A filter over accreditations: those that hold on a day, neither suspended nor revoked."""
    going = (Q(suspended_on=None) | Q(suspended_on__gt=on)) & (Q(revoked_on=None) | Q(revoked_on__gt=on))
    return Q(valid_from__lte=on, valid_until__gte=on) & going


def real_accreditations() -> QuerySet[Accreditation]:
    """Accreditations that somebody decided: never an example (示例); standard and its keeper loaded."""
    return Accreditation.objects.filter(is_example=False).select_related("standard__keeper")


def accredited(on: date, *, keeper: int | None = None, stage: str = "") -> Exists:
    """A filter over listings: the host holds a real accreditation on a day, by a standard of this keeper and stage."""
    held = Accreditation.objects.filter(holding(on), host=OuterRef("pk"), is_example=False)
    if keeper is not None:
        held = held.filter(kept_by(keeper, "standard__"))
    return Exists(held.filter(standard__stages__contains=[stage]) if stage else held)


def kept_by(keeper: int, of: str = "") -> Q:
    """A filter over standards: those of one body, whose part of the register this is; 0 is the district itself."""
    if keeper == 0:
        return Q(**{f"{of}keeper": None}) | Q(**{f"{of}keeper__kind": "district"})
    return Q(**{f"{of}keeper": keeper})


def stopped(on: date) -> Q:
    """A filter over listings: once accredited, and suspended, revoked or expired today."""
    ended = Accreditation.objects.filter(host=OuterRef("pk"), is_example=False, valid_from__lte=on)
    return Q(Exists(ended)) & ~Q(accredited(on))


def by_expiry(listings: QuerySet[Listing], on: date) -> QuerySet[Listing]:
    """``listings`` by the last day of their accreditation, the soonest first; those without one last."""
    held = Accreditation.objects.filter(holding(on), host=OuterRef("pk"), is_example=False)
    until = held.order_by("-valid_until").values("valid_until")[:1]
    return listings.annotate(until=until).order_by(F("until").asc(nulls_last=True), "sounds", "pk")


def verdicts(hosts: Collection[Host], on: date) -> dict[int, Verdict]:
    """Host → its verdict on a day; one query."""
    given: dict[int, list[Accreditation]] = defaultdict(list)
    for each in real_accreditations().filter(host__in=hosts, valid_from__lte=on).order_by("valid_until", "pk"):
        given[each.host_id].append(each)
    return {host.pk: verdict(host, given[host.pk], on) for host in hosts}


def verdict(host: Host, given: Sequence[Accreditation], on: date) -> Verdict:
    """What ``given`` (the real accreditations of ``host`` that have begun, by their last day) say on a day."""
    held = [each for each in given if state_on(each, on) == "accredited"]
    if held:
        return Verdict("accredited", held[-1], held[-1].valid_until - on <= SOON)
    states: Iterable[State] = ("revoked", "suspended", "expired")
    for state in states:
        if found := [each for each in given if state_on(each, on) == state]:
            return Verdict(state, found[-1])
    return Verdict("confirmed" if host.evidence == "confirmed" else "lead")


def state_on(given: Accreditation, on: date) -> State:
    """What one accreditation that has begun is on a day."""
    if given.revoked_on is not None and given.revoked_on <= on:
        return "revoked"
    if given.valid_until < on:
        return "expired"
    if given.suspended_on is not None and given.suspended_on <= on:
        return "suspended"
    return "accredited"

"""The verifier's arithmetic where sessions have minimum groups. Standard library only.

A session in ``groups`` charges each unit in ``own`` what stands there, and everyone else ``others``; it holds nobody,
or from its minimum to its seats. So it takes at most what the dearest group pays, or nothing, and U(L) with that in
place of seats · L bounds every placement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Groups = Mapping[str, Mapping[str, Any]]


def wrong_groups(bounds: Any, level: Mapping[str, Any], policy: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the kind of numbers in ``groups``, or with there being any."""
    groups, name = level.get("groups", {}), level["name"]
    if groups and (name != "points" or policy == "floor" or not level["full"]):
        yield "groups", f"{name}: charges of groups prove nothing here"
    firsts = {unit.members[0] for unit in bounds.units}
    for session, charge in groups.items():
        if session not in bounds.book.sessions or session in level["prices"]:
            yield "groups", f"{name}: charges are for no session, or for one that has a price"
        elif set(charge) != {"others", "own"} or not all(
            _whole(c) for c in (charge["others"], *charge["own"].values())
        ):
            yield "groups", f"{name}: the charges of session {session!r} are no whole numbers"
        elif not firsts.issuperset(charge["own"]):
            yield "groups", f"{name}: session {session!r} charges pupils who do not sit for themselves"


def own_charges(groups: Groups) -> dict[str, dict[str, int]]:
    """Pupil → session → charge."""
    found: dict[str, dict[str, int]] = {}
    for session, charge in groups.items():
        for pupil, own in charge["own"].items():
            found.setdefault(pupil, {})[session] = own
    return found


def taken_by(bounds: Any, groups: Groups) -> int:
    """What the sessions take at most, all together."""
    width = {unit.members[0]: unit.width for unit in bounds.units}
    locked = {session for pupil in bounds.book.pupils.values() for session in pupil.locks}
    total = 0
    for session, charge in groups.items():
        least = 0 if session in locked else bounds.book.sessions[session].minimum
        paid = sorted((own for pupil, own in charge["own"].items() for _ in range(width[pupil])), reverse=True)
        total += _dearest(paid, charge["others"], least, max(0, bounds.left[session]))
    return total


def _dearest(paid: list[int], others: int, least: int, seats: int) -> int:
    """Nothing, or what ``least`` to ``seats`` pupils pay at most; of those who pay ``others`` there are enough."""
    best = total = 0
    for n in range(seats):
        total += max(others, paid[n]) if n < len(paid) else others
        if n + 1 >= least:
            best = max(best, total)
    return best


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)

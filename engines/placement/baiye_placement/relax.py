"""The nearest problem that stands: contradicting rows are changed as little as can be, and each change is told.

What is changed, in the order in which it is looked at:

- a row that cannot be read, or that names an unknown pupil, session, group or project, is left out; of rows with one
  id the first one counts; characters of ids that cannot be printed are left out;
- numbers are brought to the nearest one allowed; wishes that cannot be counted are dropped, the others keep their rank;
- a pupil whose group is unknown is left out of the round, one whose group has no half-day needs none;
- locks: a pupil keeps those that can be kept together, the earliest first; a session that is locked beyond its seats
  those with the earliest lottery numbers;
- pupils tied together are divided where they cannot sit together: different needs or locks, to be kept apart, more
  than the largest session holds. Apartness always stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from baiye_placement.checks import contradictions
from baiye_placement.problem import POLICIES, Policy, Problem
from baiye_placement.relax_locks import LOCK_STEPS
from baiye_placement.relax_rows import ROW_STEPS, Change, Fields, unchecked


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The problem that stands (None where the contradictions that are left need a person), and how it came about."""

    problem: Problem | None
    messages: tuple[str, ...]
    changes: tuple[Change, ...]


def cost_of(changes: Iterable[Change]) -> dict[str, int]:
    """What is given up in all, by kind."""
    total: dict[str, int] = {}
    for change in changes:
        total[change.kind] = total.get(change.kind, 0) + change.cost
    return dict(sorted(total.items()))


def relax(fields: Fields, errors: Iterable[str] = ()) -> Relaxed:
    """All that is wrong with what ``files.read_fields`` gave, and the nearest problem that stands."""
    messages, changes = list(errors), [Change(f"left out: {error}", "rows", 1) for error in errors]
    if fatal := [e for e in messages if ", line " not in e and " is not in " not in e]:
        return Relaxed(None, tuple(messages), tuple(Change(e, "files", 0) for e in fatal))
    fields = dict(fields)
    changes += _policy(fields, messages)
    for steps in (*ROW_STEPS, LOCK_STEPS):  # in the order of ``contradictions``, which stops after each part
        messages += [m for m in contradictions(unchecked(fields)) if m not in messages]
        for step in steps:
            changes += step(fields)
    left = contradictions(unchecked(fields))
    messages += [m for m in left if m not in messages]
    return Relaxed(None if left else Problem(**fields), tuple(messages), tuple(changes))


def _policy(fields: Fields, messages: list[str]) -> list[Change]:
    """An unknown policy becomes the usual one."""
    changes: list[Change] = []
    if fields["policy"] not in POLICIES:
        messages.append(f"policy {fields['policy']!r} is unknown; known: {', '.join(POLICIES)}")
        changes.append(Change(f"policy {fields['policy']!r} becomes {Policy().name!r}", "numbers", 1))
        fields["policy"] = Policy().name
    fields["policy"] = Policy(fields["policy"])
    return changes

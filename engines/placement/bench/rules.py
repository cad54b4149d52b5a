"""Rules without an optimiser, in plain Python: serial dictatorship and a snake draft by lottery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model import Model


def serial_dictatorship(model: Model) -> list[int]:
    """Pupils choose all their half-days, one pupil after the other."""
    return _choose(model, ((p, int(model.need[p])) for p in model.order.tolist()))


def snake_draft(model: Model) -> list[int]:
    """Pupils choose one half-day each in turn; after each turn the order is turned round."""
    order = model.order.tolist()
    turns = range(int(model.need.max()))
    return _choose(model, ((p, 1) for turn in turns for p in (order[::-1] if turn % 2 else order)))


def _choose(model: Model, turns: Iterable[tuple[int, int]]) -> list[int]:
    left, slot = model.capacity.tolist(), model.slot.tolist()
    wish_ptr, edge_ptr, session = model.wish_ptr.tolist(), model.edge_ptr.tolist(), model.edge_session.tolist()
    busy: list[set[int]] = [set() for _ in model.need]
    had: list[set[int]] = [set() for _ in model.need]
    taken = []
    for pupil, count in turns:
        for wish in range(wish_ptr[pupil], wish_ptr[pupil + 1]):
            if count == 0:
                break
            if wish in had[pupil]:
                continue
            for edge in range(edge_ptr[wish], edge_ptr[wish + 1]):
                s = session[edge]
                if left[s] and slot[s] not in busy[pupil]:
                    left[s] -= 1
                    busy[pupil].add(slot[s])
                    had[pupil].add(wish)
                    taken.append(edge)
                    count -= 1  # noqa: PLW2901 - what is still to be chosen in this turn
                    break
    return taken


RULES: dict[str, Any] = {"serial dictatorship": serial_dictatorship, "snake draft": snake_draft}

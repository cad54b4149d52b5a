"""The verifier's check of sessions that are said to be closed or merged. Standard library only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def wrong_closed(book: Any, load: Mapping[str, int], named: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Whether exactly the sessions with a minimum that hold nobody are named, with what is true of them."""
    if held := sorted(name for name in named if load.get(name, 0)):
        yield "closed", f"sessions {held[:5]} are named as closed, and pupils sit in them"
    found = _closed(book, load)
    if wrong := sorted(name for name in {*found, *named} if found.get(name) != named.get(name)):
        yield "closed", f"sessions {wrong[:5]} are closed and not named, or not as they are"


def _closed(book: Any, load: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    closed = {name: s for name, s in book.sessions.items() if s.minimum > 1 and not load.get(name, 0)}
    wishers: dict[str, list[str]] = {s.project: [] for s in closed.values()}
    for name, pupil in book.pupils.items() if closed else ():
        for project in wishers.keys() & pupil.wishes.keys():
            wishers[project].append(name)

    def same(one: Any, other: Any) -> bool:
        return (one.project, one.venue, set(one.slots), set(one.stages)) == (
            other.project, other.venue, set(other.slots), set(other.stages)
        )  # fmt: skip

    held: dict[str, list[str]] = {}
    for name, s in book.sessions.items():
        if load.get(name, 0):
            held.setdefault(s.project, []).append(name)
    return {
        name: {
            "minimum": s.minimum,
            "wished": sum(book.why_not(pupil, s) is None for pupil in wishers[s.project]),
            "into": sorted(other for other in held.get(s.project, ()) if same(s, book.sessions[other])),
        }
        for name, s in closed.items()
    }

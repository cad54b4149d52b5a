"""What holds wherever an integer programme chooses seats, whatever it aims at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baiye_placement.arrays import Arrays
    from baiye_placement.highs import Program

Entries = list[tuple[int, float]]


def seat_unit(
    program: Program, a: Arrays, u: int, need: int | None, offers: Iterable[tuple[int, int]], free: Callable[[int], int]
) -> dict[int, int]:
    """A column for each session offered to the unit, with what holds for the unit alone.

    ``offers`` are (session, mask of half-days), ``free`` says how many seats a session has. ``need`` is None where the
    unit needs all its half-days, so that nothing has to be said about their number.
    """
    width, columns = float(a.width[u]), dict[int, int]()
    for s, mask in offers:
        x = columns[s] = program.column()
        for b in range(mask.bit_length()):
            if mask >> b & 1:
                program.row(("slot", u, b), -inf, 1.0).append((x, 1.0))
        program.row(("project", u, int(a.project[s])), -inf, 1.0).append((x, 1.0))
        if need is not None:
            program.row(("need", u), -inf, float(need)).append((x, float(mask.bit_count())))
        program.row(("session", s), -inf, float(free(s))).append((x, width))
    for c in a.caps.index[a.caps.ptr[u] : a.caps.ptr[u + 1]].tolist():
        counts = a.caps.projects[c]
        locked = sum(bool(counts[a.project[s]]) for s in a.locked[u])
        row = program.row(("cap", u, c), -inf, float(a.caps.limit[c] - locked))
        row += [(x, 1.0) for s, x in columns.items() if counts[a.project[s]]]
    return columns


def hold(program: Program, s: int, load: Entries, least: int, most: int, taken: int) -> None:
    """At least ``least`` pupils in the session or nobody, of whom ``taken`` sit there already."""
    if taken:
        program.row(("least", s), float(least - taken), inf).extend(load)
        return
    y = program.column()
    program.row(("most", s), -inf, 0.0).extend([*load, (y, -float(most))])
    program.row(("least", s), 0.0, inf).extend([*load, (y, -float(least))])


def keep_apart(
    program: Program, a: Arrays, columns: Mapping[int, Mapping[int, int]], sits: Callable[[int], Iterable[int]]
) -> None:
    """No two of a pair in one session; ``sits`` are the sessions in which a unit is, whatever is chosen."""
    for first, second in a.apart:
        for u, other in ((first, second), (second, first)):
            for s in sits(other):
                if s in columns.get(u, {}):
                    program.uppers[columns[u][s]] = 0.0
        for s, x in columns.get(first, {}).items():
            if s in columns.get(second, {}):
                program.row(("apart", first, second, s), -inf, 1.0).extend([(x, 1.0), (columns[second][s], 1.0)])

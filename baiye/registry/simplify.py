"""Lines with fewer points (Douglas and Peucker 1973): what a sketch needs of a survey."""

from collections.abc import Sequence
from math import hypot

Point = tuple[float, float]


def simplified(line: Sequence[Point], tolerance: float) -> list[list[float]]:
    """``line`` with no point farther than ``tolerance`` (its own unit) from what is left; ends stay."""
    keep = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        farthest, away = 0, tolerance
        for middle in range(first + 1, last):
            if (distance := _distance(line[middle], line[first], line[last])) > away:
                farthest, away = middle, distance
        if farthest:
            keep.add(farthest)
            spans += [(first, farthest), (farthest, last)]
    return [[round(line[index][0], 5), round(line[index][1], 5)] for index in sorted(keep)]


def _distance(point: Point, begin: Point, end: Point) -> float:
    """From ``point`` to the stretch between two others."""
    across, up = end[0] - begin[0], end[1] - begin[1]
    length = across * across + up * up
    share = 0.0
    if length:
        share = max(0.0, min(1.0, ((point[0] - begin[0]) * across + (point[1] - begin[1]) * up) / length))
    gap = (begin[0] + share * across - point[0], begin[1] + share * up - point[1])
    return hypot(*gap)

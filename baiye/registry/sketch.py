"""The schematic map (示意底图): outlines and roads from the database as paths of one small SVG, no tiles, no survey."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, dist, radians

from baiye.registry.models import Host, MapShape

WIDTH = 500
MARGIN = 14
APART = 21  # two pins touch at this distance


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the map."""

    x: float
    y: float
    name: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A host on the map; ``number`` stands in the list too."""

    x: float
    y: float
    number: int
    host: Host


@dataclass(frozen=True, slots=True)
class Sketch:
    """What the template draws: ``d`` attributes by kind of line, names, pins."""

    height: int
    paths: dict[str, str]
    labels: list[Label]
    pins: list[Pin]


def sketch(shapes: Sequence[MapShape], hosts: Iterable[Host]) -> Sketch | None:
    """The map with a pin for each of ``hosts`` (their positions are known), from 1; None where no outline is loaded."""
    corners = [
        point for shape in shapes if shape.kind in {"district", "street"} for line in shape.lines for point in line
    ]
    if not corners:
        return None
    west, east = min(lon for lon, _lat in corners), max(lon for lon, _lat in corners)
    south, north = min(lat for _lon, lat in corners), max(lat for _lon, lat in corners)
    across = cos(radians((south + north) / 2))  # a degree of longitude, in degrees of latitude
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * across)

    def place(lon: float, lat: float) -> tuple[float, float]:
        return round((lon - west) * across * scale + MARGIN, 1), round((north - lat) * scale + MARGIN, 1)

    paths: dict[str, str] = {}
    for shape in shapes:
        drawn = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in (place(*p) for p in line)) for line in shape.lines)
        paths[shape.kind] = paths.get(shape.kind, "") + drawn
    named = [s for s in shapes if s.label_lon is not None and s.label_lat is not None]
    labels = [Label(*place(s.label_lon, s.label_lat), _short(s.name)) for s in named]  # type: ignore[arg-type]
    hosts = list(hosts)
    points = _apart([place(host.lon, host.lat) for host in hosts])  # type: ignore[arg-type]
    pins = [Pin(*point, n, host) for n, (point, host) in enumerate(zip(points, hosts, strict=True), 1)]
    return Sketch(round((north - south) * scale + 2 * MARGIN), paths, labels, pins)


def _apart(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """``points`` pushed apart until none covers another, or for forty rounds: a sketch may, a survey may not."""
    moved = [list(point) for point in points]
    for _round in range(40):
        pairs = [(a, b) for a in range(len(moved)) for b in range(a) if dist(moved[a], moved[b]) < APART]
        for a, b in pairs:
            gap = dist(moved[a], moved[b])
            across, up = [(moved[a][i] - moved[b][i]) / gap for i in (0, 1)] if gap else (0.0, 1.0)
            push = (APART - gap) / 2
            moved[a] = [moved[a][0] + across * push, moved[a][1] + up * push]
            moved[b] = [moved[b][0] - across * push, moved[b][1] - up * push]
        if not pairs:
            break
    return [(round(x, 1), round(y, 1)) for x, y in moved]


def _short(name: str) -> str:
    return name.removesuffix("街道")

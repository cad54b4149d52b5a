"""The schematic map (示意底图): outlines and roads from the database as paths of one small SVG, no tiles, no survey."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, dist, fsum, radians, sqrt

from baiye.registry.models import Host, MapShape
from baiye.registry.queries.register import DETOUR, M_A_DEGREE, M_A_MINUTE, Origin

WIDTH = 500
MARGIN = 14
APART = 21  # two pins touch at this distance
SQUARE = 0.006  # degrees, in which hosts become one dot
MOST_R = 12  # of a dot, however many hosts it stands for


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
class Dot:
    """Hosts that lie close together and are not on this page of the list."""

    x: float
    y: float
    r: float
    n: int


@dataclass(frozen=True, slots=True)
class Circle:
    """How far one walks from somewhere."""

    x: float
    y: float
    r: float
    name: str


@dataclass(frozen=True, slots=True)
class Frame:
    """From WGS84 to the picture."""

    west: float
    south: float
    north: float
    across: float  # a degree of longitude, in degrees of latitude
    scale: float  # units of the picture a degree of latitude

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a position lies in the picture."""
        x = (lon - self.west) * self.across * self.scale + MARGIN
        return round(x, 1), round((self.north - lat) * self.scale + MARGIN, 1)

    def path(self, line: Sequence[Sequence[float]]) -> str:
        """A line of positions as the ``d`` of a path."""
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in (self.place(lon, lat) for lon, lat in line))

    def data(self) -> dict[str, float]:
        """What a script needs to go from the picture to WGS84 and back."""
        return {
            "west": self.west,
            "north": self.north,
            "across": self.across,
            "scale": self.scale,
            "margin": MARGIN,
            "width": WIDTH,
            "height": self.height,
        }

    @property
    def height(self) -> int:
        """Of the picture, in its units."""
        return round((self.north - self.south) * self.scale + 2 * MARGIN)


@dataclass(frozen=True, slots=True)
class Sketch:
    """What the template draws: ``d`` attributes by kind of line, names, dots, pins, the walk."""

    frame: Frame
    paths: dict[str, str]
    labels: list[Label]
    dots: list[Dot]
    pins: list[Pin]
    walk: Circle | None

    @property
    def height(self) -> int:
        """Of the picture, in its units."""
        return self.frame.height


def sketch(
    shapes: Sequence[MapShape],
    hosts: Iterable[Host],
    crowds: Iterable[tuple[float, float, int]] = (),
    origin: Origin | None = None,
    minutes: int = 0,
) -> Sketch | None:
    """The map with a pin for each of ``hosts`` whose position is known, from 1; None where no outline is loaded.

    ``crowds`` (lon, lat, how many) become dots; from ``origin`` a circle shows how far one walks in so many minutes.
    """
    frame = _frame(shapes)
    if frame is None:
        return None
    paths: dict[str, str] = {}
    for shape in shapes:
        paths[shape.kind] = paths.get(shape.kind, "") + "".join(frame.path(line) for line in shape.lines)
    named = [s for s in shapes if s.label_lon is not None and s.label_lat is not None]
    named = [shape for shape in named if origin is None or shape.name != origin.name]
    labels = [Label(*frame.place(s.label_lon, s.label_lat), _short(s.name)) for s in named]  # type: ignore[arg-type]
    spots = [(host, host.listing.lon, host.listing.lat) for host in hosts]
    known = [(host, lon, lat) for host, lon, lat in spots if lon is not None and lat is not None]
    points = apart([frame.place(lon, lat) for _host, lon, lat in known])
    pins = [Pin(*point, n, host) for n, (point, (host, *_)) in enumerate(zip(points, known, strict=True), 1)]
    dots = [Dot(*frame.place(lon, lat), round(min(2 + 2 * sqrt(n), MOST_R), 1), n) for lon, lat, n in crowds]
    walk = _walk(frame, origin, minutes) if origin else None
    return Sketch(frame, paths, labels, dots, pins, walk)


def crowds_of(spots: Iterable[tuple[float | None, float | None]]) -> list[tuple[float, float, int]]:
    """How many of these positions lie in each square of about 600 m, and where on average; unknown ones left out."""
    squares: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    for lon, lat in spots:
        if lon is not None and lat is not None:
            squares[round(lon / SQUARE), round(lat / SQUARE)].append((lon, lat))
    within = [(list(zip(*squares[key], strict=True)), len(squares[key])) for key in sorted(squares)]
    return [(fsum(lons) / n, fsum(lats) / n, n) for (lons, lats), n in within]


def _frame(shapes: Sequence[MapShape]) -> Frame | None:
    corners = [
        point for shape in shapes if shape.kind in {"district", "street"} for line in shape.lines for point in line
    ]
    if not corners:
        return None
    west, east = min(lon for lon, _lat in corners), max(lon for lon, _lat in corners)
    south, north = min(lat for _lon, lat in corners), max(lat for _lon, lat in corners)
    across = cos(radians((south + north) / 2))
    return Frame(west, south, north, across, (WIDTH - 2 * MARGIN) / ((east - west) * across))


def _walk(frame: Frame, origin: Origin, minutes: int) -> Circle:
    """As far as ``walk_minutes`` says one comes."""
    degrees = minutes * M_A_MINUTE / DETOUR / M_A_DEGREE
    return Circle(*frame.place(origin.lon, origin.lat), round(degrees * frame.scale, 1), origin.name)


def apart(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
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

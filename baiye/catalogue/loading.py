"""A district's public registers, from its folder of files (data/putuo/README.md says what is in it)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from baiye.accounts.actions.units import make_unit
from baiye.accounts.models import Unit
from baiye.catalogue.importing import (
    import_aliases,
    import_occupations,
    import_rainbow_academy,
    import_reported_courses,
    import_reported_events,
    stations_as_hosts,
)
from baiye.core.importing import Counts, read_csv
from baiye.registry.importing import import_hosts, import_map
from baiye.registry.shipped import import_standards
from baiye.schools.register import import_schools


def load(folder: Path, occupations: Path, *, say: Callable[[str, Counts], None] | None = None) -> dict[str, Counts]:
    """Load everything of ``folder``; what each register did, by name."""
    district = _units(folder)
    hosts = read_csv(folder / "hosts.csv")
    stations = stations_as_hosts(read_csv(folder / "stations.csv"), known={row["name"] for row in hosts})
    events = read_csv(folder / "events.csv")
    steps: dict[str, tuple[str, Callable[[], Counts]]] = {
        "schools": ("学校", lambda: import_schools(read_csv(folder / "schools.csv"), district=district)),
        "hosts": ("基地与线索", lambda: import_hosts(hosts, district=district)),
        "stations": ("就业服务站（线索）", lambda: import_hosts(stations, district=district)),
        "standards": ("认定标准建议稿", lambda: import_standards(_standards(occupations.parent), district=district)),
        "map": ("示意底图", lambda: import_map(**_map(folder))),
        "occupations": ("职业", lambda: import_occupations(*_occupations(occupations))),
        "reported_courses": ("有记载的项目", lambda: import_reported_courses(read_csv(folder / "programmes.csv"))),
        "occupation_aliases": ("职业旧编码", lambda: import_aliases(read_csv(occupations / "aliases.csv"))),
        "reported_events": ("有记载的活动", lambda: import_reported_events(events)),
        "series": ("有记载的系列", lambda: import_rainbow_academy(events, district=district)),
    }
    counts = {}
    for name, (what, step) in steps.items():
        counts[name] = step()
        if say:
            say(what, counts[name])
    return counts


def _units(folder: Path) -> Unit:
    (row,) = read_csv(folder / "district.csv")
    district = make_unit(parent=None, kind="district", name=row["name"], by=None, source=row["source"])
    for agency in read_csv(folder / "agencies.csv"):
        make_unit(
            parent=district,
            kind="agency",
            name=agency["name"],
            short_name=agency["short_name"],
            by=None,
            source=agency["source"],
        )
    return district


def _map(folder: Path) -> dict[str, Any]:
    shapes = {
        "outline": "district.geojson",
        "street_outlines": "streets.geojson",
        "roads": "transport_osm.geojson",
    }
    read = {what: json.loads((folder / file).read_text(encoding="utf-8")) for what, file in shapes.items()}
    return {"streets": read_csv(folder / "streets.csv"), **read}


def _standards(data: Path) -> list[dict[str, Any]]:
    """The rubrics that come with the platform, by name of their file."""
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted((data / "standards").glob("*.json"))]


def _occupations(folder: Path) -> list[list[dict[str, str]]]:
    return [read_csv(folder / name) for name in ("occupation_classes_2022.csv", "occupations_pupils.csv", "added.csv")]

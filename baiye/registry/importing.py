"""Public lists of hosts, streets and outlines become rows of the registry; nothing is deleted."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from baiye.accounts.actions.units import make_unit, note_source
from baiye.accounts.models import Unit, User
from baiye.core.importing import Counts, put
from baiye.registry.kinds import is_vocational
from baiye.registry.models import Host, MapShape
from baiye.registry.simplify import simplified

TOLERANCE = 0.00035  # degrees, about 35 m: the map is a sketch
SHORT_NAMES = {  # in daily use
    "上海市曹杨职业技术学校": "曹杨职校",
    "上海市贸易学校": "贸易学校",
    "上海信息技术学校": "信息技术学校",
}


@transaction.atomic
def import_hosts(rows: Iterable[Mapping[str, str]], *, district: Unit, by: User | None = None) -> Counts:
    """Make the register hold the hosts of ``rows``: "confirmed_host" is confirmed, everything else is a lead (线索).

    Columns: name, type, occupations ("医生;护士"), address, street, lon, lat (WGS84), opening, evidence,
    evidence_detail, trust ("U" is left out), source.
    """
    hosts, skipped = [], 0
    for row in rows:
        if row["trust"] == "U":
            skipped += 1
            continue
        short_name = SHORT_NAMES.get(row["name"], "")
        unit = make_unit(
            parent=district, kind="host", name=row["name"], by=by, short_name=short_name, source=row["source"]
        )
        note_source(unit=unit, source=row["source"])
        hosts.append(_host(row, unit))
    return put(Host, ["unit_id"], _as_proven(hosts), skipped=skipped)


def _as_proven(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """``rows`` with the evidence that an inspection here has given since, which no public list takes back."""
    kept = ("evidence", "grounds", "evidence_note")
    proven = {host.unit_id: host for host in Host.objects.filter(grounds="accredited")}
    return [
        row | {name: getattr(proven[row["unit_id"]], name) for name in kept} if row["unit_id"] in proven else row
        for row in rows
    ]


def _host(row: Mapping[str, str], unit: Unit) -> dict[str, Any]:
    return {
        "unit_id": unit.pk,
        "kind": row["type"],
        "evidence": "confirmed" if row["evidence"] == "confirmed_host" else "lead",
        "grounds": row["evidence"],
        "evidence_note": row["evidence_detail"],
        "trust": row["trust"],
        "occupations": [name for name in row["occupations"].split(";") if name],
        "address": row["address"],
        "street": row["street"],
        "lon": float(row["lon"]) if row["lon"] else None,
        "lat": float(row["lat"]) if row["lat"] else None,
        "opening": row["opening"],
        "is_vocational": is_vocational(row["type"]),
    }


@transaction.atomic
def import_map(
    *,
    streets: Iterable[Mapping[str, str]],
    outline: Mapping[str, Any],
    street_outlines: Mapping[str, Any],
    roads: Mapping[str, Any],
) -> Counts:
    """Make the schematic map: GeoJSON outlines and roads, simplified, and the streets with their label points.

    An outline of two streets together (code "a+b") is kept with the first; the second has a name and no outline.
    """
    by_code = {feature["properties"]["code"].split("+")[0]: feature for feature in street_outlines["features"]}
    shapes = [_shape("district", feature["properties"]["code"], feature) for feature in outline["features"]]
    for row in streets:
        shape = _shape("street", row["code"], by_code.get(row["code"], {"properties": {}, "geometry": None}))
        label = {"name": row["name"], "label_lon": float(row["centroid_lon"]), "label_lat": float(row["centroid_lat"])}
        shapes.append(shape | label | {"source": row["source"]})
    lines = {"elevated_road": "road", "metro_line": "metro"}
    known = [feature for feature in roads["features"] if feature["properties"]["kind"] in lines]
    shapes += [_shape(lines[f["properties"]["kind"]], f["properties"]["id"], f) for f in known]
    return put(MapShape, ["kind", "code"], shapes)


def _shape(kind: str, code: str, feature: Mapping[str, Any]) -> dict[str, Any]:
    facts = feature["properties"]
    return {
        "kind": kind,
        "code": code,
        "name": facts.get("name", ""),
        "lines": [simplified(line, TOLERANCE) for line in _lines(feature["geometry"])],
        "label_lon": None,
        "label_lat": None,
        "source": facts.get("source", ""),
        "licence": facts.get("licence", ""),
    }


def _lines(geometry: Mapping[str, Any] | None) -> list[list[tuple[float, float]]]:
    """Every line of a GeoJSON geometry, a polygon's rings included."""
    if geometry is None:
        return []
    parts = geometry["coordinates"]
    deep = {"LineString": [parts], "MultiLineString": parts, "Polygon": parts}.get(geometry["type"])
    lines = deep if deep is not None else [ring for polygon in parts for ring in polygon]
    return [[(lon, lat) for lon, lat, *_height in line] for line in lines]

import pytest

from baiye.accounts.models import Unit
from baiye.accounts.tests.factories import DistrictFactory
from baiye.core.importing import Counts
from baiye.registry.importing import import_hosts, import_map
from baiye.registry.models import Host, MapShape

pytestmark = pytest.mark.django_db
COLUMNS = (
    *("name", "type", "occupations", "address", "street", "lon", "lat", "opening"),
    *("evidence", "evidence_detail", "trust", "source"),
)
NOTHING = dict.fromkeys(COLUMNS, "")


def row(name, **cells):
    return NOTHING | {"name": name, "type": "博物馆", "evidence": "confirmed_host", "trust": "B"} | cells


def test_import_hosts_makes_confirmed_hosts_and_leads():
    rows = [
        row("上海纺织博物馆", occupations="染织;讲解员", lon="121.44", lat="31.24", source="https://example.org/"),
        row("苏州河展示馆", evidence="study_route", trust="C", evidence_detail="路线点"),
        row("上海市曹杨职业技术学校", type="中职校"),
        row("没有来源的单位", trust="U"),
    ]

    counts = import_hosts(rows, district=DistrictFactory())

    assert counts == Counts(added=3, skipped=1)
    museum, hall, school = Host.objects.order_by("pk")
    assert (museum.evidence, museum.occupations, museum.lon, museum.unit.source) == (
        "confirmed",
        ["染织", "讲解员"],
        121.44,
        "https://example.org/",
    )
    assert (hall.evidence, hall.grounds, hall.evidence_note, hall.lon) == ("lead", "study_route", "路线点", None)
    assert (school.is_vocational, str(school)) == (True, "曹杨职校")


def test_import_hosts_again_changes_only_what_differs():
    district = DistrictFactory()
    import_hosts([row("上海纺织博物馆"), row("普陀区人民法院")], district=district)

    museum = row("上海纺织博物馆", address="澳门路128号", source="另一处")
    counts = import_hosts([museum, row("普陀区人民法院")], district=district)

    assert counts == Counts(changed=1, same=1)
    host = Host.objects.select_related("unit").get(unit__name="上海纺织博物馆")
    assert (host.address, host.unit.source) == ("澳门路128号", "另一处")
    assert Unit.objects.filter(kind="host").count() == 2


def test_import_hosts_again_takes_back_no_evidence_that_an_inspection_gave():
    district, lead = DistrictFactory(), row("苏州河展示馆", evidence="study_route")
    import_hosts([lead], district=district)
    Host.objects.update(evidence="confirmed", grounds="accredited")

    import_hosts([lead | {"address": "光复西路"}], district=district)

    host = Host.objects.get()
    assert (host.evidence, host.grounds, host.address) == ("confirmed", "accredited", "光复西路")


def test_import_hosts_never_deletes():
    district = DistrictFactory()
    import_hosts([row("上海纺织博物馆")], district=district)

    import_hosts([], district=district)

    assert Host.objects.count() == 1


def feature(geometry, coordinates, **facts):
    return {"properties": facts, "geometry": {"type": geometry, "coordinates": coordinates}}


def test_import_map_keeps_streets_whose_outline_is_known_only_together():
    ring = [[121.0, 31.0], [121.1, 31.0], [121.1, 31.1], [121.0, 31.0]]
    streets = [
        {"code": code, "name": name, "centroid_lon": "121.05", "centroid_lat": "31.02", "source": "NBS"}
        for code, name in (("16", "甘泉路街道"), ("20", "宜川路街道"))
    ]
    lists = {
        "outline": {"features": [feature("Polygon", [ring], code="310107", name="普陀区", licence="ODbL-1.0")]},
        "street_outlines": {"features": [feature("Polygon", [ring], code="16+20", name="甘泉路街道+宜川路街道")]},
        "roads": {
            "features": [
                feature("LineString", ring[:2], kind="elevated_road", id="r1", name="中环路"),
                feature("MultiLineString", [ring[:2], ring[1:3]], kind="metro_line", id="m1", name="11 号线"),
                feature("Point", [121.0, 31.0], kind="metro_station", id="s1", name="真如"),
            ]
        },
    }

    first, again = import_map(streets=streets, **lists), import_map(streets=streets, **lists)

    assert (first, again) == (Counts(added=5), Counts(same=5))
    first_street, second_street = MapShape.objects.filter(kind="street").order_by("code")
    assert (first_street.name, len(first_street.lines), first_street.label_lon) == ("甘泉路街道", 1, 121.05)
    assert (second_street.name, second_street.lines) == ("宜川路街道", [])
    assert {(s.kind, len(s.lines)) for s in MapShape.objects.exclude(kind="street")} == {
        ("district", 1),
        ("road", 1),
        ("metro", 2),
    }
    assert MapShape.objects.get(kind="district").licence == "ODbL-1.0"

import csv
from io import StringIO

import pytest
from django.urls import reverse

from baiye.catalogue.tests.factories import CourseVersionFactory, ReportedCourseFactory
from baiye.core.shapes import Stat
from baiye.registry import landing
from baiye.registry.opendata import COLUMNS
from baiye.registry.tests.factories import AccreditationFactory, HostFactory, MapShapeFactory

pytestmark = pytest.mark.django_db


def figures(response) -> dict[str, object]:
    return {str(stat.label): stat.value for stat in response.context["figures"]}


def test_landing_counts_now_and_leaves_examples_out(client, monkeypatch):
    HostFactory()
    HostFactory(evidence="lead")
    HostFactory(unit__is_example=True)
    monkeypatch.setattr(landing, "FIGURES", [lambda _at: [Stat("别的", 7)]])

    response = client.get(reverse("registry:landing"))

    assert figures(response) == {"有记载接待过学生的基地": 1, "还在核实的线索": 1, "别的": 7}


def test_landing_shows_published_courses_beside_examples_and_reports(client):
    CourseVersionFactory()
    CourseVersionFactory.create_batch(2, course__is_example=True)
    ReportedCourseFactory()

    response = client.get(reverse("registry:landing"))

    assert (figures(response)["已发布的项目"], figures(response)["有公开记载的项目"]) == (1, 1)
    assert "另有示例 2 个" in response.text


def test_landing_says_what_is_open_and_says_so_when_nothing_is(client, monkeypatch):
    monkeypatch.setattr(landing, "OPENS", [])
    assert "现在没有开放的轮次" in client.get(reverse("registry:landing")).text

    monkeypatch.setattr(landing, "OPENS", [lambda _at: [landing.OpenNow("秋季第一轮", "11 月 30 日截止", "/x/", True)]])
    page = client.get(reverse("registry:landing")).text
    assert ("现在没有开放的轮次" in page, "秋季第一轮" in page, "示例" in page) == (False, True, True)


@pytest.mark.parametrize("count", [1, 3])
def test_host_list_costs_as_many_queries_for_three_hosts_as_for_one(client, django_assert_num_queries, count):
    MapShapeFactory()
    hosts = [HostFactory(lon=121.38, lat=31.24) for _ in range(count)]
    HostFactory(unit__is_example=True)

    # streets, keepers, schools; what is found, the page's hosts; shapes; counts; verdicts; courses in a line
    with django_assert_num_queries(9):
        response = client.get(reverse("registry:host-list"))

    assert {row.host for row in response.context["rows"]} == set(hosts)


def test_host_list_tells_confirmed_hosts_from_leads(client):
    HostFactory(unit__name="甲馆")
    HostFactory(unit__name="乙馆", evidence="lead", grounds="study_route")

    page = client.get(reverse("registry:host-list")).text

    assert (
        page.index("有记载接待过学生</h2>")
        < page.index("甲馆")
        < page.index("线索：还没有证实，不能预约</h2>")
        < page.index("乙馆")
    )
    assert "出现在研学路线里，未见接待职业体验" in page


def test_host_list_filters_and_keeps_what_else_is_asked(client):
    court = HostFactory(kind="法院", evidence="lead")
    HostFactory()

    response = client.get(reverse("registry:host-list"), {"family": "public", "evidence": "lead", "street": "不存在"})

    assert [row.host for row in response.context["rows"]] == [court]
    venues = next(choice for choice in response.context["families"] if choice.label == "场馆与公园")
    assert venues.url == "?evidence=lead&family=venue"


def test_host_list_without_a_hit_says_what_to_do(client):
    HostFactory()

    page = client.get(reverse("registry:host-list"), {"q": "没有这一家"}).text

    assert "换一个词，或去掉类型、街镇再看。" in page


def test_host_list_draws_the_map_with_its_source(client):
    MapShapeFactory(name="长寿路街道")
    HostFactory(lon=121.38, lat=31.24)

    page = client.get(reverse("registry:host-list")).text

    assert ("长寿路" in page, "示意底图，非测绘成果。" in page, "© OpenStreetMap contributors" in page) == (
        True,
        True,
        True,
    )


def test_host_shows_what_is_known_by_which_source(client):
    host = HostFactory(unit__source="http://example.org/a", trust="C", evidence="lead", grounds="candidate")
    ReportedCourseFactory(host=host, title="扎染体验")
    CourseVersionFactory(course__host=host, title="真的项目")
    CourseVersionFactory(course__host=host, course__is_example=True, title="示例项目甲")

    page = client.get(reverse("registry:host", args=[host.pk])).text

    said = (
        "转载，没有核到原文",
        "http://example.org/a",
        "证实以前不能认定，也不能预约",
        "扎染体验",
        "真的项目",
        "示例项目甲",
    )
    assert [text in page for text in said] == [True, True, True, True, True, False]
    assert 'href="http://example.org/a"' not in page


def test_host_shows_a_real_verdict_and_no_example_one(client):
    real = AccreditationFactory().host
    example = AccreditationFactory(is_example=True).host

    assert "已认定" in client.get(reverse("registry:host", args=[real.pk])).text
    assert "已认定" not in client.get(reverse("registry:host", args=[example.pk])).text


def test_host_that_is_an_example_or_not_there_is_not_found(client):
    example = HostFactory(unit__is_example=True)

    assert client.get(reverse("registry:host", args=[example.pk])).status_code == 404
    assert client.get(reverse("registry:host", args=[0])).status_code == 404


def test_host_export_holds_the_real_register(client):
    HostFactory(unit__name="甲馆", unit__source="来源", occupations=["医生", "护士"], trust="A")
    HostFactory(unit__name="示例馆", unit__is_example=True)

    response = client.get(reverse("registry:host-export"))

    head, row = list(csv.reader(StringIO(response.getvalue().decode("utf-8-sig"))))
    cells = dict(zip(head, row, strict=True))
    assert list(cells) == list(COLUMNS.values())
    assert {name: cells[name] for name in ("名称", "证据", "职业", "结论", "来源可信度", "来源", "经度")} == {
        "名称": "甲馆",
        "证据": "已证实",
        "职业": "医生、护士",
        "结论": "有公开记载，未认定",
        "来源可信度": "A",
        "来源": "来源",
        "经度": "",
    }


def test_host_export_has_no_formula(client):
    HostFactory(address='=HYPERLINK("http://example.org")')

    assert "'=HYPERLINK" in client.get(reverse("registry:host-export")).getvalue().decode()


@pytest.mark.parametrize("name", ["landing", "host-list", "host-export", "host-data", "official-list"])
def test_public_pages_take_no_post(client, name):
    assert client.post(reverse(f"registry:{name}")).status_code == 405

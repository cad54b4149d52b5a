import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from baiye.accounts.tests.factories import DistrictFactory, UserFactory
from baiye.catalogue import using
from baiye.catalogue.models import Course, CourseVersion, Material, Series
from baiye.catalogue.queries.drafts import desk_versions
from baiye.catalogue.tests.factories import (
    CourseVersionFactory,
    DraftFactory,
    FileFactory,
    ReportedCourseFactory,
    ReportedEventFactory,
    SeriesFactory,
    SeriesStepFactory,
    SupplyFactory,
    passed_review,
)
from baiye.catalogue.tests.test_actions_reviews import proposed
from baiye.catalogue.tests.test_views import answers, signed_in
from baiye.core import clock, pinyin
from baiye.registry.tests.factories import HostFactory, VenueFactory

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=400)


def lines(*rows, first="line"):
    """A posted set of lines."""
    said = {f"{first}-TOTAL_FORMS": len(rows), f"{first}-INITIAL_FORMS": 0}
    return said | {f"{first}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


# ── the list, drafts ──


def test_draft_list_tells_states_apart_and_filters_by_them(client):
    host = HostFactory()
    review = proposed(course__host=host)
    passed = DraftFactory(course__host=host)
    passed_review(passed)
    draft, published = DraftFactory(course__host=host), CourseVersionFactory(course__host=host)
    signed_in(client, "host_manager", host.unit)

    found = {
        state: list(client.get(reverse("catalogue:draft-list"), {"state": state}).context["page"])
        for state in ("draft", "review", "passed", "published", "retired", "x")
    }

    assert found | {"x": set(found["x"])} == {
        "draft": [draft],
        "review": [review.version],
        "passed": [passed],
        "published": [published],
        "retired": [],
        "x": {draft, review.version, passed, published},
    }


def test_draft_list_flags_a_course_nobody_visited_for_a_year(client, monkeypatch):
    old = CourseVersionFactory(published_at=clock.now() - LONG_AGO)
    host = old.course.host
    held = CourseVersionFactory(course__host=host, published_at=clock.now() - LONG_AGO)
    CourseVersionFactory(course__host=host)
    monkeypatch.setattr(using, "HELD", [lambda _since: Course.objects.filter(pk=held.course_id).values("pk")])
    signed_in(client, "host_manager", host.unit)

    response = client.get(reverse("catalogue:draft-list"), {"state": "idle"})

    assert list(response.context["page"]) == [old]
    assert "一年没有场次" in response.text
    client_user = response.wsgi_request.user
    assert desk_versions(client_user, at=clock.now()).filter(is_idle=True).count() == 1


@pytest.mark.parametrize(
    ("changed", "name", "sentence"),
    [
        ({"task_group": "清洁与卫生"}, "task_group", "「清洁与卫生」在课程标准里是 1–4 年级的任务群"),
        ({"price": "15"}, "price_covers", "收费的项目要写明费用包含什么"),
        ({"price": "-1"}, "price", "0"),
        ({"access": "adapted"}, "access_note", "请写明行动不便的学生要怎样调整"),
        ({"languages": []}, "languages", "必填"),
        ({"hands_on_percent": "101"}, "hands_on_percent", "100"),
    ],
)
def test_draft_new_asks_for_what_the_database_asks_for(client, changed, name, sentence):
    host = HostFactory()
    signed_in(client, "host_manager", host.unit)

    response = client.post(reverse("catalogue:draft-new"), answers(host=host.pk, **changed))

    assert response.status_code == 422
    assert sentence in response.context["form"].errors[name][0]


def test_draft_keeps_price_notes_languages_and_access(client):
    draft = DraftFactory()
    signed_in(client, "host_manager", draft.course.host.unit)
    said = answers(
        price="15.50", price_covers="面粉", languages=["zh", "sign"], access="adapted", access_note="坐着揉面"
    )
    said |= {"pupil_project": "带好围裙", "instructor_project": "先备料", "hands_on_percent": "70"}

    client.post(reverse("catalogue:draft", args=[draft.pk]), said)

    draft.refresh_from_db()
    assert (draft.price_fen, draft.languages, draft.access_note) == (1550, ["zh", "sign"], "坐着揉面")
    assert (draft.pupil_notes["project"], draft.instructor_notes["project"]) == ("带好围裙", "先备料")
    page = client.get(reverse("catalogue:draft", args=[draft.pk])).text
    assert ('value="15.5' in page, "先备料" in page) == (True, True)


def test_course_shows_price_languages_access_and_pupils_papers_but_no_notes_for_instructors(client):
    draft = DraftFactory(
        price_fen=1500,
        price_covers="面粉和馅料",
        languages=["zh", "sign"],
        access="adapted",
        access_note="坐着揉面",
        pupil_notes={"project": "先洗手"},
        instructor_notes={"project": "炉子不离人"},
    )
    files = {reader: FileFactory(name=f"{reader}.pdf") for reader in ("pupil", "instructor")}
    papers = {
        reader: Material.objects.create(version=draft, step="project", reader=reader, file=file, request=uuid.uuid4())
        for reader, file in files.items()
    }
    assert client.get(reverse("catalogue:paper", args=[papers["pupil"].pk])).status_code == 404
    passed_review(draft)
    draft.published_at, draft.published_by = clock.now(), UserFactory()
    draft.save()

    page = client.get(reverse("catalogue:course", args=[draft.course.slug])).text

    said = ["每人 15 元", "包含面粉和馅料", "普通话、手语", "坐着揉面", "先洗手", "pupil.pdf", "已过安全和教学评审"]
    assert [text for text in said if text not in page] == []
    assert ("炉子不离人" in page, "instructor.pdf" in page) == (False, False)
    assert client.get(reverse("catalogue:paper", args=[papers["pupil"].pk])).content == b"%PDF-1.4"
    assert client.get(reverse("catalogue:paper", args=[papers["instructor"].pk])).status_code == 404


# ── comparing and copying ──


def test_comparison_shows_what_changed_in_words_too(client):
    older = CourseVersionFactory(title="舌尖上的面点")
    newer = DraftFactory(course=older.course, number=2, title="指尖上的面点")
    signed_in(client, "host_manager", older.course.host.unit)

    page = client.get(reverse("catalogue:comparison", args=[newer.pk])).text

    assert '<del><span class="vh">删去：</span>舌</del>尖上的面点' in page
    assert '<ins><span class="vh">新增：</span>指</ins>尖上的面点' in page


def test_comparison_with_another_version_asked_for_and_of_an_only_one(client):
    first = CourseVersionFactory(title="一")
    second = CourseVersionFactory(course=first.course, number=2, title="二")
    third = DraftFactory(course=first.course, number=3, title="三")
    signed_in(client, "host_manager", first.course.host.unit)

    asked = client.get(reverse("catalogue:comparison", args=[third.pk]), {"with": "1"}).context
    default = client.get(reverse("catalogue:comparison", args=[third.pk]), {"with": "x"}).context
    only = DraftFactory(course__host=first.course.host)

    assert (asked["older"], asked["newer"], default["older"]) == (first, third, second)
    assert client.get(reverse("catalogue:comparison", args=[only.pk])).status_code == 404


def test_copy_begins_a_draft_at_ones_own_host_and_says_where_it_comes_from(client):
    version, host = CourseVersionFactory(title="面点", course__host__unit__name="曹杨职校"), HostFactory()
    signed_in(client, "host_manager", host.unit)
    address = reverse("catalogue:copy", args=[version.course.slug])
    assert "曹杨职校" in client.get(address).text

    page = client.post(address, {"host": host.pk}, follow=True).text

    assert "复制自 曹杨职校 的「面点」" in page
    assert CourseVersion.objects.get(course__host=host).published_at is None
    assert client.post(address, {"host": version.course.host.pk}).status_code == 422


def test_copy_by_who_writes_no_courses_is_not_found(client):
    version = CourseVersionFactory()
    signed_in(client, "host_instructor", HostFactory().unit)

    assert client.get(reverse("catalogue:copy", args=[version.course.slug])).status_code == 404


# ── supplies, stock, papers ──


def test_supplies_are_listed_and_what_is_short_is_shown(client):
    draft = DraftFactory(group_max=30)
    venue = VenueFactory(host=draft.course.host, name="中点实训室")
    signed_in(client, "host_manager", draft.course.host.unit)
    pin = {"name": "擀面杖", "kind": "equipment", "quantity": "1", "share": "pupil"}
    client.post(reverse("catalogue:stock", args=[venue.pk]), lines({"name": "擀面杖", "count": "24"}, {"name": ""}))

    page = client.post(reverse("catalogue:supplies", args=[draft.pk]), lines(pin, pin | {"name": ""}), follow=True).text

    assert draft.supplies.get().name == "擀面杖"
    assert "中点实训室：擀面杖 要 30，只有 24" in page


def test_supplies_named_twice_or_without_a_quantity_are_said_and_kept(client):
    draft = DraftFactory()
    signed_in(client, "host_manager", draft.course.host.unit)
    pin = {"name": "擀面杖", "kind": "equipment", "quantity": "1", "share": "pupil"}
    address = reverse("catalogue:supplies", args=[draft.pk])

    twice, bare = client.post(address, lines(pin, pin)), client.post(address, lines(pin | {"quantity": ""}))

    assert (twice.status_code, "有两行写的是同一样：擀面杖" in twice.text) == (422, True)
    assert (bare.status_code, "请写数量。" in bare.text, 'value="擀面杖"' in bare.text) == (422, True, True)
    assert not draft.supplies.exists()


def test_stock_offers_what_courses_need_and_refuses_what_stands_twice(client):
    supply = SupplyFactory()
    venue = VenueFactory(host=supply.version.course.host)
    signed_in(client, "host_manager", venue.host.unit)
    address = reverse("catalogue:stock", args=[venue.pk])
    assert f'value="{supply.name}"' in client.get(address).text

    response = client.post(address, lines({"name": "烤箱", "count": "1"}, {"name": "烤箱", "count": "2"}))

    assert (response.status_code, "有两行写的是同一样：烤箱" in response.text) == (422, True)


@pytest.mark.parametrize("count", [1, 3])
def test_stock_list_costs_as_many_queries_for_three_venues_as_for_one(client, django_assert_num_queries, count):
    host = HostFactory()
    VenueFactory.create_batch(count, host=host)
    signed_in(client, "host_manager", host.unit)

    with django_assert_num_queries(6):  # session, user, grants, how many, the page, unread messages
        response = client.get(reverse("catalogue:stock-list"))

    assert len(response.context["page"]) == count


def test_stock_of_another_host_is_not_found(client):
    venue = VenueFactory()
    signed_in(client, "host_manager", HostFactory().unit)

    assert client.get(reverse("catalogue:stock", args=[venue.pk])).status_code == 404
    assert not client.get(reverse("catalogue:stock-list")).context["page"].object_list


def test_materials_are_uploaded_once_read_by_reviewers_and_removed(client):
    draft = DraftFactory()
    manager = signed_in(client, "host_manager", draft.course.host.unit)
    address = reverse("catalogue:materials", args=[draft.pk])
    said = {"step": "project", "reader": "instructor", "request": str(uuid.uuid4())}
    for _ in range(2):
        manager.post(address, said | {"file": SimpleUploadedFile("说明.pdf", b"%PDF-1.4 x")})
    material = Material.objects.get()
    assert "说明.pdf" in manager.get(address).text

    removal = reverse("catalogue:material-removal", args=[material.pk])
    signed_in(client, "district_officer", draft.course.host.unit.parent)
    assert client.get(reverse("catalogue:material", args=[material.pk])).content == b"%PDF-1.4 x"
    assert client.post(removal).status_code == 404
    signed_in(client, "host_manager", HostFactory().unit)
    assert client.get(reverse("catalogue:material", args=[material.pk])).status_code == 404
    signed_in(client, "host_manager", draft.course.host.unit)

    assert "材料已删。" in client.post(removal, follow=True).text
    wrong = client.post(address, said | {"file": SimpleUploadedFile("a.exe", b"MZ")})
    assert (wrong.status_code, Material.objects.exists()) == (422, False)


# ── series and events ──


@pytest.mark.parametrize("count", [1, 3])
def test_series_costs_as_many_queries_for_three_stops_as_for_one(client, django_assert_num_queries, count):
    series = SeriesFactory(published_at=clock.now(), published_by=UserFactory())
    for place in range(1, count + 1):
        SeriesStepFactory(series=series, place=place)

    with django_assert_num_queries(3):  # the series, its steps, their versions
        response = client.get(reverse("catalogue:series", args=[series.slug]))

    assert len(response.context["stops"]) == count


def test_series_list_begins_with_published_ones(client):
    told = SeriesFactory(title="彩虹学院", trust="A", source="普教办〔2024〕21号")
    older, newer = (
        SeriesFactory(published_at=clock.now() - timedelta(days=days), published_by=UserFactory()) for days in (2, 1)
    )

    assert list(client.get(reverse("catalogue:series-list")).context["page"]) == [newer, older, told]


def test_series_that_a_source_tells_of_says_so_and_where_nothing_is_offered(client):
    series = SeriesFactory(title="彩虹学院", trust="A", source="普教办〔2024〕21号")
    SeriesStepFactory(series=series, course=None, reported=ReportedCourseFactory(title="律师"))
    hidden = SeriesFactory(title="还没公开的")

    listed = client.get(reverse("catalogue:series-list")).text
    page = client.get(reverse("catalogue:series", args=[series.slug])).text

    assert ("彩虹学院" in listed, "见于公开记载" in listed, "还没公开的" in listed) == (True, True, False)
    assert [text for text in ("还没有开课", "普教办〔2024〕21号", "不能预约", "律师") if text not in page] == []
    assert client.get(reverse("catalogue:series", args=[hidden.slug])).status_code == 404


def test_series_whose_course_was_retired_says_so(client):
    step = SeriesStepFactory(series__published_at=clock.now(), series__published_by=UserFactory())
    Course.objects.filter(pk=step.course_id).update(retired_at=clock.now(), retired_by=UserFactory())

    assert "这一站的项目已经下架" in client.get(reverse("catalogue:series", args=[step.series.slug])).text


def test_series_is_drawn_up_ordered_and_published_at_the_desk(client):
    district = DistrictFactory()
    first, second = (
        CourseVersionFactory(title=title, pinyin=pinyin.key(title), course__host__unit__parent=district)
        for title in ("面点", "无人机")
    )
    report = ReportedCourseFactory()
    signed_in(client, "coordinator", district)
    client.post(
        reverse("catalogue:series-new"), {"unit": district.pk, "title": "彩虹学院", "glyph": "虹", "riasec": "S"}
    )
    series = Series.objects.get()
    address, steps = (reverse(f"catalogue:{name}", args=[series.pk]) for name in ("series-edit", "series-steps"))
    publication = reverse("catalogue:series-publication", args=[series.pk])
    found = [list(client.get(address, {"q": text}).context["courses"]) for text in ("面", "miandian", "烘焙")]
    assert found == [[first], [first], []]

    client.post(steps, {"course": first.course_id})
    assert "至少要有 2 个已经发布的项目" in client.post(publication, follow=True).text
    client.post(steps, {"course": second.course_id})
    client.post(steps, {"reported": report.pk})
    last = reverse("catalogue:series-step", args=[series.steps.get(place=3).pk])
    for do in ({"do": "up"}, {"do": "note", "note": "听一讲"}):
        client.post(last, do)
    client.post(address, {"title": "彩虹学院", "glyph": "虹", "riasec": "A", "about": "四站"})

    assert "系列已公开。" in client.post(publication, follow=True).text
    page = client.get(reverse("catalogue:series", args=[series.slug])).text
    assert page.index("面点") < page.index("听一讲") < page.index("无人机")
    refused = client.post(reverse("catalogue:series-step", args=[series.steps.get(place=1).pk]), {"do": "remove"})
    assert "请先加一个，或先收回系列" in client.get(refused.url).text
    assert "系列已收回" in client.post(publication, {"off": "1"}, follow=True).text
    assert "请先选一个项目再加。" in client.post(steps, {"course": "x"}, follow=True).text
    assert client.post(steps, {"course": "999999999"}).status_code == 404


@pytest.mark.parametrize("role", ["host_manager", "district_officer"])
def test_the_series_desk_is_not_found_by_who_publishes_nothing(client, role):
    host, step = HostFactory(), SeriesStepFactory()
    signed_in(client, role, host.unit if role == "host_manager" else host.unit.parent)

    assert client.get(reverse("catalogue:series-desk")).status_code == 404
    assert client.get(reverse("catalogue:series-new")).status_code == 404
    for name in ("series-edit", "series-steps", "series-publication"):
        assert client.post(reverse(f"catalogue:{name}", args=[step.series_id])).status_code == 404
    assert client.post(reverse("catalogue:series-step", args=[step.pk]), {"do": "remove"}).status_code == 404


def test_series_of_another_district_is_not_found_at_the_desk(client):
    step = SeriesStepFactory()
    signed_in(client, "coordinator", DistrictFactory())

    assert client.get(reverse("catalogue:series-edit", args=[step.series_id])).status_code == 404
    assert client.post(reverse("catalogue:series-step", args=[step.pk]), {"do": "remove"}).status_code == 404
    assert not client.get(reverse("catalogue:series-desk")).context["page"].object_list


def test_reported_event_list_is_searched_and_shows_sources(client, django_assert_num_queries):
    ReportedEventFactory(title="小小消防员", kind="消防职业体验", place="武宁", source="https://example.org/1")
    ReportedEventFactory(title="快乐女篮", kind="少年宫")

    with django_assert_num_queries(3):  # kinds, how many, the page
        page = client.get(reverse("catalogue:reported-event-list"), {"q": "武宁", "kind": "消防职业体验"}).text
    nothing = client.get(reverse("catalogue:reported-event-list"), {"q": "没有"}).text

    assert ("小小消防员" in page, "https://example.org/1" in page, "快乐女篮" in page) == (True, True, False)
    assert "换一个词或种类再看。" in nothing

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.catalogue.models import STEPS, Course, CourseVersion
from baiye.catalogue.tests.factories import (
    CourseVersionFactory,
    DraftFactory,
    OccupationFactory,
    ReportedCourseFactory,
    passed_review,
)
from baiye.registry.tests.factories import HostFactory

pytestmark = pytest.mark.django_db
FOUR_STEPS = {key: f"{name}的话" for key, name in STEPS}


def signed_in(client, role, unit):
    client.force_login(GrantFactory(role=role, unit=unit).user)
    return client


def answers(**changed):
    said = {
        "title": "舌尖上的面点",
        "summary": "做一屉点心",
        "glyph": "面",
        "riasec": "R",
        "task_group": "烹饪与营养",
        "grade_from": "6",
        "grade_to": "9",
        "minutes": "160",
        "group_min": "8",
        "group_ideal": "16",
        "group_max": "20",
        "hazards": ["food"],
        "languages": ["zh"],
    }
    return said | {f"step_{key}": text for key, text in FOUR_STEPS.items()} | changed


# ── the public catalogue ──


@pytest.mark.parametrize("count", [1, 3])
def test_course_list_costs_as_many_queries_for_three_courses_as_for_one(client, django_assert_num_queries, count):
    versions = CourseVersionFactory.create_batch(count)

    with django_assert_num_queries(5):  # how many hosts, the hosts, what is found, the page of it, the reports
        response = client.get(reverse("catalogue:course-list"))

    assert set(response.context["versions"]) == set(versions)


def test_course_list_says_so_when_there_are_more_than_it_shows(client, monkeypatch):
    CourseVersionFactory.create_batch(2)
    assert "共 2 个项目" in client.get(reverse("catalogue:course-list")).text

    monkeypatch.setattr("baiye.core.search.COUNTED", 1)

    assert "超过 1,000 个项目" in client.get(reverse("catalogue:course-list")).text


def test_course_list_marks_examples_and_shows_reports_below(client):
    CourseVersionFactory(title="真的项目")
    ReportedCourseFactory(title="有记载的那个", source="普教办〔2024〕21号", trust="A")
    assert ">示例<" not in client.get(reverse("catalogue:course-list")).text

    CourseVersionFactory(title="演示用的", course__is_example=True)
    page = client.get(reverse("catalogue:course-list")).text

    assert page.index("真的项目") < page.index("演示用的")  # examples last
    assert [text in page for text in (">示例<", "有记载的那个", "普教办〔2024〕21号", "官方页面或文件")] == [True] * 4


def test_course_list_filters_by_words_interest_and_host(client):
    version = CourseVersionFactory(title="无人机体检", riasec="R")
    CourseVersionFactory(title="无人机飞行", riasec="I", course__host=version.course.host)
    CourseVersionFactory(title="无人机摄影", riasec="R")
    asked = {"q": "无人机", "k": "R", "host": version.course.host.pk}

    response = client.get(reverse("catalogue:course-list"), asked)

    assert list(response.context["versions"]) == [version]
    (_k, first), *_others = response.context["kinds"]
    assert first.url == f"?q=%E6%97%A0%E4%BA%BA%E6%9C%BA&k=&host={version.course.host.pk}"
    assert list(response.context["reported"]) == []


def test_course_list_leaves_out_what_it_cannot_read(client):
    version = CourseVersionFactory()

    response = client.get(reverse("catalogue:course-list"), {"k": "Z", "host": "abc", "page": "x"})

    assert list(response.context["versions"]) == [version]


def test_course_list_without_a_hit_says_what_to_do(client):
    CourseVersionFactory()

    assert "换一个词，或去掉类型和学校再看。" in client.get(reverse("catalogue:course-list"), {"q": "没有"}).text


def test_course_list_that_is_empty_says_when_courses_come(client):
    assert "还没有发布的项目" in client.get(reverse("catalogue:course-list")).text


def test_course_list_is_a_phone_page_for_families(client):
    client.force_login(UserFactory(kind="guardian"))

    assert client.get(reverse("catalogue:course-list")).context["shell"] == "core/phone.html"


def test_course_shows_its_four_steps_and_what_is_asked_before(client, django_assert_num_queries):
    occupation = OccupationFactory(code="4-03-02-02", name="中式面点师")
    version = CourseVersionFactory(steps=FOUR_STEPS, hazards=["food"], occupation=occupation, bring="围裙")

    with django_assert_num_queries(2):  # the version, papers for pupils
        page = client.get(reverse("catalogue:course", args=[version.course.slug])).text

    said = [*FOUR_STEPS.values(), "有没有食物过敏", "围裙", "4-03-02-02 中式面点师", "8–30 人", "160 分钟"]
    assert [text for text in said if text not in page] == []
    assert "示例" not in page


def test_course_that_is_an_example_says_so_and_leads_to_no_example_host(client):
    version = CourseVersionFactory(course__is_example=True, course__host__unit__is_example=True)

    page = client.get(reverse("catalogue:course", args=[version.course.slug])).text

    assert "为演示而写" in page
    assert reverse("registry:host", args=[version.course.host.pk]) not in page


def test_course_that_is_a_draft_is_not_found(client):
    draft = DraftFactory()

    assert client.get(reverse("catalogue:course", args=[draft.course.slug])).status_code == 404


# ── the desk ──


@pytest.mark.parametrize("count", [1, 3])
def test_draft_list_costs_as_many_queries_for_three_versions_as_for_one(client, django_assert_num_queries, count):
    host = HostFactory()
    versions = DraftFactory.create_batch(count, course__host=host)
    signed_in(client, "host_manager", host.unit)

    with django_assert_num_queries(6):  # session, user, grants, how many, the page, unread messages
        response = client.get(reverse("catalogue:draft-list"))

    assert set(response.context["page"]) == set(versions)


@pytest.mark.parametrize("name", ["draft-list", "draft-new"])
def test_the_desk_is_not_found_by_who_writes_no_courses(client, name):
    signed_in(client, "host_instructor", HostFactory().unit)

    assert client.get(reverse(f"catalogue:{name}")).status_code == 404


def test_the_desk_asks_a_visitor_to_sign_in(client):
    response = client.get(reverse("catalogue:draft-list"))

    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("accounts:sign-in"))


def test_draft_new_makes_a_draft_at_ones_own_host(client):
    host, occupation = HostFactory(), OccupationFactory(name="中式面点师")
    signed_in(client, "host_manager", host.unit)

    response = client.post(
        reverse("catalogue:draft-new"), answers(host=host.pk, occupation="中式面点师", step_culture="")
    )

    version = CourseVersion.objects.get()
    assert (response.status_code, response.url) == (302, reverse("catalogue:draft", args=[version.pk]))
    assert (version.title, version.occupation, version.hazards) == ("舌尖上的面点", occupation, ["food"])
    assert version.steps == FOUR_STEPS | {"culture": ""}


@pytest.mark.parametrize(
    ("changed", "name", "sentence"),
    [
        ({"grade_from": "9", "grade_to": "6"}, "grade_to", "要不低于「从几年级」。"),
        ({"group_min": "17"}, "group_ideal", "要不少于「最少几人开课」。"),
        ({"group_max": "15"}, "group_max", "要不少于「最合适几人」。"),
        ({"occupation": "没有这种职业"}, "occupation", "大典里没有「没有这种职业」。照大典的写法填，或先空着。"),
    ],
)
def test_draft_new_says_what_to_change_and_keeps_what_was_written(client, changed, name, sentence):
    host = HostFactory()
    signed_in(client, "host_manager", host.unit)

    response = client.post(reverse("catalogue:draft-new"), answers(host=host.pk, **changed))

    assert (response.status_code, response.context["form"].errors[name]) == (422, [sentence])
    assert 'value="舌尖上的面点"' in response.text
    assert not Course.objects.exists()


def test_draft_new_at_anothers_host_is_no_choice(client):
    signed_in(client, "host_manager", HostFactory().unit)

    response = client.post(reverse("catalogue:draft-new"), answers(host=HostFactory().pk))

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["host"])


def test_draft_is_written_and_then_published_by_the_coordinator(client):
    draft = DraftFactory(steps=FOUR_STEPS)
    signed_in(client, "coordinator", draft.course.host.unit.parent)
    address = reverse("catalogue:draft", args=[draft.pk])
    assert 'value="160"' in client.get(address).text

    client.post(address, answers(title="新的名字"))
    passed_review(draft)
    response = client.post(reverse("catalogue:publication", args=[draft.pk]), follow=True)

    draft.refresh_from_db()
    assert (draft.title, draft.published_at is not None) == ("新的名字", True)
    assert "第 1 版已发布，可以排场次了。" in response.text
    assert "发布了的版本不再改动" in response.text


def test_draft_of_another_host_is_not_found(client):
    signed_in(client, "host_manager", HostFactory().unit)
    draft = DraftFactory()

    for name in ("draft", "publication", "revision", "retirement"):
        assert client.post(reverse(f"catalogue:{name}", args=[draft.pk]), answers()).status_code == 404


def test_draft_that_was_published_meanwhile_is_refused_in_words(client):
    version = CourseVersionFactory()
    signed_in(client, "host_manager", version.course.host.unit)

    response = client.post(reverse("catalogue:draft", args=[version.pk]), answers())

    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["第 1 版已经发布，不能再改。请另起一版。"]


def test_publication_by_the_hosts_own_manager_is_not_found(client):
    draft = DraftFactory(steps=FOUR_STEPS)
    signed_in(client, "host_manager", draft.course.host.unit)

    assert client.post(reverse("catalogue:publication", args=[draft.pk])).status_code == 404


def test_publication_of_an_unfinished_draft_says_what_is_missing(client):
    draft = DraftFactory()
    signed_in(client, "coordinator", draft.course.host.unit)

    response = client.post(reverse("catalogue:publication", args=[draft.pk]), follow=True)

    assert "四步里还差：走进一所职校、体验一个项目、了解一门职业、感受一种文化。写完再发布。" in response.text


def test_revision_begins_the_next_version(client):
    version = CourseVersionFactory()
    signed_in(client, "host_manager", version.course.host.unit)

    response = client.post(reverse("catalogue:revision", args=[version.pk]))

    assert response.url == reverse("catalogue:draft", args=[CourseVersion.objects.get(number=2).pk])


def test_retirement_takes_the_course_out_of_the_catalogue(client):
    version = CourseVersionFactory()
    signed_in(client, "coordinator", version.course.host.unit)
    address = reverse("catalogue:retirement", args=[version.pk])
    assert "已经排好的场次照常" in client.get(address).text

    client.post(address)
    again = client.post(address, follow=True)

    assert client.get(reverse("catalogue:course", args=[version.course.slug])).status_code == 404
    assert "这个项目早先已经下架了。" in again.text

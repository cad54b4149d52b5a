import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import GrantFactory
from baiye.catalogue.models import Review
from baiye.catalogue.tests.factories import CourseVersionFactory, DraftFactory
from baiye.catalogue.tests.test_actions_reviews import proposed, ready
from baiye.catalogue.tests.test_views import signed_in
from baiye.registry.tests.factories import HostFactory

pytestmark = pytest.mark.django_db


def officer_of(client, review):
    return signed_in(client, "district_officer", review.version.course.host.unit.parent)


def filled(part, **changed):
    said = {"part": part.kind, "verdict": "passed", f"{part.kind}-because": ""}
    for item in part.items.all():
        said |= {f"{part.kind}-answer-{item.code}": "met", f"{part.kind}-note-{item.code}": ""}
    return said | changed


# ── the host's side ──


def test_proposal_hands_the_draft_in_and_the_draft_is_read_only(client):
    draft = ready(hazards=["food"])
    signed_in(client, "host_manager", draft.course.host.unit)
    address = reverse("catalogue:proposal", args=[draft.pk])
    assert "提交以后草稿不能再改" in client.get(address).text

    page = client.post(address, {"note": "先看安全"}, follow=True).text

    assert Review.objects.get().note == "先看安全"
    assert "正在评审，草稿暂时不能改" in page
    assert 'name="title"' not in page


def test_proposal_that_lacks_something_says_what_and_keeps_the_note(client):
    draft = ready(access="")
    signed_in(client, "host_manager", draft.course.host.unit)

    response = client.post(reverse("catalogue:proposal", args=[draft.pk]), {"note": "请快一点"})

    assert response.status_code == 422
    assert "还差：行动不便的学生怎样参加。写完再提交评审。" in response.text
    assert "请快一点" in response.text


def test_withdrawal_gives_the_draft_back_and_asked_again_says_so(client):
    review = proposed()
    client.force_login(review.proposed_by)
    address = reverse("catalogue:withdrawal", args=[review.version_id])

    assert 'name="title"' in client.post(address, follow=True).text
    assert "这一版没有在评审" in client.post(address, follow=True).text


@pytest.mark.parametrize("name", ["proposal", "withdrawal", "supplies", "materials", "comparison"])
def test_a_draft_of_another_host_is_not_found(client, name):
    draft = ready()
    signed_in(client, "host_manager", HostFactory().unit)

    assert client.post(reverse(f"catalogue:{name}", args=[draft.pk])).status_code in {404, 405}
    assert client.get(reverse(f"catalogue:{name}", args=[draft.pk])).status_code in {404, 405}


# ── the reviewer's side ──


@pytest.mark.parametrize("count", [1, 3])
def test_review_list_costs_as_many_queries_for_three_reviews_as_for_one(client, django_assert_num_queries, count):
    host = HostFactory()
    reviews = [proposed(course__host=host) for _ in range(count)]
    signed_in(client, "district_officer", host.unit.parent)

    with django_assert_num_queries(9):  # session, user, grants, counts, how many, the page, parts, lines, messages
        response = client.get(reverse("catalogue:review-list"))

    assert list(response.context["page"]) == reviews


def test_review_list_shows_what_is_in_the_state_asked_for(client):
    waiting = proposed()
    passed = Review.objects.get(version=CourseVersionFactory(course__host=waiting.version.course.host))
    officer_of(client, waiting)

    listed = {
        state: list(client.get(reverse("catalogue:review-list"), {"state": state}).context["page"])
        for state in ("waiting", "published", "returned", "nonsense")
    }

    assert listed == {"waiting": [waiting], "published": [passed], "returned": [], "nonsense": [waiting]}


def test_review_list_is_not_found_by_who_reviews_nothing(client):
    signed_in(client, "host_manager", HostFactory().unit)

    assert client.get(reverse("catalogue:review-list")).status_code == 404


def test_review_is_answered_in_two_parts_and_then_published(client):
    review = proposed(hazards=["food"])
    unit = review.version.course.host.unit.parent
    signed_in(client, "coordinator", unit)
    address = reverse("catalogue:review", args=[review.pk])
    assert "有过敏的学生有替代食材或替代任务" in client.get(address).text

    for part in review.parts.all():
        page = client.post(address, filled(part), follow=True).text
    assert "两部分都通过了，可以发布。" in page
    page = client.post(reverse("catalogue:publication", args=[review.version_id]), follow=True).text

    assert "第 1 版已发布，可以排场次了。" in page


def test_review_that_is_not_whole_keeps_what_was_typed(client):
    review = proposed()
    officer_of(client, review)
    part = review.parts.get(kind="safety")
    said = filled(part, **{"safety-answer-ratio": "", "safety-note-room": "只坐得下二十人"})

    response = client.post(reverse("catalogue:review", args=[review.pk]), said)

    assert response.status_code == 422
    assert "还有没评的：每组都有带教老师看得住" in response.text
    assert "只坐得下二十人" in response.text
    part.refresh_from_db()
    assert part.verdict == ""


def test_review_is_kept_for_now_and_returned_with_reasons(client):
    review = proposed()
    officer_of(client, review)
    address, part = reverse("catalogue:review", args=[review.pk]), review.parts.get(kind="safety")
    wrong = {"safety-answer-room": "unmet", "safety-note-room": "坐不下", "safety-because": "换大一点的教室"}

    kept = client.post(address, filled(part, verdict="", **wrong), follow=True).text
    returned = client.post(address, filled(part, verdict="returned", **wrong), follow=True).text

    assert ("评到这里已存下。" in kept, "已退回，基地会收到理由。" in returned) == (True, True)
    client.force_login(review.proposed_by)
    page = client.get(reverse("catalogue:draft", args=[review.version_id])).text
    assert [text for text in ("换大一点的教室", "坐不下", "已退回") if text not in page] == []


def test_review_by_its_author_is_read_only(client):
    draft = ready()
    coordinator = GrantFactory(role="coordinator", unit=draft.course.host.unit.parent).user
    client.force_login(coordinator)
    client.post(reverse("catalogue:proposal", args=[draft.pk]))

    page = client.get(reverse("catalogue:review", args=[Review.objects.get().pk])).text

    assert "请另一位同事来评" in page
    assert 'name="verdict"' not in page


def test_review_warns_of_little_hands_on_time_and_of_a_price(client):
    review = proposed(hands_on_percent=40, price_fen=1550, price_covers="面粉和馅料")
    officer_of(client, review)

    page = client.get(reverse("catalogue:review", args=[review.pk])).text

    assert "动手时间只占 40%，标准要 60% 以上。" in page
    assert "每人收 15.50 元：面粉和馅料。" in page


def test_review_of_another_district_is_not_found(client):
    review = proposed()
    signed_in(client, "district_officer", DraftFactory().course.host.unit.parent)

    assert client.get(reverse("catalogue:review", args=[review.pk])).status_code == 404

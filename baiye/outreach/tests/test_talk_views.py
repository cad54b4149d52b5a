"""Pages of talks: one's own, another's, nobody's; forms that keep what was typed; lists that cost the same."""

from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock
from baiye.mentors.models import Mentor
from baiye.outreach.models import Campaign, Match, Talk, TalkOffer, TalkRequest
from baiye.outreach.tests.factories import (
    AgreedTalkFactory,
    CampaignFactory,
    OfferFactory,
    RequestFactory,
    TalkFactory,
    WishFactory,
    days_of,
    half_days,
)
from baiye.outreach.tests.talking import computed, holder, new, published, talk_in, town
from baiye.schools.tests.factories import SchoolClassFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.BAIYE_REQUIRE_SECOND_FACTOR = False


def get(client, user, name, *keys, **query):
    client.force_login(user)
    return client.get(reverse(f"outreach:{name}", args=keys), query)


def post(client, user, name, *keys, **data):
    client.force_login(user)
    return client.post(reverse(f"outreach:{name}", args=keys), data)


# ── whose page is whose ──


def test_pages_of_a_campaign_are_the_desks_alone(client):
    place, other = town(), town()
    desk = ["campaign", "talk-list", "talk-export", "talk-plan", "offer-list", "offer-export", "request-list"]

    for name in [*desk, "request-export", "school-list", "school-export"]:
        for user in (place.coordinator, place.officer):
            assert get(client, user, name, place.campaign.pk).status_code == 200, name
        for user in (place.teacher, place.craftsman, other.coordinator, UserFactory()):
            assert get(client, user, name, place.campaign.pk).status_code == 404, name
    for name in ("campaign-particulars", "announcement"):
        assert get(client, place.coordinator, name, place.campaign.pk).status_code == 200
        for user in (place.officer, place.teacher, other.coordinator):
            assert get(client, user, name, place.campaign.pk).status_code == 404, name


def test_campaigns_are_listed_for_desk_and_schools_and_nobody_else(client):
    place, other = town("ask"), town("ask")

    for user in (place.coordinator, place.officer, place.teacher):
        page = get(client, user, "campaign-list")
        assert place.campaign.title in page.text
        assert other.campaign.title not in page.text
    assert get(client, place.craftsman, "campaign-list").status_code == 404


def test_a_schools_page_is_its_own(client):
    place, other = town("ask"), town("ask")

    assert get(client, place.teacher, "school-campaign", place.campaign.pk).status_code == 200
    assert get(client, place.teacher, "request-new", place.campaign.pk, place.school.pk).status_code == 200
    assert get(client, place.teacher, "talk-request", place.ask.pk).status_code == 200
    assert get(client, place.coordinator, "request-new", place.campaign.pk, place.school.pk).status_code == 200
    for user in (other.teacher, place.craftsman, other.coordinator):
        assert get(client, user, "school-campaign", place.campaign.pk).status_code == 404
        assert get(client, user, "request-new", place.campaign.pk, place.school.pk).status_code == 404
        assert get(client, user, "talk-request", place.ask.pk).status_code == 404
    assert get(client, place.teacher, "request-new", other.campaign.pk, place.school.pk).status_code == 404


def test_a_speakers_page_is_their_own(client):
    place, other = town("offer"), town("offer")

    assert get(client, place.craftsman, "my-talks").status_code == 200
    assert get(client, place.craftsman, "offer", place.campaign.pk, place.speaker.pk).status_code == 200
    assert get(client, place.coordinator, "offer", place.campaign.pk, place.speaker.pk).status_code == 200
    for user in (place.teacher, other.craftsman, other.coordinator):
        assert get(client, user, "offer", place.campaign.pk, place.speaker.pk).status_code == 404
    assert get(client, place.teacher, "my-talks").status_code == 404
    unlinked = holder("mentor", place.speaker.unit)
    assert "还没有连上带教资料" in get(client, unlinked, "my-talks").text


def test_a_talk_is_seen_by_its_three_sides(client):
    place, other = town(), town()
    talk = talk_in(place)

    for user in (place.craftsman, place.teacher, place.coordinator, place.officer):
        assert get(client, user, "talk", talk.pk).status_code == 200
    for user in (other.craftsman, other.teacher, other.coordinator, UserFactory()):
        assert get(client, user, "talk", talk.pk).status_code == 404
        assert post(client, user, "acceptance", talk.pk).status_code == 404
    for name, user in [("refusal", place.teacher), ("confirmation", place.craftsman), ("rehearsal", place.teacher)]:
        assert post(client, user, name, talk.pk).status_code == 403
    assert post(client, place.officer, "cancellation", talk.pk).status_code == 403
    assert get(client, place.craftsman, "letter", talk.pk).status_code == 404  # not held yet


def test_what_is_public_names_no_person(client):
    place = town()
    match = published(place)
    hidden = CampaignFactory(announced_at=None, announced_by=None)
    address = reverse("outreach:public-campaign", args=[place.campaign.pk])

    page = client.get(address)
    assert page.status_code == 200
    assert place.school.unit.name in page.text
    assert place.speaker.name not in page.text
    for name in ("input.zip", "output.zip"):
        found = client.get(reverse("outreach:public-campaign-file", args=[place.campaign.pk, match.pk, name]))
        assert found.headers["Content-Type"] == "application/zip"
    assert (
        client.get(reverse("outreach:public-campaign-file", args=[place.campaign.pk, match.pk, "x"])).status_code == 404
    )
    assert client.get(reverse("outreach:public-campaign", args=[hidden.pk])).status_code == 404


def test_files_of_a_draft_are_nobodys(client):
    place = town()
    match = computed(place)

    found = client.get(reverse("outreach:public-campaign-file", args=[place.campaign.pk, match.pk, "input.zip"]))

    assert found.status_code == 404
    assert "冻结的输入" not in client.get(reverse("outreach:public-campaign", args=[place.campaign.pk])).text


# ── the desk ──


def campaign_data(unit, term, **fields):
    days = {name: day.isoformat() for name, day in days_of("offer").items()}
    given = {"request": new(), "unit": unit.pk, "term": term.pk, "title": "五月", "minutes": 60, "points": "100 80"}
    return given | days | fields


def test_a_campaign_is_planned_and_announced(client):
    place = town("offer")
    term = place.campaign.term
    data = campaign_data(place.campaign.unit, term)
    data["last_on"] = data["feedback_until"] = min(term.ends_on.isoformat(), data["last_on"])

    wrong = post(client, place.coordinator, "campaign-new", **(data | {"points": "a b"}))
    assert wrong.status_code == 422
    assert "五月" in wrong.text
    made = post(client, place.coordinator, "campaign-new", **data)
    campaign = Campaign.objects.get(title="五月")
    assert made.headers["Location"] == reverse("outreach:campaign", args=[campaign.pk])
    del data["unit"], data["request"]
    post(client, place.coordinator, "campaign-particulars", campaign.pk, **(data | {"minutes": 45}))
    post(client, place.coordinator, "announcement", campaign.pk)

    campaign.refresh_from_db()
    assert campaign.minutes == 45
    assert campaign.announced_by == place.coordinator
    assert post(client, place.officer, "campaign-new", **campaign_data(place.campaign.unit, term)).status_code == 404


def test_a_match_is_asked_watched_proposed_and_approved_by_another(client):
    place = town()

    asked = post(client, place.coordinator, "match-create", place.campaign.pk)
    match = Match.objects.get()
    assert asked.headers["Location"] == reverse("outreach:match", args=[match.pk])
    assert "正在匹配" in get(client, place.coordinator, "match", match.pk).text
    from baiye.core import jobs

    jobs.run_due()
    assert "已是最好" in get(client, place.coordinator, "match", match.pk).text
    post(client, place.coordinator, "match-proposal", match.pk)
    assert "复核并公布" not in get(client, place.coordinator, "match", match.pk).text
    assert "复核并公布" in get(client, place.officer, "match", match.pk).text
    assert get(client, place.officer, "match-approval", match.pk).status_code == 200
    post(client, place.officer, "match-approval", match.pk)

    assert Talk.objects.count() == 1
    assert "公开核对页" in get(client, place.coordinator, "match", match.pk).text


def test_a_match_is_set_aside_and_compared_with_another(client):
    place, other = town(), town()
    first, second = computed(place), computed(place)

    assert "另一次" in get(client, place.coordinator, "match", first.pk, beside=str(second.pk)).text
    post(client, place.coordinator, "match-proposal", first.pk)
    post(client, place.coordinator, "match-withdrawal", first.pk)
    post(client, place.coordinator, "match-discarding", first.pk)
    first.refresh_from_db()

    assert first.discarded_at is not None
    assert get(client, place.officer, "match-approval", second.pk).status_code == 404  # nobody proposed it
    for name in ("match-proposal", "match-discarding", "match-withdrawal"):
        assert post(client, other.coordinator, name, second.pk).status_code == 404


def test_lists_find_by_word_and_state(client):
    place = town()
    talk = talk_in(place)
    kept = (place.coordinator, place.campaign.pk)

    assert talk.topic.title in get(client, kept[0], "talk-list", kept[1], q=place.speaker.name).text
    assert "没有这样的讲座" in get(client, kept[0], "talk-list", kept[1], state="held").text
    assert place.speaker.name in get(client, kept[0], "offer-list", kept[1], q=talk.topic.title).text
    assert place.school.unit.name in get(client, kept[0], "request-list", kept[1], state="met").text
    assert place.school.unit.name not in get(client, kept[0], "request-list", kept[1], state="unmet").text


def test_feedback_is_taken_longer(client):
    place = town()
    until = place.campaign.feedback_until + timedelta(days=3)

    post(client, place.coordinator, "feedback-until", place.campaign.pk, until=until.isoformat())
    post(client, place.coordinator, "feedback-until", place.campaign.pk, until="")

    assert Campaign.objects.get().feedback_until == until


# ── speaker and school ──


def offer_data(campaign, **fields):
    given = {"request": new(), "title_1": "怎样烤面包", "stages": ["junior"], "half_days": half_days(campaign)[:2]}
    return given | {"most_talks": 2, "most_classes": 2} | fields


def open_half_days(campaign):
    """Half-days that the calendar of the tests leaves open: its days may lie on a weekend."""
    from baiye.outreach.half_days import half_days_of

    return half_days_of(campaign)


def test_a_speaker_offers_and_takes_it_back_on_the_phone(client):
    place = town("offer")
    halves = open_half_days(place.campaign)[:2]
    keys = (place.campaign.pk, place.speaker.pk)

    wrong = post(
        client, place.craftsman, "offer", *keys, **offer_data(place.campaign, half_days=[], occupation_1="没有")
    )
    assert wrong.status_code == 422
    assert "怎样烤面包" in wrong.text
    assert "请至少选一个半天" in wrong.text
    assert "职业大典里没有" in wrong.text
    post(client, place.craftsman, "offer", *keys, **offer_data(place.campaign, half_days=halves))
    offer = TalkOffer.objects.get()
    assert [topic.title for topic in offer.topics.all()] == ["怎样烤面包"]
    assert offer.half_days == halves
    post(client, place.craftsman, "offer-withdrawal", offer.pk, because="出差")

    offer.refresh_from_db()
    assert offer.withdrawn_because == "出差"
    assert post(client, place.teacher, "offer-withdrawal", offer.pk, because="x").status_code == 404


def test_the_desk_finds_a_mentor_and_offers_for_them(client):
    place = town("offer")
    mentor = Mentor.objects.get(pk=place.speaker.pk)

    page = get(client, place.coordinator, "offer-list", place.campaign.pk, who=mentor.name)

    assert reverse("outreach:offer", args=[place.campaign.pk, mentor.pk]) in page.text


def request_data(place, **fields):
    each = SchoolClassFactory(school=place.school)
    given = {"request": new(), "classes": [each.pk], "wish_1": f"o{place.offer.pk}", "hall": "小礼堂"}
    return given | {"half_days": open_half_days(place.campaign)[:3]} | fields


def test_a_school_asks_changes_and_takes_back(client):
    place = town("ask")
    TalkRequest.objects.all().delete()
    keys = (place.campaign.pk, place.school.pk)
    data = request_data(place)

    twice = post(client, place.teacher, "request-new", *keys, **(data | {"wish_2": data["wish_1"]}))
    assert twice.status_code == 422
    assert "前面已经填了" in twice.text
    post(client, place.teacher, "request-new", *keys, **data)
    post(client, place.teacher, "request-new", *keys, **data)
    ask = TalkRequest.objects.get()
    post(client, place.teacher, "talk-request", ask.pk, **(data | {"hall": "大礼堂", "takes_any": "on"}))
    ask.refresh_from_db()
    assert (ask.hall, ask.takes_any, ask.wishes.count()) == ("大礼堂", True, 1)
    post(client, place.teacher, "request-withdrawal", ask.pk)

    ask.refresh_from_db()
    assert ask.withdrawn_by == place.teacher


def test_a_speaker_answers_and_a_school_confirms_on_the_talks_page(client):
    place = town()
    talk = talk_in(place)

    post(client, place.craftsman, "acceptance", talk.pk)
    given = {"hall": "大礼堂", "staff": "组长", "minutes": 60}
    wrong = post(client, place.teacher, "confirmation", talk.pk, begins="15:00", **given)
    assert wrong.status_code == 422
    assert "那个半天之内" in wrong.text
    assert "大礼堂" in wrong.text
    post(client, place.teacher, "confirmation", talk.pk, begins="10:00", **given)
    post(client, place.coordinator, "rehearsal", talk.pk, note="好")
    assert post(client, place.craftsman, "refusal", talk.pk, because="").status_code == 422
    post(client, place.craftsman, "refusal", talk.pk, because="病了")

    talk.refresh_from_db()
    assert (talk.hall, talk.staff, talk.ended_kind, talk.ended_because) == ("大礼堂", "组长", "speaker", "病了")
    assert "病了" in get(client, place.teacher, "talk", talk.pk).text


def test_a_talk_that_was_held_takes_feedback_and_gives_a_letter(client):
    talk = AgreedTalkFactory(phase="hold", half_day=None, starts_at=clock.now() - timedelta(hours=3))
    teacher = holder("school_coordinator", talk.school.unit)

    assert post(client, teacher, "holding", talk.pk, heard=0).status_code == 422
    post(client, teacher, "holding", talk.pk, heard=41)
    assert post(client, teacher, "feedback", talk.pk, side="school", verdict="poor", text="").status_code == 422
    post(client, teacher, "feedback", talk.pk, side="school", verdict="well", again="on", text="好")
    page = get(client, teacher, "talk", talk.pk)
    letter = get(client, teacher, "letter", talk.pk)

    assert "愿意再来" in page.text
    assert letter.headers["Content-Type"] == "application/pdf"
    assert post(client, teacher, "cancellation", talk.pk, because="x").status_code == 422


def test_the_desk_cancels_with_a_reason(client):
    talk = TalkFactory()
    desk = holder("coordinator", talk.offer.campaign.unit)

    assert post(client, desk, "cancellation", talk.pk, because="").status_code == 422
    post(client, desk, "cancellation", talk.pk, because="改期")

    talk.refresh_from_db()
    assert talk.ended_kind == "organiser"


# ── cost ──


LISTS = {
    "campaign": 13,
    "talk-list": 10,
    "talk-plan": 8,
    "offer-list": 8,
    "request-list": 12,
    "school-list": 11,
}


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_as_many_queries_for_three_rows_as_for_one(client, django_assert_num_queries, name, count):
    campaign = CampaignFactory(phase="confirm")
    desk = holder("coordinator", campaign.unit)
    for _n in range(count):
        talk = TalkFactory(offer=OfferFactory(campaign=campaign))
        WishFactory(ask=talk.ask, offer=talk.offer)
        RequestFactory(campaign=campaign)
    client.force_login(desk)

    with django_assert_num_queries(LISTS[name]):
        assert client.get(reverse(f"outreach:{name}", args=[campaign.pk])).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 3])
def test_a_speakers_page_costs_as_many_queries_for_three_talks_as_for_one(client, django_assert_num_queries, count):
    place = town("confirm")
    for n in range(count):
        campaign = place.campaign if n == 0 else CampaignFactory(unit=place.campaign.unit, phase="offer")
        offer = place.offer if n == 0 else OfferFactory(campaign=campaign, speaker=place.speaker)
        TalkFactory(offer=offer, half_day=offer.half_days[n])
    client.force_login(place.craftsman)

    with django_assert_num_queries(9):
        assert client.get(reverse("outreach:my-talks")).status_code == 200

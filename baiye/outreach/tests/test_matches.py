"""A match run: frozen without a name, computed once, checked by the engine's judge, published by two people."""

import json
from datetime import timedelta

import pytest
from baiye_placement.talks import read_campaign, verify_talks
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.attendance.tests.factories import MarkFactory, PastSeatFactory
from baiye.core import clock, folders, jobs
from baiye.core.models import Event, Message
from baiye.core.refusals import Refused
from baiye.mentors.tests.factories import CheckFactory
from baiye.outreach import talk_files
from baiye.outreach.actions import matches, talks
from baiye.outreach.actions.matches import MatchRefused
from baiye.outreach.models import Match, MatchedTalk, Talk, TalkOffer
from baiye.outreach.tests.factories import OfferFactory, RequestFactory, WishFactory, at
from baiye.outreach.tests.talking import computed, published, talk_in, town
from baiye.registry.tests.factories import MapShapeFactory
from baiye.schools.tests.factories import PupilFactory
from baiye.visits.tests.factories import VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def asked(place):
    return matches.ask_match(campaign=place.campaign, by=place.coordinator, at=clock.now())


def test_a_run_freezes_keys_and_no_names_and_draws_its_seed_afterwards():
    place = town()

    match = asked(place)

    with folders.unpacked(match.input_zip) as folder:
        text = "".join(path.read_text() for path in folder.iterdir())
        frozen = read_campaign(folder)
    assert not any(
        name in text for name in (place.speaker.name, place.school.unit.name, place.offer.topics.get().title)
    )
    assert frozen.seed == match.seed
    assert len(match.seed) == 32
    assert (frozen.offers[0].id, frozen.requests[0].wishes) == (f"o{place.offer.pk}", (f"o{place.offer.pk}",))
    assert ProcrastinateJob.objects.get().args == {"match_id": str(match.pk)}
    assert Event.objects.get(kind="match.asked").facts["input_sha256"] == match.input_sha256


def test_the_frozen_files_give_the_result_that_the_judge_believes_whenever_they_are_computed():
    place = town()
    match = computed(place)

    with folders.unpacked(match.input_zip) as folder, folders.unpacked(match.output_zip) as out:
        assert verify_talks(folder, out) == []
        assert json.loads((out / "certificate.json").read_text())["input_sha256"] == match.input_sha256
    before = bytes(match.output_zip)
    matches.run_match(match=match)
    match.refresh_from_db()

    assert bytes(match.output_zip) == before
    assert match.figures["verified"]
    assert match.figures["exact"]
    assert (match.figures["met"], match.figures["ranks"]) == (1, {"1": 1})
    line = MatchedTalk.objects.get()
    assert (line.ask, line.offer, line.rank) == (place.ask, place.offer, 1)


def test_a_match_is_asked_for_by_the_desk_after_the_deadline_one_at_a_time():
    early, place = town("ask"), town()

    with pytest.raises(MatchRefused, match="还在提需求"):
        asked(early)
    with pytest.raises(PermissionDenied):
        matches.ask_match(campaign=place.campaign, by=place.officer, at=clock.now())
    asked(place)
    with pytest.raises(MatchRefused, match="在进行"):
        asked(place)
    with pytest.raises(MatchRefused, match="日子已经过了"):
        late = clock.now() + timedelta(days=200)
        matches.ask_match(campaign=early.campaign, by=early.coordinator, at=late)


def test_nothing_to_match_is_said():
    place = town()
    TalkOffer.objects.update(withdrawn_at=clock.now(), withdrawn_by=place.coordinator, withdrawn_because="出差")

    with pytest.raises(MatchRefused, match="没有要匹配的"):
        asked(place)

    assert not Match.objects.exists()


def test_half_days_on_which_a_speaker_is_hindered_or_elsewhere_are_left_out():
    place = town()
    halves = place.offer.half_days
    visit = VisitFactory(
        starts_at=at(halves[0]), ends_at=at(halves[0], 11), venue__host__unit__parent=place.campaign.unit
    )
    visit.assignments.create(mentor=place.speaker, role="lead", span=(visit.starts_at, visit.ends_at))

    problem = talk_files.problem_of(place.campaign, clock.now())
    assert problem.offers[0].slots == tuple(halves[1:])

    CheckFactory(mentor=place.speaker, checked_on=clock.today(), result="not_clear")
    assert talk_files.problem_of(place.campaign, clock.now()).offers[0].slots == ()


def test_the_most_a_mentor_takes_a_term_bounds_what_is_offered():
    place = town()
    place.speaker.most_a_term = 1
    place.speaker.save()

    assert talk_files.problem_of(place.campaign, clock.now()).offers[0].most_talks == 1


def test_encounters_are_pupils_who_came_and_pupils_who_heard():
    place = town()
    pupil = PupilFactory(school_class__school=place.school)
    seat = PastSeatFactory(pupil=pupil)
    MarkFactory(seat=seat)
    MarkFactory(seat=seat)

    problem = talk_files.problem_of(place.campaign, clock.now())

    assert [(s.encounters, s.pupils) for s in problem.schools] == [(1, 1)]


def test_the_way_is_reckoned_from_a_street_to_the_school_and_left_out_where_it_is_not_known():
    place = town()
    street = MapShapeFactory(kind="street", label_lon=121.40, label_lat=31.25)

    assert talk_files.problem_of(place.campaign, clock.now()).minutes == {}
    TalkOffer.objects.update(starts_from=street)
    place.school.lon, place.school.lat = 121.40, 31.268
    place.school.save()

    minutes = talk_files.problem_of(place.campaign, clock.now()).minutes
    assert minutes == {(f"o{place.offer.pk}", f"s{place.school.pk}"): 14}  # 2001 m × 1.3 ÷ 200 m a minute


def test_two_people_publish_and_then_everybody_is_told():
    place = town()
    unmet = RequestFactory(campaign=place.campaign, stage="senior", takes_any=False)
    idle = OfferFactory(campaign=place.campaign, stages=["vocational"])

    match = computed(place)
    matches.propose_match(match=match, by=place.coordinator, at=clock.now())
    matches.propose_match(match=match, by=place.coordinator, at=clock.now())
    with pytest.raises(MatchRefused, match="两个人"):
        matches.approve_match(match=match, by=place.coordinator, at=clock.now())
    assert not Talk.objects.exists()
    assert matches.approve_match(match=match, by=place.officer, at=clock.now()) == 1
    assert matches.approve_match(match=match, by=place.officer, at=clock.now()) == 0
    jobs.run_due()

    talk = Talk.objects.get()
    assert (talk.ask, talk.speaker, talk.state, talk.match) == (place.ask, place.speaker, "proposed", match)
    assert MatchedTalk.objects.get(ask=unmet).why == "no_speaker"
    told = {message.to: message.subject for message in Message.objects.all()}
    assert told[place.craftsman].endswith("有学校请您去讲，请答复")
    assert told[place.teacher].endswith("1 项需求排到了讲座")
    assert idle.speaker.user is None


def test_who_may_not_publish_is_denied_and_a_proposal_can_be_taken_back():
    place = town()
    match = computed(place)

    for who in (place.teacher, place.craftsman):
        with pytest.raises(PermissionDenied):
            matches.propose_match(match=match, by=who, at=clock.now())
    matches.propose_match(match=match, by=place.officer, at=clock.now())
    match.refresh_from_db()
    with pytest.raises(MatchRefused, match="先撤回提请"):
        matches.discard_match(match=match, by=place.coordinator, at=clock.now())
    with pytest.raises(MatchRefused, match="等复核"):
        asked(place)
    matches.withdraw_match(match=match, by=place.officer)
    match.refresh_from_db()
    with pytest.raises(MatchRefused, match="提请已撤回"):
        matches.approve_match(match=match, by=place.coordinator, at=clock.now())
    matches.discard_match(match=match, by=place.coordinator, at=clock.now())
    with pytest.raises(MatchRefused, match="没作废"):
        matches.propose_match(match=match, by=place.officer, at=clock.now())

    assert not Talk.objects.exists()


def test_a_result_that_can_no_longer_be_is_published_not_at_all():
    place = town()
    second = RequestFactory(campaign=place.campaign)
    match = computed(place)
    matches.propose_match(match=match, by=place.coordinator, at=clock.now())
    CheckFactory(mentor=place.speaker, checked_on=clock.today(), result="not_clear")

    with pytest.raises(MatchRefused, match="作废重算"):
        matches.approve_match(match=match, by=place.officer, at=clock.now())

    match.refresh_from_db()
    assert match.approved_at is None
    assert not Talk.objects.exists()
    assert second.withdrawn_at is None


def test_after_a_talk_ended_only_the_few_are_matched_again_and_not_with_who_declined():
    place = town()
    kept = RequestFactory(campaign=place.campaign)
    published(place)
    ended = Talk.objects.get(ask=place.ask)
    talks.decline_talk(talk=ended, because="出差", by=place.craftsman, at=clock.now())
    other = OfferFactory(campaign=place.campaign)
    WishFactory(ask=place.ask, rank=2, offer=other)

    match = published(place)

    assert match.again
    assert [line.ask for line in match.lines.all()] == [place.ask]
    assert Talk.objects.get(ask=place.ask, ended_at=None).speaker == other.speaker
    assert Talk.objects.get(ask=kept).match != match


def test_an_error_ends_a_run_as_failed_and_another_can_be_asked_for(monkeypatch):
    place = town()
    match = asked(place)

    def broken(*_args, **_more):
        raise RuntimeError("disk")

    monkeypatch.setattr(matches, "match_talks", broken)
    jobs.run_due()
    match.refresh_from_db()
    assert "意外" in match.failed_because
    monkeypatch.undo()
    computed(place)

    assert Match.objects.filter(finished_at__isnull=False).count() == 1


def test_a_run_whose_connection_broke_is_left_to_be_done_again(monkeypatch):
    match = asked(town())

    def gone(*_args, **_more):
        raise OperationalError

    monkeypatch.setattr(matches, "_keep", gone)
    with pytest.raises(OperationalError):
        matches.run_match(match=match)

    match.refresh_from_db()
    assert (match.finished_at, match.failed_because) == (None, "")


def test_what_was_taken_back_after_the_freeze_is_not_proposed():
    place = town()
    match = computed(place)
    matches.propose_match(match=match, by=place.coordinator, at=clock.now())
    TalkOffer.objects.update(withdrawn_at=clock.now(), withdrawn_by=place.craftsman, withdrawn_because="病了")

    assert matches.approve_match(match=match, by=place.officer, at=clock.now()) == 0


def test_a_talk_of_a_wish_for_an_occupation_is_about_that_occupation():
    place = town()
    topic = place.offer.topics.create(place=2, title="第二题", occupation=place.offer.topics.get().occupation)
    place.offer.topics.filter(place=1).update(occupation=None)
    place.ask.wishes.all().delete()
    place.ask.wishes.create(rank=1, occupation=topic.occupation)

    assert talk_in(place).topic == topic


@pytest.mark.parametrize("count", [1, 3])
def test_freezing_costs_as_many_queries_for_three_of_everything_as_for_one(django_assert_num_queries, count):
    place = town()
    for _n in range(count - 1):
        OfferFactory(campaign=place.campaign)
        WishFactory(ask=RequestFactory(campaign=place.campaign), offer=place.offer)

    with django_assert_num_queries(14):
        talk_files.problem_of(place.campaign, clock.now())


def test_refusals_of_a_match_are_sentences():
    assert issubclass(MatchRefused, Refused)

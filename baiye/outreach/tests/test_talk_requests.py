"""Schools ask for talks and take requests back: done, refused, denied, nothing left behind."""

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import UserFactory
from baiye.catalogue.tests.factories import OccupationFactory
from baiye.core import clock
from baiye.core.models import Event
from baiye.core.refusals import Refused
from baiye.outreach.actions import talk_requests
from baiye.outreach.models import TalkRequest
from baiye.outreach.tests.factories import (
    TalkFactory,
    half_days,
)
from baiye.outreach.tests.talking import holder, new, town
from baiye.schools.tests.factories import SchoolClassFactory

pytestmark = pytest.mark.django_db


def ask(place, by=None, request=None, **fields):
    classes = fields.pop("classes", None) or [SchoolClassFactory(school=place.school)]
    given = {"wishes": [place.offer], "half_days": half_days(place.campaign), "hall": "小礼堂"} | fields
    return talk_requests.ask_for_talk(
        campaign=place.campaign,
        school=place.school,
        classes=classes,
        request=request or new(),
        by=by or place.teacher,
        at=clock.now(),
        **given,
    )


def test_a_school_asks_once_for_a_request_sent_twice_and_changes_it():
    place, request, occupation = town("ask"), new(), OccupationFactory()

    made = ask(place, request=request)
    again = ask(place, request=request, hall="另一处")
    two = [SchoolClassFactory(school=place.school, stage="senior") for _n in range(2)]
    talk_requests.change_request(
        ask=made, classes=two, wishes=[occupation, place.offer], by=place.teacher, at=clock.now(), hall="大礼堂"
    )

    assert made == again
    changed = TalkRequest.objects.get(pk=made.pk)
    assert (changed.hall, changed.stage, changed.classes.count()) == ("大礼堂", "senior", 2)
    assert [(w.rank, w.occupation, w.offer) for w in changed.wishes.all()] == [
        (1, occupation, None),
        (2, None, place.offer),
    ]


def test_what_a_school_may_not_ask_is_refused_and_leaves_nothing_behind():
    place, late = town("ask"), town("match")
    before = TalkRequest.objects.count()
    mixed = [SchoolClassFactory(school=place.school, stage=stage) for stage in ("junior", "senior")]

    for fields, words in [
        ({"classes": mixed}, "不同学段"),
        ({"wishes": []}, "至少填一个志愿"),
        ({"wishes": [place.offer, place.offer]}, "只用填一次"),
        ({"classes": [SchoolClassFactory()]}, "本校"),
        ({"hall": ""}, "在哪里讲"),
        ({"wishes": [OccupationFactory() for _n in range(7)]}, "最多填 6 个"),
    ]:
        with pytest.raises(Refused, match=words):
            ask(place, **fields)
    with pytest.raises(Refused, match="现在不收"):
        ask(late)
    for stranger in (place.craftsman, late.teacher, UserFactory()):
        with pytest.raises(PermissionDenied):
            ask(place, by=stranger)

    assert TalkRequest.objects.count() == before
    assert not Event.objects.filter(kind="talk_request.made").exists()


def test_a_request_is_taken_back_unless_it_has_a_talk():
    place, talk = town("ask"), TalkFactory()

    talk_requests.withdraw_request(ask=place.ask, by=place.teacher, at=clock.now())
    talk_requests.withdraw_request(ask=place.ask, by=place.teacher, at=clock.now())

    assert Event.objects.filter(kind="talk_request.withdrawn").count() == 1
    with pytest.raises(Refused, match="另提一项"):
        talk_requests.change_request(
            ask=place.ask, classes=[], wishes=[], by=place.teacher, at=clock.now(), hall="小礼堂"
        )
    teacher = holder("school_coordinator", talk.school.unit)
    with pytest.raises(Refused, match="已经排了讲座"):
        talk_requests.withdraw_request(ask=talk.ask, by=teacher, at=clock.now())

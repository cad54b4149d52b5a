"""Releases by the desk: made once, furnished, published for good."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.bookings.actions import releases as actions
from baiye.bookings.models import Opening, Release
from baiye.bookings.queries.desk import addable
from baiye.bookings.tests.factories import OpeningFactory, ReleaseFactory, published
from baiye.bookings.tests.people import coordinator, manager
from baiye.core import clock
from baiye.core.models import Event
from baiye.core.refusals import Refused
from baiye.schools.models import Term
from baiye.schools.tests.factories import TermFactory
from baiye.visits import claims
from baiye.visits.models import Visit
from baiye.visits.tests.factories import VisitFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SETTINGS = {
    "grades": [7, 8],
    "consents": [],
    "reserved": 0,
    "reserved_from_grade": None,
    "reserved_until": None,
    "offer_hours": 12,
    "cancel_until": 48,
    "waiting_most": None,
}


def rules(**fields):
    opens = clock.now() + 24 * HOUR
    common = {
        "title": "寒假第一次放号",
        "term": Term.objects.first() or TermFactory(),
        "mode": "draw",
        "opens_at": opens,
    }
    common |= {"draw_until": opens + HOUR, "closes_at": opens + 240 * HOUR, "most_a_term": 4, "most_open": 2}
    return common | fields


def told():
    """The kinds of the events about releases and openings, in order."""
    return list(Event.objects.filter(kind__regex="^(release|opening)").order_by("pk").values_list("kind", flat=True))


def draft(**fields):
    """An opening of a draft that opens tomorrow."""
    return OpeningFactory(release__opens_at=clock.now() + 24 * HOUR, **fields)


def make(unit, by, **fields):
    return actions.make_release(unit=unit, rules=rules(**fields), request=uuid.uuid4(), by=by, at=clock.now())


def test_make_release_keeps_the_rules_and_says_who():
    opening = draft()
    by = coordinator(opening)

    made = make(opening.release.unit, by, title="春季第一次放号")

    assert (made.title, made.mode, made.made_by, made.published_at) == ("春季第一次放号", "draw", by, None)
    assert told() == ["release.made"]


def test_make_release_sent_twice_makes_one():
    opening = draft()
    by, key, wanted = coordinator(opening), uuid.uuid4(), rules()
    common = {"unit": opening.release.unit, "rules": wanted, "request": key, "by": by, "at": clock.now()}

    first, second = actions.make_release(**common), actions.make_release(**common)

    assert first == second
    assert told() == ["release.made"]


def test_make_release_for_the_district_by_a_host_manager_is_denied_and_leaves_nothing():
    opening = draft()

    with pytest.raises(PermissionDenied):
        make(opening.release.unit, manager(opening))

    assert list(Release.objects.all()) == [opening.release]
    assert told() == []


def test_make_release_for_ones_own_host_is_done():
    opening = draft()

    made = make(opening.visit.venue.host.unit, manager(opening))

    assert made.unit == opening.visit.venue.host.unit


def test_add_openings_puts_all_with_the_same_settings_and_again_adds_none():
    opening = draft()
    visit = VisitFactory(version=opening.visit.version, venue=opening.visit.venue)
    common = {"release": opening.release, "visits": [visit], "settings": SETTINGS, "by": coordinator(opening)}

    assert (actions.add_openings(**common), actions.add_openings(**common)) == (1, 0)
    made = Opening.objects.get(visit=visit)
    assert (made.grades, made.offer_hours, made.cancel_until, made.waiting_most) == ([7, 8], 12, 48, None)


@pytest.mark.parametrize(
    ("visit", "settings", "why"),
    [
        ({"starts_at": timedelta(hours=2)}, {}, "在开放以前就开始了"),
        ({"seats": 4}, {"reserved": 5, "reserved_from_grade": 9}, "只有 4 个名额，预留不能更多"),
    ],
)
def test_add_openings_of_a_visit_that_does_not_fit_is_refused_and_leaves_nothing(visit, settings, why):
    opening = draft()
    fields = {name: clock.now() + value if name == "starts_at" else value for name, value in visit.items()}
    unfit = VisitFactory(version=opening.visit.version, venue=opening.visit.venue, **fields)

    with pytest.raises(Refused, match=why):
        actions.add_openings(
            release=opening.release, visits=[unfit], settings=SETTINGS | settings, by=coordinator(opening)
        )

    assert list(Opening.objects.all()) == [opening]
    assert told() == []


def test_add_openings_of_a_visit_in_another_release_is_refused():
    opening, other = draft(), draft()

    with pytest.raises(Refused, match="已经在另一次放号里"):
        actions.add_openings(
            release=opening.release,
            visits=[other.visit],
            settings=SETTINGS,
            by=_over_both(opening, other),
        )


def _over_both(*openings):
    user = UserFactory()
    for opening in openings:
        GrantFactory(user=user, role="coordinator", unit=opening.release.unit)
    return user


def test_add_openings_of_another_hosts_visit_is_denied():
    opening = draft()
    elsewhere = VisitFactory()
    mine = ReleaseFactory(unit=opening.visit.venue.host.unit, opens_at=clock.now() + HOUR)

    with pytest.raises(PermissionDenied):
        actions.add_openings(release=mine, visits=[elsewhere], settings=SETTINGS, by=manager(opening))


def test_publish_says_who_and_when_and_again_does_nothing():
    opening = draft()
    by, at = coordinator(opening), clock.now()

    first = actions.publish(release=opening.release, by=by, at=at)
    second = actions.publish(release=opening.release, by=by, at=at + HOUR)

    assert (first.published_at, first.published_by, second.published_at) == (at, by, at)
    assert told() == ["release.published"]


def test_publish_of_an_example_visit_makes_an_example():
    example, real = draft(visit__is_example=True), draft()

    published_ = [actions.publish(release=one.release, by=coordinator(one), at=clock.now()) for one in (example, real)]

    assert [one.is_example for one in published_] == [True, False]


def test_publish_lacks_are_told_all_at_once():
    empty = ReleaseFactory(unit=draft().release.unit)  # open since an hour
    by = coordinator(Opening.objects.get())

    with pytest.raises(Refused, match=r"还没有场次。先加至少一场。 开放时间已经过了"):
        actions.publish(release=empty, by=by, at=clock.now())

    empty.refresh_from_db()
    assert empty.published_at is None


def test_publish_with_a_cancelled_visit_is_refused():
    opening = draft()
    visit = opening.visit
    visit.cancelled_at, visit.cancelled_by = clock.now(), opening.release.made_by
    visit.save()

    with pytest.raises(Refused, match="有 1 场已经取消了"):
        actions.publish(release=opening.release, by=coordinator(opening), at=clock.now())


def test_change_release_of_a_draft_is_done_and_a_visit_that_begins_before_is_named():
    opening = draft()
    by = coordinator(opening)

    changed = actions.change_release(release=opening.release, rules=rules(title="改名"), by=by)
    late = rules(opens_at=clock.now() + 200 * HOUR, draw_until=clock.now() + 201 * HOUR)
    with pytest.raises(Refused, match="有一场在开放以前就开始了"):
        actions.change_release(release=opening.release, rules=late, by=by)

    assert changed.title == "改名"


def test_what_is_published_is_refused_whatever_is_asked():
    (opening,) = published()
    by = coordinator(opening)
    tries = [
        lambda: actions.change_release(release=opening.release, rules=rules(), by=by),
        lambda: actions.change_opening(opening=opening, settings=SETTINGS, by=by),
        lambda: actions.take_out(opening=opening, by=by),
        lambda: actions.discard_release(release=opening.release, by=by),
        lambda: actions.add_openings(release=opening.release, visits=[opening.visit], settings=SETTINGS, by=by),
    ]

    for attempt in tries:
        with pytest.raises(Refused, match="这次放号公布了，规矩不能再改"):
            attempt()

    assert told() == []


def test_change_opening_of_a_draft_and_a_reserve_beyond_its_seats():
    opening = draft(visit__seats=6)
    by = coordinator(opening)

    actions.change_opening(opening=opening, settings=SETTINGS, by=by)
    with pytest.raises(Refused, match="这一场只有 6 个名额"):
        actions.change_opening(opening=opening, settings=SETTINGS | {"reserved": 7}, by=by)

    opening.refresh_from_db()
    assert (opening.grades, opening.reserved) == ([7, 8], 0)


def test_take_out_and_discard_leave_the_visits():
    opening = draft()
    other = OpeningFactory(
        release=opening.release, visit__version=opening.visit.version, visit__venue=opening.visit.venue
    )
    by = coordinator(opening)

    actions.take_out(opening=opening, by=by)
    actions.discard_release(release=opening.release, by=by)

    assert (Opening.objects.count(), Release.objects.count()) == (0, 0)
    other.visit.refresh_from_db()
    assert told() == ["opening.taken_out", "release.discarded"]


def test_add_openings_of_a_visit_that_another_room_keeps_is_refused_until_it_lets_go(monkeypatch):
    opening = draft()
    visit = VisitFactory(version=opening.visit.version, venue=opening.visit.venue)
    by = coordinator(opening)
    common = {"release": opening.release, "visits": [visit], "settings": SETTINGS, "by": by}
    monkeypatch.setitem(claims.KEEPERS, "another", lambda: Visit.objects.filter(pk=visit.pk).values_list("pk"))

    assert list(addable(by, opening.release, clock.now())) == []
    with pytest.raises(Refused, match="留给还没有公布的轮次"):
        actions.add_openings(**common)
    monkeypatch.delitem(claims.KEEPERS, "another")

    assert list(addable(by, opening.release, clock.now())) == [visit]
    assert actions.add_openings(**common) == 1

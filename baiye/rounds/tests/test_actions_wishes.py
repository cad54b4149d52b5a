"""Wishes: saved, moved, submitted, refused; and two phones at once."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from baiye.accounts.tests.factories import GrantFactory
from baiye.core import clock
from baiye.core.models import Event
from baiye.rounds.actions import wishes as actions
from baiye.rounds.models import Phase, Round, Run, Wish, WishList
from baiye.rounds.queries.wishes import find_wish_list, ranked_courses, version_of
from baiye.rounds.tests.factories import RoundVisitFactory, district
from baiye.schools.models import Pupil
from baiye.schools.tests.factories import GuardianshipFactory, SchoolClassFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return district()


def save(place, *courses, **fields):
    asked = {"round": place.round, "pupil": place.pupil, "by": place.guardian, "at": clock.now()}
    return actions.save_wishes(courses=courses, **(asked | fields))


def test_save_wishes_keeps_their_order_once(place):
    a, b, c, _d = place.courses

    for _ in range(2):
        saved = save(place, b, a, c)

    assert list(saved.wishes.values_list("rank", "course")) == [(1, b.pk), (2, a.pk), (3, c.pk)]
    assert (saved.changed_by, saved.submitted_at, saved.from_paper) == (place.guardian, None, False)
    assert Event.objects.filter(kind="wishes.saved").count() == 1


def test_save_wishes_by_the_pupil_is_as_good(place):
    save(place, place.courses[0], by=place.pupil_user)

    assert WishList.objects.get().changed_by == place.pupil_user


def test_save_wishes_replaces_the_list(place):
    a, b, c, d = place.courses
    save(place, a, b)

    save(place, d, c, a)

    assert ranked_courses(find_wish_list(place.round, place.pupil)) == [d.pk, c.pk, a.pk]


def test_save_wishes_on_an_older_list_is_refused_and_overwrites_nothing(place):
    a, b, c, _d = place.courses
    shown = version_of(save(place, a, b))
    save(place, b, a)

    with pytest.raises(actions.WishesMoved, match="另一台设备"):
        save(place, c, version=shown)

    assert ranked_courses(find_wish_list(place.round, place.pupil)) == [b.pk, a.pk]


def test_save_wishes_first_on_two_devices_tells_the_second(place):
    a, b, *_rest = place.courses
    save(place, a, version="")

    with pytest.raises(actions.WishesMoved):
        save(place, b, version="")

    assert ranked_courses(find_wish_list(place.round, place.pupil)) == [a.pk]


def test_save_wishes_that_stand_already_is_fine_whatever_was_shown(place):
    save(place, place.courses[0])

    save(place, place.courses[0], version="long ago")

    assert Event.objects.filter(kind="wishes.saved").count() == 1


def test_save_wishes_for_a_course_elsewhere_is_refused_and_leaves_nothing_behind(place):
    elsewhere = RoundVisitFactory(round=place.round).visit.version.course

    with pytest.raises(actions.WishesRefused, match="不在你们班的出行日里"):
        save(place, elsewhere)

    assert not WishList.objects.exists()
    assert not Event.objects.filter(kind__startswith="wishes").exists()


def test_save_wishes_twice_the_same_is_refused(place):
    with pytest.raises(actions.WishesRefused, match="同一个项目只能填一次。"):
        save(place, place.courses[0], place.courses[0])

    assert not Wish.objects.exists()


def test_save_wishes_beyond_the_maximum_is_refused(place):
    Round.objects.filter(pk=place.round.pk).update(wishes_max=2)
    place.round.refresh_from_db()

    with pytest.raises(actions.WishesRefused, match="最多 2 个志愿。"):
        save(place, *place.courses[:3])

    assert not Wish.objects.exists()


def test_save_wishes_of_a_class_that_does_not_go_is_refused(place):
    Pupil.objects.filter(pk=place.pupil.pk).update(
        school_class=SchoolClassFactory(school=place.school, entry_year=2020)
    )
    place.pupil.refresh_from_db()

    with pytest.raises(actions.WishesRefused, match="这位同学不在这一轮里。"):
        save(place)


@pytest.mark.parametrize(
    ("phase", "sentence"), [("schedule", "志愿还没开放。"), ("place", "已经保存的志愿照样参加录取。")]
)
def test_save_wishes_outside_the_wish_phase_is_refused(phase, sentence):
    place = district(phase=phase)

    with pytest.raises(actions.WishesRefused, match=sentence):
        save(place, place.courses[0])

    assert not WishList.objects.exists()


@pytest.mark.parametrize("who", ["teacher", "coordinator", "officer"])
def test_save_wishes_by_staff_is_denied(place, who):
    with pytest.raises(PermissionDenied):
        save(place, place.courses[0], by=getattr(place, who))

    assert not WishList.objects.exists()


def test_save_wishes_by_another_childs_guardian_is_denied(place):
    with pytest.raises(PermissionDenied):
        save(place, place.courses[0], by=GuardianshipFactory(pupil=place.pupils[1]).user)


def test_save_wishes_from_paper_is_for_who_records_for_the_class(place):
    save(place, place.courses[1], by=place.teacher, from_paper=True)
    coordinator = GrantFactory(role="school_coordinator", unit=place.school.unit).user
    save(place, place.courses[0], by=coordinator, from_paper=True)

    assert WishList.objects.get().from_paper
    with pytest.raises(PermissionDenied):
        save(place, place.courses[2], by=place.guardian, from_paper=True)


def test_save_wishes_from_paper_is_taken_until_placement_begins(place):
    place_phase = place.round.phase("place")
    Phase.objects.filter(pk=place_phase.pk).update(starts_at=place_phase.starts_at + timedelta(days=2))
    late = place_phase.starts_at + timedelta(days=1)
    place.round.refresh_from_db()

    with pytest.raises(actions.WishesRefused):
        save(place, place.courses[0], at=late)
    save(place, place.courses[0], at=late, by=place.teacher, from_paper=True)

    assert WishList.objects.get().changed_at == late


def test_save_wishes_from_paper_once_a_run_was_asked_for_is_refused(place):
    Run.objects.create(
        round=place.round, asked_by=place.coordinator, asked_at=clock.now(), input_zip=b"x", policy="points"
    )

    with pytest.raises(actions.WishesRefused, match="已经开始录取运算"):
        save(place, place.courses[0], by=place.teacher, from_paper=True)


def test_add_wish_puts_it_last_and_once(place):
    a, b, *_rest = place.courses
    for course in (a, b, a):
        actions.add_wish(round=place.round, pupil=place.pupil, course=course, by=place.guardian, at=clock.now())

    assert ranked_courses(find_wish_list(place.round, place.pupil)) == [a.pk, b.pk]


def test_drop_wish_closes_the_gap_and_an_empty_list_is_no_longer_submitted(place):
    a, b, *_rest = place.courses
    save(place, a, b)
    actions.submit_wishes(round=place.round, pupil=place.pupil, by=place.guardian, at=clock.now())

    for course in (a, b):
        actions.drop_wish(round=place.round, pupil=place.pupil, course=course, by=place.guardian, at=clock.now())

    assert not Wish.objects.exists()
    assert WishList.objects.get().submitted_at is None


@pytest.mark.parametrize(
    ("which", "places", "order"), [(0, 1, "bac"), (2, -1, "acb"), (0, -1, "abc"), (2, 1, "abc"), (2, -2, "cab")]
)
def test_move_wish_goes_so_many_places_and_stops_at_the_ends(place, which, places, order):
    letters = dict(zip("abc", place.courses, strict=False))
    save(place, *letters.values())

    actions.move_wish(
        round=place.round,
        pupil=place.pupil,
        course=place.courses[which],
        places=places,
        by=place.guardian,
        at=clock.now(),
    )

    assert ranked_courses(find_wish_list(place.round, place.pupil)) == [letters[letter].pk for letter in order]


def test_move_wish_of_a_course_not_on_the_list_changes_nothing(place):
    a, b, *_rest = place.courses
    save(place, a)

    actions.move_wish(round=place.round, pupil=place.pupil, course=b, places=-1, by=place.guardian, at=clock.now())

    assert Event.objects.filter(kind="wishes.saved").count() == 1


def test_wish_that_is_no_longer_open_may_be_moved_and_stays(place):
    a, b, c, _d = place.courses
    save(place, a, c)
    place.round.trips.filter(host=place.hosts[0]).delete()

    actions.move_wish(round=place.round, pupil=place.pupil, course=c, places=-1, by=place.guardian, at=clock.now())

    assert ranked_courses(find_wish_list(place.round, place.pupil)) == [c.pk, a.pk]
    with pytest.raises(actions.WishesRefused):
        actions.add_wish(round=place.round, pupil=place.pupil, course=b, by=place.guardian, at=clock.now())


def test_submit_wishes_stands_until_the_list_changes(place):
    save(place, place.courses[0])
    first, second = clock.now(), clock.now() + timedelta(minutes=1)

    for at in (first, second):
        actions.submit_wishes(round=place.round, pupil=place.pupil, by=place.guardian, at=at)

    assert WishList.objects.get().submitted_at == first
    assert Event.objects.filter(kind="wishes.submitted").count() == 1
    save(place, place.courses[1], at=first + timedelta(seconds=30))
    actions.submit_wishes(round=place.round, pupil=place.pupil, by=place.pupil_user, at=second)
    assert WishList.objects.get().submitted_at == second


def test_submit_wishes_of_an_empty_list_is_refused(place):
    save(place)

    with pytest.raises(actions.WishesRefused, match="还没有志愿。"):
        actions.submit_wishes(round=place.round, pupil=place.pupil, by=place.guardian, at=clock.now())

    assert WishList.objects.get().submitted_at is None


def test_submit_wishes_after_the_deadline_is_refused(place):
    save(place, place.courses[0])
    deadline = place.round.phase("wish").ends_at

    with pytest.raises(actions.WishesRefused, match="截止了"):
        actions.submit_wishes(round=place.round, pupil=place.pupil, by=place.guardian, at=deadline)

    assert WishList.objects.get().submitted_at is None


def test_submit_wishes_by_a_stranger_is_denied(place):
    save(place, place.courses[0])

    with pytest.raises(PermissionDenied):
        actions.submit_wishes(round=place.round, pupil=place.pupil, by=place.officer, at=clock.now())


@pytest.mark.slow
def test_two_phones_adding_at_once_lose_nothing_to_each_other(own_database):
    place = district()
    ready = threading.Barrier(2)

    def add(user, courses):
        ready.wait()
        for course in courses:
            actions.add_wish(round=place.round, pupil=place.pupil, course=course, by=user, at=clock.now())
        connection.close()

    halves = [(place.guardian, place.courses[:2]), (place.pupil_user, place.courses[2:])]
    phones = [threading.Thread(target=add, args=half) for half in halves]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()

    assert set(ranked_courses(find_wish_list(place.round, place.pupil))) == {course.pk for course in place.courses}
    assert list(Wish.objects.order_by("rank").values_list("rank", flat=True)) == [1, 2, 3, 4]

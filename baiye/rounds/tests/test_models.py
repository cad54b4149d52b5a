"""Each promise of the round's own tables, broken once."""

from datetime import timedelta

import pytest
from django.db import transaction

from baiye.core import clock
from baiye.rounds.models import Phase, Run, RunPupil, Trip, Wish, WishList
from baiye.rounds.tests.factories import (
    NoticeReadFactory,
    RoundFactory,
    RoundVisitFactory,
    TripFactory,
    WishFactory,
    WishListFactory,
    district,
)
from baiye.schools.tests.factories import PupilFactory
from tests.rig.promises import refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"half_days": 5}, "round_gives_one_to_four_half_days"),
        ({"wishes_max": 0}, "round_takes_one_to_ten_wishes"),
        ({"wishes_max": 7}, "round_publishes_points_for_each_wish"),
        ({"policy": "first_come"}, "round_places_by_a_known_policy"),
    ],
)
def test_round_with_rules_that_make_no_sense_is_refused(fields, name):
    with refused(name):
        RoundFactory(**fields)


def test_phase_ends_after_it_begins():
    with refused("phase_ends_after_it_begins"):
        phase = RoundFactory().phases.get(kind="close")
        Phase.objects.filter(pk=phase.pk).update(ends_at=phase.starts_at)


def test_phase_overlaps_no_other_of_its_round():
    wish = RoundFactory().phases.get(kind="wish")

    with refused("phase_overlaps_no_other_of_its_round"):
        Phase.objects.filter(pk=wish.pk).update(ends_at=wish.ends_at + timedelta(seconds=1))


def test_phase_stands_once_in_a_round():
    round = RoundFactory()

    with refused("phase_once_a_round"):
        far = clock.now() + timedelta(days=900)
        Phase.objects.create(round=round, kind="wish", starts_at=far, ends_at=far + timedelta(days=1))


def test_class_travels_to_one_host_a_day():
    trip = TripFactory()

    with refused("trip_one_host_a_class_and_day"):
        TripFactory(round=trip.round, school_class=trip.school_class, on=trip.on)


def test_class_travels_to_a_host_once_a_round():
    trip = TripFactory()

    with refused("trip_to_a_host_once_a_round"):
        Trip.objects.create(
            round=trip.round, school_class=trip.school_class, host=trip.host, on=trip.on + timedelta(days=1)
        )


def test_notice_is_read_once():
    read = NoticeReadFactory()

    with refused("notice_read_once"):
        NoticeReadFactory(round=read.round, pupil=read.pupil, notice=read.notice)


def test_pupil_has_one_wish_list_a_round():
    wishes = WishListFactory()

    with refused("wish_list_one_a_pupil"):
        WishListFactory(round=wishes.round, pupil=wishes.pupil)


def test_wish_rank_is_used_once_when_the_transaction_ends():
    wish = WishFactory()

    with refused("wish_rank_once"):
        WishFactory(wish_list=wish.wish_list, rank=1)
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_course_stands_once_on_a_wish_list():
    wish = WishFactory()

    with refused("wish_course_once"):
        Wish.objects.create(wish_list=wish.wish_list, course=wish.course, rank=2)


def test_wish_ranks_from_one_to_ten():
    wish = WishFactory()

    with refused("wish_ranks_from_one_to_ten"):
        Wish.objects.filter(pk=wish.pk).update(rank=0)


def test_wish_rank_stays_within_its_rounds_maximum():
    wish = WishFactory()

    with refused("wish_rank_within_its_rounds_maximum"):
        Wish.objects.filter(pk=wish.pk).update(rank=7)


def test_wish_is_for_a_course_of_its_round():
    wish, elsewhere = WishFactory(), RoundVisitFactory()

    with refused("wish_only_for_a_course_of_its_round"):
        Wish.objects.create(wish_list=wish.wish_list, course=elsewhere.visit.version.course, rank=2)


@pytest.mark.parametrize(("phase", "from_paper"), [("schedule", False), ("place", False), ("place", True)])
def test_wish_list_is_made_only_while_its_round_takes_wishes(phase, from_paper):
    with refused("wish_list_changes_only_while_its_round_takes_wishes"):
        WishListFactory(round=RoundFactory(phases=phase), from_paper=from_paper)


def test_wish_list_is_not_submitted_after_the_deadline():
    wishes = WishListFactory()
    deadline = wishes.round.phase("wish").ends_at

    with refused("wish_list_changes_only_while_its_round_takes_wishes"):
        WishList.objects.filter(pk=wishes.pk).update(submitted_at=deadline)


def test_wish_list_from_paper_may_come_between_deadline_and_placement():
    round = RoundFactory()
    place = round.phase("place")
    Phase.objects.filter(pk=place.pk).update(starts_at=place.starts_at + timedelta(days=2))

    made = WishListFactory(round=round, from_paper=True, changed_at=place.starts_at + timedelta(days=1))

    assert WishList.objects.get() == made


def test_invariants_hold_for_a_whole_round():
    from baiye.core.invariants import findings

    district()

    assert [finding for finding in findings() if finding.rows] == []


def ended_run() -> Run:
    round = RoundFactory()
    files = {"input_zip": b"", "input_sha256": "0" * 64}
    return Run.objects.create(round=round, asked_by=round.made_by, asked_at=clock.now(), policy="points", **files)


def test_run_pupil_counts_in_order():
    run, pupil = ended_run(), PupilFactory()

    with refused("run_pupil_counts_in_order"):
        RunPupil.objects.create(run=run, pupil=pupil, first=1, wished=0, filled=4)


def test_run_pupil_once():
    lot = RunPupil.objects.create(run=ended_run(), pupil=PupilFactory(), first=0, wished=0, filled=4)

    with refused("run_pupil_once"):
        RunPupil.objects.create(run=lot.run, pupil=lot.pupil, first=0, wished=0, filled=4)

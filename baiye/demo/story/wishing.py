"""Wishes of a whole round at once, as families would have given them by the deadline."""

import random
from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction

from baiye.accounts.models import Notice
from baiye.core import clock
from baiye.demo.wishes import Tastes
from baiye.rounds.models import NoticeRead, Round, RoundVisit, Trip, Wish, WishList
from baiye.schools.models import Pupil


@transaction.atomic
def give_wishes(round: Round, teachers: dict[int, int], *, share: float, at: datetime) -> int:
    """Wish lists for ``share`` of the pupils who have none, entered by their class teachers; how many were given.

    ``teachers`` maps a class to its teacher's user. Straight into the tables, for six thousand pupils at once: the
    triggers and constraints behind them are the ordinary ones.
    """
    rng = random.Random(f"baiye wishes {round.name}")
    tastes = tastes_of(round)
    choices = courses_of_classes(round)
    waiting = Pupil.objects.filter(school_class__in=choices, left_on=None).exclude(wish_lists__round=round)
    lists, ranked = [], []
    for pupil in waiting.order_by("pk").iterator():
        if rng.random() >= share:
            continue
        wishes = tastes.ranking(pupil.pk, pupil.school_class_id, choices[pupil.school_class_id], round.wishes_max)
        if wishes:
            moment = at - timedelta(minutes=rng.randrange(60 * 24 * 5))
            lists.append(
                WishList(
                    round=round,
                    pupil=pupil,
                    changed_at=moment,
                    changed_by_id=teachers[pupil.school_class_id],
                    submitted_at=moment,
                    from_paper=True,
                )
            )
            ranked.append(wishes)
    WishList.objects.bulk_create(lists, batch_size=2000)
    Wish.objects.bulk_create(
        (
            Wish(wish_list=wish_list, course_id=course, rank=rank)
            for wish_list, wishes in zip(lists, ranked, strict=True)
            for rank, course in enumerate(wishes, start=1)
        ),
        batch_size=5000,
    )
    _read_notices(round, [wish_list.pupil_id for wish_list in lists], teachers, at)
    return len(lists)


def _read_notices(round: Round, pupils: list[int], teachers: dict[int, int], at: datetime) -> None:
    notice = Notice.objects.filter(kind="safety").order_by("-version").first()
    if notice is None:
        return
    class_of = dict(Pupil.objects.filter(pk__in=pupils).values_list("pk", "school_class"))
    NoticeRead.objects.bulk_create(
        (
            NoticeRead(
                round=round,
                pupil_id=pupil,
                notice=notice,
                read_by_id=teachers[class_of[pupil]],
                from_paper=True,
                read_at=at,
            )
            for pupil in pupils
        ),
        batch_size=5000,
        ignore_conflicts=True,
    )


def tastes_of(round: Round) -> Tastes:
    """The popularity of the round's courses: scarce ones first (they are scarce because everyone wants them)."""
    sittings: dict[int, int] = defaultdict(int)
    letters: dict[int, str] = {}
    visits = RoundVisit.objects.filter(round=round).values_list(
        "visit__version__course", "visit__version__riasec", "visit__seats"
    )
    for course, letter, seats in visits:
        sittings[course] += seats
        letters[course] = letter
    order = random.Random("baiye popularity").sample(sorted(letters), len(letters))
    return Tastes(letters, sorted(order, key=lambda course: sittings[course]), seed=f"baiye {round.name}")


def courses_of_classes(round: Round) -> dict[int, list[int]]:
    """Class → the courses open to it: those with a sitting at its host on its day."""
    offered: dict[tuple[int, object], set[int]] = defaultdict(set)
    visits = RoundVisit.objects.filter(round=round, visit__cancelled_at=None).select_related(
        "visit__version", "visit__venue"
    )
    for entry in visits:
        visit = entry.visit
        day = clock.day_of(visit.starts_at)
        offered[visit.venue.host_id, day].add(visit.version.course_id)
    open_to: dict[int, set[int]] = defaultdict(set)
    for trip in Trip.objects.filter(round=round):
        open_to[trip.school_class_id] |= offered[trip.host_id, trip.on]
    return {school_class: sorted(courses) for school_class, courses in open_to.items()}

"""Wishes: each change is saved at once on the newest list, so that two phones lose nothing to each other."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.catalogue.models import Course
from baiye.core import audit, clock
from baiye.core.refusals import Refused
from baiye.rounds.models import Round, Run, Wish, WishList
from baiye.rounds.permissions import is_due, require_wishes
from baiye.rounds.queries.wishes import courses_open_to, ranked_courses, version_of
from baiye.schools.models import Pupil


class WishesRefused(Refused):
    """The wishes may not be changed or submitted now, or not like this."""


class WishesMoved(WishesRefused):
    """Someone else changed the list since this page was shown; nothing was overwritten."""


def save_wishes(
    *,
    round: Round,
    pupil: Pupil,
    courses: Sequence[Course],
    by: User,
    at: datetime,
    from_paper: bool = False,
    version: str | None = None,
) -> WishList:
    """Save these courses as the whole list, best first; the same list again changes nothing.

    ``version`` is what `version_of` gave when the page was shown; None overwrites whatever stands (paper, tests).

    Raises
    ------
    PermissionDenied
        ``by`` is neither the pupil, nor a guardian, nor (from paper) who records for the class.
    WishesRefused
        Wishes are closed, too many, twice the same, or for a course this class does not travel to.
    WishesMoved
        The list is not the one that was shown.
    """
    wanted = [course.pk for course in courses]

    def replace(standing: list[int], stands: str) -> list[int]:
        if version is not None and version != stands and standing != wanted:
            raise WishesMoved(_("志愿刚在另一台设备上改过。下面是最新的顺序，你可以接着排。"))
        return wanted

    return _change(replace, round=round, pupil=pupil, by=by, at=at, from_paper=from_paper)


def add_wish(*, round: Round, pupil: Pupil, course: Course, by: User, at: datetime) -> WishList:
    """Put a course at the end of the list; one that is on it already stays where it is."""

    def add(standing: list[int], _stands: str) -> list[int]:
        return standing if course.pk in standing else [*standing, course.pk]

    return _change(add, round=round, pupil=pupil, by=by, at=at)


def drop_wish(*, round: Round, pupil: Pupil, course: Course, by: User, at: datetime) -> WishList:
    """Take a course off the list; one that is not on it is no error."""

    def drop(standing: list[int], _stands: str) -> list[int]:
        return [pk for pk in standing if pk != course.pk]

    return _change(drop, round=round, pupil=pupil, by=by, at=at)


def move_wish(*, round: Round, pupil: Pupil, course: Course, places: int, by: User, at: datetime) -> WishList:
    """Move a course up (-1) or down (+1) the list as it stands now; beyond the ends nothing happens."""

    def move(standing: list[int], _stands: str) -> list[int]:
        if course.pk not in standing:
            return standing
        place = standing.index(course.pk)
        rest = standing[:place] + standing[place + 1 :]
        place = min(max(place + places, 0), len(rest))
        return [*rest[:place], course.pk, *rest[place:]]

    return _change(move, round=round, pupil=pupil, by=by, at=at)


@transaction.atomic
def submit_wishes(*, round: Round, pupil: Pupil, by: User, at: datetime, from_paper: bool = False) -> WishList:
    """Say that the list is done; once more after a change, until the deadline. Reminders stop.

    Raises
    ------
    PermissionDenied
        As in `save_wishes`.
    WishesRefused
        Wishes are closed, or the list is empty.
    """
    require_wishes(by, pupil, from_paper=from_paper)
    _refuse_unless_open(round, pupil, at, from_paper=from_paper)
    wish_list = WishList.objects.select_for_update().filter(round=round, pupil=pupil).first()
    if wish_list is None or not wish_list.wishes.exists():
        raise WishesRefused(_("还没有志愿。先加一个想去的，再提交。"))
    if wish_list.submitted_at is None or wish_list.submitted_at < wish_list.changed_at:
        wish_list.submitted_at = at
        wish_list.save(update_fields=["submitted_at"])
        _note("wishes.submitted", wish_list, by)
    return wish_list


@transaction.atomic
def record_wishes(
    *, round: Round, pupil: Pupil, courses: Sequence[Course], by: User, at: datetime, from_paper: bool = True
) -> WishList:
    """Enter what stands on a signed paper, and submit it: one step for who types forty of them."""
    save_wishes(round=round, pupil=pupil, courses=courses, by=by, at=at, from_paper=from_paper)
    return submit_wishes(round=round, pupil=pupil, by=by, at=at, from_paper=from_paper)


@transaction.atomic
def _change(
    how: Callable[[list[int], str], list[int]],
    *,
    round: Round,
    pupil: Pupil,
    by: User,
    at: datetime,
    from_paper: bool = False,
) -> WishList:
    """Apply ``how`` to the list as it stands, under its lock; other writers wait and then see this one's result."""
    require_wishes(by, pupil, from_paper=from_paper)
    _refuse_unless_open(round, pupil, at, from_paper=from_paper)
    start = {"changed_at": at, "changed_by": by, "from_paper": from_paper}
    wish_list, is_new = WishList.objects.select_for_update().get_or_create(round=round, pupil=pupil, defaults=start)
    standing = ranked_courses(wish_list)
    wanted = how(standing, "" if is_new else version_of(wish_list))
    if wanted == standing and not is_new:
        return wish_list
    _refuse_unless_possible(round, pupil, wanted, standing)
    if not is_new:
        wish_list.changed_at, wish_list.changed_by, wish_list.from_paper = at, by, from_paper
        wish_list.submitted_at = wish_list.submitted_at if wanted else None
        wish_list.save(update_fields=["changed_at", "changed_by", "from_paper", "submitted_at"])
    wish_list.wishes.all().delete()
    Wish.objects.bulk_create(Wish(wish_list=wish_list, course_id=pk, rank=n) for n, pk in enumerate(wanted, start=1))
    _note("wishes.saved", wish_list, by, wishes=len(wanted))
    return wish_list


def _refuse_unless_open(round: Round, pupil: Pupil, at: datetime, *, from_paper: bool) -> None:
    """Families choose in the wish phase; paper may be entered until placement begins."""
    if not is_due(round, pupil.school_class) or pupil.left_on:
        raise WishesRefused(_("这位同学不在这一轮里。"))
    wish, place = round.phase("wish"), round.phase("place")
    if wish is None or place is None or at < wish.starts_at:
        raise WishesRefused(_("志愿还没开放。开放以后会收到消息。"))
    if at >= (place.starts_at if from_paper else wish.ends_at):
        ended = clock.local(wish.ends_at)
        when = _("{month} 月 {day} 日 {time}").format(month=ended.month, day=ended.day, time=f"{ended:%H:%M}")
        raise WishesRefused(_("志愿在 %s 截止了。已经保存的志愿照样参加录取。") % when)
    if from_paper and Run.objects.filter(round=round, discarded_at=None, failed_because="").exists():
        raise WishesRefused(_("已经开始录取运算，志愿不再改动。"))


def _refuse_unless_possible(round: Round, pupil: Pupil, wanted: Sequence[int], standing: Sequence[int]) -> None:
    if len(wanted) > round.wishes_max:
        raise WishesRefused(_("最多 %d 个志愿。先去掉一个，再加新的。") % round.wishes_max)
    if len(set(wanted)) < len(wanted):
        raise WishesRefused(_("同一个项目只能填一次。"))
    if set(wanted) - set(standing) - {course.pk for course in courses_open_to(round, pupil)}:
        raise WishesRefused(_("有项目不在你们班的出行日里，请从列表里选。"))


def _note(kind: str, wish_list: WishList, by: User, **facts: object) -> None:
    unit = wish_list.pupil.school_class.school.unit
    audit.record(kind, by=by, on=wish_list, at_unit=unit.path, pupil=wish_list.pupil_id, **facts)

"""Reads of schools, classes and pupils; people's rows are reached only through what the signed-in person may see."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from baiye.accounts.models import Notice, User
from baiye.accounts.permissions import Permission, within
from baiye.core import clock, crypto
from baiye.schools.models import (
    ClassTeacher,
    Consent,
    GuardianContact,
    GuardianRequest,
    Guardianship,
    HealthNote,
    Pupil,
    PupilCode,
    School,
    SchoolClass,
    SchoolDay,
    Term,
)
from baiye.schools.permissions import class_scope, held_on, pupil_scope

CHILD = "child"  # the session's key for the child a guardian is looking at


# ── in scope ──


def pupils_for(user: User, permission: Permission = Permission.PUPIL_VIEW) -> QuerySet[Pupil]:
    """Pupils whom ``user`` may reach with ``permission``, by class and pinyin; class, school and unit loaded."""
    return (
        Pupil.objects.filter(pupil_scope(user, permission))
        .select_related("school_class__school__unit")
        .order_by("school_class", "pinyin", "pk")
    )


def classes_for(user: User, permission: Permission = Permission.PUPIL_VIEW) -> QuerySet[SchoolClass]:
    """Classes whom ``user`` may reach with ``permission``, with school and unit loaded."""
    return (
        SchoolClass.objects.filter(class_scope(user, permission))
        .select_related("school__unit")
        .order_by("school", "-entry_year", "number")
    )


def class_figures(user: User, on: date) -> QuerySet[SchoolClass]:
    """`classes_for` that hold pupils, each with ``size``, ``coded`` (live codes), ``guarded`` and ``teachers_now``."""
    here = Pupil.objects.filter(school_class=OuterRef("pk"), left_on=None).order_by()
    codes = PupilCode.objects.filter(pupil=OuterRef("pk"), revoked_at=None, expires_on__gte=on)
    guardians = Guardianship.objects.filter(held_on(on), pupil=OuterRef("pk"))
    teachers = ClassTeacher.objects.filter(held_on(on)).select_related("user").order_by("pk")
    return (
        classes_for(user)
        .annotate(
            size=_number(here),
            coded=_number(here.filter(Exists(codes))),
            guarded=_number(here.filter(Exists(guardians))),
        )
        .filter(size__gt=0)
        .prefetch_related(Prefetch("teachers", teachers, to_attr="teachers_now"))
    )


def _number(rows: QuerySet[Pupil]) -> Coalesce:
    """How many rows a subquery over ``school_class`` finds."""
    counted = rows.values("school_class").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def may(user: User, permission: Permission, pupil: Pupil) -> bool:
    """Whether ``user`` holds ``permission`` for the pupil; one query."""
    return pupils_for(user, permission).filter(pk=pupil.pk).exists()


def may_with_class(user: User, permission: Permission, school_class: SchoolClass) -> bool:
    """Whether ``user`` holds ``permission`` for the class; one query."""
    return classes_for(user, permission).filter(pk=school_class.pk).exists()


def roll_of(school_class: SchoolClass, on: date) -> QuerySet[Pupil]:
    """The pupils of a class who have not left, by pinyin, with ``has_code`` and ``has_guardian``."""
    codes = PupilCode.objects.filter(pupil=OuterRef("pk"), revoked_at=None, expires_on__gte=on)
    guardians = Guardianship.objects.filter(held_on(on), pupil=OuterRef("pk"))
    return (
        Pupil.objects.filter(school_class=school_class, left_on=None)
        .annotate(has_code=Exists(codes), has_guardian=Exists(guardians))
        .order_by("pinyin", "pk")
    )


def last_issue(school_class: SchoolClass) -> str:
    """When codes of the class were last issued, "" if never: whoever saw an older state must not issue again."""
    latest = PupilCode.objects.filter(pupil__school_class=school_class).order_by("-issued_at").first()
    return latest.issued_at.isoformat() if latest else ""


def roster_schools(user: User) -> QuerySet[School]:
    """Schools whose roster ``user`` may import, with unit loaded."""
    return School.objects.filter(within(user, Permission.ROSTER_IMPORT, "unit")).select_related("unit").order_by("pk")


def children_of(user: User) -> QuerySet[Pupil]:
    """The children for whom ``user`` stands today, class, school and unit loaded."""
    mine = Guardianship.objects.filter(held_on(clock.today()), user=user).values("pupil")
    return Pupil.objects.filter(pk__in=mine).select_related("school_class__school__unit").order_by("born_on", "pk")


def current_child(request: HttpRequest) -> Pupil | None:
    """The child a guardian looks at (the one chosen, else the first), or the pupil who is signed in; one query."""
    user = request.user
    if not user.is_authenticated:
        return None
    if user.kind == "pupil":
        return Pupil.objects.filter(user=user).select_related("school_class__school__unit").first()
    children = list(children_of(user))
    chosen = [child for child in children if child.pk == request.session.get(CHILD)]
    return next(iter(chosen or children), None)


# ── for other rooms: by id, after their own check of scope ──


def guardians_of(pupil_ids: Collection[int]) -> dict[int, list[User]]:
    """Who stands for each of these pupils today, first come first; a pupil without anyone has an empty list."""
    found: dict[int, list[User]] = {pupil_id: [] for pupil_id in pupil_ids}
    standing = Guardianship.objects.filter(held_on(clock.today()), pupil__in=pupil_ids, user__is_active=True)
    for each in standing.select_related("user").order_by("from_on", "pk"):
        found[each.pupil_id].append(each.user)
    return found


def people_behind(pupil_ids: Collection[int]) -> list[User]:
    """The pupils who sign in, and whoever stands for them today: each person once, two queries."""
    people = {user.pk: user for user in User.objects.filter(pupil__in=pupil_ids, is_active=True)}
    for guardians in guardians_of(pupil_ids).values():
        people |= {user.pk: user for user in guardians}
    return list(people.values())


def class_teachers_among(people: Collection[int]) -> set[int]:
    """Those of these people (keys) who have a class today; one query."""
    return set(ClassTeacher.objects.filter(held_on(clock.today()), user__in=people).values_list("user", flat=True))


def teachers_behind(pupil_ids: Collection[int]) -> dict[int, list[User]]:
    """Class → its teachers today, for the classes of these pupils who have not left; one query."""
    found: dict[int, list[User]] = {}
    here = SchoolClass.objects.filter(pupils__in=pupil_ids)
    teachers = ClassTeacher.objects.filter(held_on(clock.today()), school_class__in=here, user__is_active=True)
    for each in teachers.select_related("user").order_by("pk"):
        found.setdefault(each.school_class_id, []).append(each.user)
    return found


def is_taught(on: date) -> bool:
    """Whether schools are open on ``on``, whichever grades have exams; two queries."""
    return is_school_day(on, grade=0)


def find_pupil_by_roll(roll: str) -> Pupil | None:
    """The pupil with this roll number, in any scope; class, school and unit loaded."""
    return Pupil.objects.filter(roll_blind=crypto.blind(roll)).select_related("school_class__school__unit").first()


def teacherships(school_class: SchoolClass, on: date) -> QuerySet[ClassTeacher]:
    """Who is class teacher on a day, since when."""
    held = ClassTeacher.objects.filter(held_on(on), school_class=school_class)
    return held.select_related("user").order_by("from_on", "pk")


def teachers_of(school_class: SchoolClass, on: date) -> list[User]:
    """The class teachers on a day."""
    held = ClassTeacher.objects.filter(held_on(on), school_class=school_class, user__is_active=True)
    return [each.user for each in held.select_related("user").order_by("pk")]


def find_pupil(pk: int) -> Pupil | None:
    """A pupil by number, in any scope (sign-in); class, school and unit loaded."""
    return Pupil.objects.select_related("school_class__school__unit").filter(pk=pk, left_on=None).first()


def find_staff(username: str) -> User | None:
    """An active member of staff by user name."""
    return User.objects.filter(username=username.strip(), kind="staff", is_active=True).first()


def health_notes(pupil_ids: Collection[int], hazards: Iterable[str]) -> dict[int, list[HealthNote]]:
    """The notes of these pupils about these hazards, pupil by pupil; who has none is not in it."""
    found: dict[int, list[HealthNote]] = {}
    notes = HealthNote.objects.filter(pupil__in=pupil_ids, hazard__in=list(hazards))
    for note in notes.order_by("pupil", "hazard"):
        found.setdefault(note.pupil_id, []).append(note)
    return found


# ── terms and days ──


def term_on(on: date) -> Term | None:
    """The term that holds ``on``."""
    return Term.objects.filter(starts_on__lte=on, ends_on__gte=on).first()


def term_for_codes(on: date) -> Term | None:
    """The term with whose end a code issued on ``on`` dies: this one, or in a holiday the next."""
    return Term.objects.filter(ends_on__gte=on).order_by("starts_on").first()


def all_terms() -> QuerySet[Term]:
    return Term.objects.order_by("-starts_on")


def all_days() -> QuerySet[SchoolDay]:
    return SchoolDay.objects.order_by("on")


def special_days(first: date, last: date) -> QuerySet[SchoolDay]:
    """The days from–to that are not what their weekday says, in order."""
    return SchoolDay.objects.filter(on__gte=first, on__lte=last).order_by("on")


def is_school_day(on: date, grade: int) -> bool:
    """Whether ``grade`` has school, and may travel, on ``on``; two queries. For a span ask `school_days`."""
    return bool(school_days(on, on, grade))


def school_days(first: date, last: date, grade: int) -> dict[date, int]:
    """The days from–to on which ``grade`` has school and may travel → the ISO weekday each acts as; two queries.

    A day outside every term is none; where no term was entered at all, every weekday counts.
    """
    special = {day.on: day for day in special_days(first, last)}
    terms = list(Term.objects.values_list("starts_on", "ends_on"))
    found = {}
    for n in range((last - first).days + 1):
        on = first + timedelta(days=n)
        day = special.get(on)
        taught = day.kind == "workday" if day else on.isoweekday() <= 5
        in_term = not terms or any(starts <= on <= ends for starts, ends in terms)
        if taught and in_term and not (day and grade in day.blackout_grades):
            found[on] = (day and day.acts_as) or on.isoweekday()
    return found


def nth_working_day(first: date, n: int) -> date:
    """The ``n``-th working day (工作日) from ``first``, which may be one itself; terms do not matter; one query."""
    special = {day.on: day.kind for day in special_days(first, first + timedelta(days=2 * n + 50))}
    on, left = first, n
    while True:
        left -= special.get(on, "workday" if on.isoweekday() <= 5 else "holiday") == "workday"
        if left <= 0:
            return on
        on += timedelta(days=1)


# ── one pupil's file ──


def consent_notice() -> Notice | None:
    """The text that stands above the optional consents, newest version."""
    return Notice.objects.filter(kind="consent").order_by("-version").first()


def standing_consents(pupil: Pupil) -> dict[str, Consent]:
    """Purpose → the answer that stands, with who gave it and the notice loaded."""
    answers = Consent.objects.filter(pupil=pupil, ended_at=None).select_related("given_by", "notice")
    return {answer.purpose: answer for answer in answers}


def notes_of(pupil: Pupil) -> dict[str, str]:
    """Hazard → what the guardian wrote."""
    return {note.hazard: note.note for note in HealthNote.objects.filter(pupil=pupil).order_by("hazard")}


def guardianships_of(pupil: Pupil, on: date) -> QuerySet[Guardianship]:
    """Who stands for the pupil on a day, first come first."""
    return Guardianship.objects.filter(held_on(on), pupil=pupil).select_related("user").order_by("from_on", "pk")


def contacts_of(pupil: Pupil) -> QuerySet[GuardianContact]:
    return GuardianContact.objects.filter(pupil=pupil).order_by("pk")


def find_contact(pk: int) -> GuardianContact | None:
    """A roster entry by number (sign-in), its pupil loaded."""
    return GuardianContact.objects.select_related("pupil").filter(pk=pk, pupil__left_on=None).first()


def contacts_for(user: User) -> QuerySet[GuardianContact]:
    """Contacts that someone vouched for, of the pupils whose guardians ``user`` looks after."""
    return GuardianContact.objects.filter(added_by__isnull=False, pupil__in=families_of(user)).select_related(
        "pupil__school_class__school__unit"
    )


def guardianships_for(user: User) -> QuerySet[Guardianship]:
    """Guardianships that stand and that ``user`` may end: a guardian their own, a teacher those of their pupils."""
    standing = Guardianship.objects.filter(held_on(clock.today()), pupil__in=families_of(user))
    mine = standing.filter(user=user) if user.kind == "guardian" else standing
    return mine.select_related("user", "pupil__school_class__school__unit")


def requests_for(user: User) -> QuerySet[GuardianRequest]:
    """Requests for the pupils whose guardians ``user`` looks after."""
    return GuardianRequest.objects.filter(pupil__in=families_of(user)).select_related(
        "user", "pupil__school_class__school__unit"
    )


def families_of(user: User) -> QuerySet[Pupil]:
    """Pupils whose guardians ``user`` looks after: a guardian their own children, a teacher their pupils."""
    return pupils_for(user, Permission.CONSENT_GIVE if user.kind == "guardian" else Permission.CODE_ISSUE)


def consents_open_to(user: User) -> QuerySet[Pupil]:
    """Pupils for whom ``user`` answers (a guardian) or enters answers from paper (a teacher); never the pupil."""
    return pupils_for(user, Permission.CONSENT_GIVE if user.kind == "guardian" else Permission.CONSENT_RECORD)


def consents_for(user: User) -> QuerySet[Consent]:
    """Answers that stand and that ``user`` may withdraw: a guardian their child's, a teacher on paper."""
    standing = Consent.objects.filter(ended_at=None, pupil__in=consents_open_to(user))
    return standing.select_related("pupil__school_class__school__unit")


def teacherships_for(user: User) -> QuerySet[ClassTeacher]:
    """Class teacherships that ``user`` may end."""
    classes = classes_for(user, Permission.ROSTER_IMPORT)
    return ClassTeacher.objects.filter(school_class__in=classes).select_related("user", "school_class__school__unit")


def open_requests(pupil: Pupil) -> QuerySet[GuardianRequest]:
    """Who asks to stand for the pupil and waits for an answer."""
    return GuardianRequest.objects.filter(pupil=pupil, answered_at=None).select_related("user").order_by("pk")


def live_code(pupil: Pupil, on: date) -> PupilCode | None:
    """The pupil's code that still opens on a day (its digest; nobody can read the code again)."""
    return PupilCode.objects.filter(pupil=pupil, revoked_at=None, expires_on__gte=on).first()


def find_code(digest: str, on: date) -> PupilCode | None:
    """The code with this digest that opens on a day, pupil and their user loaded; none for a pupil who left."""
    return (
        PupilCode.objects.filter(digest=digest, revoked_at=None, expires_on__gte=on, pupil__left_on=None)
        .select_related("pupil__user", "pupil__school_class__school__unit")
        .first()
    )


def find_guardian(phone: str) -> User | None:
    """The guardian who signs in by this phone."""
    return User.objects.filter(kind="guardian", phone_blind=crypto.blind(phone), is_active=True).first()


def contact_of_guardian(user: User, on: date) -> GuardianContact | None:
    """A roster entry with the guardian's own phone, of a child they stand for: where their code goes."""
    mine = Guardianship.objects.filter(held_on(on), user=user).values("pupil")
    return GuardianContact.objects.filter(pupil__in=mine, phone_blind=user.phone_blind).order_by("pk").first()

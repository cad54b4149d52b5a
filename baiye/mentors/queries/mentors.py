"""Reads of mentors, each within what the signed-in person may see."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import CharField, DateField, F, Func, OuterRef, Prefetch, Q, QuerySet, Subquery, Value

from baiye.accounts.models import Unit, User
from baiye.accounts.permissions import Permission, within
from baiye.catalogue.models import Occupation
from baiye.core import pinyin
from baiye.mentors.models import Appointment, Certificate, Check, Mentor, Title
from baiye.mentors.permissions import APPOINTERS, scope

SOON = 60  # days before a check, a term or a certificate ends in which it is said


class Hinders(Func):
    """``mentors_hinders(mentor, first, last)``: the code of what keeps somebody from pupils on these days, or NULL."""

    function = "mentors_hinders"
    output_field = CharField()

    def __init__(self, first: date, last: date | None = None) -> None:
        days = (Value(day, output_field=DateField()) for day in (first, last or first))
        super().__init__(F("pk"), *days)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which mentors are looked for; empty means any."""

    q: str = ""
    kind: str = ""
    state: str = ""  # may, may_not, soon, left


def mentors_for(user: User, permission: Permission = Permission.MENTOR_VIEW) -> QuerySet[Mentor]:
    """Mentors over whom ``user`` holds ``permission``, by pinyin; unit and appointing body loaded."""
    mine = Mentor.objects.filter(scope(user, permission))
    return mine.select_related("unit", "appointed_by").order_by("pinyin", "pk")


def find_mentors(user: User, asked: Asked, on: date) -> QuerySet[Mentor]:
    """Mentors ``user`` sees by name (characters, sound, first letters), kind and state.

    Each with ``hindered`` on a day and, SOON days later, ``hindered_soon`` (codes or None), and ``checked_on``.
    """
    found = mentors_for(user).annotate(
        hindered=Hinders(on),
        hindered_soon=Hinders(on + timedelta(days=SOON)),
        checked_on=Subquery(
            Check.objects.filter(mentor=OuterRef("pk")).order_by("-checked_on", "-pk").values("checked_on")[:1]
        ),
    )
    if asked.q:
        found = found.filter(_named(asked.q))
    if asked.kind:
        found = found.filter(kinds__contains=[asked.kind])
    gone = Q(left_on__lte=on)
    states = {
        "may": Q(hindered=None),
        "may_not": ~gone & Q(hindered__isnull=False),
        "soon": Q(hindered=None, hindered_soon__isnull=False),
        "left": gone,
    }
    return found.filter(states[asked.state] if asked.state else ~gone)


def mentors_by_words(mentors: QuerySet[Mentor], words: str) -> QuerySet[Mentor]:
    """Those of ``mentors`` whose name (characters, sound, first letters), unit or trade has the words."""
    return mentors.filter(_named(words))


def _named(words: str) -> Q:
    named = Q(name__icontains=words) | Q(unit__name__icontains=words) | Q(trade__icontains=words)
    if letters := pinyin.pattern(words):
        named |= Q(pinyin__regex=letters)
    return named


def with_file(mentors: QuerySet[Mentor]) -> QuerySet[Mentor]:
    """``mentors`` with all that one page tells of somebody; six queries more."""
    return mentors.prefetch_related(
        Prefetch("occupations", Occupation.objects.order_by("code")),
        Prefetch("titles", Title.objects.select_related("confirming_unit").order_by("-year", "pk")),
        Prefetch("checks", Check.objects.select_related("checker").order_by("-checked_on", "-pk")),
        Prefetch("appointments", Appointment.objects.select_related("unit").order_by("-from_on", "-pk")),
        Prefetch("certificates", Certificate.objects.select_related("training").order_by("-issued_on", "-pk")),
        "evaluations",
    )


def appointments_for(user: User, permission: Permission = Permission.MENTOR_VIEW) -> QuerySet[Appointment]:
    """Appointments of mentors over whom ``user`` holds ``permission``; mentor and units loaded."""
    mine = Appointment.objects.filter(scope(user, permission, "mentor__"))
    return mine.select_related("unit", "mentor__unit", "mentor__appointed_by")


def titles_for(user: User, permission: Permission = Permission.MENTOR_VIEW) -> QuerySet[Title]:
    """Titles of mentors over whom ``user`` holds ``permission``; mentor, units and paper loaded."""
    mine = Title.objects.filter(scope(user, permission, "mentor__"))
    return mine.select_related("mentor__unit", "mentor__appointed_by", "file")


def certificates_for(user: User, permission: Permission = Permission.MENTOR_VIEW) -> QuerySet[Certificate]:
    """Certificates of mentors over whom ``user`` holds ``permission``; paper loaded."""
    return Certificate.objects.filter(scope(user, permission, "mentor__")).select_related("mentor", "file")


def units_for(user: User) -> QuerySet[Unit]:
    """Units to which ``user`` may add a mentor: hosts, agencies, districts; by pinyin."""
    mine = Unit.objects.filter(within(user, Permission.MENTOR_MANAGE), kind__in=("host", *APPOINTERS))
    return mine.order_by("kind", "pinyin", "pk")


def appointers_for(user: User) -> QuerySet[Unit]:
    """Districts and agencies as which ``user`` may appoint and train."""
    return Unit.objects.filter(within(user, Permission.MENTOR_MANAGE), kind__in=APPOINTERS).order_by(
        "kind", "pinyin", "pk"
    )


def appointing_bodies() -> QuerySet[Unit]:
    """Every district and agency; which of them may appoint somebody, the action says."""
    return Unit.objects.filter(kind__in=APPOINTERS).order_by("pk")


def appointers_of(unit: Unit) -> QuerySet[Unit]:
    """Districts and agencies that may be asked to appoint somebody of ``unit``."""
    bodies = Unit.objects.filter(path__startswith=unit.lineage()[0], kind__in=APPOINTERS)
    return bodies.order_by("-kind", "pinyin", "pk")


def occupations_named(names: list[str]) -> QuerySet[Occupation]:
    """Occupations of exactly these names; of two with one name the one whose code comes first."""
    return Occupation.objects.filter(name__in=names).order_by("name", "code").distinct("name")


def account_named(username: str) -> User | None:
    """The staff account of that user name."""
    return User.objects.filter(kind="staff", is_active=True, username=username).first()

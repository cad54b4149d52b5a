"""Reads of people, grants, units and the trail, each within what the signed-in person may see."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.mfa.utils import is_mfa_enabled
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from baiye.accounts import links
from baiye.accounts.models import ApiKey, Grant, Invitation, Unit, User
from baiye.accounts.permissions import GIVES, HELD_AT, ROLE_NAMES, ROLES, Permission, may_give, paths, within
from baiye.core import clock, crypto, pinyin
from baiye.core.models import Event


def running(on: date) -> Q:
    """A filter: grants that are valid on a day and were not ended."""
    return (Q(to_on=None) | Q(to_on__gte=on)) & Q(from_on__lte=on, ended_at=None)


def people_for(user: User, *, words: str = "", role: str = "", unit: Unit | None = None) -> QuerySet[User]:
    """Staff who hold, or held, a grant where ``user`` manages them, by name; such grants in ``shown_grants``.

    Three queries with the grants and whether someone has a second factor.
    """
    grants = Grant.objects.filter(within(user, Permission.GRANT_MANAGE, "unit"))
    shown = grants.filter(ended_at=None).select_related("unit").order_by("from_on", "pk")
    if role:
        grants = grants.filter(role=role, ended_at=None)
    if unit:
        grants = grants.filter(unit__path__startswith=unit.path)
    people = User.objects.filter(Exists(grants.filter(user=OuterRef("pk"))), kind="staff")
    if words:
        people = people.filter(Q(name__icontains=words) | Q(username__icontains=words))
    return people.prefetch_related(Prefetch("grants", shown, to_attr="shown_grants")).order_by("name", "pk")


def people_with(
    permission: Permission, unit: Unit, on: date, *, roles: frozenset[str] = frozenset(ROLES)
) -> QuerySet[User]:
    """Staff who hold ``permission`` at ``unit`` or above it by a grant of ``roles`` valid on a day, by name."""
    through = [role for role, held in ROLES.items() if role in roles and permission in held]
    grants = Grant.objects.filter(running(on), role__in=through, unit__path__in=unit.lineage(), user=OuterRef("pk"))
    return User.objects.filter(Exists(grants), kind="staff", is_active=True).order_by("name", "pk")


def shown_grants(person: User) -> list[Grant]:
    """The grants that ``people_for`` loaded with a person."""
    return list(getattr(person, "shown_grants"))  # noqa: B009  (an attribute that no model knows)


def units_for(user: User) -> QuerySet[Unit]:
    """Units at which ``user`` may give a role, by kind and pinyin."""
    given = {role for through, _ in user.held for role in GIVES.get(through, ())}
    kinds = {HELD_AT[role] for role in given}
    return Unit.objects.filter(within(user, Permission.GRANT_MANAGE), kind__in=kinds).order_by("kind", "pinyin", "pk")


def units_by_words(units: QuerySet[Unit], words: str) -> QuerySet[Unit]:
    """Those of ``units`` whose name has the words, by characters, sound or first letters; the name itself first."""
    named = Q(name__icontains=words) | Q(short_name__icontains=words)
    if letters := pinyin.pattern(words):
        named |= Q(pinyin__regex=letters)
    whole = Case(When(Q(name=words) | Q(short_name=words), then=0), default=1)
    return units.filter(named).order_by(whole, "pinyin", "pk")


def roles_for(user: User) -> list[str]:
    """Roles that ``user`` may give somewhere, in the order of the matrix."""
    given = {role for through, _ in user.held for role in GIVES.get(through, ())}
    return [role for role in HELD_AT if role in given]


def grants_now(person: User, on: date) -> QuerySet[Grant]:
    """Every grant ``person`` holds today or will hold, with its unit."""
    valid = Grant.objects.filter(Q(to_on=None) | Q(to_on__gte=on), user=person, ended_at=None)
    return valid.select_related("unit").order_by("from_on", "pk")


def grants_for(user: User) -> QuerySet[Grant]:
    """Grants that run where ``user`` manages them, with user and unit loaded."""
    scope = within(user, Permission.GRANT_MANAGE, "unit")
    return Grant.objects.filter(scope, ended_at=None).select_related("user", "unit")


def may_manage(user: User, person: User, on: date) -> bool:
    """Whether ``user`` may let someone into this account, or close it: not one's own, and no role of it beyond them.

    Who could give a link to an account that reaches further than their own office could borrow it.
    """
    held = grants_now(person, on)
    return person.pk != user.pk and person.is_staff and all(may_give(user, it.role, it.unit) for it in held)


def has_second_factor(person: User) -> bool:
    """Whether someone set up an authenticator app or a passkey."""
    return bool(is_mfa_enabled(person))


def successors(grant: Grant, on: date) -> QuerySet[Grant]:
    """Other people's grants of the same role at the same unit that are valid on a day, of open accounts."""
    others = Grant.objects.filter(running(on), unit=grant.unit, role=grant.role, user__is_active=True)
    return others.exclude(user=grant.user)


def find_invitation(token: str, at: datetime) -> Invitation | None:
    """The open invitation this link stands for."""
    open_ones = Invitation.objects.filter(used_at=None, revoked_at=None, expires_at__gt=at, user__is_active=True)
    return open_ones.filter(digest=links.digest(token)).select_related("user").first()


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What to look for in the trail; empty means anything."""

    kind: str = ""
    person: str = ""  # a username
    object_type: str = ""
    object_id: str = ""
    from_on: date | None = None
    to_on: date | None = None

    def facts(self) -> dict[str, object]:
        """The filter as it is written into the trail itself."""
        named = ("kind", "person", "object_type", "object_id")
        facts: dict[str, object] = {name: getattr(self, name) for name in named if getattr(self, name)}
        days = {"from_on": self.from_on, "to_on": self.to_on}
        return facts | {name: day.isoformat() for name, day in days.items() if day}


def events_for(user: User, wanted: TrailFilter = TrailFilter()) -> QuerySet[Event]:
    """Events where ``user`` may see the trail, newest first; those of no unit belong to the district."""
    scope = Q(pk__in=[])
    for path in paths(user, Permission.AUDIT_VIEW):
        scope |= Q(unit_path__startswith=path)
        if path.count("/") == 2:  # "/1/": a district
            scope |= Q(unit_path="")
    found = Event.objects.filter(scope).order_by("-at", "-pk")
    if wanted.kind:
        found = found.filter(kind__startswith=wanted.kind)
    if wanted.person:
        found = found.filter(actor_id__in=User.objects.filter(username=wanted.person).values("pk"))
    if wanted.object_type:
        found = found.filter(object_type=wanted.object_type)
    if wanted.object_id:
        found = found.filter(object_id=wanted.object_id)
    if wanted.from_on:
        found = found.filter(at__gte=_midnight(wanted.from_on))
    if wanted.to_on:
        found = found.filter(at__lt=_midnight(wanted.to_on + timedelta(days=1)))
    return found


def names_of(ids: set[int]) -> dict[int, str]:
    """Who these people are, for a page of the trail; children and guardians by their number alone."""
    people = User.objects.filter(pk__in=ids)
    return {
        user.pk: f"{user.name}（{user.username}）" if user.is_staff else f"{ROLE_NAMES[user.kind]} {user.pk}"
        for user in people
    }


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=clock.SHANGHAI)


def keys_for(user: User) -> QuerySet[ApiKey]:
    """Keys of partners' programs that ``user`` manages, those in use first; unit loaded, ``hits`` counted."""
    return (
        ApiKey.objects.filter(within(user, Permission.API_KEY_MANAGE, "unit"))
        .select_related("unit")
        .annotate(hits=Coalesce(Sum("uses__hits"), 0))
        .order_by(F("revoked_at").asc(nulls_first=True), "unit__pinyin", "name", "pk")
    )


KEY_KINDS = ("agency", "host")  # of units whose programs may have a key


def key_units_for(user: User) -> QuerySet[Unit]:
    """Agencies and hosts for which ``user`` may make keys, agencies first, by name."""
    return Unit.objects.filter(within(user, Permission.API_KEY_MANAGE), kind__in=KEY_KINDS).order_by(
        "kind", "pinyin", "pk"
    )


def key_digest(text: str) -> str:
    """What is kept of a partner's key."""
    return crypto.blind(f"api key\0{text}")

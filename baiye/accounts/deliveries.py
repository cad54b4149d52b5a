"""Which copies of messages did not arrive, for whoever looks after the people they were for; who reads a digest.

People who hold a grant are found here. Rooms above say in ``REACHED`` whom else somebody looks after.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baiye.accounts.models import Grant, User
from baiye.accounts.permissions import ROLE_NAMES, ROLES, Permission, paths, within
from baiye.accounts.queries import running
from baiye.core import channels, clock
from baiye.core.models import Delivery

REACHED: list[Callable[[User], Q]] = []  # each gives a filter over people
# By how an error begins; the first that fits is said.
REASONS = {
    "SMTP 5": gettext_lazy("对方邮局说没有这个邮箱"),
    "SMTP": gettext_lazy("对方邮局暂时不收"),
    "WeCom token": gettext_lazy("企业微信的应用密钥不对，请找系统管理员"),
    "WeCom 60111": gettext_lazy("企业微信里没有这个账号"),
    "WeCom 40003": gettext_lazy("企业微信里没有这个账号"),
    "WeCom 81013": gettext_lazy("这个人不在企业微信应用的可见范围里"),
    "WeCom 0": gettext_lazy("这个人不在企业微信应用的可见范围里"),
    "HTTP 4": gettext_lazy("短信网关不收这个号码，或不认我们"),
    "HTTP": gettext_lazy("网关出错"),
    "lost": gettext_lazy("发送中断，没有再试"),
}
SHOWN = timedelta(days=30)  # as long as the texts of what failed are kept
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Health:
    """What became of a channel's letters within a day."""

    channel: str
    delivered: int = 0
    waiting: int = 0
    failed: int = 0

    @property
    def name(self) -> str:
        return str(dict(Delivery.CHANNELS)[self.channel])

    @property
    def is_open(self) -> bool:
        """Whether something carries it here."""
        return channels.is_open(self.channel)


@dataclass(frozen=True, slots=True)
class Lost:
    """A delivery that failed, as staff may see it."""

    delivery: Delivery
    address: str  # masked
    to: str  # whom it was for: staff by name, families by what they are
    why: str


def school_coordinators_among(people: Collection[int]) -> set[int]:
    """Those of these people (keys) who are a school's coordinator today; one query."""
    grants = Grant.objects.filter(running(clock.today()), role="school_coordinator", user__in=people)
    return set(grants.values_list("user", flat=True))


def looks_after_somebody(user: User) -> bool:
    """Whether ``user`` sees what others did not get: by grant, or as a class teacher."""
    return user.kind == "staff" and any(Permission.DELIVERY_VIEW in ROLES.get(role, ()) for role in user.roles)


def failed_for(user: User, *, channel: str = "", to_hosts: bool = False, at: datetime) -> QuerySet[Delivery]:
    """Deliveries that failed lately where ``user`` sees them, newest first; message and its person loaded.

    Copies to people whom ``user`` looks after, and letters that belong to a unit of theirs; or only those to hosts
    and to who applies to become one.
    """
    found = Delivery.objects.filter(_scope(user), failed_at__gt=at - SHOWN).select_related("message__to")
    if channel:
        found = found.filter(channel=channel)
    if to_hosts:
        found = found.filter(~Q(unit_path="") | _staff_at(Q(unit__kind="host")))
    return found.order_by("-failed_at", "-pk")


def shown(delivery: Delivery) -> Lost:
    """``delivery`` with its address masked, and why it failed in words; no query where its message is loaded."""
    person = delivery.message.to if delivery.message else None
    to = "" if person is None else person.name if person.is_staff else str(ROLE_NAMES[person.kind])
    code = delivery.error.partition(" ")[0]
    why = next(
        (words for start, words in REASONS.items() if delivery.error.startswith(start)), _("通道出错：%s") % code
    )
    return Lost(delivery, channels.masked(delivery), to, str(why))


def health(at: datetime) -> list[Health]:
    """What became of each channel's letters within a day, whosever they are; one query."""
    counted = (
        Delivery.objects.filter(made_at__gt=at - DAY)
        .order_by()
        .values_list("channel")
        .annotate(
            delivered=Count("pk", filter=Q(delivered_at__isnull=False)),
            waiting=Count("pk", filter=Q(delivered_at=None, failed_at=None, withdrawn_at=None)),
            failed=Count("pk", filter=Q(failed_at__isnull=False)),
        )
    )
    found = {row[0]: Health(*row) for row in counted}
    return [found.get(channel, Health(channel)) for channel, _name in Delivery.CHANNELS]


def _scope(user: User) -> Q:
    """A filter over deliveries: whose people, or whose units, ``user`` looks after."""
    people = _staff_at(within(user, Permission.DELIVERY_VIEW, "unit")) & ~Q(message__to=user)
    for reached in REACHED:
        people |= Q(message__to__in=User.objects.filter(reached(user)))
    for path in paths(user, Permission.DELIVERY_VIEW):
        people |= Q(unit_path__startswith=path)
    return people


def _staff_at(here: Q) -> Q:
    """A filter over deliveries: copies for people who hold a grant ``here`` (a filter over grants)."""
    grants = Grant.objects.filter(here, running(clock.today()), user=OuterRef("message__to"))
    return Q(Exists(grants))

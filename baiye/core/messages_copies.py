"""Copies of messages: which channels carry them, when they leave, and one digest a day for teachers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from baiye.core import channels, clock, crypto, jobs, messages_kinds, messages_quiet
from baiye.core.models import Delivery, Message, Preference
from baiye.core.templatetags.text import han_date

AT_ONCE = 2000  # messages
LONGEST_TEXT = 130  # characters of a text message: two parts at most
DIGEST_HOLDS = 40  # lines
DIGEST_REACHES = timedelta(days=14)  # back; what is older was not worth a line


@transaction.atomic
def copy(key: str, *, at: datetime) -> int:
    """Hand a copy of each message with this ``key`` to the channels its person wants; how many copies.

    Run twice, it sends once. Who reads a digest waits for it where the kind belongs there.
    """
    rows = Message.objects.filter(_addressed(), key=key, copied_at=None).order_by("pk").select_related("to")
    waiting = list(rows.select_for_update(of=("self",), skip_locked=True))
    made = 0
    for first in range(0, len(waiting), AT_ONCE):
        made += _copy_all(waiting[first : first + AT_ONCE], at)
    return made


def _copy_all(messages: Sequence[Message], at: datetime) -> int:
    """Copies of these, but for those that wait for a digest."""
    wanted = Preference.objects.in_bulk({message.to_id for message in messages})
    gathering = [message.to_id for message in messages if messages_kinds.find(message.kind).digest]
    readers = {pk for pk in messages_kinds.readers(gathering) if pk not in wanted or wanted[pk].digest}
    now = [m for m in messages if not (messages_kinds.find(m.kind).digest and m.to_id in readers)]
    copies = [each for m in now for each in _copies_of(m, wanted.get(m.to_id) or Preference(user_id=m.to_id), at)]
    Delivery.objects.bulk_create(copies, ignore_conflicts=True)
    Message.objects.filter(pk__in=[message.pk for message in now]).update(copied_at=at)
    by_time: dict[datetime, list[str]] = defaultdict(list)
    made = Delivery.objects.filter(pk__in=[each.pk for each in copies])
    for pk, leaves_at in made.values_list("pk", "leaves_at"):
        by_time[leaves_at].append(str(pk))
    for leaves_at, keys in by_time.items():
        when = leaves_at if leaves_at > at else None
        jobs.later_many("core.deliver", [{"delivery_id": pk} for pk in keys], at=when)
    return sum(map(len, by_time.values()))


def _copies_of(message: Message, wanted: Preference, at: datetime) -> Iterable[Delivery]:
    leaves_at = messages_quiet.leaves_at(
        at, quiet_from=wanted.quiet_from, quiet_to=wanted.quiet_to, needed_by=message.needed_by
    )
    worth_a_text = messages_kinds.find(message.kind).text
    addresses = {
        "mail": wanted.mail and message.to.email,
        "wecom": wanted.wecom and message.to.wecom_id,
        "sms": worth_a_text and wanted.sms and message.to.phone,
    }
    for channel, address in addresses.items():
        if address and channels.is_open(channel):
            yield Delivery(
                message=message,
                channel=channel,
                address=crypto.encrypt(address),
                subject=message.subject,
                body=_words(message, channel),
                leaves_at=leaves_at,
            )


def _words(message: Message, channel: str) -> str:
    """What a channel carries of ``message``: a text message is cut short, mail has its subject apart."""
    if channel == "sms":
        said = "。".join(part.rstrip("。") for part in (message.subject, message.body) if part)
        return Truncator(said).chars(LONGEST_TEXT)
    address = message.url and settings.BAIYE_SITE_URL + message.url
    parts = (message.subject if channel == "wecom" else "", message.body, address)
    return "\n\n".join(part for part in parts if part)


def _addressed() -> Q:
    """A filter: messages to people whom some channel reaches."""
    return ~Q(to__email="") | ~Q(to__wecom_id="") | ~Q(to__phone_blind="")


@transaction.atomic
def send_digests(*, on: date, at: datetime) -> int:
    """One message to each teacher with what came since the last digest and is not read yet; how many teachers.

    Once a day each, however often it runs: what comes after it waits for the next.
    """
    waiting = _ungathered(at).order_by("to", "sent_at", "pk").select_for_update(of=("self",), skip_locked=True)
    gathered: dict[int, list[Message]] = defaultdict(list)
    for message in waiting:
        gathered[message.to_id].append(message)
    key = f"digest-{on.isoformat()}"
    had_it = set(Message.objects.filter(key=key, to__in=gathered).values_list("to", flat=True))
    readers = [pk for pk in sorted(messages_kinds.readers(list(gathered))) if pk not in had_it]
    if not readers:
        return 0
    Message.objects.bulk_create([_digest(pk, gathered[pk], key, on) for pk in readers], batch_size=AT_ONCE)
    held = Message.objects.filter(pk__in=[message.pk for pk in readers for message in gathered[pk]])
    theirs = Message.objects.filter(key=key, to=OuterRef("to")).values("pk")
    held.update(in_digest=Subquery(theirs), copied_at=at)
    jobs.later("core.copy_messages", key=key)
    return len(readers)


def _ungathered(at: datetime) -> QuerySet[Message]:
    kinds = [slug for slug, kind in messages_kinds.KINDS.items() if kind.digest]
    rows = Message.objects.filter(_addressed(), kind__in=kinds, copied_at=None, read_at=None)
    return rows.filter(sent_at__gt=at - DIGEST_REACHES)


def _digest(reader: int, held: Sequence[Message], key: str, on: date) -> Message:
    lines = [f"· {message.subject}（{han_date(clock.local(message.sent_at))}）" for message in held[:DIGEST_HOLDS]]
    if len(held) > DIGEST_HOLDS:
        lines.append(_("还有 %d 条，在消息里看。") % (len(held) - DIGEST_HOLDS))
    subject = _("%(day)s 的汇总：%(n)d 条消息") % {"day": han_date(on, "day"), "n": len(held)}
    return Message(
        to_id=reader, kind=messages_kinds.DIGEST, key=key, subject=subject, body="\n".join(lines), url="/messages/"
    )

"""What looks odd in the marks of a visit: shown to whoever confirms, decided by nobody but a person. Pure.

Faked hours come from mass entry by one hand; an honest evening upload of an offline phone does not ring, because it is
the device's times that are looked at.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

FEW = 5  # fewer marks than that say nothing
BURST, BURST_S = 8, 10  # more than one a second or so is not a door with children
SAME_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Stroke:
    """A live mark, as far as its oddness goes."""

    kind: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One odd thing, in a sentence."""

    code: str
    sentence: str


def alarms(strokes: Sequence[Stroke], *, arrived: int, head_count: int | None = None) -> list[Alarm]:
    """What is odd about these marks of one visit and school; empty when nothing is.

    Parameters
    ----------
    arrived
        How many pupils have an "in" mark on the whole visit.
    head_count
        How many the host says were there; None while the host has not confirmed.
    """
    found = []
    for kind, word in (("in", _("签到")), ("out", _("离开"))):
        times = sorted(stroke.at for stroke in strokes if stroke.kind == kind)
        if len(times) < FEW:
            continue
        most = max(Counter(time.replace(microsecond=0) for time in times).values())
        burst = _most_within(times, timedelta(seconds=BURST_S))
        if most >= max(FEW, SAME_SHARE * len(times)):
            found.append(Alarm("same_moment", _("%(n)s 人在同一秒%(word)s") % {"n": most, "word": word}))
        elif burst >= BURST:
            facts = {"n": burst, "word": word, "s": BURST_S}
            found.append(Alarm("burst", _("%(s)s 秒里有 %(n)s 人%(word)s") % facts))
    if by_hand := sum(bool(stroke.note) for stroke in strokes):
        found.append(Alarm("by_hand", _("%(n)s 条是事后补记的") % {"n": by_hand}))
    if head_count is not None and head_count != arrived:
        facts = {"said": head_count, "marked": arrived}
        found.append(Alarm("head_count", _("基地说到了 %(said)s 人，签到的是 %(marked)s 人") % facts))
    return found


def _most_within(times: Sequence[datetime], span: timedelta) -> int:
    """The most of these sorted times that lie within ``span`` of each other."""
    most = first = 0
    for last, time in enumerate(times):
        while time - times[first] > span:
            first += 1
        most = max(most, last - first + 1)
    return most

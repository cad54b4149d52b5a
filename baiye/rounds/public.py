"""What the public front page shows of rounds: where wishes are given now, and what anyone may check."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.core.templatetags.text import han_date
from baiye.registry.landing import OpenNow
from baiye.rounds.queries.rounds import rounds_taking_wishes
from baiye.rounds.queries.runs import published_rounds

NEWEST = 3


def opens(at: datetime) -> Iterable[OpenNow]:
    """Rounds that take wishes at ``at``, with their deadline; then the newest published ones, to check."""
    for round, deadline in rounds_taking_wishes(at):
        note = _("正在填志愿，%(when)s 截止") % {"when": han_date(deadline)}
        yield OpenNow(round.name, note, reverse("accounts:sign-in"), round.is_example)
    for round in published_rounds().order_by("-pk")[:NEWEST]:
        address = reverse("rounds:verification", args=[round.pk])
        yield OpenNow(round.name, _("已公布，规则、抽签种子和结果都可以核对"), address, round.is_example)

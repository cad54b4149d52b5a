from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.core import clock
from baiye.core.templatetags.text import han_date
from baiye.rounds.public import opens
from baiye.rounds.tests.factories import RoundFactory

pytestmark = pytest.mark.django_db


def with_wishes(begins: int, ends: int, **fields):
    """A round whose wish phase lies between so many days from now."""
    round, now = RoundFactory(**fields), clock.now()
    round.phases.all().delete()
    round.phases.create(kind="wish", starts_at=now + timedelta(days=begins), ends_at=now + timedelta(days=ends))
    return round


def test_opens_names_rounds_that_take_wishes_with_their_deadline():
    open_now = with_wishes(-1, 2, is_example=True)
    with_wishes(-3, -1)
    with_wishes(1, 3)

    (shown,) = opens(clock.now())

    deadline = open_now.phases.get().ends_at
    assert (shown.title, shown.note) == (open_now.name, f"正在填志愿，{han_date(deadline)} 截止")
    assert (shown.url, shown.is_example) == (reverse("accounts:sign-in"), True)


def test_opens_stands_on_the_front_page(client):
    open_now = with_wishes(-1, 2)

    page = client.get(reverse("registry:landing")).text

    assert (open_now.name in page, "现在没有开放的轮次" in page) == (True, False)

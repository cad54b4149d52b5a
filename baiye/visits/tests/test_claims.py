"""Visits that a room above keeps: each room says its own, all are asked."""

import pytest

from baiye.core.hooks import Hook
from baiye.visits import claims
from baiye.visits.models import Visit
from baiye.visits.tests.factories import VisitFactory


@pytest.mark.django_db
def test_kept_are_the_visits_of_every_keeper(monkeypatch):
    first, second, free = VisitFactory.create_batch(3)
    for one in (first, second):
        keeper = Visit.objects.filter(pk=one.pk).values_list("pk", flat=True)
        monkeypatch.setitem(claims.KEEPERS, f"room {one.pk}", lambda keeper=keeper: keeper)

    assert set(Visit.objects.filter(claims.kept())) == {first, second}
    assert list(Visit.objects.exclude(claims.kept())) == [free]


def test_register_a_second_keeper_of_one_name_is_an_error(monkeypatch):
    monkeypatch.setattr(claims, "KEEPERS", Hook("a keeper"))
    claims.KEEPERS.add("room", Visit.objects.none)

    with pytest.raises(ValueError, match="there is a keeper room already"):
        claims.KEEPERS.add("room", Visit.objects.all)

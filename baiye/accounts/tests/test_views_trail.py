"""The trail of events: who sees what, how it is searched and exported."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from baiye.accounts import kinds
from baiye.accounts.permissions import HELD_AT
from baiye.accounts.tests.factories import GrantFactory, UnitFactory, UserFactory
from baiye.core import audit, clock
from baiye.core.models import Event

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3])
def test_trail_costs_as_many_queries_for_three_events_as_for_one(
    client, auditor, school, count, django_assert_num_queries
):
    for _ in range(count):
        audit.record("example.happened", by=UserFactory(), at_unit=school.path)

    with django_assert_num_queries(
        8
    ):  # session, user, grants, count, events, names, the look itself, classes (unread: no bell)
        response = client.get(reverse("accounts:audit"), {"kind": "example"})

    assert len(response.context["page"].object_list) == count


def test_trail_shows_the_district_everything_of_its_own_and_records_the_look(client, auditor, school):
    mine = Event.objects.create(kind="example.happened", unit_path=school.path)
    system = Event.objects.create(kind="example.happened")
    Event.objects.create(kind="example.happened", unit_path=UnitFactory().path)

    response = client.get(reverse("accounts:audit"), {"kind": "example.happened"})

    assert {line.event for line in response.context["lines"]} == {mine, system}
    look = Event.objects.get(kind="trail.viewed")
    assert (look.actor_id, look.facts) == (auditor.pk, {"page": 1, "wanted": {"kind": "example.happened"}})


def test_trail_finds_by_person_object_and_day(client, auditor, school):
    person = UserFactory()
    audit.record("example.happened", by=person, on=school, at_unit=school.path)
    audit.record("example.happened", by=UserFactory(), on=school, at_unit=school.path)
    audit.record("example.happened", by=person, on=person, at_unit=school.path)
    words = {"person": person.username, "object_type": "accounts.unit", "object_id": school.pk}

    today = client.get(reverse("accounts:audit"), words | {"from_on": clock.today(), "to_on": clock.today()})
    later = client.get(reverse("accounts:audit"), words | {"from_on": clock.today() + timedelta(days=1)})

    assert [line.event.actor_id for line in today.context["lines"]] == [person.pk]
    assert list(later.context["lines"]) == []


def test_trail_names_staff_and_keeps_families_to_their_number(client, auditor):
    teacher, child = UserFactory(name="林老师", username="lin"), UserFactory(kind="pupil", name="林小满")
    for person in (teacher, child):
        audit.record("example.happened", by=person)

    page = client.get(reverse("accounts:audit"), {"kind": "example"}).content.decode()

    assert "林老师（lin）" in page
    assert f"学生 {child.pk}" in page
    assert "林小满" not in page


def test_trail_export_gives_all_rows_and_no_formula(client, auditor):
    for _ in range(60):
        audit.record("example.happened", by=None)
    audit.record("example.happened", by=None, note="=1+1")
    Event.objects.create(kind="example.happened", object_id="=cmd()")

    response = client.get(reverse("accounts:audit-export"), {"kind": "example"})
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))

    assert len(rows) == 63
    assert rows[0] == ["id", "at", "kind", "actor", "object_type", "object_id", "unit", "facts"]
    assert rows[1][5] == "'=cmd()"
    assert Event.objects.get(kind="trail.exported").facts == {"wanted": {"kind": "example"}}


@pytest.mark.parametrize("role", [role for role in HELD_AT if role not in {"auditor", "audit_admin"}])
def test_the_trail_is_not_there_for_others(client, district, role):
    unit = district if HELD_AT[role] == "district" else UnitFactory(parent=district, kind=HELD_AT[role])
    client.force_login(GrantFactory(role=role, unit=unit).user)

    assert client.get(reverse("accounts:audit")).status_code == 404
    assert client.get(reverse("accounts:audit-export")).status_code == 404


def test_every_kind_of_event_that_our_source_records_has_a_name_and_no_other_has():
    rooms = Path(audit.__file__).resolve().parents[1]
    files = [file for file in rooms.rglob("*.py") if "tests" not in file.parts and file.name != "kinds.py"]
    source = "\n".join(file.read_text() for file in files)

    recorded = set(re.findall(r'(?:audit\.record(?:_many)?|_note)\(\s*"([a-z_]+\.[a-z_]+)"', source))
    named = {kind for kind in kinds.KINDS if f'"{kind}"' in source or f'"{kind.rpartition("_")[0]}_{{' in source}

    assert recorded - set(kinds.KINDS) == set()
    assert set(kinds.KINDS) - named == set()

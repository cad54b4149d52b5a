"""The command ``baiye audit``."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from baiye.core import audit
from baiye.core.models import Event, Seal
from baiye.core.tests.test_seal import record, seal_all, settled, tamper


def test_audit_seal_says_how_many_it_sealed(own_database, capsys):
    record(2)
    settled()

    call_command("audit", "seal")

    assert capsys.readouterr().out == "封存了 2 条\n"


def test_audit_verify_says_that_all_is_well_and_gives_the_head(own_database, capsys):
    record(2)
    seal_all()

    call_command("audit", "verify", "--json")

    head = Seal.objects.get().digest
    assert json.loads(capsys.readouterr().out) == {
        "seals": 1,
        "events": 2,
        "unsealed": 0,
        "head": head,
        "fault": "",
        "event": None,
        "seal": None,
        "is_sound": True,
    }


def test_audit_verify_names_what_was_changed_and_ends_with_1(own_database, capsys):
    first, _ = record(2)
    seal_all()
    tamper("UPDATE core_event SET kind = 'nothing.happened' WHERE id = %s", first)

    with pytest.raises(CommandError) as refusal:
        call_command("audit", "verify")

    assert refusal.value.returncode == 1
    assert capsys.readouterr().out == f"记录 {first} 被改过（封 {Seal.objects.get().pk}）\n"


@pytest.mark.django_db
def test_record_many_writes_one_event_for_each_in_one_statement(django_assert_num_queries):
    audit.record("example.happened", by=None, at_unit="/1/")
    things = [Event.objects.get()] * 3

    with django_assert_num_queries(1):
        audit.record_many("example.seen", by=None, on=things, at_unit="/1/")

    seen = Event.objects.filter(kind="example.seen")
    assert set(seen.values_list("object_type", "object_id", "unit_path")) == {("core.event", str(things[0].pk), "/1/")}
    assert seen.count() == 3


@pytest.mark.django_db
def test_record_stores_the_transaction_that_wrote_it():
    audit.record("example.happened", by=None)

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        assert Event.objects.get().xact_id == cursor.fetchone()[0]

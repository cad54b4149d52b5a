"""Seals: nothing late is missed, and whatever is tampered with is named."""

import time

import psycopg
import pytest
from django.db import connection, transaction
from django.db.models import Max
from django.db.utils import IntegrityError

from baiye.core import audit, seal
from baiye.core.models import Event, Seal
from baiye.core.tests.factories import EventFactory

INSERT = "INSERT INTO core_event (kind, object_type, object_id, unit_path, facts) VALUES ('late', '', '', '', '{}')"


def another_connection() -> psycopg.Connection:
    params = connection.get_connection_params()
    return psycopg.connect(
        **{key: params[key] for key in ("host", "port", "user", "password", "dbname") if key in params}
    )


def settled(upto: int | None = None) -> None:
    """Wait for older transactions on this server (of other tests at the same time), which hold every seal back."""
    give_up_at = time.monotonic() + 60
    newest = Event.objects.aggregate(newest=Max("xact_id"))["newest"]
    while seal._oldest_running() < (newest + 1 if upto is None else upto):
        assert time.monotonic() < give_up_at
        time.sleep(0.02)


def seal_all() -> int:
    settled()
    return seal.seal_events()


def own_number(session: psycopg.Connection) -> int:
    return int(session.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()[0])


def tamper(statement: str, *params: object) -> None:
    """What only the owner of the database can do: put the triggers aside, in this test's own database."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_event DISABLE TRIGGER USER; ALTER TABLE core_seal DISABLE TRIGGER USER")
        cursor.execute(statement, params)
        cursor.execute("ALTER TABLE core_event ENABLE ALWAYS TRIGGER core_event_never_changes")
        cursor.execute("ALTER TABLE core_seal ENABLE ALWAYS TRIGGER core_seal_never_changes")


def record(count: int) -> list[int]:
    for _ in range(count):
        audit.record("example.happened", by=None, figure=1.5, name="值")
    return list(Event.objects.order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize("table", ["core_event", "core_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 1", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.django_db
def test_the_trail_refuses_to_change(table, statement):
    EventFactory()
    Seal.objects.create(events=[], upto_xact=1, digest="0")

    with pytest.raises(IntegrityError, match="the audit trail never changes"), transaction.atomic():
        connection.cursor().execute(statement.format(table))

    assert Event.objects.count() == Seal.objects.count() == 1


def test_seal_events_seals_each_event_once_in_a_chain(own_database):
    first = record(3)
    assert seal_all() == 3
    both = record(2)
    assert seal_all() == 2
    assert seal.seal_events() == 0

    seals = list(Seal.objects.order_by("pk"))
    assert [[line[0] for line in one.events] for one in seals] == [first, both[3:]]
    assert seals[0].previous == ""
    assert seals[1].previous == seals[0].digest


def test_seal_events_waits_for_a_transaction_that_still_runs_and_misses_nothing_of_it(own_database):
    with another_connection() as slow:
        slow.execute(INSERT)
        record(1)
        settled(own_number(slow))

        assert seal.seal_events() == 0

        slow.commit()
    assert seal_all() == 2
    assert seal.verify().is_sound


def test_seal_events_takes_an_event_that_commits_after_younger_ones_were_sealed(own_database):
    with another_connection() as slow:
        record(1)
        slow.execute(INSERT)  # drawn after the first event, before the next
        record(1)
        settled(own_number(slow))
        sealed_before = seal.seal_events()
        slow.commit()

    assert sealed_before == 1
    assert seal_all() == 2
    assert seal.verify() == seal.Verdict(2, 3, 0, Seal.objects.latest("pk").digest)


def test_seal_events_splits_a_backlog_between_transactions_only(own_database, monkeypatch):
    monkeypatch.setattr(seal, "LARGEST", 3)
    record(2)
    audit.record_many("example.happened", by=None, on=list(Event.objects.all()) * 3)
    record(1)

    assert seal_all() == 9

    assert [len(one.events) for one in Seal.objects.order_by("pk")] == [2, 6, 1]
    assert seal.verify().is_sound


def test_seal_events_in_two_processes_at_once_never_forks_the_chain(own_database):
    record(1)
    seal_all()

    with pytest.raises(IntegrityError, match="seal_chain_never_forks"), transaction.atomic():
        Seal.objects.create(events=[], upto_xact=1, previous="", digest="another")


def test_seal_events_after_a_restore_seals_what_came_from_the_other_server(own_database):
    record(2)
    seal_all()
    far_ahead = Seal.objects.get().upto_xact + 1_000_000
    last = Seal.objects.get()
    Seal.objects.create(  # a server that had counted a million transactions more
        events=[], upto_xact=far_ahead, previous=last.digest, digest=seal.seal_digest(last.digest, far_ahead, 0, [])
    )
    connection.cursor().execute(
        INSERT.replace("facts)", "facts, xact_id)").replace("'{}')", "'{}', %s)"), [far_ahead + 5]
    )
    record(1)

    assert seal.seal_events() == 2

    assert seal.verify().is_sound
    record(1)
    settled(Event.objects.latest("pk").xact_id + 1)
    assert seal.seal_events() == 1
    assert seal.verify() == seal.Verdict(4, 5, 0, Seal.objects.latest("pk").digest)


def test_verify_finds_nothing_wrong_with_an_untouched_trail(own_database):
    record(3)
    seal_all()
    record(1)

    assert seal.verify() == seal.Verdict(seals=1, events=3, unsealed=1, head=Seal.objects.get().digest)


def test_verify_names_the_first_event_that_was_changed(own_database):
    ids = record(5)
    seal_all()
    tamper("UPDATE core_event SET actor_id = 7 WHERE id = ANY(%s)", [ids[3], ids[2]])

    verdict = seal.verify()

    assert (verdict.fault, verdict.event) == ("changed", ids[2])


def test_verify_names_the_first_event_that_was_removed(own_database):
    ids = record(5)
    seal_all()
    tamper("DELETE FROM core_event WHERE id = ANY(%s)", [ids[1], ids[4]])

    verdict = seal.verify()

    assert (verdict.fault, verdict.event) == ("removed", ids[1])


def test_verify_names_an_event_that_was_slipped_in(own_database):
    record(2)
    seal_all()
    made_up = INSERT.replace("facts)", "facts, xact_id)").replace("'{}')", "'{}', 3) RETURNING id")
    slipped_in = connection.cursor().execute(made_up).fetchone()[0]
    record(1)

    verdict = seal.verify()

    assert (verdict.fault, verdict.event) == ("slipped in", slipped_in)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE core_seal SET events = '[]' WHERE id = (SELECT min(id) FROM core_seal)", "seal changed"),
        ("DELETE FROM core_seal WHERE id = (SELECT min(id) FROM core_seal)", "seal removed"),
    ],
)
def test_verify_notices_when_a_seal_was_touched(own_database, statement, fault):
    for _ in range(2):
        record(1)
        seal_all()
    tamper(statement)

    assert seal.verify().fault == fault


def test_verify_notices_with_an_earlier_head_that_the_last_seals_were_cut_off(own_database):
    record(1)
    seal_all()
    head = seal.verify().head
    tamper("DELETE FROM core_seal")

    assert seal.verify().is_sound
    assert seal.verify(expect=head).fault == "seals cut off"

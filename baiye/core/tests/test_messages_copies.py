"""Copies go where each person wants them, outside their quiet hours; teachers read one digest a day."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from baiye.accounts.tests.factories import UserFactory
from baiye.core import clock, crypto, jobs, messages, messages_copies, messages_kinds
from baiye.core.messages_kinds import Kind
from baiye.core.models import Delivery, Message, Preference
from baiye.core.tests.factories import MessageFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 27, 12, tzinfo=clock.SHANGHAI)
NIGHT = datetime(2026, 11, 27, 22, tzinfo=clock.SHANGHAI)
MORNING = datetime(2026, 11, 28, 7, tzinfo=clock.SHANGHAI)
WORDS = {"key": "round:1:wish", "subject": "还有 2 天", "body": "志愿还没交。", "url": "/home/"}
PHONE = "15400000001"


@pytest.fixture(autouse=True)
def kinds(monkeypatch, settings):
    """An ordinary kind, one worth a text, one for the digest."""
    monkeypatch.setitem(messages_kinds.KINDS, "example.text", Kind("示例", text=True))
    monkeypatch.setitem(messages_kinds.KINDS, "example.digest", Kind("示例", digest=True))
    settings.WECOM_ADAPTER = "baiye.core.channels_sms.LocalOutbox"
    settings.BAIYE_SITE_URL = "https://baiye.example"


def reachable(**fields):
    """Someone whom every channel reaches."""
    phone = {"phone_sealed": crypto.encrypt(PHONE), "phone_blind": crypto.blind(PHONE)}
    return UserFactory(**{"email": "teacher@example.org", "wecom_id": "WangMing", **phone, **fields})


def told(person, kind="example", at=NOON, **words):
    """A message, and which channels carry a copy of it."""
    messages.send(to=[person], kind=kind, **{**WORDS, **words})
    messages_copies.copy(words.get("key", WORDS["key"]), at=at)
    return sorted(Delivery.objects.filter(message__to=person).values_list("channel", flat=True))


def test_send_copies_a_message_to_who_has_an_address_once():
    people = [UserFactory(email="teacher@example.org"), UserFactory()]

    for _ in range(2):
        messages.send(to=people, kind="example", **WORDS)
        messages_copies.copy(WORDS["key"], at=NOON)
        jobs.run_due()

    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["teacher@example.org"], "还有 2 天")
    assert letter.body == "志愿还没交。\n\nhttps://baiye.example/home/"
    delivery = Delivery.objects.get()
    assert (delivery.body, delivery.tries, delivery.delivered_at is None) == ("", 1, False)


def test_copy_takes_every_open_channel_with_an_address_and_texts_only_what_is_worth_one(settings):
    assert told(reachable()) == ["mail", "wecom"]
    assert told(reachable(phone_blind="x"), kind="example.text", key="b") == ["mail", "sms", "wecom"]

    settings.WECOM_ADAPTER = ""
    assert told(reachable(phone_blind="y"), kind="example.text", key="c") == ["mail", "sms"]


def test_copy_leaves_out_the_channels_someone_does_not_want():
    person = reachable()
    Preference.objects.create(user=person, mail=False, sms=False)

    assert told(person, kind="example.text") == ["wecom"]


def test_copy_of_a_text_message_is_short_and_of_wecom_names_the_subject():
    told(reachable(), kind="example.text", body="很长" * 200)

    bodies = dict(Delivery.objects.values_list("channel", "body"))
    assert bodies["sms"].startswith("还有 2 天。很长")
    assert len(bodies["sms"]) == messages_copies.LONGEST_TEXT
    assert bodies["wecom"].startswith("还有 2 天\n\n很长")
    assert bodies["wecom"].endswith("https://baiye.example/home/")


def test_copy_waits_for_the_morning_and_its_job_with_it():
    told(reachable(wecom_id=""), at=NIGHT)

    assert Delivery.objects.get().leaves_at == MORNING
    assert ProcrastinateJob.objects.get(task_name="core.deliver").scheduled_at == MORNING


def test_copy_of_what_cannot_wait_leaves_at_night():
    told(reachable(wecom_id=""), at=NIGHT, needed_by=MORNING + timedelta(minutes=30))

    assert Delivery.objects.get().leaves_at == NIGHT


def test_copy_keeps_to_ones_own_quiet_hours():
    person = reachable(wecom_id="")
    Preference.objects.create(user=person, quiet_from=time(11), quiet_to=time(15))

    told(person)

    assert Delivery.objects.get().leaves_at == NOON.replace(hour=15)


@pytest.mark.parametrize("count", [1, 3])
def test_copy_costs_as_many_queries_for_three_people_as_for_one(count, django_assert_num_queries):
    people = [UserFactory(email=f"t{n}@example.org") for n in range(count)]
    messages.send(to=people, kind="example", **WORDS)

    # two savepoints, messages, preferences, insert, copied, made, jobs
    with django_assert_num_queries(8):
        assert messages_copies.copy(WORDS["key"], at=NOON) == count


@pytest.fixture
def reader(monkeypatch):
    """A teacher, who reads a digest."""
    person = reachable(phone_blind="reader")
    monkeypatch.setattr(messages_kinds, "READERS", [lambda people: {person.pk} & set(people)])
    return person


def test_a_reader_gets_one_digest_a_day_instead_of_many_copies(reader):
    other = reachable(phone_blind="other")
    assert told(reader, kind="example.digest") == []
    assert told(reader, kind="example.digest", key="second", subject="又一条") == []
    assert told(other, kind="example.digest", key="third") == ["mail", "wecom"]

    assert messages_copies.send_digests(on=date(2026, 11, 27), at=NOON) == 1
    messages_copies.copy("digest-2026-11-27", at=NOON)

    digest = Message.objects.get(kind=messages_kinds.DIGEST)
    assert digest.subject == "11 月 27 日的汇总：2 条消息" or "2 条消息" in digest.subject
    assert [line.partition("（")[0] for line in digest.body.splitlines()] == ["· 还有 2 天", "· 又一条"]
    assert set(digest.gathered.values_list("key", flat=True)) == {WORDS["key"], "second"}
    assert sorted(digest.deliveries.values_list("channel", flat=True)) == ["mail", "wecom"]


@pytest.mark.parametrize("count", [1, 3])
def test_digests_cost_as_many_queries_for_three_teachers_as_for_one(count, monkeypatch, django_assert_num_queries):
    people = [UserFactory(email=f"t{n}@example.org") for n in range(count)]
    monkeypatch.setattr(messages_kinds, "READERS", [set])
    messages.send(to=people, kind="example.digest", **WORDS)

    # savepoint, messages, who had one, insert, held, job
    with django_assert_num_queries(7):
        assert messages_copies.send_digests(on=date(2026, 11, 27), at=NOON) == count


def test_a_digest_is_sent_once_a_day_and_what_comes_after_waits_for_the_next(reader):
    told(reader, kind="example.digest")
    messages_copies.send_digests(on=date(2026, 11, 27), at=NOON)
    told(reader, kind="example.digest", key="later")

    assert messages_copies.send_digests(on=date(2026, 11, 27), at=NOON) == 0
    assert messages_copies.send_digests(on=date(2026, 11, 30), at=NOON) == 1
    assert Message.objects.get(key="later").in_digest.key == "digest-2026-11-30"


def test_a_digest_leaves_out_what_is_read_and_is_none_where_nothing_is_left(reader):
    told(reader, kind="example.digest")
    messages.mark_read(reader, at=NOON)

    assert messages_copies.send_digests(on=date(2026, 11, 27), at=NOON) == 0


def test_a_reader_who_wants_no_digest_gets_each_copy(reader):
    Preference.objects.create(user=reader, digest=False)

    assert told(reader, kind="example.digest") == ["mail", "wecom"]


def test_a_digest_names_forty_and_counts_the_rest(reader):
    for n in range(messages_copies.DIGEST_HOLDS + 2):
        MessageFactory(to=reader, kind="example.digest", key=f"m{n}")

    messages_copies.send_digests(on=date(2026, 11, 27), at=clock.now())

    lines = Message.objects.get(kind=messages_kinds.DIGEST).body.splitlines()
    assert (len(lines), lines[-1]) == (messages_copies.DIGEST_HOLDS + 1, "还有 2 条，在消息里看。")

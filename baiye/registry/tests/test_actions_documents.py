"""Papers: handed in once, judged by somebody else, warned of three times before they end."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.core.files import FileRefused
from baiye.core.models import Event, File, Message
from baiye.registry.actions import documents, expiry
from baiye.registry.actions.documents import DocumentRefused
from baiye.registry.models import HostDocument
from baiye.registry.queries.documents import endings_for, standing_of, state_of
from baiye.registry.tests.applying import (
    AT,
    NEXT_YEAR,
    TODAY,
    ApplicationFactory,
    DocumentFactory,
    KeptStandardFactory,
    handed_in,
    paper,
    reviewer_of,
)
from baiye.registry.tests.factories import AccreditationFactory, HostFactory, VenueFactory

pytestmark = pytest.mark.django_db


def manager_of(host):
    return GrantFactory(role="host_manager", unit=host.unit).user


def coordinator_of(host):
    return GrantFactory(role="coordinator", unit=host.unit.parent).user


def test_hand_in_by_the_same_request_twice_is_one_paper():
    host, request = HostFactory(), uuid.uuid4()
    manager = manager_of(host)

    first = documents.hand_in(host=host, paper=paper("fire"), request=request, by=manager)
    again = documents.hand_in(host=host, paper=paper("fire"), request=request, by=manager)

    assert first == again
    assert File.objects.count() == 1
    assert first.accepted_at is None


def test_hand_in_is_denied_to_the_manager_of_another_host():
    host = HostFactory()

    with pytest.raises(PermissionDenied):
        documents.hand_in(host=host, paper=paper("fire"), request=uuid.uuid4(), by=manager_of(HostFactory()))

    assert not HostDocument.objects.exists()


def test_hand_in_without_a_file_is_refused_to_a_host_and_open_to_the_desk():
    host = HostFactory()

    with pytest.raises(DocumentRefused, match="文件"):
        documents.hand_in(host=host, paper=paper("fire", file=None), request=uuid.uuid4(), by=manager_of(host))
    seen = documents.hand_in(host=host, paper=paper("fire", file=None), request=uuid.uuid4(), by=coordinator_of(host))

    assert seen.file is None


def test_hand_in_of_something_else_than_a_paper_leaves_nothing_behind():
    host = HostFactory()
    page = SimpleUploadedFile("x.pdf", b"<html><script>")

    with pytest.raises(FileRefused):
        documents.hand_in(host=host, paper=paper("fire", file=page), request=uuid.uuid4(), by=manager_of(host))

    assert not HostDocument.objects.exists()
    assert not File.objects.exists()


def test_hand_in_with_an_application_of_a_paper_too_many_is_refused(monkeypatch):
    monkeypatch.setattr(documents, "MOST_PAPERS", 1)
    application = ApplicationFactory()
    documents.hand_in_with(application=application, paper=paper("fire"), request=uuid.uuid4())

    with pytest.raises(DocumentRefused, match="太多"):
        documents.hand_in_with(application=application, paper=paper("fire"), request=uuid.uuid4())


def test_take_back_removes_the_paper_and_its_bytes_until_it_is_handed_in():
    application = ApplicationFactory()
    made = documents.hand_in_with(application=application, paper=paper("fire"), request=uuid.uuid4())
    kept = handed_in().documents.first()

    documents.take_back(document=made)
    with pytest.raises(DocumentRefused, match="不能删"):
        documents.take_back(document=kept)

    assert not HostDocument.objects.filter(pk=made.pk).exists()
    assert not File.objects.filter(pk=made.file_id).exists()


def test_take_back_goes_by_what_the_paper_is_now_and_twice_is_once():
    application = ApplicationFactory()
    seen, accepted = [
        documents.hand_in_with(application=application, paper=paper(kind), request=uuid.uuid4())
        for kind in ("fire", "licence")
    ]
    officer = reviewer_of(application.standard)
    documents.accept_document(document=HostDocument.objects.get(pk=accepted.pk), by=officer, at=AT)

    with pytest.raises(DocumentRefused, match="核对过"):
        documents.take_back(document=accepted)
    documents.take_back(document=HostDocument.objects.get(pk=seen.pk))
    documents.take_back(document=seen)

    assert list(application.documents.all()) == [accepted]
    assert Event.objects.filter(kind="host_document.taken_back").count() == 1


def test_accept_document_of_ones_own_file_is_refused():
    host = HostFactory()
    coordinator = coordinator_of(host)
    made = documents.hand_in(host=host, paper=paper("fire"), request=uuid.uuid4(), by=coordinator)

    with pytest.raises(DocumentRefused, match="另一位同事"):
        documents.accept_document(document=made, by=coordinator, at=AT)
    documents.accept_document(document=made, by=coordinator_of(host), at=AT)

    made.refresh_from_db()
    assert made.accepted_at == AT


def test_accept_document_is_denied_to_the_host_itself():
    host = HostFactory()
    made = documents.hand_in(host=host, paper=paper("fire"), request=uuid.uuid4(), by=manager_of(host))

    with pytest.raises(PermissionDenied):
        documents.accept_document(document=made, by=manager_of(host), at=AT)


def test_accept_document_of_an_application_is_open_to_its_keeper_alone():
    application = handed_in()
    document = application.documents.first()

    with pytest.raises(PermissionDenied):
        documents.accept_document(document=document, by=reviewer_of(KeptStandardFactory()), at=AT)
    documents.accept_document(document=document, by=reviewer_of(application.standard), at=AT)

    document.refresh_from_db()
    assert document.accepted_at == AT


def test_refuse_document_tells_the_manager_and_an_accepted_one_counts_no_more():
    document = DocumentFactory()
    manager = manager_of(document.host)

    documents.refuse_document(document=document, because="看不清公章", by=coordinator_of(document.host), at=AT)

    document.refresh_from_db()
    assert (document.accepted_at, document.refused_because) == (None, "看不清公章")
    assert Message.objects.get(to=manager).body == "看不清公章"


def test_refuse_document_without_a_reason_is_refused():
    document = DocumentFactory()

    with pytest.raises(DocumentRefused, match="哪里不行"):
        documents.refuse_document(document=document, because=" ", by=coordinator_of(document.host), at=AT)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({}, "valid"),
        ({"valid_until": None}, "valid"),
        ({"valid_until": TODAY + timedelta(days=60)}, "soon"),
        ({"valid_until": TODAY}, "soon"),
        ({"valid_until": TODAY - timedelta(days=1)}, "ended"),
        ({"valid_from": TODAY + timedelta(days=1)}, "coming"),
        ({"accepted_at": None, "accepted_by": None}, "waiting"),
    ],
)
def test_state_of_a_paper(given, state):
    document = DocumentFactory(**given)

    assert state_of(document, TODAY) == state
    assert standing_of([document], ["insurance", "fire"], TODAY)[0][2] == state
    assert standing_of([document], ["fire"], TODAY)[0][2] == ""


def test_a_paper_of_one_venue_stands_for_the_host_only_once_each_venue_has_one():
    host = HostFactory()
    one, two = VenueFactory.create_batch(2, host=host)
    facts = {"host": host, "kind": "fire", "accepted_at": AT, "accepted_by": UserFactory(), "valid_until": NEXT_YEAR}

    def stands(*papers):
        return standing_of(list(papers), ["fire"], TODAY, [one.pk, two.pk])[0][2]

    of_one, of_two = (DocumentFactory(venue=venue, **facts) for venue in (one, two))
    waiting = DocumentFactory(venue=two, **facts | {"accepted_at": None, "accepted_by": None})
    whole = DocumentFactory(**facts)

    assert [stands(of_one), stands(of_one, waiting), stands(of_one, of_two)] == ["", "waiting", "valid"]
    assert (stands(whole), stands(), standing_of([of_one], ["fire"], TODAY)[0][2]) == ("valid", "", "")


@pytest.mark.slow
def test_warn_of_endings_warns_once_for_each_of_three_spans():
    document = DocumentFactory(valid_until=TODAY + timedelta(days=61))
    manager, coordinator = manager_of(document.host), coordinator_of(document.host)
    sent = []

    for day in range(64):
        expiry.warn_of_endings(at=AT + timedelta(days=day))
        expiry.warn_of_endings(at=AT + timedelta(days=day))
        sent.append(Message.objects.filter(to=manager).count())

    assert [sent.index(number) for number in (1, 2, 3)] == [1, 31, 54]
    assert sent[-1] == 3
    assert Message.objects.filter(to=coordinator).count() == 3
    assert Message.objects.filter(to=manager).latest("pk").subject.endswith("还有 7 天到期")


def test_warn_of_endings_skips_papers_that_a_newer_one_replaces_but_not_those_of_another_venue():
    old = DocumentFactory(valid_until=TODAY + timedelta(days=20))
    manager = manager_of(old.host)
    venue = VenueFactory(host=old.host)
    DocumentFactory(host=old.host, venue=venue)

    assert expiry.warn_of_endings(at=AT) == 1
    DocumentFactory(host=old.host)
    HostDocument.objects.filter(pk=old.pk).update(warned_days=None)

    assert expiry.warn_of_endings(at=AT) == 0
    assert Message.objects.filter(to=manager).count() == 1


def test_warn_of_endings_warns_of_accreditations_too_but_of_none_that_was_revoked():
    held = AccreditationFactory(valid_until=TODAY + timedelta(days=7))
    AccreditationFactory(
        valid_until=TODAY + timedelta(days=7), revoked_on=TODAY, revoked_by=coordinator_of(HostFactory())
    )

    assert expiry.warn_of_endings(at=AT) == 1

    held.refresh_from_db()
    assert held.warned_days == 7


def test_endings_for_lists_what_ends_at_ones_own_hosts_soonest_first():
    soon = DocumentFactory(valid_until=TODAY + timedelta(days=20))
    ended = DocumentFactory(host=soon.host, kind="fire", valid_until=TODAY - timedelta(days=3))
    DocumentFactory(host=soon.host, kind="food", valid_until=TODAY + timedelta(days=200))
    DocumentFactory(valid_until=TODAY + timedelta(days=20))
    manager = manager_of(soon.host)

    found = endings_for(manager, TODAY)

    assert [(one.what, one.days) for one in found] == [
        (str(ended.get_kind_display()), -3),
        (str(soon.get_kind_display()), 20),
    ]
    assert endings_for(manager, TODAY, kind="food", within_days=365)[0].days == 200
    assert endings_for(manager, TODAY, kind="accreditation") == []

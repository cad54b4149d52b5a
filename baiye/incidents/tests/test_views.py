"""The pages of incidents and complaints: who reads what, each look written down, and what a list costs."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.core import clock
from baiye.core.models import Event
from baiye.incidents.models import Complaint, Incident
from baiye.incidents.tests.factories import ComplaintFactory, IncidentFactory
from baiye.registry.tests.factories import HostFactory
from baiye.visits.tests.factories import SeatFactory, VisitFactory

pytestmark = pytest.mark.django_db
REPORT, LIST, COMPLAIN = reverse("incidents:report"), reverse("incidents:incident-list"), reverse("incidents:complain")


@pytest.fixture(autouse=True)
def no_throttle(monkeypatch):
    monkeypatch.setattr("baiye.core.throttle.hit", lambda *_args, **_kwargs: True)  # it commits by itself


def handler_of(row, role="coordinator"):
    return GrantFactory(role=role, unit=row.unit.parent).user


def page(row):
    name = "incident" if isinstance(row, Incident) else "complaint"
    return reverse(f"incidents:{name}", args=[row.pk])


def typed(visit, **changed):
    happened = clock.local(clock.now() - timedelta(minutes=5))
    return {
        "request": str(uuid.uuid4()),
        "kind": "injury",
        "visit": visit.pk,
        "happened_at": f"{happened:%Y-%m-%dT%H:%M}",
        "what": "一位同学滑倒，膝盖擦伤。",
        "done": "消毒，通知家长。",
        "told": ["guardian"],
    } | changed


@pytest.fixture
def visit():
    return VisitFactory(starts_at=clock.now() - timedelta(hours=2))


@pytest.fixture
def instructor(visit, client):
    user = GrantFactory(role="host_instructor", unit=visit.venue.host.unit).user
    client.force_login(user)
    return user


def test_report_page_offers_ones_own_visits_alone(client, visit, instructor):
    VisitFactory(starts_at=clock.now() - timedelta(hours=2))

    form = client.get(REPORT).context["form"]

    assert list(form.fields["visit"].queryset) == [visit]


def test_report_page_offers_the_pupils_of_the_visit_that_is_chosen(client, visit, instructor):
    seat = SeatFactory(visit=visit)
    SeatFactory()

    form = client.get(f"{REPORT}?visit={visit.pk}").context["form"]

    assert list(form.fields["pupils"].queryset) == [seat.pupil]
    assert seat.pupil.name not in str(form["pupils"])


def test_report_page_asked_for_a_visit_that_is_no_number_chooses_none(client, visit, instructor):
    response = client.get(f"{REPORT}?visit=²")

    assert (response.status_code, response.context["form"]["visit"].value()) == (200, None)


def test_report_is_sent_and_read_by_who_sent_it_without_the_follow_ups(client, visit, instructor):
    response = client.post(REPORT, typed(visit), follow=True)

    assert response.redirect_chain == [(page(Incident.objects.get()), 302)]
    assert ("膝盖擦伤" in response.text, "办理经过" in response.text) == (True, False)


def test_report_from_the_outbox_is_answered_for_a_script_and_taken_once(client, visit, instructor):
    sent = typed(visit)

    answers = [client.post(REPORT, sent, headers={"X-Baiye-Outbox": "1"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json() == {"url": page(Incident.objects.get())}


def test_report_is_not_sent_by_another_than_who_wrote_it(client, visit, instructor):
    other = GrantFactory(role="host_instructor", unit=visit.venue.host.unit).user

    answer = client.post(REPORT, typed(visit) | {"who": other.pk}, headers={"X-Baiye-Outbox": "1"})

    assert (answer.status_code, Incident.objects.count()) == (403, 0)


def test_report_that_lacks_something_comes_back_with_what_was_typed(client, visit, instructor):
    response = client.post(REPORT, typed(visit, what=""))

    assert response.status_code == 422
    assert response.context["form"]["done"].value() == "消毒，通知家长。"


def test_report_from_the_outbox_that_lacks_something_says_what(client, visit, instructor):
    answer = client.post(REPORT, typed(visit) | {"visit": ""}, headers={"X-Baiye-Outbox": "1"})

    assert (answer.status_code, answer.json()["errors"]) == (422, ["请选是哪一场，或者在哪个单位。"])


@pytest.mark.parametrize("kind", ["guardian", "pupil"])
def test_report_page_is_not_found_for_a_family(client, kind):
    client.force_login(UserFactory(kind=kind))

    assert client.get(REPORT).status_code == 404


def test_an_incident_is_read_by_who_handles_it_and_each_look_is_written_down(client):
    incident = IncidentFactory()
    client.force_login(handler_of(incident))

    response = client.get(page(incident))

    assert "滑倒" in response.text
    assert Event.objects.filter(kind="incident.viewed", object_id=str(incident.pk)).count() == 1


@pytest.mark.parametrize("role", ["coordinator", "district_officer", "host_manager", "agency_officer"])
def test_an_incident_of_others_is_not_found(client, role):
    incident, other = IncidentFactory(), IncidentFactory()
    unit = other.unit if role == "host_manager" else other.unit.parent
    client.force_login(GrantFactory(role=role, unit=unit).user)

    assert client.get(page(incident)).status_code == 404
    for name in ("weighing", "steps", "closing", "told", "suspension"):
        assert client.post(reverse(f"incidents:{name}", args=[incident.pk]), {"text": "a"}).status_code == 404


def test_the_manager_of_the_host_does_not_read_what_others_reported_about_it(client):
    incident = IncidentFactory()
    client.force_login(GrantFactory(role="host_manager", unit=incident.unit).user)

    assert (client.get(page(incident)).status_code, client.get(LIST).status_code) == (404, 404)


def test_handling_from_weighing_to_closing_by_another(client):
    incident = IncidentFactory()
    first, second = handler_of(incident), handler_of(incident, "district_officer")
    client.force_login(first)
    due = clock.today() + timedelta(days=3)

    client.post(
        reverse("incidents:weighing", args=[incident.pk]), {"severity": "serious", "owner": first.pk, "due_on": due}
    )
    client.post(reverse("incidents:steps", args=[incident.pk]), {"text": "与家长通话"})
    refused = client.post(reverse("incidents:closing", args=[incident.pk]), {"text": "查明"})
    client.force_login(second)
    client.post(reverse("incidents:closing", args=[incident.pk]), {"text": "查明"})

    incident.refresh_from_db()
    assert (refused.status_code, "另一位" in refused.text) == (422, True)
    assert (incident.closed_by, [step.kind for step in incident.steps.all()]) == (second, ["triage", "note", "closed"])


def test_the_list_says_neither_names_nor_what_happened(client):
    incident = IncidentFactory()
    client.force_login(handler_of(incident))

    text = client.get(LIST).text

    assert ("滑倒" in text, str(incident.unit) in text) == (False, True)


@pytest.mark.parametrize(("asked", "found"), [("state=open", 1), ("state=closed", 0), ("kind=food", 0), ("mine=on", 0)])
def test_the_list_is_filtered(client, asked, found):
    client.force_login(handler_of(IncidentFactory()))

    assert len(client.get(f"{LIST}?{asked}").context["page"].object_list) == found


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_as_many_queries_for_three_as_for_one(client, django_assert_num_queries, count):
    district = HostFactory().unit.parent
    for _ in range(count):
        IncidentFactory(host__unit__parent=district)
    client.force_login(GrantFactory(role="coordinator", unit=district).user)

    with django_assert_num_queries(7):  # session, user, grants, rows' count, rows, figures, unread messages
        response = client.get(LIST)

    assert len(response.context["page"].object_list) == count


def test_figures_hide_small_counts(client):
    incident = IncidentFactory()
    client.force_login(handler_of(incident))

    response = client.get(reverse("incidents:export"))

    assert response["Content-Type"].endswith("sheet")


# ── complaints ──


def complain(client, **changed):
    form = client.get(COMPLAIN).context["form"]
    typed = {name: form[name].value() for name in ("request", "token")}
    return client.post(COMPLAIN, typed | {"kind": "selling", "text": "现场卖课"} | changed, follow=True)


def test_a_visitor_complains_and_follows_it_by_the_link(client):
    host = HostFactory()

    response = complain(client, host=host.pk)

    complaint = Complaint.objects.get()
    assert (complaint.host, complaint.made_by) == (host, None)
    assert "请保存这个链接" in response.text
    assert client.get(response.redirect_chain[0][0]).status_code == 200


def test_complaint_page_asked_for_a_host_that_is_no_number_names_none(client):
    response = client.get(COMPLAIN, {"host": "²"})

    assert (response.status_code, response.context["form"]["host"].value()) == (200, None)


def test_a_link_that_leads_nowhere_is_not_found(client):
    assert client.get(reverse("incidents:followed", args=["nobodys"])).status_code == 404


def test_a_complaint_too_many_is_refused_and_what_was_typed_stays(client, monkeypatch):
    monkeypatch.setattr("baiye.core.throttle.hit", lambda *_args, **_kwargs: False)

    response = complain(client)

    assert (response.status_code, response.context["form"]["text"].value()) == (422, "现场卖课")
    assert not Complaint.objects.exists()


def test_a_complaint_about_an_example_host_cannot_be_made(client):
    host = HostFactory(unit__is_example=True)

    assert complain(client, host=host.pk).status_code == 422


def test_a_complaint_is_answered_and_the_family_reads_it(client):
    guardian = UserFactory(kind="guardian")
    complaint = ComplaintFactory(made_by=guardian)
    client.force_login(handler_of(complaint))

    client.post(reverse("incidents:answer", args=[complaint.pk]), {"upheld": "yes", "answer": "已责令停止"})
    client.force_login(guardian)
    own = client.get(reverse("incidents:own-complaint", args=[complaint.pk]))

    assert "已责令停止" in own.text
    assert client.get(reverse("incidents:own-complaints")).status_code == 200


def test_a_complaint_of_others_is_not_found(client):
    complaint = ComplaintFactory()
    client.force_login(handler_of(ComplaintFactory()))

    assert client.get(page(complaint)).status_code == 404
    assert client.get(reverse("incidents:own-complaint", args=[complaint.pk])).status_code == 404
    assert client.post(reverse("incidents:answer", args=[complaint.pk]), {}).status_code == 404


def test_the_host_complained_of_reads_nothing(client):
    complaint = ComplaintFactory()
    client.force_login(GrantFactory(role="host_manager", unit=complaint.unit).user)

    assert (client.get(page(complaint)).status_code, client.get(reverse("incidents:complaint-list")).status_code) == (
        404,
        404,
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_complaint_list_costs_as_many_queries_for_three_as_for_one(client, django_assert_num_queries, count):
    district = HostFactory().unit.parent
    for _ in range(count):
        ComplaintFactory(host__unit__parent=district)
    client.force_login(GrantFactory(role="coordinator", unit=district).user)

    with django_assert_num_queries(7):  # session, user, grants, rows' count, rows, figures, unread messages
        response = client.get(reverse("incidents:complaint-list"))

    assert len(response.context["page"].object_list) == count

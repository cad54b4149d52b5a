"""The desk of projects and its door: found, denied, counted in queries, nothing typed is lost."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import GrantFactory, UnitFactory
from baiye.bookings.models import Opening
from baiye.core import clock
from baiye.mentors.tests.factories import MentorFactory
from baiye.outreach.models import Programme, Project, WalkIn
from baiye.outreach.tests.streets import (
    ProgrammeFactory,
    ProjectFactory,
    WalkInFactory,
    coordinator_of,
    manager_of,
)
from baiye.schools.tests.factories import TermFactory

pytestmark = pytest.mark.django_db

DESK = ("project-desk", "project-export", "programmes", "project-new", "station-desk")


@pytest.mark.parametrize("role", ["coordinator", "host_manager"])
@pytest.mark.parametrize("name", DESK)
def test_the_desk_is_there_for_who_manages_projects(client, name, role):
    project = ProjectFactory()
    client.force_login(coordinator_of(project) if role == "coordinator" else manager_of(project))

    assert client.get(reverse(f"outreach:{name}")).status_code == 200


@pytest.mark.parametrize("name", DESK)
@pytest.mark.parametrize("role", ["guardian", "school_coordinator", "auditor"])
def test_the_desk_is_not_there_for_others(client, name, role):
    kind = "school" if role == "school_coordinator" else "district"
    user = GrantFactory(role=role, unit=UnitFactory(kind=kind) if kind == "school" else UnitFactory().parent).user
    client.force_login(user)

    assert client.get(reverse(f"outreach:{name}")).status_code == 404


def one_project_pages(project):
    names = ("project-page", "project-sign-up")
    return [reverse(f"outreach:{name}", args=[project.pk]) for name in names]


def test_a_project_of_others_is_not_found(client):
    project, other = ProjectFactory(), ProjectFactory()
    counted = WalkInFactory(project=other)
    client.force_login(manager_of(project))

    for address in one_project_pages(project):
        assert client.get(address).status_code == 200
    for address in [*one_project_pages(other), reverse("outreach:project-walk-ins", args=[other.pk])]:
        assert client.get(address).status_code == 404
    assert client.post(reverse("outreach:project-publication", args=[other.pk])).status_code == 404
    assert client.post(reverse("outreach:walk-in-voiding", args=[counted.pk])).status_code == 404
    assert WalkIn.objects.get().voided_at is None


def test_project_new_makes_a_draft_and_keeps_what_was_typed_when_refused(client):
    project = ProjectFactory()
    host = project.visit.venue.host
    master = MentorFactory(unit=host.unit, kinds=["craftsman"])
    client.force_login(manager_of(project))
    day = clock.today() + timedelta(days=5)
    typed = {
        "request": uuid.uuid4(),
        "programme": project.programme_id,
        "version": project.visit.version_id,
        "venue": project.visit.venue_id,
        "on": day.isoformat(),
        "starts": "10:00",
        "ends": "09:00",
        "seats": 12,
        "master": master.pk,
        "note": "请带围裙",
    }

    refused = client.post(reverse("outreach:project-new"), typed)
    done = client.post(reverse("outreach:project-new"), typed | {"ends": "12:00"})
    again = client.post(reverse("outreach:project-new"), typed | {"ends": "12:00"})

    assert refused.status_code == 422
    assert "请带围裙" in refused.content.decode()
    made = Project.objects.exclude(pk=project.pk).get()
    assert done.url == again.url == reverse("outreach:project-page", args=[made.pk])
    assert (made.published_at, made.note, made.visit.seats) == (None, "请带围裙", 12)


def test_a_draft_is_opened_to_sign_up_and_published(client):
    TermFactory()
    project = ProjectFactory(published_at=None, published_by=None, takes_walk_ins=False)
    client.force_login(manager_of(project))
    opens = clock.local(clock.now() + timedelta(hours=2))
    typed = {
        "request": uuid.uuid4(),
        "mode": "first",
        "opens_at": f"{opens:%Y-%m-%dT%H:%M}",
        "closes_at": f"{clock.local(project.visit.starts_at) - timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "draw_minutes": 60,
        "grade_from": 3,
        "grade_to": 4,
    }

    too_early = client.post(reverse("outreach:project-publication", args=[project.pk]), follow=True)
    client.post(reverse("outreach:project-sign-up", args=[project.pk]), typed)
    client.post(reverse("outreach:project-publication", args=[project.pk]))

    assert "家长来不了" in too_early.content.decode()
    opening = Opening.objects.get(visit=project.visit)
    assert (opening.grades, opening.release.mode) == ([3, 4], "first")
    assert opening.release.opens_at.replace(second=0, microsecond=0) == opens.replace(second=0, microsecond=0)
    assert Project.objects.get().published_at is not None


def test_project_page_changes_who_may_come(client):
    project = ProjectFactory()
    client.force_login(coordinator_of(project))

    refused = client.post(reverse("outreach:project-page", args=[project.pk]), {"note": "改了"})
    client.post(reverse("outreach:project-page", args=[project.pk]), {"takes_walk_ins": "on", "note": "改了"})

    assert refused.status_code == 422
    assert Project.objects.get().note == "改了"


def test_walk_ins_are_counted_once_though_the_form_is_sent_twice_and_voided(client):
    project = ProjectFactory(visit__starts_at=clock.now() - timedelta(minutes=10))
    client.force_login(GrantFactory(role="host_instructor", unit=project.visit.venue.host.unit).user)
    address = reverse("outreach:project-walk-ins", args=[project.pk])
    typed = {"request": uuid.uuid4(), "children": 3, "adults": 2}

    for _twice in range(2):
        assert client.post(address, typed).status_code == 302
    counted = WalkIn.objects.get()
    page = client.get(address)
    client.post(reverse("outreach:walk-in-voiding", args=[counted.pk]))
    desk = client.get(reverse("outreach:project-desk"))

    assert (page.context["figures"].children, page.context["figures"].adults) == (3, 2)
    ((_project, figures, _standing, _has_door),) = desk.context["rows"]
    assert (figures.children, figures.adults) == (0, 0)


@pytest.mark.parametrize(("who", "leads"), [(coordinator_of, False), (manager_of, True)])
def test_the_desk_leads_to_the_door_only_who_may_go_there(client, who, leads):
    project = ProjectFactory()
    client.force_login(who(project))
    door = reverse("outreach:project-walk-ins", args=[project.pk])

    pages = [reverse("outreach:project-desk"), reverse("outreach:project-page", args=[project.pk])]

    assert [door in client.get(page).content.decode() for page in pages] == [leads, leads]
    assert (client.get(door).status_code == 200) is leads


def test_walk_ins_of_nobody_are_refused_in_words(client):
    project = ProjectFactory(visit__starts_at=clock.now() - timedelta(minutes=10))
    client.force_login(manager_of(project))

    typed = {"request": uuid.uuid4(), "children": 0, "adults": 0}
    response = client.post(reverse("outreach:project-walk-ins", args=[project.pk]), typed)

    assert response.status_code == 422
    assert "至少有一位" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_project_desk_costs_as_many_queries_for_three_projects_as_for_one(client, count, django_assert_num_queries):
    first = ProjectFactory()
    district = first.visit.venue.host.unit.parent
    for _ in range(count - 1):
        other = ProjectFactory(visit__version__course__host__unit__parent=district)
        WalkInFactory(project=other)
    client.force_login(coordinator_of(first))

    with django_assert_num_queries(10):
        response = client.get(reverse("outreach:project-desk"))

    assert len(response.context["rows"]) == count


def test_project_export_has_walk_ins_in_columns_of_their_own(client):
    project = WalkInFactory().project
    client.force_login(coordinator_of(project))

    answer = client.get(reverse("outreach:project-export"))

    assert answer["Content-Type"].endswith("sheet")
    assert answer.content[:2] == b"PK"


def test_programmes_are_founded_by_the_district_and_seen_by_hosts(client):
    project = ProjectFactory()
    ProgrammeFactory(unit=UnitFactory().parent, title="别区的")
    district = project.programme.unit
    client.force_login(coordinator_of(project))
    typed = {"request": uuid.uuid4(), "unit": district.pk, "title": "劳模面对面", "about": ""}

    assert client.post(reverse("outreach:programmes"), typed).status_code == 302
    client.force_login(manager_of(project))
    response = client.get(reverse("outreach:programmes"))

    assert Programme.objects.filter(unit=district, title="劳模面对面").exists()
    assert {each.title for each in response.context["programmes"]} == {"劳模面对面", project.programme.title}
    assert response.context["form"] is None
    assert client.post(reverse("outreach:programmes"), typed).status_code == 404

"""The public pages of projects and stations, their desk and their door: found, filtered, denied, counted in queries."""

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import GrantFactory, UnitFactory, UserFactory
from baiye.bookings.models import Opening
from baiye.bookings.tests.factories import OpeningFactory, ReleaseFactory, publish
from baiye.catalogue.tests.factories import CourseVersionFactory, OccupationFactory
from baiye.core import clock
from baiye.mentors.tests.factories import MentorFactory, TitleFactory
from baiye.outreach.models import Programme, Project, Station, WalkIn
from baiye.outreach.queries.projects import week_of
from baiye.outreach.standing import standing_of
from baiye.outreach.tests.streets import (
    ProgrammeFactory,
    ProjectFactory,
    StationFactory,
    StationHostFactory,
    WalkInFactory,
    coordinator_of,
    manager_of,
)
from baiye.registry.tests.factories import HostFactory, VenueFactory
from baiye.schools.tests.factories import TermFactory
from baiye.visits.moving import move_visit

pytestmark = pytest.mark.django_db


def shown(response):
    return [row.project for day in response.context["days"] for row in day.rows]


def in_week(weeks_later):
    """Noon on the Sunday of a week: not over yet, whatever day it is."""
    _monday, sunday = week_of(clock.today(), weeks_later)
    return clock.local(clock.now()).replace(year=sunday.year, month=sunday.month, day=sunday.day, hour=23, minute=0)


def opened(project, **rules):
    """Sign-up for a project, published."""
    release = ReleaseFactory(unit=project.visit.venue.host.unit, **rules)
    opening = OpeningFactory(visit=project.visit, release=release)
    publish(release)
    return opening


# ── the public pages ──


def test_project_list_shows_what_is_published_and_to_come_day_by_day(client):
    later, sooner = ProjectFactory(visit__starts_at=clock.now() + timedelta(days=9)), ProjectFactory()
    ProjectFactory(published_at=None, published_by=None)
    ProjectFactory(visit__starts_at=clock.now() - timedelta(days=2), lead=False)

    response = client.get(reverse("outreach:project-list"))

    assert shown(response) == [sooner, later]
    assert len(response.context["days"]) == 2


def test_project_list_of_this_and_the_next_week(client):
    this, following = (ProjectFactory(visit__starts_at=in_week(n)) for n in (0, 1))
    ProjectFactory(visit__starts_at=in_week(2))

    found = {week: shown(client.get(reverse("outreach:project-list"), {"week": week})) for week in ("this", "next")}

    assert found == {"this": [this], "next": [following]}


def test_project_list_by_street_occupation_and_words(client):
    occupation = OccupationFactory(name="面点师")
    version = CourseVersionFactory(occupation=occupation, title="青团")
    here = ProjectFactory(visit__version=version, visit__venue__street="甘泉路街道")
    ProjectFactory()
    address = reverse("outreach:project-list")

    for asked in ({"street": "甘泉路街道"}, {"occupation": "面点师"}, {"q": "青团"}, {"q": "甘泉 面点"}):
        assert shown(client.get(address, asked)) == [here], asked
    assert shown(client.get(address, {"q": "月球"})) == []
    assert "没有这样的项目" in client.get(address, {"q": "月球"}).content.decode()
    assert len(shown(client.get(address, {"street": "nonsense", "week": "nonsense"}))) == 2


def test_project_list_takes_the_street_of_the_host_where_its_venue_has_none(client):
    project = ProjectFactory(visit__venue__street="")
    host = project.visit.venue.host
    host.street = "石泉路街道"
    host.save()

    assert shown(client.get(reverse("outreach:project-list"), {"street": "石泉路街道"})) == [project]


@pytest.mark.parametrize("count", [1, 3])
def test_project_list_costs_as_many_queries_for_three_projects_as_for_one(client, count, django_assert_num_queries):
    for _ in range(count):
        opened(ProjectFactory())

    with django_assert_num_queries(4):  # streets, occupations, count, page
        client.get(reverse("outreach:project-list"))


def test_project_says_what_where_with_whom_and_to_machines_too(client):
    project = ProjectFactory(note="请带围裙")
    lead = project.visit.assignments.get()
    TitleFactory(
        mentor=lead.mentor, confirmed_at=clock.now(), confirmed_by=UserFactory(), confirming_unit=UnitFactory()
    )

    response = client.get(reverse("outreach:project", args=[project.pk]))

    body = response.content.decode()
    assert "请带围裙" in body
    assert len(response.context["titles"]) == 1
    event = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', body)[1])
    assert (event["@type"], event["name"]) == ("Event", project.visit.version.title)
    assert event["startDate"] == project.visit.starts_at.isoformat()
    assert event["location"]["geo"]["latitude"] == 31.24


def test_a_draft_is_found_by_nobody_and_a_cancelled_one_says_so(client):
    draft = ProjectFactory(published_at=None, published_by=None)
    off = {"cancelled_at": clock.now(), "cancelled_by": draft.made_by, "cancelled_because": "下雨"}
    gone = ProjectFactory(lead=False, **{f"visit__{name}": value for name, value in off.items()})

    assert client.get(reverse("outreach:project", args=[draft.pk])).status_code == 404
    assert client.get(reverse("outreach:project-calendar", args=[draft.pk])).status_code == 404
    body = client.get(reverse("outreach:project", args=[gone.pk])).content.decode()
    assert "这一场取消了：下雨" in body
    assert "EventCancelled" in body
    assert "STATUS:CANCELLED" in client.get(reverse("outreach:project-calendar", args=[gone.pk])).content.decode()


def test_project_calendar_is_one_event_without_names_of_people(client):
    project = ProjectFactory(visit__guide="周师傅")

    answer = client.get(reverse("outreach:project-calendar", args=[project.pk]))

    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert text.count("BEGIN:VEVENT") == 1
    assert f"UID:project-{project.pk}@" in text
    assert "周师傅" not in text


def test_a_project_that_was_moved_says_so_and_calendars_take_it_up(client):
    project = ProjectFactory()
    visit, by = project.visit, coordinator_of(project)
    client.force_login(by)
    when = {"starts_at": visit.starts_at + timedelta(days=1), "ends_at": visit.ends_at + timedelta(days=1)}
    move_visit(visit=visit, venue=visit.venue, **when, because="场地检修", by=by, at=clock.now())

    page = client.get(reverse("outreach:project", args=[project.pk])).content.decode()
    calendar = client.get(reverse("outreach:project-calendar", args=[project.pk])).content.decode()

    assert "场地检修" in page
    assert "SEQUENCE:1" in calendar


def standing(rules=None, minutes=0, **fields):
    project = ProjectFactory(**fields)
    if rules is not None:
        opened(project, **rules)
    project = Project.objects.get(pk=project.pk)
    found = standing_of(project, clock.now() + timedelta(minutes=minutes))
    return found.kind, found.word.split(" ")[0] if found.opens_at is None else "开始报名", bool(found.url)


def test_standing_of_says_how_one_can_come():
    hour = timedelta(hours=1)
    sooner = {"opens_at": clock.now() - 2 * hour, "closes_at": clock.now() - hour}

    assert standing() == ("ok", "不用报名，来了就能看", False)
    assert standing({"opens_at": clock.now() + hour}) == ("due", "开始报名", True)
    assert standing({}) == ("ok", "还有", True)
    assert standing({"mode": "draw"}) == ("ok", "正在报名，抽签给名额", True)
    assert standing(sooner) == ("ok", "不用报名，来了就能看", False)
    assert standing(sooner, takes_walk_ins=False) == ("line", "报名截止了", False)
    assert standing(minutes=60 * 24 * 30) == ("bad", "办完了", False)


def test_station_list_groups_proven_ones_by_street_and_keeps_leads_apart(client):
    here, there = StationFactory(), StationFactory(host__street="甘泉路街道")
    lead = HostFactory(kind="就业服务", evidence="lead")

    response = client.get(reverse("outreach:station-list"))

    assert dict(response.context["groups"]) == {
        "长寿路街道": [here.host],
        "甘泉路街道": [there.host],
    }
    assert response.context["others"] == [lead]
    found = client.get(reverse("outreach:station-list"), {"q": here.host.unit.name})
    assert [hosts for _street, hosts in found.context["groups"]] == [[here.host]]


def test_station_shows_services_hours_and_what_is_on_there(client):
    station = StationFactory(notice="装修", notice_until=clock.today())
    VenueFactory(host=station.host, opening="周一至周五 9:00–17:00")
    project = ProjectFactory(visit__version__course__host=station.host, visit__venue=VenueFactory(host=station.host))
    ProjectFactory()

    response = client.get(reverse("outreach:station", args=[station.host_id]))

    body = response.content.decode()
    assert [row.project for row in response.context["rows"]] == [project]
    for said in ("职业指导", "招聘会", "周一至周五 9:00–17:00", "021-12345678", "装修"):
        assert said in body, said


def test_station_that_is_a_lead_or_no_station(client):
    lead, museum = HostFactory(kind="就业服务", evidence="lead"), HostFactory()

    assert "还没有证实" in client.get(reverse("outreach:station", args=[lead.pk])).content.decode()
    assert client.get(reverse("outreach:station", args=[museum.pk])).status_code == 404


# ── the desk ──

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


def test_station_form_is_found_by_who_manages_it_alone_and_saves(client):
    host, other = StationHostFactory(), StationHostFactory()
    venue = VenueFactory(host=host, name="大厅")
    client.force_login(GrantFactory(role="host_manager", unit=host.unit).user)
    typed = {"services": ["guidance"], "telephone": "021-12345678", f"opening_{venue.pk}": "每天 9–17 点"}

    refused = client.post(reverse("outreach:station-form", args=[host.pk]), typed | {"telephone": "打给我"})
    client.post(reverse("outreach:station-form", args=[host.pk]), typed)

    assert refused.status_code == 422
    assert "打给我" in refused.content.decode()
    assert Station.objects.get().host == host
    venue.refresh_from_db()
    assert venue.opening == "每天 9–17 点"
    assert client.get(reverse("outreach:station-form", args=[other.pk])).status_code == 404

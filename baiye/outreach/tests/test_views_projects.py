"""The public pages of projects: found, filtered, counted in queries; how one can come."""

import json
import re
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from baiye.accounts.tests.factories import UnitFactory, UserFactory
from baiye.bookings.tests.factories import OpeningFactory, ReleaseFactory, publish
from baiye.catalogue.tests.factories import CourseVersionFactory, OccupationFactory
from baiye.core import clock
from baiye.mentors.tests.factories import TitleFactory
from baiye.outreach.models import Project
from baiye.outreach.queries.projects import week_of
from baiye.outreach.standing import standing_of
from baiye.outreach.tests.streets import (
    ProjectFactory,
    coordinator_of,
)
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
    assert datetime.fromisoformat(event["startDate"]) == project.visit.starts_at
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

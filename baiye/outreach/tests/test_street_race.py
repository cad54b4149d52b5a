"""A form that is sent twice at the same moment; each test commits for real, in a database of its own."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from baiye.accounts.tests.factories import GrantFactory
from baiye.core import clock
from baiye.outreach.actions.projects import make_programme, make_project, publish_project
from baiye.outreach.actions.walk_ins import count_walk_in
from baiye.outreach.models import Programme, Project, WalkIn
from baiye.outreach.tests.streets import ProjectFactory, manager_of, noted
from baiye.outreach.tests.test_projects import wanted
from baiye.visits.models import Visit

pytestmark = pytest.mark.slow
TIMES = 6


def at_once(job: Callable[[], object]) -> list[object]:
    """What ``job`` gave in each of several threads, begun together."""
    barrier = Barrier(TIMES)

    def run(_number: int) -> object:
        try:
            barrier.wait()
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(run, range(TIMES)))


def test_a_project_made_by_one_request_many_times_at_once_is_one(own_database):
    said = wanted()

    made = at_once(lambda: make_project(**said))

    assert {project.pk for project in made} == {Project.objects.get().pk}
    assert Visit.objects.count() == 1


def test_a_programme_founded_by_one_request_many_times_at_once_is_one(own_database):
    district = ProjectFactory().programme.unit
    said = {"unit": district, "title": "劳模面对面", "about": "", "request": uuid.uuid4(), "at": clock.now()}
    by = GrantFactory(role="coordinator", unit=district).user

    made = at_once(lambda: make_programme(**said, by=by))

    assert {programme.pk for programme in made} == {Programme.objects.get(title="劳模面对面").pk}


def test_a_count_sent_many_times_at_once_is_one(own_database):
    project = ProjectFactory(visit__starts_at=clock.now() - timedelta(minutes=5))
    said = {"children": 2, "adults": 1, "request": uuid.uuid4(), "by": manager_of(project), "at": clock.now()}

    counted = at_once(lambda: count_walk_in(project=project, **said))

    assert {walk_in.pk for walk_in in counted} == {WalkIn.objects.get().pk}
    assert noted() == ["walk_in.counted"]


def test_a_project_published_many_times_at_once_is_published_once(own_database):
    project = ProjectFactory(published_at=None, published_by=None)
    by, at = manager_of(project), clock.now()

    at_once(lambda: publish_project(project=project, by=by, at=at))

    assert noted() == ["project.published"]

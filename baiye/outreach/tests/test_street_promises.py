"""What the database itself holds about projects, walk-ins and stations, each broken once by another path."""

import pytest
from django.db import IntegrityError, connection, transaction

from baiye.core import clock
from baiye.core.invariants import findings
from baiye.outreach.models import Programme, Project, Station, WalkIn
from baiye.outreach.tests.streets import ProgrammeFactory, ProjectFactory, StationFactory, WalkInFactory
from baiye.registry.models import Host
from baiye.registry.tests.factories import HostFactory
from baiye.visits.models import Visit
from baiye.visits.tests.factories import CountingVisitFactory

pytestmark = pytest.mark.django_db


def broken(promise, act):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    assert caught.value.__cause__.diag.constraint_name == promise


def test_a_visit_that_counts_is_never_a_project():
    broken("project_never_counts_as_class_hours", lambda: ProjectFactory(visit=CountingVisitFactory()))


def test_the_visit_of_a_project_never_comes_to_count():
    visit = ProjectFactory().visit
    counts = {"organised_by": visit.venue.host.unit.parent, "counts_as": "职业体验", "credit_minutes": 160}

    broken("project_never_counts_as_class_hours", lambda: Visit.objects.filter(pk=visit.pk).update(**counts))
    organised = {"organised_by": visit.venue.host.unit.parent}
    broken("project_never_counts_as_class_hours", lambda: Visit.objects.filter(pk=visit.pk).update(**organised))


def test_a_project_keeps_its_visit_and_its_publication():
    project, other = ProjectFactory(), ProjectFactory()
    mine = Project.objects.filter(pk=project.pk)
    visit = Visit.objects.create(
        version=other.visit.version,
        venue=other.visit.venue,
        starts_at=other.visit.starts_at,
        ends_at=other.visit.ends_at,
        seats=3,
    )

    broken("project_stays_what_was_published", lambda: mine.update(visit=visit))
    broken("project_stays_what_was_published", lambda: mine.update(published_at=None, published_by=None))


def test_a_project_is_published_by_someone_at_some_time():
    project = ProjectFactory(published_at=None, published_by=None)

    broken(
        "project_published_by_whom_and_when",
        lambda: Project.objects.filter(pk=project.pk).update(published_at=clock.now()),
    )


def test_a_programme_is_named_once():
    programme = ProjectFactory().programme

    broken("programme_named_once", lambda: ProgrammeFactory(unit=programme.unit, title=programme.title))
    assert Programme.objects.count() == 1


@pytest.mark.parametrize(
    ("children", "adults"), [(0, 0), (501, 0), (0, 501)], ids=["nobody", "many children", "many adults"]
)
def test_a_walk_in_counts_somebody_and_not_too_many(children, adults):
    project = ProjectFactory()

    broken("walk_in_counts_somebody", lambda: WalkInFactory(project=project, children=children, adults=adults))


def test_nobody_walks_in_where_one_signs_up():
    project = ProjectFactory(takes_walk_ins=False)

    broken("walk_in_only_where_one_may_walk_in", lambda: WalkInFactory(project=project))


def test_a_walk_in_changes_only_by_being_voided_once_and_stays():
    walk_in = WalkInFactory()
    row, void = WalkIn.objects.filter(pk=walk_in.pk), {"voided_at": clock.now(), "voided_by": walk_in.counted_by}

    broken("walk_in_changes_only_by_being_voided", lambda: row.update(children=9))
    broken("walk_in_voided_by_whom_and_when", lambda: row.update(voided_at=clock.now()))
    row.update(**void)
    broken("walk_in_changes_only_by_being_voided", lambda: row.update(voided_at=None, voided_by=None))
    broken("walk_in_keeps_its_row", row.delete)


@pytest.mark.parametrize("fields", [{"evidence": "lead"}, {"kind": "博物馆"}])
def test_a_lead_or_another_kind_of_host_is_no_station(fields):
    host = HostFactory(**({"kind": "就业服务"} | fields))

    broken("station_only_of_a_proven_host", lambda: StationFactory(host=host))


def test_a_station_serves_something_and_its_notice_ends():
    station = Station.objects.filter(pk=StationFactory().pk)

    broken("station_serves_something", lambda: station.update(services=[]))
    broken("station_notice_has_a_last_day", lambda: station.update(notice="装修"))


def test_a_host_of_a_station_that_becomes_a_lead_keeps_its_row_which_is_not_shown():
    station = StationFactory()

    Host.objects.filter(pk=station.host_id).update(evidence="lead")

    broken("station_only_of_a_proven_host", lambda: Station.objects.filter(pk=station.pk).update(telephone="1"))


def broken_behind_the_back(rows, **values):
    """Change ``rows`` as if no trigger had ever been: what a restore or a slip of an operator could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        rows.update(**values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_invariants_find_a_project_that_counts_and_a_walk_in_where_one_signs_up():
    project = WalkInFactory().project
    before = {finding.name for finding in findings() if finding.rows}
    counts = {"organised_by": project.programme.unit, "counts_as": "职业体验", "credit_minutes": 160}
    visit = Visit.objects.filter(pk=project.visit_id)

    broken_behind_the_back(visit, **counts)
    mine = Project.objects.filter(pk=project.pk)
    broken_behind_the_back(mine, takes_walk_ins=False)

    found = {finding.name for finding in findings() if finding.rows} - before
    assert found == {"project_never_counts_as_class_hours", "walk_in_only_where_one_may_walk_in"}

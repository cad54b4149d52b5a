"""The world's community project with a count at its door, and its station: keys for the addresses of these."""

from baiye.accounts.tests.factories import UnitFactory
from baiye.outreach.tests.streets import ProjectFactory, StationHostFactory, WalkInFactory
from baiye.rounds.tests.factories import District
from baiye.visits.tests.factories import VisitFactory


def street_keys(base: District) -> dict[str, object]:
    """A project at the world's first host, published and open to whoever comes; a station of the district."""
    first = base.visits[0]
    visit = VisitFactory(version=first.version, venue=first.venue)
    project = ProjectFactory(visit=visit, programme__unit=base.unit)
    station = StationHostFactory(unit=UnitFactory(kind="host", parent=base.unit))
    return {
        "project_id": project.pk,
        "walk_in_id": WalkInFactory(project=project).pk,
        "outreach:station.host_id": station.pk,
        "outreach:station-form.host_id": station.pk,
    }

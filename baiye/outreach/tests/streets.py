"""The smallest valid rows of the streets: a published project with its craftsman, a station, a district on the map."""

from datetime import timedelta

from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory, post_generation
from factory.django import DjangoModelFactory

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.core import clock
from baiye.core.models import Event
from baiye.mentors.tests.factories import MentorFactory
from baiye.outreach.models import Programme, Project, Station, WalkIn
from baiye.registry.tests.factories import AccreditedHostFactory, MapShapeFactory
from baiye.visits.tests.factories import AssignmentFactory, VisitFactory

MIDDLE = (121.38, 31.24)  # of the example district


class ProgrammeFactory(DjangoModelFactory):
    """A programme; projects give it their own district."""

    class Meta:
        model = Programme

    title = Sequence("示例公益行{}".format)


class ProjectFactory(DjangoModelFactory):
    """A week from now, published, led by a craftsman, open to whoever walks by; in 长寿路街道."""

    class Meta:
        model = Project
        skip_postgeneration_save = True

    visit = SubFactory(VisitFactory, venue__street="长寿路街道", venue__lon=MIDDLE[0], venue__lat=MIDDLE[1])
    programme = SubFactory(ProgrammeFactory, unit=SelfAttribute("..visit.venue.host.unit.parent"))
    takes_walk_ins = True
    made_by = SubFactory(UserFactory)
    published_at = LazyFunction(lambda: clock.now() - timedelta(days=1))
    published_by = LazyAttribute(lambda project: project.made_by)

    @post_generation
    def lead(self, create, extracted, **_fields):
        """The craftsman, unless ``lead=False``."""
        if create and extracted is not False:
            unit = self.visit.venue.host.unit
            AssignmentFactory(visit=self.visit, mentor=MentorFactory(unit=unit, kinds=["craftsman"]))


class WalkInFactory(DjangoModelFactory):
    """Two children with one adult, now."""

    class Meta:
        model = WalkIn

    project = SubFactory(ProjectFactory)
    children = 2
    adults = 1
    counted_at = LazyFunction(clock.now)
    counted_by = SubFactory(UserFactory)


class StationHostFactory(AccreditedHostFactory):
    """A proven station whose services nobody entered yet."""

    kind = "就业服务"
    street = "长寿路街道"
    lon, lat = MIDDLE


class StationFactory(DjangoModelFactory):
    """Guidance and fairs."""

    class Meta:
        model = Station

    host = SubFactory(StationHostFactory)
    services = LazyFunction(lambda: ["guidance", "job_fair"])
    telephone = "021-12345678"
    changed_at = LazyFunction(clock.now)
    changed_by = SubFactory(UserFactory)


def manager_of(project):
    """Who manages the host of a project, and its mentors and visits."""
    return GrantFactory(role="host_manager", unit=project.visit.venue.host.unit).user


def coordinator_of(project):
    """The district's coordinator."""
    return GrantFactory(role="coordinator", unit=project.visit.venue.host.unit.parent).user


def small_district():
    """Outlines for the map: some 4 km across, with the middle of one street to start from."""
    MapShapeFactory(kind="district", name="示例区", label_lon=None, label_lat=None)
    return MapShapeFactory(name="长寿路街道", label_lon=MIDDLE[0], label_lat=MIDDLE[1])


def noted():
    """The kinds of what the trail holds, sorted; but for the units that factories make."""
    return sorted(Event.objects.exclude(kind="unit.made").values_list("kind", flat=True))

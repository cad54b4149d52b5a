"""What is on in the streets: a programme of example masters, one station, all at hosts that do not exist (示例)."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from baiye.accounts.actions.units import make_unit
from baiye.accounts.models import Unit, User
from baiye.core import clock
from baiye.demo.calendar import at
from baiye.demo.story.guides import Guides
from baiye.demo.story.rounds import Offer
from baiye.mentors.models import Mentor
from baiye.outreach.actions.projects import make_programme, make_project, publish_project
from baiye.outreach.actions.sign_up import SignUp, open_sign_up
from baiye.outreach.actions.stations import save_station
from baiye.outreach.models import Programme, Project
from baiye.outreach.models.stations import STATION_KIND
from baiye.registry.actions.hosts import save_venue
from baiye.registry.models import Host, MapShape, Venue
from baiye.schools.queries import term_on

PROGRAMME = "技能大师社区公益行（示例）"
STATION = "示例就业服务站"
NAMES = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562's URL name space: the same request each time
AWAY = 0.004  # degrees from the middle of a street, so that not all stand on one spot


def make_street_life(
    *, district: Unit, offers: Mapping[int, Sequence[Offer]], guides: Guides, by: User, moment: datetime
) -> list[Project]:
    """Each example host gives one project on the coming weekends, the first by sign-up, the others for who walks by."""
    request = uuid.uuid5(NAMES, PROGRAMME)
    about = "各行各业的师傅周末走进街镇，家长带着孩子来动手。示例数据。"
    programme = make_programme(unit=district, title=PROGRAMME, about=about, request=request, by=by, at=moment)
    hosts = Host.objects.filter(pk__in=offers, unit__is_example=True).select_related("unit").order_by("pk")
    middles = list(MapShape.objects.filter(kind="street", label_lon__isnull=False).order_by("code"))
    made = []
    for number, (host, middle) in enumerate(zip(hosts, middles, strict=False)):
        version, venue = offers[host.pk][0]
        _put(venue, middle, by)
        master = guides[version.course_id]
        made.append(_project(programme, (version, venue), master, number, by, moment))
    _station(district, middles[-1], by, moment)
    return made


def _put(venue: Venue, middle: MapShape, by: User) -> None:
    """A place for an example venue: beside the middle of a street."""
    assert middle.label_lon is not None
    assert middle.label_lat is not None
    place = {"street": middle.name, "lon": middle.label_lon + AWAY, "lat": middle.label_lat}
    save_venue(host=venue.host, venue=venue, fields=place, by=by)


def _project(programme: Programme, offer: Offer, master: Mentor, number: int, by: User, moment: datetime) -> Project:
    version, venue = offer
    request = uuid.uuid5(NAMES, f"{PROGRAMME} {venue.pk}")
    if (before := Project.objects.filter(request=request).first()) is not None:
        return before
    today = clock.day_of(moment)
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 + 7 * (number // 2 + 1))
    starts_at = at(saturday + timedelta(days=number % 2), 9)
    plan = {"version": version, "venue": venue, "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
    signs_up = number == 0 and term_on(clock.day_of(starts_at)) is not None  # a release belongs to a term
    project = make_project(
        programme=programme,
        plan=plan | {"seats": min(12, venue.capacity, version.group_max)},
        master=master,
        takes_walk_ins=not signs_up,
        note="请家长陪同，穿方便活动的衣服。",
        request=request,
        by=by,
        at=moment,
    )
    if signs_up:
        sign_up = SignUp("first", moment + timedelta(minutes=1), closes_at=starts_at - timedelta(days=1))
        open_sign_up(project=project, sign_up=sign_up, request=uuid.uuid5(request, "sign-up"), by=by, at=moment)
    return publish_project(project=project, by=by, at=moment)


def _station(district: Unit, middle: MapShape, by: User, moment: datetime) -> None:
    """An example station with what it serves."""
    unit = make_unit(parent=district, kind="host", name=STATION, by=by, is_example=True, source="示例，没有这个站点")
    where = {"street": middle.name, "lon": middle.label_lon, "lat": middle.label_lat, "address": "示例路 8 号"}
    host, _made = Host.objects.get_or_create(
        unit=unit, defaults=where | {"kind": STATION_KIND, "evidence": "confirmed"}
    )
    hall = host.venues.first()
    if hall is None:
        fields = {"name": "服务大厅", "capacity": 20, "opening": "周一至周五 9:00–17:00"}
        save_venue(host=host, fields=fields, by=by)
    said = {
        "services": ["guidance", "assessment", "experience", "job_posts", "policy"],
        "telephone": "",
        "for_pupils": "周三下午做职业兴趣测评，家长陪同。示例数据。",
        "notice": "",
        "notice_until": None,
    }
    save_station(host=host, fields=said, openings={}, by=by, at=moment)

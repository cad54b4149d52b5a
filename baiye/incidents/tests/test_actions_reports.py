"""Sending a report: once, whole, and who must act is told without a name."""

import io
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.core import clock
from baiye.core.files import FileRefused
from baiye.core.models import Event, Message
from baiye.incidents.actions.reports import Report, ReportRefused, report_incident, say_told, still_to_tell
from baiye.incidents.models import Incident
from baiye.incidents.tests.factories import IncidentFactory
from baiye.visits.tests.factories import SeatFactory, VisitFactory

pytestmark = pytest.mark.django_db
SECRET = "一位同学在面点工坊被蒸汽烫到手"


def visit_now():
    return VisitFactory(starts_at=clock.now() - timedelta(hours=2))


def instructor_at(visit):
    return GrantFactory(role="host_instructor", unit=visit.venue.host.unit).user


def send(by, *, request=None, **wanted):
    given = {"kind": "injury", "happened_at": clock.now() - timedelta(minutes=5), "what": SECRET} | wanted
    return report_incident(report=Report(**given), request=request or uuid.uuid4(), by=by, at=clock.now())


def picture():
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, format="JPEG")
    return SimpleUploadedFile("现场.jpg", out.getvalue())


def test_report_incident_about_a_visit_stands_whole_and_encrypted():
    visit = visit_now()
    seat = SeatFactory(visit=visit)

    incident = send(instructor_at(visit), visit=visit, pupils=[seat.pupil], photos=[picture()], told=["guardian"])

    stored = Incident.objects.get()
    assert (stored.unit, stored.host, stored.what) == (visit.venue.host.unit, visit.venue.host, SECRET)
    assert SECRET.encode() not in bytes(stored.what_sealed)
    assert [row.pupil for row in incident.concerned.all()] == [seat.pupil]
    assert incident.photos.count() == 1


def test_report_incident_tells_who_handles_it_without_a_word_of_what_happened():
    visit = visit_now()
    handler = GrantFactory(role="coordinator", unit=visit.venue.host.unit.parent).user

    send(instructor_at(visit), visit=visit)

    told = Message.objects.get(to=handler)
    assert told.subject == "【马上处理】有一件事件报告：受伤或突发疾病"
    assert told.needed_by == told.sent_at  # it is sent at night too
    assert SECRET not in told.body + told.url
    assert SECRET not in str(Event.objects.get(kind="incident.reported").facts)


def test_report_incident_sent_twice_is_one_report():
    visit, request = visit_now(), uuid.uuid4()
    instructor = instructor_at(visit)

    first, second = send(instructor, visit=visit, request=request), send(instructor, visit=visit, request=request)

    assert first == second
    assert (Incident.objects.count(), Event.objects.filter(kind="incident.reported").count()) == (1, 1)


def test_report_incident_under_a_request_of_somebody_else_is_refused_and_shows_nothing():
    visit, request = visit_now(), uuid.uuid4()
    send(instructor_at(visit), visit=visit, request=request)

    with pytest.raises(ReportRefused, match="已经有人用过"):
        send(instructor_at(visit), visit=visit, request=request)

    assert Event.objects.filter(kind="incident.reported").count() == 1


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({"what": "  "}, "发生了什么"),
        ({"happened_at": clock.now() + timedelta(days=1)}, "不能晚于现在"),
        ({"photos": [picture() for _ in range(7)]}, "最多 6 张"),
    ],
)
def test_report_incident_that_makes_no_sense_is_refused_and_leaves_nothing(wanted, says):
    visit = visit_now()

    with pytest.raises(ReportRefused, match=says):
        send(instructor_at(visit), visit=visit, **wanted)

    assert not Incident.objects.exists()


def test_report_incident_with_a_photo_that_is_none_is_refused_and_leaves_nothing():
    visit = visit_now()

    with pytest.raises(FileRefused):
        send(instructor_at(visit), visit=visit, photos=[SimpleUploadedFile("a.jpg", b"no photo")])

    assert not Event.objects.filter(kind="incident.reported").exists()


def test_report_incident_about_a_visit_of_others_is_denied():
    with pytest.raises(PermissionDenied):
        send(instructor_at(visit_now()), visit=visit_now())


def test_report_incident_about_a_pupil_who_was_not_there_is_denied():
    visit, other = visit_now(), SeatFactory()

    with pytest.raises(PermissionDenied):
        send(instructor_at(visit), visit=visit, pupils=[other.pupil])


@pytest.mark.parametrize("kind", ["guardian", "pupil"])
def test_report_incident_by_a_family_is_denied(kind):
    with pytest.raises(PermissionDenied):
        send(UserFactory(kind=kind), visit=visit_now())


def test_report_incident_at_ones_own_unit_needs_no_visit():
    grant = GrantFactory(role="host_manager", unit=visit_now().venue.host.unit)

    assert send(grant.user, unit=grant.unit).unit == grant.unit


def test_suspected_harm_leaves_police_and_district_to_be_told_until_somebody_says_so():
    reporter = UserFactory()
    incident = IncidentFactory(kind="harm", told=["police"], reported_by=reporter)

    before = still_to_tell(incident)
    say_told(incident=incident, whom="district", by=reporter, at=clock.now())
    say_told(incident=incident, whom="district", by=reporter, at=clock.now())

    assert (before, still_to_tell(incident), incident.steps.count()) == ({"district"}, set(), 1)


def test_say_told_by_somebody_else_is_denied():
    with pytest.raises(PermissionDenied):
        say_told(incident=IncidentFactory(), whom="police", by=UserFactory(), at=clock.now())

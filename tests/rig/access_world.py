"""A district with one of everything, and a person in each role: the world that a role's own rows lie in."""

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta

from baiye.accounts.actions.api_keys import make_key
from baiye.accounts.models import ApiKey, User
from baiye.accounts.permissions import ROLES
from baiye.accounts.tests.factories import GrantFactory, UserFactory
from baiye.attendance.tests.factories import MarkFactory, PastSeatFactory, PastVisitFactory
from baiye.catalogue.actions.reviews import propose_version
from baiye.catalogue.models import STEPS, CourseVersion, Material
from baiye.catalogue.tests.factories import DraftFactory, FileFactory, SeriesFactory, SeriesStepFactory
from baiye.core import clock, messages
from baiye.core.models import Delivery, Message, Upload
from baiye.core.tests.factories import DeliveryFactory, MessageFactory
from baiye.hours.tests.factories import CertificateFactory, HourEntryFactory, NoticeLineFactory, ObjectionFactory
from baiye.registry.actions.documents import hand_in
from baiye.registry.links import token_of
from baiye.registry.tests.applying import KeptStandardFactory, handed_in, paper
from baiye.rounds.actions.publications import approve, propose
from baiye.rounds.actions.runs import ask_run, run_placement
from baiye.rounds.models import Trip
from baiye.rounds.tests.factories import District, district
from baiye.schools.models import ClassTeacher, RosterUpload
from baiye.schools.tests.factories import (
    ConsentFactory,
    GuardianContactFactory,
    GuardianRequestFactory,
    SchoolDayFactory,
)
from baiye.visits.models import Visit
from tests.rig.access_accreditation import accreditation_keys
from tests.rig.access_bookings import booking_keys
from tests.rig.access_incidents import incident_keys
from tests.rig.access_mentors import mentor_keys
from tests.rig.access_streets import street_keys
from tests.rig.access_talks import talk_keys

AT_SCHOOL = {"school_coordinator"}
AT_HOST = {"host_manager", "host_instructor", "mentor"}
DERIVED = {"class_teacher": "teacher", "guardian": "guardian", "pupil": "pupil_user"}


@dataclass
class World:
    """The district, and the keys of its rows by the names that addresses use."""

    base: District
    keys: dict[str, object] = field(default_factory=dict)
    people: dict[str, User | None] = field(default_factory=dict)

    def user(self, role: str) -> User | None:
        """The person in a role; a fresh object each time, since grants are remembered on it."""
        person = self.people.get(role)
        return User.objects.get(pk=person.pk) if person else None

    def key(self, route: str, name: str) -> object:
        """The key that stands for ``name`` in the address of ``route``."""
        return self.keys[f"{route}.{name}"] if f"{route}.{name}" in self.keys else self.keys[name]


def world(number: int) -> World:
    """A whole world; two of them share nothing."""
    base = district(phase="place", pupils=2)
    made = World(base)
    for role in ROLES:
        made.people[role] = _person(role, base)
    _publish(made)
    _door_and_ledger(made)
    _catalogue(made)
    _school(made, number)
    made.keys |= mentor_keys(base, made.people["mentor"])
    made.keys |= talk_keys(base, made.people["mentor"])
    _hosts(made)
    made.keys |= accreditation_keys(base)
    made.keys |= incident_keys(base, made.people["host_instructor"])
    made.keys |= booking_keys(base)
    made.keys |= street_keys(base)
    return made


def _api_key(made: World) -> ApiKey:
    by = made.people["system_admin"]
    return make_key(unit=made.base.hosts[0].unit, name="示例程序", by=by, at=clock.now())[0]


def _person(role: str, base: District) -> User:
    if role in DERIVED:
        person: User = getattr(base, DERIVED[role])
        return person
    unit = base.school.unit if role in AT_SCHOOL else base.hosts[0].unit if role in AT_HOST else base.unit
    return GrantFactory(role=role, unit=unit).user


def _publish(made: World) -> None:
    base, at = made.base, clock.now()
    run = ask_run(round=base.round, by=base.coordinator, at=at, seed="42")
    run_placement(run=run, at=at)
    run.refresh_from_db()
    approve(publication=propose(run=run, by=base.coordinator, at=at), by=base.officer, at=at)
    trip = Trip.objects.filter(round=base.round).order_by("on")[0]
    made.keys |= {
        "round_id": base.round.pk,
        "run_id": run.pk,
        "pupil_id": base.pupil.pk,
        "class_id": base.school_class.pk,
        "host_id": base.hosts[0].pk,
        "course_id": base.courses[0].pk,
        "day": trip.on,
        "trip_id": trip.pk,
        "name": "input.zip",
    }


def _door_and_ledger(made: World) -> None:
    base = made.base
    past: Visit = PastVisitFactory(version=base.visits[0].version, venue=base.visits[0].venue)
    seat = PastSeatFactory(visit=past, pupil=base.pupil)
    mark = MarkFactory(seat=seat)
    entry = HourEntryFactory(pupil=base.pupil, seat=_confirmed(base))
    line = NoticeLineFactory(entry=entry)
    objection = ObjectionFactory(line=line, made_by=base.guardian)
    certificate = CertificateFactory(pupil=base.pupil)
    draft = DraftFactory(course__host=base.hosts[0])
    made.keys |= {
        "visit_id": past.pk,
        "seat_id": seat.pk,
        "mark_id": mark.pk,
        "unit_id": base.school.unit_id,
        "certificate_id": certificate.pk,
        "notice_id": line.notice.pk,
        "objection_id": objection.pk,
        "token": certificate.token,
        "version_id": draft.pk,
        "slug": base.courses[0].slug,
        "visits:cancellation.visit_id": base.visits[0].pk,
        "visits:move.visit_id": base.visits[0].pk,
        "visits:calendar-feed.token": "not-a-token",
        "accounts:invitation.token": "not-a-token",
        "accounts:retrial.pk": _lost(base).pk,
        "accounts:address.channel": "mail",
        "accounts:address-dropping.channel": "mail",
    }


def _lost(base: District) -> Delivery:
    """A copy that did not reach the guardian."""
    message = MessageFactory(to=base.guardian)
    found: Delivery = DeliveryFactory(message=message, failed_at=clock.now(), error="HTTP 422")
    return found


def _catalogue(made: World) -> None:
    """A draft with a paper, a version in review, a series with a step."""
    base = made.base
    host, coordinator = base.hosts[0], base.coordinator
    draft = CourseVersion.objects.get(pk=made.keys["version_id"])
    paper = {"step": "project", "reader": "instructor", "file": FileFactory(), "request": uuid.uuid4()}
    in_review = DraftFactory(course__host=host, steps={key: "话" for key, _name in STEPS}, summary="话")
    review = propose_version(version=in_review, by=coordinator, at=clock.now())
    compared = DraftFactory(course=base.courses[0], number=2)
    series = SeriesFactory(unit=base.unit, published_at=clock.now(), published_by=coordinator)
    step = SeriesStepFactory(series=series, place=1, course=base.courses[0])
    made.keys |= {
        "material_id": Material.objects.create(version=draft, **paper).pk,
        "review_id": review.pk,
        "series_id": series.pk,
        "step_id": step.pk,
        "catalogue:stock.venue_id": base.visits[0].venue_id,
        "catalogue:series.slug": series.slug,
        "api:one_series.slug": series.slug,
        "catalogue:comparison.version_id": compared.pk,
    }


def _confirmed(base: District) -> object:
    from baiye.attendance.tests.factories import confirmed_seat

    visit = PastVisitFactory(
        version=base.visits[0].version, venue=base.visits[0].venue, starts_at=clock.now() - timedelta(days=2)
    )
    return confirmed_seat(pupil=base.pupil, visit=visit)


def _school(made: World, number: int) -> None:
    base = made.base
    messages.send(to=[base.guardian], kind="note", key=str(uuid.uuid4()), subject="一条消息")
    stranger = GrantFactory(role="school_coordinator", unit=base.school.unit)
    upload = RosterUpload.objects.create(
        school=base.school,
        made_by=base.coordinator,
        made_at=clock.now(),
        file_name="花名册.xlsx",
        file_sealed=b"",
        sha256="0" * 64,
        for_year=2026,
    )
    day = SchoolDayFactory(on=date(2031, 1, number + 1))
    pk = {
        "accounts:message": Message.objects.get(to=base.guardian, kind="note").pk,
        "schools:roster": upload.pk,
        "schools:roster-state": upload.pk,
        "schools:roster-application": upload.pk,
        "schools:roster-errors": upload.pk,
        "schools:class-teacher-end": ClassTeacher.objects.get(school_class=base.school_class).pk,
        "schools:consent-withdrawal": ConsentFactory(pupil=base.pupil, given_by=base.guardian).pk,
        "schools:guardianship-end": base.pupil.guardianships.get().pk,
        "schools:guardian-request-answer": GuardianRequestFactory(pupil=base.pupil).pk,
        "schools:guardian-contact-removal": GuardianContactFactory(pupil=base.pupil).pk,
        "schools:day-removal": day.pk,
        "accounts:grant-ending": stranger.pk,
        "accounts:api-key-revocation": _api_key(made).pk,
        "mfa_edit_webauthn": 999_999_998,
        "mfa_remove_webauthn": 999_999_998,
    }
    people = ["person", "grant-create", "link-create", "closure", "second-factor-clearing"]
    pk |= {f"accounts:{name}": stranger.user_id for name in people}
    pk |= {f"schools:{name}": base.school_class.pk for name in ("class", "class-cards", "class-teachers")}
    pk |= {
        f"schools:{name}": base.pupil.pk
        for name in ("pupil", "pupil-card", "pupil-departure", "child", "guardians", "consents")
    }
    made.keys |= {f"{route}.pk": key for route, key in pk.items()}
    UserFactory()


def _upload(made: World) -> Upload:
    """A sheet that the coordinator handed in."""
    given = {"request": uuid.uuid4(), "kind": "venues", "made_by": made.people["coordinator"], "file_name": "场地.xlsx"}
    return Upload.objects.create(**given, sha256="0" * 64, file_sealed=b"")


def _hosts(made: World) -> None:
    """An application under a standard of the district, a paper and a second host to merge with."""
    base = made.base
    application = handed_in(standard=KeptStandardFactory(keeper=base.unit))
    document = hand_in(host=base.hosts[0], paper=paper("fire"), request=uuid.uuid4(), by=base.coordinator)
    made.keys |= {
        "application_id": application.pk,
        "document_id": document.pk,
        "venue_id": base.visits[0].venue_id,
        "into_id": base.hosts[1].pk,
        "paper_id": application.documents.order_by("pk")[0].pk,
        "step": "body",
        "upload_id": _upload(made).pk,
    }
    made.keys |= {f"core:sheet{page}.kind": "venues" for page in ("", "-template", "-export")}
    by_link = ["", "-letter", "-papers", "-paper", "-paper-removal", "-submission", "-withdrawal", "-step"]
    made.keys |= {f"registry:apply{name}.token": token_of(application.request) for name in by_link}

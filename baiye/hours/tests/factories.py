"""The smallest valid rows of the ledger; an entry brings its whole story with it, for the database asks for it."""

from datetime import timedelta

from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from baiye.accounts.tests.factories import GrantFactory, UnitFactory, UserFactory
from baiye.attendance.tests.factories import confirmed_seat
from baiye.core import clock
from baiye.hours.models import RULE_VERSION, Certificate, HourEntry, NoticeLine, Objection, PublicNotice
from baiye.schools.models import school_year
from baiye.schools.tests.factories import PupilFactory


class HourEntryFactory(DjangoModelFactory):
    """160 minutes for a half-day that both sides confirmed; ``pupil`` may be given."""

    class Meta:
        model = HourEntry

    pupil = SubFactory(PupilFactory)
    seat = LazyAttribute(lambda entry: confirmed_seat(pupil=entry.pupil))
    category = "职业体验"
    is_vocational = LazyAttribute(lambda entry: entry.seat.visit.venue.host.is_vocational)
    minutes = 160
    rule_version = RULE_VERSION
    school_year = LazyAttribute(lambda entry: school_year(clock.day_of(entry.seat.visit.starts_at)))
    entered_at = LazyFunction(clock.now)


class PublicNoticeFactory(DjangoModelFactory):
    """A notice that runs today."""

    class Meta:
        model = PublicNotice

    school_unit = SubFactory(UnitFactory)
    title = Sequence("示例公示{}".format)
    starts_on = LazyFunction(lambda: clock.today() - timedelta(days=2))
    ends_on = LazyFunction(lambda: clock.today() + timedelta(days=2))
    opened_by = SubFactory(UserFactory)


class NoticeLineFactory(DjangoModelFactory):
    """A line on a notice of the pupil's school; ``ended=True`` for one whose time is over."""

    class Meta:
        model = NoticeLine

    class Params:
        ended = False

    entry = SubFactory(HourEntryFactory)
    notice = LazyAttribute(
        lambda line: PublicNoticeFactory(
            school_unit=line.entry.pupil.school_class.school.unit,
            **({"starts_on": clock.today() - timedelta(days=9), "ends_on": clock.today() - timedelta(days=1)})
            if line.ended
            else {},
        )
    )


class ObjectionFactory(DjangoModelFactory):
    """An objection to a line, open."""

    class Meta:
        model = Objection

    class Params:
        line = SubFactory(NoticeLineFactory)

    notice = SelfAttribute("line.notice")
    entry = SelfAttribute("line.entry")
    pupil = SelfAttribute("line.entry.pupil")
    text = "那天没有去"
    made_by = SubFactory(UserFactory, kind="guardian")
    made_at = LazyFunction(clock.now)


class CertificateFactory(DjangoModelFactory):
    """A paper without lines (its lines need notices)."""

    class Meta:
        model = Certificate

    number = Sequence("BY2000-{:06d}".format)
    pupil = SubFactory(PupilFactory)
    minutes = 160
    shows = LazyAttribute(
        lambda certificate: {
            "name": certificate.pupil.name,
            "school": certificate.pupil.school_class.school.unit.name,
            "class": "七（1）班",
            "rows": [
                {
                    "on": "2026.11.02",
                    "course": "舌尖上的面点",
                    "host": "示例基地",
                    "hours": 4,
                    "category": "职业体验",
                    "vocational": True,
                }
            ],
            "hours": 4,
            "vocational": 4,
            "notice": "2026 年 11 月 3 日至2026 年 11 月 10 日",
            "issued": "2026 年 11 月 11 日",
            "site": "https://baiye.example",
            "example": True,
        }
    )
    issued_at = LazyFunction(clock.now)
    issued_by = SubFactory(UserFactory)


def unit_of(pupil):
    """The unit of the pupil's school."""
    return pupil.school_class.school.unit


def classmate(pupil, **fields):
    """Another pupil of the class."""
    return PupilFactory(school_class=pupil.school_class, **fields)


def statuses(client, address, *users):
    """What each of these people is answered at an address."""
    found = []
    for user in users:
        client.force_login(user)
        found.append(client.get(address).status_code)
    return found


def school_of(pupil):
    return pupil.school_class.school


def officer_of(pupil):
    """A district officer above the pupil's school."""
    return GrantFactory(role="district_officer", unit=school_of(pupil).unit.parent).user

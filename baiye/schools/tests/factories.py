"""The smallest valid rows of schools: terms, classes, pupils, and who stands for them."""

from datetime import date, timedelta

from factory import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from baiye.accounts.tests.factories import NoticeFactory, UnitFactory, UserFactory
from baiye.core import clock, crypto, pinyin
from baiye.schools.models import (
    ClassTeacher,
    Consent,
    GuardianContact,
    GuardianRequest,
    Guardianship,
    Pupil,
    PupilCode,
    School,
    SchoolClass,
    SchoolDay,
    Term,
    school_year,
)
from baiye.schools.roll import check_digit


def roll_number(n: int, born_on: date = date(2013, 9, 1)) -> str:
    """A roll number with a right check digit and an area code that is assigned to no place."""
    body = f"99{n // 1000 % 10000:04d}{born_on:%Y%m%d}{n % 1000:03d}"
    return f"G{body}{check_digit(body)}"


class TermFactory(DjangoModelFactory):
    """A term that holds today."""

    class Meta:
        model = Term

    name = Sequence("示例学期{}".format)
    starts_on = LazyFunction(lambda: clock.today() - timedelta(days=60))
    ends_on = LazyFunction(lambda: clock.today() + timedelta(days=60))


class SchoolDayFactory(DjangoModelFactory):
    class Meta:
        model = SchoolDay

    on = LazyFunction(clock.today)
    kind = "holiday"


class SchoolFactory(DjangoModelFactory):
    class Meta:
        model = School

    unit = SubFactory(UnitFactory)
    code = Sequence("例{:05d}".format)
    stages = LazyFunction(lambda: ["junior"])


class SchoolClassFactory(DjangoModelFactory):
    """七（1）班, 七（2）班 … of a school of its own."""

    class Meta:
        model = SchoolClass

    school = SubFactory(SchoolFactory)
    stage = "junior"
    entry_year = LazyFunction(lambda: school_year(clock.today()) - 1)
    number = Sequence(lambda n: n % 60 + 1)


class PupilFactory(DjangoModelFactory):
    class Meta:
        model = Pupil

    class Params:
        roll = Sequence(roll_number)

    school_class = SubFactory(SchoolClassFactory)
    roll_sealed = LazyAttribute(lambda pupil: crypto.encrypt(pupil.roll))
    roll_blind = LazyAttribute(lambda pupil: crypto.blind(pupil.roll))
    name = Sequence("示例生{}".format)
    pinyin = LazyAttribute(lambda pupil: pinyin.key(pupil.name))
    sex = "F"
    born_on = date(2013, 9, 1)
    joined_on = LazyFunction(lambda: clock.today() - timedelta(days=365))


class GuardianContactFactory(DjangoModelFactory):
    class Meta:
        model = GuardianContact

    class Params:
        number = Sequence("154{:08d}".format)

    pupil = SubFactory(PupilFactory)
    name = Sequence("示例家长{}".format)
    phone_sealed = LazyAttribute(lambda contact: crypto.encrypt(contact.number))
    phone_blind = LazyAttribute(lambda contact: crypto.blind(contact.number))


class GuardianshipFactory(DjangoModelFactory):
    class Meta:
        model = Guardianship

    user = SubFactory(UserFactory, kind="guardian")
    pupil = SubFactory(PupilFactory)
    from_on = LazyFunction(lambda: clock.today() - timedelta(days=30))


class GuardianRequestFactory(DjangoModelFactory):
    class Meta:
        model = GuardianRequest

    user = SubFactory(UserFactory, kind="guardian")
    pupil = SubFactory(PupilFactory)
    asked_at = LazyFunction(clock.now)


class ClassTeacherFactory(DjangoModelFactory):
    class Meta:
        model = ClassTeacher

    user = SubFactory(UserFactory)
    school_class = SubFactory(SchoolClassFactory)
    from_on = LazyFunction(lambda: clock.today() - timedelta(days=30))


class PupilCodeFactory(DjangoModelFactory):
    """A live code; give ``text`` to know it."""

    class Meta:
        model = PupilCode

    class Params:
        text = Sequence(lambda n: f"2222{n % 10000:04d}".replace("0", "A").replace("1", "B"))

    pupil = SubFactory(PupilFactory)
    digest = LazyAttribute(lambda code: crypto.blind(f"pupil code {code.text}"))
    expires_on = LazyFunction(lambda: clock.today() + timedelta(days=60))


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = Consent

    pupil = SubFactory(PupilFactory)
    notice = SubFactory(NoticeFactory)
    notice_sha256 = SelfAttribute("notice.digest")
    under_14 = True
    purpose = "photo"
    agreed = True
    signature = "示例家长"
    given_by = SubFactory(UserFactory, kind="guardian")
    given_at = LazyFunction(clock.now)

"""The smallest valid rows of mentors: a guide whose check is fresh, a counsellor whom nothing hinders."""

from datetime import timedelta

from factory import LazyAttribute, LazyFunction, RelatedFactory, Sequence, SubFactory
from factory.django import DjangoModelFactory

from baiye.accounts.tests.factories import UnitFactory
from baiye.core import clock, crypto, pinyin
from baiye.core.models import File
from baiye.mentors.models import Appointment, Certificate, Check, Mentor, Session, Title, Training


class FileFactory(DjangoModelFactory):
    """A paper somebody handed in."""

    class Meta:
        model = File

    name = "证书.pdf"
    media_type = "application/pdf"
    size = 9
    sha256 = "0" * 64
    sealed = LazyFunction(lambda: crypto.encrypt_bytes(b"%PDF-1.7 "))


class UncheckedFactory(DjangoModelFactory):
    """A guide of a host whom nobody has checked."""

    class Meta:
        model = Mentor

    name = Sequence("带教{}".format)
    pinyin = LazyAttribute(lambda mentor: pinyin.key(mentor.name))
    kinds = LazyFunction(lambda: ["guide"])
    unit = SubFactory(UnitFactory, kind="host", name=Sequence("带教单位{}".format))


class CheckFactory(DjangoModelFactory):
    """A clear result of last month."""

    class Meta:
        model = Check

    mentor = SubFactory(UncheckedFactory)
    result = "clear"
    checked_on = LazyFunction(lambda: clock.today() - timedelta(days=30))
    method = "police"


class MentorFactory(UncheckedFactory):
    """A guide whom nothing hinders."""

    class Meta:
        skip_postgeneration_save = True

    check = RelatedFactory(CheckFactory, factory_related_name="mentor")


class AppointmentFactory(DjangoModelFactory):
    """From a month ago for two years."""

    class Meta:
        model = Appointment

    mentor = SubFactory(UncheckedFactory, kinds=["counsellor"])
    unit = LazyAttribute(lambda appointment: appointment.mentor.appointed_by)
    number = Sequence("示例聘字 {} 号".format)
    from_on = LazyFunction(lambda: clock.today() - timedelta(days=30))
    until_on = LazyFunction(lambda: clock.today() + timedelta(days=700))
    shows = LazyFunction(
        lambda: dict.fromkeys(("name", "unit", "of", "from", "until", "made"), "示例") | {"example": True}
    )


class TrainingFactory(DjangoModelFactory):
    """Four hours, held by an agency."""

    class Meta:
        model = Training

    unit = SubFactory(UnitFactory, kind="agency", name=Sequence("牵头部门{}".format))
    title = Sequence("辅导员培训{}".format)
    minutes_needed = 240


class SessionFactory(DjangoModelFactory):
    """Four hours of last week."""

    class Meta:
        model = Session

    training = SubFactory(TrainingFactory)
    starts_at = LazyFunction(lambda: clock.now() - timedelta(days=7))
    ends_at = LazyAttribute(lambda session: session.starts_at + timedelta(minutes=240))


class CertificateFactory(DjangoModelFactory):
    """Brought with its paper, without end."""

    class Meta:
        model = Certificate

    mentor = SubFactory(UncheckedFactory, kinds=["counsellor"])
    number = Sequence("示例合格 {} 号".format)
    minutes = 480
    issued_by = "示例少工委"
    issued_on = LazyFunction(lambda: clock.today() - timedelta(days=60))
    file = SubFactory(FileFactory)


class CounsellorFactory(MentorFactory):
    """A counsellor (校外辅导员) with everything that R-110 asks for."""

    kinds = LazyFunction(lambda: ["counsellor"])
    appointed_by = SubFactory(UnitFactory, kind="agency", name=Sequence("聘任部门{}".format))
    appointment = RelatedFactory(AppointmentFactory, factory_related_name="mentor")
    certificate = RelatedFactory(CertificateFactory, factory_related_name="mentor")


class TitleFactory(DjangoModelFactory):
    """A city's model worker, with the paper."""

    class Meta:
        model = Title

    mentor = SubFactory(MentorFactory)
    kind = "model_worker"
    level = "city"
    year = 2020
    awarded_by = "示例总工会"
    file = SubFactory(FileFactory)

"""An application as tests need it: begun, filled in, with its papers, handed in."""

import io
import uuid
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from factory import LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory
from PIL import Image

from baiye.accounts.models import User
from baiye.accounts.tests.factories import GrantFactory, UnitFactory
from baiye.core import clock
from baiye.registry import links
from baiye.registry.actions import applications, documents, review
from baiye.registry.models import Application, HostDocument, Standard
from baiye.registry.tests.factories import HostFactory

AT = clock.now()
TODAY = clock.today()
LAST_YEAR, NEXT_YEAR = TODAY - timedelta(days=365), TODAY + timedelta(days=365)
GOOD_CODE, OTHER_CODE, ODD_CODE = "91350100M000100Y43", "91512081MA62K0260E", "91350100M000100Y4Z"
FILLED = {
    "name": "示例面点有限公司",
    "credit_code": GOOD_CODE,
    "host_kind": "企业",
    "address": "示例路 12 号",
    "contact": "示例联系人",
    "phone": "13800000000",
    "email": "shifu@example.org",
    "occupations": ["中式面点师"],
    "venue_name": "面点工坊",
    "capacity": 24,
    "area_m2": 120,
}


class KeptStandardFactory(DjangoModelFactory):
    """A published standard that an agency keeps; needs a licence and an insurance."""

    class Meta:
        model = Standard

    name = Sequence("示例认定标准{}".format)
    version = 1
    keeper = SubFactory(UnitFactory, kind="agency", name=Sequence("示例部门{}".format))
    needs = LazyFunction(lambda: ["licence", "insurance"])
    published_on = date(2026, 1, 1)


class ApplicationFactory(DjangoModelFactory):
    """A draft that nobody has filled in; ``application.token`` is the secret of its link."""

    class Meta:
        model = Application

    request = LazyFunction(uuid.uuid4)
    digest = SelfAttribute("token_digest")
    standard = SubFactory(KeptStandardFactory)

    class Params:
        token_digest = ""

    @classmethod
    def _create(cls, model_class: type[Application], *args: object, **fields: object) -> Application:
        fields["digest"] = links.digest(links.token_of(fields["request"]))
        return model_class.objects.create(**fields)


class DocumentFactory(DjangoModelFactory):
    """An insurance of a host, seen on paper and accepted."""

    class Meta:
        model = HostDocument

    host = SubFactory(HostFactory)
    kind = "insurance"
    valid_from = LAST_YEAR
    valid_until = NEXT_YEAR
    accepted_at = AT
    accepted_by = LazyFunction(lambda: GrantFactory(role="coordinator").user)


def upload(name: str = "保单.png") -> SimpleUploadedFile:
    """A small picture."""
    bytes_ = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(bytes_, format="PNG")
    return SimpleUploadedFile(name, bytes_.getvalue(), content_type="image/png")


def paper(kind: str, **given: object) -> documents.Paper:
    facts = {"valid_from": LAST_YEAR, "valid_until": NEXT_YEAR, "file": upload()}
    return documents.Paper(kind=kind, **(facts | given))


def reviewer_of(standard: Standard, role: str = "agency_officer") -> User:
    """Somebody who reviews under ``standard``."""
    return GrantFactory(role=role, unit=standard.keeper).user


def filled(**given: object) -> Application:
    """An application with everything that is asked, and its two papers, not handed in yet."""
    made = applications.save_application(
        application=ApplicationFactory(**{k: given.pop(k) for k in ("standard",) if k in given}), fields=FILLED | given
    )
    for kind in made.standard.needs:
        documents.hand_in_with(application=made, paper=paper(kind), request=uuid.uuid4())
    applications.declare(application=made, fields={"is_commercial": True}, at=AT)
    made.refresh_from_db()
    return made


def handed_in(**given: object) -> Application:
    return applications.submit_application(application=filled(**given), at=AT)


def checked(by: User | None = None, **given: object) -> tuple[Application, User]:
    """An application taken up, its papers accepted, and who did."""
    application = handed_in(**given)
    by = by or reviewer_of(application.standard)
    application = review.take_application(application=application, by=by)
    for document in application.documents.all():
        documents.accept_document(document=document, by=by, at=AT)
    return application, by

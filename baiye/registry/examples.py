"""The example layer (示例) of a demonstration: hosts that do not exist, accreditations that nobody decided.

Nothing of it enters the public register or its exports; every page that shows it says 示例.
"""

from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from baiye.accounts.actions.units import make_unit
from baiye.accounts.models import Unit, User
from baiye.core import audit, clock
from baiye.registry.actions import applications, documents, review
from baiye.registry.models import Accreditation, Application, Host, HostDocument, Standard

VOCATIONAL_SCHOOLS = ("上海市曹杨职业技术学校", "上海市贸易学校", "上海信息技术学校")  # known to lie in the district
EXAMPLE_SCHOOLS = ("示例中职校甲", "示例中职校乙", "示例中职校丙")  # for the three of the six that are not known
STANDARD = "职业体验基地认定标准（示例）"
APPLICANTS = (  # the second looks like a host that is there
    ("示例咖啡工坊", "示例路 3 号", "咖啡师", "拉花教室"),
    ("示例中职校甲实训中心", "示例路 1 号", "中式面点师", "面点实训室"),
)
NEEDS = ("licence", "insurance", "fire", "plan")  # as a real standard needs them


def require_examples() -> None:
    """Raise ImproperlyConfigured in production: examples stay in demonstrations."""
    if settings.PRODUCTION:
        raise ImproperlyConfigured("示例数据只能用在演示里。Examples stay in demonstrations.")


@transaction.atomic
def make_example_hosts(*, district: Unit, valid_from: date, valid_until: date, by: User) -> list[Host]:
    """Give the six vocational schools of the demonstration, each with an example accreditation for the days named.

    Each has example papers for what the example standard needs, as if ``by`` had seen them on paper. Needs the three
    real ones of ``baiye load putuo``; may be asked twice.
    """
    require_examples()
    real = Host.objects.filter(unit__name__in=VOCATIONAL_SCHOOLS).select_related("unit")
    hosts = sorted(real, key=lambda host: VOCATIONAL_SCHOOLS.index(host.unit.name))
    hosts += [_example_school(name, district, by) for name in EXAMPLE_SCHOOLS]
    standard, _made = Standard.objects.get_or_create(
        name=STANDARD,
        version=1,
        defaults={"published_on": valid_from, "is_example": True, "keeper": district, "needs": list(NEEDS)},
    )
    at = clock.now()
    for host in hosts:
        Accreditation.objects.get_or_create(
            host=host,
            standard=standard,
            valid_from=valid_from,
            defaults={"valid_until": valid_until, "decided_by": by, "is_example": True},
        )
        _example_papers(host, valid_from, valid_until, by, at)
    audit.record("example_hosts.made", by=by, on=district, at_unit=district.path, hosts=len(hosts))
    return hosts


def _example_papers(host: Host, valid_from: date, valid_until: date, by: User, at: datetime) -> None:
    for kind in NEEDS:
        days = {"valid_from": valid_from, "valid_until": valid_until}
        seen = {"accepted_at": at, "accepted_by": by, "handed_in_by": by, "number": "示例"}
        HostDocument.objects.get_or_create(
            request=uuid5(NAMESPACE_URL, f"example paper {host.pk} {kind} {valid_from}"),
            defaults={"host": host, "kind": kind, "is_example": True, **days, **seen},
        )


def _example_school(name: str, district: Unit, by: User) -> Host:
    unit = make_unit(parent=district, kind="host", name=name, by=by, is_example=True, source="示例，没有这所学校")
    host, _made = Host.objects.get_or_create(
        unit=unit,
        defaults={"kind": "中职校", "evidence": "confirmed", "is_vocational": True, "address": "示例路 1 号"},
    )
    return host


@transaction.atomic
def make_example_applications(*, district: Unit, by: User, at: datetime) -> list[Application]:
    """Give two applications under the example standard, entered from paper: one handed in, one being checked.

    Needs the example hosts; may be asked twice.
    """
    require_examples()
    standard = Standard.objects.get(name=STANDARD, version=1)
    made = [_example_application(standard, *applicant, by, at) for applicant in APPLICANTS]
    if made[1].state == "submitted":
        made[1] = review.take_application(application=made[1], by=by)
    audit.record("example_applications.made", by=by, on=district, at_unit=district.path, applications=len(made))
    return made


def _example_application(
    standard: Standard, name: str, address: str, trade: str, venue: str, by: User, at: datetime
) -> Application:
    request, on = uuid5(NAMESPACE_URL, f"example application {name}"), clock.day_of(at)
    application = applications.start_application(standard=standard, request=request, on=on, by=by)
    if application.state != "draft":
        return application
    body = {"name": name, "host_kind": "企业", "address": address, "contact": "示例联系人", "phone": "13800000000"}
    offer = {"occupations": [trade], "venue_name": venue, "capacity": 24, "area_m2": 96}
    applications.save_application(application=application, fields=body | offer, by=by)
    for kind in standard.needs:
        paper = documents.Paper(
            kind=kind, valid_from=on, valid_until=on.replace(year=on.year + 1, day=1), number="示例"
        )
        seen = uuid5(request, kind)
        documents.hand_in_with(application=application, paper=paper, request=seen, by=by)
    applications.declare(application=application, fields={}, at=at, by=by)
    return applications.submit_application(application=application, at=at, by=by)

"""The register in the open API, and what a partner reads of its own part."""

from datetime import date
from typing import Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from baiye.accounts.partner_key import PartnerKey, unit_of
from baiye.core import clock
from baiye.core.openapi import After, Answer, Limit, answer, page_of, private, public
from baiye.registry import opendata
from baiye.registry.queries import partner
from baiye.registry.queries import register as queries
from baiye.registry.queries.register import Asked
from baiye.registry.queries.verdicts import real_accreditations

open_router = Router(tags=["名录"])
open_router.add_decorator(public, mode="view")
partner_router = Router(tags=["合作单位"], auth=PartnerKey())
partner_router.add_decorator(private, mode="view")


class HostOut(Schema):
    """One line of the public register."""

    id: int
    name: str
    kind: str
    evidence: str
    note: str
    occupations: list[str]
    address: str
    street: str
    lon: float | None
    lat: float | None
    verdict: str
    standard: str
    keeper: str
    number: str
    valid_from: date | None
    valid_until: date | None
    trust: str
    source: str
    url: str


class HostsAsked(Schema):
    """Which hosts; empty is any."""

    q: str = Field("", max_length=40, description="名称、拼音、首字母、地址或职业")
    evidence: Literal["", "accredited", "confirmed", "lead", "stopped"] = ""
    street: str = Field("", max_length=40, description="街镇")
    occupation: str = Field("", max_length=40, description="职业")
    stage: Literal["", "小学", "初中", "高中"] = ""
    keeper: int | None = Field(None, description="牵头部门的编号，0 是区教育局")


class Hosts(Answer):
    items: list[HostOut]


class AccreditationOut(Schema):
    """A real accreditation, in force or not."""

    id: int
    host: int
    host_name: str
    standard: str
    keeper: str
    number: str
    valid_from: date
    valid_until: date
    suspended_on: date | None
    revoked_on: date | None


class Accreditations(Answer):
    items: list[AccreditationOut]


class OwnPart(Schema):
    """What concerns the unit whose key it is."""

    unit: str
    applications: dict[str, int]
    accredited: int


@open_router.get(
    "/hosts", response=Hosts, summary="职业体验单位名单", description="基地、线索和它们的结论；示例不在里面。"
)
def hosts(request: HttpRequest, wish: Query[HostsAsked], after: After = 0, limit: Limit = 50) -> dict[str, object]:
    """Hosts and leads with their verdicts; no examples."""
    found, following = page_of(queries.find(Asked(**wish.dict()), clock.today()), after, limit)
    shown = queries.hosts_in_order([listing.pk for listing in found])
    records = zip(shown, opendata.records_of(shown, clock.today()), strict=True)
    return answer(({"id": host.pk, **record} for host, record in records), following)


@open_router.get(
    "/accreditations",
    response=Accreditations,
    summary="认定",
    description="每一次认定的标准、编号、起止日期、暂停和撤销。",
)
def accreditations(request: HttpRequest, after: After = 0, limit: Limit = 50) -> dict[str, object]:
    """Every accreditation: standard, number, days, suspension, revocation."""
    found, following = page_of(real_accreditations().select_related("host__unit"), after, limit)
    items = (
        {
            "id": each.pk,
            "host": each.host_id,
            "host_name": each.host.unit.name,
            "standard": str(each.standard),
            "keeper": each.standard.keeper.name if each.standard.keeper else "",
            "number": each.number,
            "valid_from": each.valid_from,
            "valid_until": each.valid_until,
            "suspended_on": each.suspended_on,
            "revoked_on": each.revoked_on,
        }
        for each in found
    )
    return answer(items, following)


@partner_router.get(
    "/own-part",
    response=OwnPart,
    summary="自己这一部分的申报和认定",
    description="牵头部门：按自己的标准提出的申报和在有效期内的认定；基地：自己的。",
)
def own_part(request: HttpRequest) -> dict[str, object]:
    """An agency's: what is asked for and holds under its standards; a host's: its own."""
    unit = unit_of(request)
    counts = partner.application_counts(unit)
    return {"unit": unit.name, "applications": counts, "accredited": partner.accredited_count(unit, clock.today())}

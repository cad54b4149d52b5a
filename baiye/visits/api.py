"""What a partner reads of the visits of its own part: figures by month, no names."""

from django.http import HttpRequest
from ninja import Router, Schema

from baiye.accounts.partner_key import PartnerKey, unit_of
from baiye.core import clock
from baiye.core.openapi import private
from baiye.registry.queries.partner import hosts_of
from baiye.visits.partner_figures import by_month

router = Router(tags=["合作单位"], auth=PartnerKey())
router.add_decorator(private, mode="view")


class Month(Schema):
    """One month's visits that were not cancelled."""

    month: str
    visits: int
    seats: int
    taken: int


@router.get(
    "/visits",
    response=list[Month],
    summary="自己这一部分的场次和名额",
    description="按月：场次数、名额、已占名额；取消的和示例不算。",
)
def visits(request: HttpRequest) -> list[dict[str, object]]:
    """Visits, seats and taken seats by month; no cancelled ones, no examples."""
    return by_month(hosts_of(unit_of(request), clock.today()))

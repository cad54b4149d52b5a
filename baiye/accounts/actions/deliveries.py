"""What did not arrive is sent again."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts import deliveries
from baiye.accounts.models import User
from baiye.core import audit, channels
from baiye.core.models import Delivery
from baiye.core.refusals import Refused


class RetryRefused(Refused):
    """It cannot be sent again."""


@transaction.atomic
def retry_delivery(*, delivery: Delivery, by: User, at: datetime) -> None:
    """Try a delivery that failed anew; twice is once.

    Raises
    ------
    PermissionDenied
        ``by`` does not look after whom it was for.
    RetryRefused
        Its text is no longer kept.
    """
    failed = Delivery.objects.select_for_update().filter(pk=delivery.pk, failed_at__isnull=False)
    if failed.first() is None:
        return
    if not deliveries.failed_for(by, at=at).filter(pk=delivery.pk).exists():
        raise PermissionDenied("a delivery to somebody else's people")
    if not channels.retry(delivery, at=at):
        raise RetryRefused(_("这一条的内容已经不再保存，请重新发一次消息。"))
    audit.record("delivery.retried", by=by, on=delivery, channel=delivery.channel)

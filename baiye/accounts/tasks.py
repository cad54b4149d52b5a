"""What runs by itself: codes that proved an address, or never did, are forgotten."""

from baiye.accounts.actions import addresses
from baiye.core import clock, jobs


@jobs.periodic("30 3 * * *")
@jobs.task(name="accounts.tidy", queue="core", queueing_lock="accounts.tidy")
def tidy(**_: object) -> None:
    """Remove codes, and the addresses they were sent to, that are over."""
    addresses.tidy(at=clock.now())

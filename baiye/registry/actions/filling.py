"""What a host lacks and another row of the same body knows: an application, or a host that is merged into it."""

from baiye.registry.models import Application, Host

LACKED = ("credit_code", "about", "address", "street", "contact", "email", "phone_sealed", "occupations")


def fill_in(host: Host, source: Application | Host, more: tuple[str, ...] = ()) -> None:
    """Give ``host`` what it lacks and ``source`` knows, ``more`` fields too; what it says itself stays. Not saved."""
    if not host.credit_code:
        host.credit_confirmed_by = source.credit_confirmed_by
    for name in LACKED + more:
        setattr(host, name, getattr(host, name) or getattr(source, name))
    if host.lon is None:
        host.lon, host.lat = source.lon, source.lat
    host.is_commercial = host.is_commercial or source.is_commercial

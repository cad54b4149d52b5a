"""Whether a server may listen where it is told to."""

import socket

from django.core.management.base import CommandError
from django.utils.translation import gettext as _


def refuse_taken(host: str, port: int) -> None:
    """Raise CommandError, saying why and what to do, when nobody can listen at ``host:port``."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            words = {"host": host, "port": port, "why": error.strerror}
            raise CommandError(
                _("%(host)s:%(port)s 用不了（%(why)s）：换一个 --port，或先 baiye stop") % words
            ) from None

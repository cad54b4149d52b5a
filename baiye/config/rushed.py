"""The opening minute as `baiye rush` runs it: presses in batches, in a process that does not outlive its starter."""

import os

from django.core.asgi import get_asgi_application

from baiye.config import running

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baiye.config.settings")
ordinary = get_asgi_application()

from baiye.bookings.rush.asgi import Rush  # noqa: E402 (needs the apps to be ready)

__all__ = ["application"]

running.settle()
running.end_with(os.getppid(), grace_s=5)
application = Rush(ordinary)

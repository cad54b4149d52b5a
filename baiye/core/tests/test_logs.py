"""No log holds the token of a secret link."""

import logging

import pytest
from django.conf import settings

from baiye.core.logs import HideSecrets

TOKEN = "kT9-x_0123456789abcdefghijklmnop"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (f"Not Found: /calendars/{TOKEN}.ics", "Not Found: /calendars/….ics"),
        (f"Gone: /invitations/{TOKEN}/", "Gone: /invitations/…/"),
        ("Not Found: /visits/1234/cancellation/", "Not Found: /visits/1234/cancellation/"),
        ("nothing of the kind", "nothing of the kind"),
    ],
)
def test_a_token_in_an_address_is_not_written(said, written):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s", (said,), None)

    assert HideSecrets().filter(record) is True
    assert record.getMessage() == written


def test_every_handler_hides_them():
    assert all("secrets" in handler["filters"] for handler in settings.LOGGING["handlers"].values())

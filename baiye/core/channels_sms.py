"""Text messages: a district's gateway, or an outbox that nobody leaves."""

from django.conf import settings

from baiye.core import channels_http
from baiye.core.channels import Letter, NotSent


class LocalOutbox:
    """No text leaves the machine: the row itself is the outbox, which the demonstration shows."""

    keeps_body = True

    def send(self, letter: Letter) -> None:
        pass


class Gateway:
    """A gateway of the district's: ``POST SMS_GATEWAY_URL`` with ``{"phone", "text"}`` and a bearer token.

    ``Idempotency-Key`` is the same each time a text is tried, so that the gateway can send it once.
    """

    keeps_body = False

    def send(self, letter: Letter) -> None:
        if not settings.SMS_GATEWAY_URL:
            raise NotSent("SMS_GATEWAY_URL is not set")
        headers = {"Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}", "Idempotency-Key": letter.key}
        channels_http.ask(settings.SMS_GATEWAY_URL, {"phone": letter.address, "text": letter.body}, headers=headers)

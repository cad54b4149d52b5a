"""Codes to phones for tests: sent as if the last had been long ago, and typed in."""

from django.db import connection

from baiye.core import clock
from baiye.core.models import Delivery
from baiye.schools import sign_in

HERE = "192.0.2.1"  # an address that is nobody's


def send(contact):
    """A new code to the contact's phone, as if the last had been sent long ago."""
    connection.cursor().execute("DELETE FROM core_throttle")
    sign_in.send_phone_code(contact=contact, address=HERE, at=clock.now())
    return Delivery.objects.latest("made_at").body.split("验证码 ")[1][:6]


def prove(contact, code, at=None):
    return sign_in.prove_phone(contact=contact, text=code, at=at or clock.now())

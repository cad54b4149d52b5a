"""The pass (签到码): a short signed text that names a seat and nothing of the pupil, and its QR code.

``BY:1Z9K:7KQ2M4XAPL`` = the seat's number in base 36 and 50 bits of a keyed digest over it; capitals and digits only,
so that it fits the smallest QR code, which a cheap phone reads from a scratched screen.
"""

import base64
import hmac

from django.utils.translation import gettext as _

from baiye.core import crypto
from baiye.core.refusals import Refused
from baiye.visits.models import Seat

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SIGNATURE_CHARS = 10


class PassRefused(Refused):
    """What was scanned is no pass of ours."""


def token(seat: Seat) -> str:
    """The text of the QR code of ``seat``."""
    return f"BY:{_base36(seat.pk)}:{_signature(seat.pk)}"


def read(text: str) -> int:
    """The id of the seat that a scanned text names.

    Raises
    ------
    PassRefused
        The text was not made here, or not wholly read.
    """
    parts = text.strip().upper().split(":")
    if len(parts) != 3 or parts[0] != "BY" or not parts[1] or set(parts[1]) - set(DIGITS) or len(parts[1]) > 12:
        raise PassRefused(_("这不是百业的签到码"))
    seat_id = int(parts[1], 36)
    if not hmac.compare_digest(_signature(seat_id), parts[2].encode("ascii", "replace").decode()):
        raise PassRefused(_("这个签到码不对，请让同学刷新后再扫"))
    return seat_id


def spoken(code: str) -> str:
    """A typed code as one reads it out: 7K3 Q92."""
    return f"{code[:3]} {code[3:]}"


def typed(text: str) -> str:
    """What somebody typed as a code: capitals, no spaces, full-width characters as the plain ones."""
    plain = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text)
    return "".join(plain.split()).replace("-", "").upper()


def _signature(seat_id: int) -> str:
    digest = bytes.fromhex(crypto.blind(f"pass of seat {seat_id}"))
    return base64.b32encode(digest).decode()[:SIGNATURE_CHARS]


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
    return digits or "0"

"""Secrets that people type: made of characters that cannot be taken for each other, kept as keyed digests alone."""

import re
import secrets

from baiye.core import crypto
from baiye.core.sheets.values import compact

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O 1 I L
LENGTH = 8


def make_code() -> str:
    """A personal code for a class card: one of 31⁸."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normal_code(text: str) -> str:
    """What was meant by a code as typed, in any case, with or without spaces and dashes; "" where it can be none."""
    code = re.sub(r"[\-_·.]", "", compact(text)).upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def shown(code: str) -> str:
    """``5C3K 92QF``: in two groups, as it stands on the card."""
    return f"{code[:4]} {code[4:]}"


def digest(code: str) -> str:
    return crypto.blind(f"pupil code {code}")


def make_phone_code() -> str:
    """Six digits for one text message."""
    return f"{secrets.randbelow(10**6):06d}"


def phone_digest(contact_id: int, code: str) -> str:
    """Bound to the roster's entry, so that a code never opens another one."""
    return crypto.blind(f"phone code {contact_id} {code}")

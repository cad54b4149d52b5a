"""Identifiers and phones at rest: encrypted (AES-256-GCM), and findable by a keyed digest (a blind index)."""

import hashlib
import hmac
import os
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


@cache
def _keys() -> tuple[AESGCM, bytes]:
    root = settings.FIELD_KEY.encode()
    encrypt = hashlib.sha256(b"baiye field encryption\0" + root).digest()
    return AESGCM(encrypt), hashlib.sha256(b"baiye blind index\0" + root).digest()


def encrypt(text: str) -> bytes:
    """``text`` as nonce (12 bytes) and ciphertext; the same text gives other bytes each time."""
    nonce = os.urandom(12)
    return nonce + _keys()[0].encrypt(nonce, text.encode(), None)


def decrypt(sealed: bytes) -> str:
    """The text; raises ``cryptography.exceptions.InvalidTag`` when it was tampered with or the key is another."""
    raw = bytes(sealed)
    return _keys()[0].decrypt(raw[:12], raw[12:], None).decode()


def blind(text: str) -> str:
    """A digest (64 hex) by which equal texts are found without storing them; useless without the key."""
    return hmac.new(_keys()[1], text.encode(), hashlib.sha256).hexdigest()


def encrypt_bytes(data: bytes) -> bytes:
    """Like `encrypt`, for what is no text."""
    nonce = os.urandom(12)
    return nonce + _keys()[0].encrypt(nonce, data, None)


def decrypt_bytes(sealed: bytes) -> bytes:
    """The bytes; raises like `decrypt`."""
    return _keys()[0].decrypt(sealed[:12], sealed[12:], None)

"""Secret links of applications: who has one follows the application, and may change what is not yet decided.

The token is a keyed digest of the request that made the application, so a repeated request gets the same link and
only a digest of the token is kept.
"""

from uuid import UUID

from baiye.core import crypto


def token_of(request: UUID) -> str:
    """The token in the link of the application that this request made; 160 bits, useless to guess without our key."""
    return crypto.blind(f"application link\0{request}")[:40]


def digest(token: str) -> str:
    """What is kept of a token."""
    return crypto.blind(f"application\0{token}")

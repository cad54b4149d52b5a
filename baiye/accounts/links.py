"""One-time links: the token stands in the link alone, its digest in the database."""

import secrets
from dataclasses import dataclass

from django.urls import reverse

from baiye.accounts.models import User
from baiye.core import channels, crypto


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link for ``user``; ``token`` is known here and to who gets the link, and nowhere else."""

    user: User
    token: str

    @property
    def path(self) -> str:
        return reverse("accounts:invitation", args=[self.token])

    @property
    def is_mailed(self) -> bool:
        """Whether it goes by mail too."""
        return bool(self.user.email) and channels.is_open("mail")


def make_token() -> str:
    """192 random bits, as they may stand in an address."""
    return secrets.token_urlsafe(24)


def digest(token: str) -> str:
    """What is kept of a token."""
    return crypto.blind(f"invitation\0{token}")

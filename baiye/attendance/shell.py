"""Which shell a page wears that both desks and phones open."""

from django.contrib.auth.models import AnonymousUser

from baiye.accounts.models import User


def shell_of(user: User | AnonymousUser) -> str:
    """The desk for who holds an office, the phone for pupils, guardians and class teachers, else the public page."""
    if not user.is_authenticated:
        return "core/public.html"
    return "core/desk.html" if user.kind == "staff" and user.held else "core/phone.html"

"""Which shell a page of the catalogue wears that families and everybody else open."""

from django.contrib.auth.models import AnonymousUser

from baiye.accounts.models import User


def shell_of(user: User | AnonymousUser) -> str:
    """The phone for families, the public page for everybody else."""
    on_the_phone = user.is_authenticated and user.kind != "staff"
    return "core/phone.html" if on_the_phone else "core/public.html"

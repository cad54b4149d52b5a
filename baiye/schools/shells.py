"""Which of the four shells a page of this room takes: the desk for offices, the phone for families and teachers."""

from baiye.accounts.models import User

DESK = frozenset({"school_coordinator", "coordinator", "district_officer"})


def shell_of(user: User) -> str:
    """The template that a page extends for ``user``."""
    return "core/desk.html" if user.kind == "staff" and user.roles & DESK else "core/phone.html"

"""What the database refuses, in the words of visits; nothing of the block is left behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from baiye.bookings.actions.presses import BookingRefused
from baiye.visits import hindrances
from baiye.visits.actions import SENTENCES


@contextmanager
def refused_in_words() -> Iterator[None]:
    """A constraint of seats and visits becomes a sentence; any other goes on."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        told = getattr(error.__cause__, "diag", None)
        name, why = getattr(told, "constraint_name", None), getattr(told, "message_detail", None)
        if name in hindrances.CONSTRAINTS:
            raise BookingRefused(hindrances.sentence(why or "", _("那天"))) from error
        if name not in SENTENCES:
            raise
        raise BookingRefused(str(SENTENCES[name])) from error

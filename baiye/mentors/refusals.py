"""How the actions of this room say no, and what the database says in words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.functional import Promise

from baiye.core.refusals import Refused


class MentorRefused(Refused):
    """It may not be done now; nothing was changed."""


@contextmanager
def in_words(sentences: Mapping[str, str | Promise]) -> Iterator[None]:
    """What a constraint of ``sentences`` refuses, as its sentence; nothing of the block is left behind."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if name not in sentences:
            raise
        raise MentorRefused(str(sentences[name])) from error

"""How an action says no: a sentence saying what is wrong and what to do; and where the person sees it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest


class Refused(Exception):
    """The action may not be done now; ``str()`` is the sentence to show, nothing was changed."""


@contextmanager
def refused_on(form: BaseForm, field: str | None = None) -> Iterator[None]:
    """A refusal ends the block and becomes an error of ``form``, or of one field, so nothing that was typed is lost."""
    try:
        yield
    except Refused as refusal:
        form.add_error(field, str(refusal))


@contextmanager
def refused_above(request: HttpRequest) -> Iterator[None]:
    """A refusal ends the block and is said above the next page."""
    try:
        yield
    except Refused as refusal:
        messages.error(request, str(refusal))

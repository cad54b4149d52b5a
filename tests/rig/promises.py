"""Breaking what the database promises, to see that it keeps it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, transaction


@contextmanager
def refused(name: str) -> Iterator[None]:
    """The block breaks the promise ``name``, and is undone."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    broken: Any = caught.value.__cause__
    assert broken.diag.constraint_name == name

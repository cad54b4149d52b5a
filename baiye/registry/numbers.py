"""Numbers of accreditations, one sequence a year: 普职体〔2026〕7号; examples have their own."""

import re
from datetime import date

from django.conf import settings
from django.db import connection

from baiye.registry.models import Accreditation

EXAMPLE = "示例〔{year}〕{n}号"
LOCK = 7_310_107  # of the sequence; any number that nothing else locks


def next_number(on: date, *, is_example: bool) -> str:
    """The next number of the year; the caller's transaction holds the sequence, so that none is skipped."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    pattern = EXAMPLE if is_example else settings.BAIYE_ACCREDITATION_NUMBER
    before, after = pattern.replace("{year}", str(on.year)).split("{n}")
    given = Accreditation.objects.filter(number__startswith=before, number__endswith=after)
    counted = [number[len(before) : len(number) - len(after)] for number in given.values_list("number", flat=True)]
    last = max((int(n) for n in counted if re.fullmatch(r"\d+", n)), default=0)
    return f"{before}{last + 1}{after}"

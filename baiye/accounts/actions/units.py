"""Units are made here, so that each gets its path."""

from django.db import connection, transaction

from baiye.accounts.models import Unit, User
from baiye.core import audit, pinyin


@transaction.atomic
def make_unit(
    *,
    parent: Unit | None,
    kind: str,
    name: str,
    by: User | None,
    short_name: str = "",
    is_example: bool = False,
    source: str = "",
) -> Unit:
    """Give the unit of this kind and name, made under ``parent`` if there is none yet (an importer may ask twice)."""
    if found := Unit.objects.filter(kind=kind, name=name).first():
        return found
    pk = _next_pk()
    unit = Unit.objects.create(
        pk=pk,
        parent=parent,
        kind=kind,
        name=name,
        short_name=short_name,
        pinyin=pinyin.key(name)[:240],
        path=f"{parent.path if parent else '/'}{pk}/",
        is_example=is_example,
        source=source,
    )
    audit.record("unit.made", by=by, on=unit, at_unit=unit.path)
    return unit


def _next_pk() -> int:
    """The number the next unit gets: its path holds it, so it is drawn first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('accounts_unit', 'id'))")
        return int(cursor.fetchone()[0])


def note_source(*, unit: Unit, source: str) -> None:
    """Write where what is known of ``unit`` comes from, when that has changed (for importers)."""
    if unit.source != source:
        Unit.objects.filter(pk=unit.pk).update(source=source)

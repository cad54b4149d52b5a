"""Whether the site is well."""

from django.db import OperationalError, connection


def database_answers() -> bool:
    """Ask the database for anything at all."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return False
    return True

"""Names and addresses that are alike: trigrams of the name without city, legal form and punctuation (pg_trgm)."""

from django.db.models import BooleanField, CharField, Func

LIKE = 0.4  # similarity from which two names are shown as perhaps the same


class NameKey(Func):
    """A name or address as it is compared; accounts_unit and registry_host have indexes on it."""

    function = "registry_name_key"
    output_field = CharField()


class Alike(Func):
    """Whether two keys share so many trigrams that they are worth comparing (0.3); the index finds these."""

    template = "(%(expressions)s)"
    arg_joiner = " %% "
    output_field = BooleanField()

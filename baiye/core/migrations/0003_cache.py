from django.db import migrations

TABLE = """
CREATE TABLE core_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX core_cache_expires ON core_cache (expires);
"""


class Migration(migrations.Migration):
    """The table of Django's database cache, as ``createcachetable`` makes it. A new table: locks nothing else."""

    dependencies = [("core", "0002_tables")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE core_cache")]

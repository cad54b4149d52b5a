from django.db import migrations

COUNT = """
-- Count so many tries of each key in one statement, so that those of the same moment are counted one after the other;
-- a window begins with its first try. How many there are in it now.
CREATE FUNCTION core_throttle_count(p_keys text[], p_counts integer[], p_per_s integer)
RETURNS TABLE (key text, hits integer)
LANGUAGE sql AS $$
  INSERT INTO core_throttle AS t (key, hits, until)
  SELECT tries.key, tries.n, clock_timestamp() + make_interval(secs => p_per_s)
  FROM unnest(p_keys, p_counts) AS tries (key, n)
  ORDER BY tries.key
  ON CONFLICT (key) DO UPDATE SET
    hits = CASE WHEN t.until <= clock_timestamp() THEN excluded.hits ELSE t.hits + excluded.hits END,
    until = CASE WHEN t.until <= clock_timestamp() THEN excluded.until ELSE t.until END
  RETURNING t.key, t.hits
$$;
"""


class Migration(migrations.Migration):
    """Tries are counted by a function, which others call in their own statement. Nothing else: no lock on a table."""

    dependencies = [("core", "0012_messages_not_copied_yet")]
    operations = [migrations.RunSQL(COUNT, "DROP FUNCTION core_throttle_count")]

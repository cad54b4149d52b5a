from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION core_grams(words text, sounds text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT gram), '{}') FROM (
    SELECT unnest(ARRAY[c[i], c[i] || c[i + 1]]) AS gram
    FROM (SELECT string_to_array(words, NULL) AS c) AS characters, generate_series(1, cardinality(c)) AS i
    UNION ALL
    SELECT unnest(ARRAY[
      '^' || left(s[i], 1), '^' || left(s[i], 1) || left(s[i + 1], 1),
      '^' || left(s[i], 1) || left(s[i + 1], 1) || left(s[i + 2], 1),
      '~' || left(spelt, 2), '~' || left(spelt, 3), '~' || left(spelt, 4), '~' || left(spelt, 6)])
    FROM (SELECT string_to_array(sounds, ' ') AS s) AS syllables, generate_series(1, cardinality(s)) AS i,
      LATERAL (SELECT array_to_string(s[i:i + 5], '') AS spelt) AS onwards
  ) AS every
  WHERE gram IS NOT NULL AND gram !~ '[ |]'
$$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION core_grams(words text, sounds text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT gram), '{}') FROM (
    SELECT unnest(ARRAY[c[i], c[i] || c[i + 1]]) AS gram
    FROM (SELECT string_to_array(words, NULL) AS c) AS characters, generate_series(1, cardinality(c)) AS i
    UNION ALL
    SELECT unnest(ARRAY[
      '^' || left(s[i], 1), '^' || left(s[i], 1) || left(s[i + 1], 1),
      '~' || left(spelt, 2), '~' || left(spelt, 3), '~' || left(spelt, 4), '~' || left(spelt, 6)])
    FROM (SELECT string_to_array(sounds, ' ') AS s) AS syllables, generate_series(1, cardinality(s)) AS i,
      LATERAL (SELECT array_to_string(s[i:i + 5], '') AS spelt) AS onwards
  ) AS every
  WHERE gram IS NOT NULL AND gram !~ '[ |]'
$$;
"""


class Migration(migrations.Migration):
    """`core_grams` gives three first letters in a row too, by which most find a name. One function, no lock.

    The rooms write their lines anew; until they have, three letters find nothing by first letters.
    """

    dependencies = [("core", "0008_uploads")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

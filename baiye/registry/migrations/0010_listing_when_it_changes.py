from django.db import migrations, models

FORWARD = """
CREATE OR REPLACE FUNCTION registry_list(p_host bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO registry_listing AS l
    (host_id, evidence, kind, street, trades, lon, lat, is_accessible, words, sounds, grams)
  SELECT h.id, h.evidence, h.kind, h.street, core_words(VARIADIC h.occupations::text[]),
    coalesce(h.lon, v.lon), coalesce(h.lat, v.lat), coalesce(v.is_accessible, false), said.words, u.pinyin,
    core_grams(said.words, u.pinyin)
  FROM registry_host h JOIN accounts_unit u ON u.id = h.unit_id
  CROSS JOIN LATERAL (
    SELECT core_words(u.name, u.short_name, h.address, h.street, h.kind, array_to_string(h.occupations, ' ')) AS words
  ) AS said
  LEFT JOIN LATERAL (
    SELECT (array_agg(lon ORDER BY id) FILTER (WHERE lon IS NOT NULL AND lat IS NOT NULL))[1] AS lon,
      (array_agg(lat ORDER BY id) FILTER (WHERE lon IS NOT NULL AND lat IS NOT NULL))[1] AS lat,
      bool_or('step_free' = ANY (access)) AS is_accessible
    FROM registry_venue WHERE host_id = h.id AND closed_on IS NULL AND NOT is_example
  ) AS v ON true
  WHERE h.id = p_host AND NOT u.is_example AND h.merged_into_id IS NULL
  ON CONFLICT (host_id) DO UPDATE SET
    (evidence, kind, street, trades, lon, lat, is_accessible, words, sounds, grams) =
    (excluded.evidence, excluded.kind, excluded.street, excluded.trades, excluded.lon, excluded.lat,
     excluded.is_accessible, excluded.words, excluded.sounds, excluded.grams);
  IF NOT FOUND THEN
    DELETE FROM registry_listing WHERE host_id = p_host;
  END IF;
END $$;

DROP TRIGGER host_is_listed_anew ON registry_host;
CREATE TRIGGER host_is_listed_anew AFTER UPDATE ON registry_host FOR EACH ROW
  WHEN ((OLD.unit_id, OLD.evidence, OLD.kind, OLD.street, OLD.address, OLD.occupations, OLD.lon, OLD.lat,
         OLD.merged_into_id) IS DISTINCT FROM
        (NEW.unit_id, NEW.evidence, NEW.kind, NEW.street, NEW.address, NEW.occupations, NEW.lon, NEW.lat,
         NEW.merged_into_id))
  EXECUTE FUNCTION registry_list_host();

DROP TRIGGER host_is_listed_by_its_name ON accounts_unit;
CREATE TRIGGER host_is_listed_by_its_name AFTER UPDATE ON accounts_unit FOR EACH ROW
  WHEN (NEW.kind = 'host' AND (OLD.name, OLD.short_name, OLD.pinyin, OLD.is_example) IS DISTINCT FROM
                              (NEW.name, NEW.short_name, NEW.pinyin, NEW.is_example))
  EXECUTE FUNCTION registry_list_unit();

CREATE OR REPLACE FUNCTION registry_list_venue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM registry_list(host) FROM (SELECT OLD.host_id UNION SELECT NEW.host_id) AS each (host) WHERE host IS NOT NULL;
  RETURN NULL;
END $$;
DROP TRIGGER host_is_listed_where_its_venues_are ON registry_venue;
CREATE TRIGGER host_is_listed_where_its_venues_are AFTER INSERT OR DELETE ON registry_venue
  FOR EACH ROW EXECUTE FUNCTION registry_list_venue();
CREATE TRIGGER host_is_listed_where_its_venues_move AFTER UPDATE ON registry_venue FOR EACH ROW
  WHEN ((OLD.host_id, OLD.lon, OLD.lat, OLD.access, OLD.closed_on, OLD.is_example) IS DISTINCT FROM
        (NEW.host_id, NEW.lon, NEW.lat, NEW.access, NEW.closed_on, NEW.is_example))
  EXECUTE FUNCTION registry_list_venue();
"""


class Migration(migrations.Migration):
    """A line of the register is written when what it says changes, and knows the name by sound once.

    ACCESS EXCLUSIVE on the lines while a column goes, SHARE while the index is made anew; SHARE ROW EXCLUSIVE on hosts,
    units and venues: all brief.
    """

    dependencies = [("registry", "0009_listing_by_three_letters_and_place")]
    operations = [
        migrations.RunSQL(FORWARD),
        migrations.RemoveIndex("listing", "listing_in_order"),
        migrations.RemoveField("listing", "sort"),
        migrations.AddIndex("listing", models.Index(fields=["evidence", "sounds", "host"], name="listing_in_order")),
    ]

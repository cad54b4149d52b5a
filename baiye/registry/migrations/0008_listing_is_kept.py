from django.db import migrations

FORWARD = """
CREATE FUNCTION registry_list(p_host bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO registry_listing AS l
    (host_id, evidence, kind, street, trades, sort, lon, lat, is_accessible, words, sounds, grams)
  SELECT h.id, h.evidence, h.kind, h.street, core_words(VARIADIC h.occupations::text[]), u.pinyin,
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
    (evidence, kind, street, trades, sort, lon, lat, is_accessible, words, sounds, grams) =
    (excluded.evidence, excluded.kind, excluded.street, excluded.trades, excluded.sort, excluded.lon, excluded.lat,
     excluded.is_accessible, excluded.words, excluded.sounds, excluded.grams);
  IF NOT FOUND THEN
    DELETE FROM registry_listing WHERE host_id = p_host;
  END IF;
END $$;

CREATE FUNCTION registry_list_host() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM registry_list(NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER host_is_listed AFTER INSERT ON registry_host FOR EACH ROW EXECUTE FUNCTION registry_list_host();
CREATE TRIGGER host_is_listed_anew AFTER UPDATE ON registry_host FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION registry_list_host();

CREATE FUNCTION registry_list_unit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM registry_list(h.id) FROM registry_host h WHERE h.unit_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER host_is_listed_by_its_name AFTER UPDATE OF name, short_name, pinyin, is_example ON accounts_unit
  FOR EACH ROW WHEN (NEW.kind = 'host') EXECUTE FUNCTION registry_list_unit();

CREATE FUNCTION registry_list_venue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM registry_list(OLD.host_id); END IF;
  IF TG_OP <> 'DELETE' THEN PERFORM registry_list(NEW.host_id); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER host_is_listed_where_its_venues_are AFTER INSERT OR UPDATE OR DELETE ON registry_venue
  FOR EACH ROW EXECUTE FUNCTION registry_list_venue();

SELECT registry_list(id) FROM registry_host;
"""
BACKWARD = """
DROP TRIGGER host_is_listed_where_its_venues_are ON registry_venue;
DROP TRIGGER host_is_listed_by_its_name ON accounts_unit;
DROP TRIGGER host_is_listed_anew ON registry_host;
DROP TRIGGER host_is_listed ON registry_host;
DROP FUNCTION registry_list_venue, registry_list_unit, registry_list_host, registry_list;
"""


class Migration(migrations.Migration):
    """Triggers keep the register's lines as hosts, their names and venues change; those that are there are written now.

    A venue that closes on a later day counts as closed at once: where a host lies is looked up before that day.
    SHARE ROW EXCLUSIVE on hosts, units and venues, brief.
    """

    dependencies = [("registry", "0007_listing")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

from django.db import migrations

LACKS = """
CREATE FUNCTION registry_lacks_document({more}p_host bigint, p_needs text[], p_from date, p_until date) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT needed.kind FROM unnest(p_needs) WITH ORDINALITY AS needed(kind, place)
  WHERE NOT EXISTS (
    SELECT 1 FROM registry_hostdocument d
    WHERE d.host_id = p_host AND d.kind = needed.kind AND d.accepted_at IS NOT NULL{which}
      AND d.valid_from <= p_from AND (d.valid_until IS NULL OR d.valid_until >= p_until))
  ORDER BY needed.place LIMIT 1
$$;
"""
HINDERS = """
CREATE FUNCTION registry_hinders(p_host bigint, p_from date, p_until date{more}) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  held record;
  lacks text;
  answer text := 'accreditation';
BEGIN
  FOR held IN
    SELECT s.needs FROM registry_accreditation a JOIN registry_standard s ON s.id = a.standard_id
    WHERE a.host_id = p_host AND a.valid_from <= p_from AND a.valid_until >= p_until
      AND (a.suspended_on IS NULL OR a.suspended_on > p_until)
      AND (a.revoked_on IS NULL OR a.revoked_on > p_until)
    ORDER BY a.id
  LOOP
    lacks := registry_lacks_document({venue}p_host, held.needs::text[], p_from, p_until);
    IF lacks IS NULL THEN
      RETURN NULL;
    END IF;
    answer := 'document:' || lacks;
  END LOOP;
  RETURN answer;
END $$;
"""
FORWARD = (
    "DROP FUNCTION registry_hinders(bigint, date, date);\n"
    "DROP FUNCTION registry_lacks_document(bigint, text[], date, date);\n"
    + LACKS.format(more="p_venue bigint, ", which="\n      AND (d.venue_id IS NULL OR d.venue_id = p_venue)")
    + HINDERS.format(more=", p_venue bigint DEFAULT NULL", venue="p_venue, ")
)
BACKWARD = (
    "DROP FUNCTION registry_hinders(bigint, date, date, bigint);\n"
    "DROP FUNCTION registry_lacks_document(bigint, bigint, text[], date, date);\n"
    + LACKS.format(more="", which="")
    + HINDERS.format(more="", venue="")
)


class Migration(migrations.Migration):
    """A paper of one venue counts for that venue alone, one of the whole host for each. Functions only; no lock.

    Who asks `registry_hinders` without a venue is told of the papers of the whole host.
    """

    dependencies = [("registry", "0012_inspection_without_what_nobody_wrote")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

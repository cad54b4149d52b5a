from django.db import migrations

FIXED = """
CREATE FUNCTION registry_row_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% % stays as it is', TG_TABLE_NAME, OLD.id
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER application_step_stays BEFORE UPDATE OR DELETE ON registry_step
  FOR EACH ROW EXECUTE FUNCTION registry_row_is_fixed();
CREATE TRIGGER measure_stays BEFORE UPDATE OR DELETE ON registry_measure
  FOR EACH ROW EXECUTE FUNCTION registry_row_is_fixed();
CREATE TRIGGER signature_stays BEFORE UPDATE OR DELETE ON registry_signature
  FOR EACH ROW EXECUTE FUNCTION registry_row_is_fixed();
CREATE TRIGGER decision_in_force_stays BEFORE UPDATE OR DELETE ON registry_decision
  FOR EACH ROW WHEN (OLD.in_force_at IS NOT NULL) EXECUTE FUNCTION registry_row_is_fixed();
CREATE TRIGGER inspection_signed_by_two_stays BEFORE UPDATE OR DELETE ON registry_inspection
  FOR EACH ROW WHEN (OLD.second_at IS NOT NULL) EXECUTE FUNCTION registry_row_is_fixed();
CREATE TRIGGER appeal_answered_stays BEFORE UPDATE OR DELETE ON registry_appeal
  FOR EACH ROW WHEN (OLD.answered_at IS NOT NULL) EXECUTE FUNCTION registry_row_is_fixed();

CREATE FUNCTION registry_standard_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'withdrawn_on') <> (to_jsonb(OLD) - 'withdrawn_on') THEN
    RAISE EXCEPTION 'published standard % never changes', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'published_standard_never_changes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER published_standard_never_changes BEFORE UPDATE OR DELETE ON registry_standard
  FOR EACH ROW WHEN (OLD.published_on IS NOT NULL) EXECUTE FUNCTION registry_standard_changes();

CREATE FUNCTION registry_indicator_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM registry_standard
             WHERE id IN (OLD.standard_id, NEW.standard_id) AND published_on IS NOT NULL) THEN
    RAISE EXCEPTION 'the indicators of a published standard never change'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'published_standard_keeps_its_indicators';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER published_standard_keeps_its_indicators BEFORE INSERT OR UPDATE OR DELETE ON registry_indicator
  FOR EACH ROW EXECUTE FUNCTION registry_indicator_changes();

CREATE FUNCTION registry_finding_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM registry_inspection
             WHERE id IN (OLD.inspection_id, NEW.inspection_id) AND second_at IS NOT NULL) THEN
    RAISE EXCEPTION 'what an inspection signed by two people found stays as it is'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'inspection_signed_by_two_keeps_its_findings';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER score_stays_once_signed BEFORE INSERT OR UPDATE OR DELETE ON registry_score
  FOR EACH ROW EXECUTE FUNCTION registry_finding_changes();
CREATE TRIGGER photo_stays_once_signed BEFORE INSERT OR UPDATE OR DELETE ON registry_photo
  FOR EACH ROW EXECUTE FUNCTION registry_finding_changes();
"""
HINDERS = """
CREATE FUNCTION registry_lacks_document(p_host bigint, p_needs text[], p_from date, p_until date) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT needed.kind FROM unnest(p_needs) WITH ORDINALITY AS needed(kind, place)
  WHERE NOT EXISTS (
    SELECT 1 FROM registry_hostdocument d
    WHERE d.host_id = p_host AND d.kind = needed.kind AND d.accepted_at IS NOT NULL
      AND d.valid_from <= p_from AND (d.valid_until IS NULL OR d.valid_until >= p_until))
  ORDER BY needed.place LIMIT 1
$$;
CREATE FUNCTION registry_hinders(p_host bigint, p_from date, p_until date) RETURNS text
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
    lacks := registry_lacks_document(p_host, held.needs::text[], p_from, p_until);
    IF lacks IS NULL THEN
      RETURN NULL;
    END IF;
    answer := 'document:' || lacks;
  END LOOP;
  RETURN answer;
END $$;
"""
BACKWARD = """
DROP FUNCTION registry_hinders, registry_lacks_document;
DROP TRIGGER photo_stays_once_signed ON registry_photo;
DROP TRIGGER score_stays_once_signed ON registry_score;
DROP TRIGGER published_standard_keeps_its_indicators ON registry_indicator;
DROP TRIGGER published_standard_never_changes ON registry_standard;
DROP TRIGGER appeal_answered_stays ON registry_appeal;
DROP TRIGGER inspection_signed_by_two_stays ON registry_inspection;
DROP TRIGGER decision_in_force_stays ON registry_decision;
DROP TRIGGER signature_stays ON registry_signature;
DROP TRIGGER measure_stays ON registry_measure;
DROP TRIGGER application_step_stays ON registry_step;
DROP FUNCTION registry_finding_changes, registry_indicator_changes, registry_standard_changes, registry_row_is_fixed;
"""


class Migration(migrations.Migration):
    """What was published, signed or decided stays; `registry_hinders` says why a host may not receive, or NULL.

    `registry_hinders(host, from, until)` is "accreditation", "document:<kind>" or NULL; nobody calls it yet.
    SHARE ROW EXCLUSIVE on the tables named, brief.
    """

    dependencies = [("registry", "0003_a_hosts_life")]
    operations = [migrations.RunSQL(FIXED + HINDERS, BACKWARD)]

from django.db import migrations

FORWARD = """
CREATE FUNCTION incidents_row_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% % stays as it is', TG_TABLE_NAME, OLD.id
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER incident_is_never_deleted BEFORE DELETE ON incidents_incident
  FOR EACH ROW EXECUTE FUNCTION incidents_row_is_fixed();
CREATE TRIGGER incident_report_never_changes BEFORE UPDATE ON incidents_incident
  FOR EACH ROW WHEN (
    (NEW.id, NEW.request, NEW.kind, NEW.unit_id, NEW.host_id, NEW.visit_id, NEW.happened_at, NEW.place, NEW.what_sealed,
     NEW.done_sealed, NEW.told, NEW.reported_at, NEW.reported_by_id)
    IS DISTINCT FROM
    (OLD.id, OLD.request, OLD.kind, OLD.unit_id, OLD.host_id, OLD.visit_id, OLD.happened_at, OLD.place, OLD.what_sealed,
     OLD.done_sealed, OLD.told, OLD.reported_at, OLD.reported_by_id))
  EXECUTE FUNCTION incidents_row_is_fixed();
CREATE TRIGGER incident_step_stays BEFORE UPDATE OR DELETE ON incidents_step
  FOR EACH ROW EXECUTE FUNCTION incidents_row_is_fixed();
CREATE TRIGGER incident_photo_stays BEFORE UPDATE OR DELETE ON incidents_incidentphoto
  FOR EACH ROW EXECUTE FUNCTION incidents_row_is_fixed();
CREATE TRIGGER concerned_stays BEFORE UPDATE OR DELETE ON incidents_concerned
  FOR EACH ROW EXECUTE FUNCTION incidents_row_is_fixed();
CREATE TRIGGER complaint_is_never_deleted BEFORE DELETE ON incidents_complaint
  FOR EACH ROW EXECUTE FUNCTION incidents_row_is_fixed();
CREATE TRIGGER complaint_never_changes BEFORE UPDATE ON incidents_complaint
  FOR EACH ROW WHEN (
    (NEW.id, NEW.request, NEW.digest, NEW.kind, NEW.unit_id, NEW.host_id, NEW.text_sealed, NEW.contact_sealed,
     NEW.made_at, NEW.made_by_id)
    IS DISTINCT FROM
    (OLD.id, OLD.request, OLD.digest, OLD.kind, OLD.unit_id, OLD.host_id, OLD.text_sealed, OLD.contact_sealed,
     OLD.made_at, OLD.made_by_id)
    OR OLD.answered_at IS NOT NULL
       AND (NEW.answered_at, NEW.answered_by_id, NEW.upheld, NEW.answer)
           IS DISTINCT FROM (OLD.answered_at, OLD.answered_by_id, OLD.upheld, OLD.answer)
    OR OLD.final_at IS NOT NULL)
  EXECUTE FUNCTION incidents_row_is_fixed();
"""
BACKWARD = """
DROP TRIGGER complaint_never_changes ON incidents_complaint;
DROP TRIGGER complaint_is_never_deleted ON incidents_complaint;
DROP TRIGGER concerned_stays ON incidents_concerned;
DROP TRIGGER incident_photo_stays ON incidents_incidentphoto;
DROP TRIGGER incident_step_stays ON incidents_step;
DROP TRIGGER incident_report_never_changes ON incidents_incident;
DROP TRIGGER incident_is_never_deleted ON incidents_incident;
DROP FUNCTION incidents_row_is_fixed;
"""


class Migration(migrations.Migration):
    """What was reported, done and answered never changes. SHARE ROW EXCLUSIVE on new tables."""

    dependencies = [("incidents", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

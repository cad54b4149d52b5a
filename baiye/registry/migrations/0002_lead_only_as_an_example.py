from django.db import migrations

FORWARD = """
CREATE FUNCTION registry_accreditation_of_a_lead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT NEW.is_example AND EXISTS (SELECT 1 FROM registry_host WHERE id = NEW.host_id AND evidence = 'lead') THEN
    RAISE EXCEPTION 'host % is a lead, nothing proves that it receives pupils', NEW.host_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'accreditation_of_a_lead_only_as_an_example';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accreditation_of_a_lead_only_as_an_example BEFORE INSERT OR UPDATE ON registry_accreditation
  FOR EACH ROW EXECUTE FUNCTION registry_accreditation_of_a_lead();
"""
BACKWARD = """
DROP TRIGGER accreditation_of_a_lead_only_as_an_example ON registry_accreditation;
DROP FUNCTION registry_accreditation_of_a_lead();
"""


class Migration(migrations.Migration):
    """A lead (线索) is accredited as an example or not at all. SHARE ROW EXCLUSIVE on registry_accreditation, brief."""

    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

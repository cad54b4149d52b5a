from django.db import migrations

FORWARD = """
CREATE FUNCTION core_file_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.name, NEW.media_type, NEW.size, NEW.sha256, NEW.made_by_id, NEW.made_at)
     IS DISTINCT FROM (OLD.id, OLD.name, OLD.media_type, OLD.size, OLD.sha256, OLD.made_by_id, OLD.made_at)
     OR OLD.emptied_at IS NOT NULL
     OR NEW.sealed IS DISTINCT FROM OLD.sealed AND NOT (NEW.emptied_at IS NOT NULL AND length(NEW.sealed) = 0) THEN
    RAISE EXCEPTION 'file % keeps its bytes until it is emptied', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'file_keeps_its_bytes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER file_keeps_its_bytes BEFORE UPDATE ON core_file
  FOR EACH ROW EXECUTE FUNCTION core_file_changes();
"""
BACKWARD = "DROP TRIGGER file_keeps_its_bytes ON core_file; DROP FUNCTION core_file_changes();"


class Migration(migrations.Migration):
    """A file keeps its bytes until it is emptied. SHARE ROW EXCLUSIVE on core_file, brief."""

    dependencies = [("core", "0005_files")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

from django.db import migrations

FORWARD = """
CREATE FUNCTION catalogue_version_is_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'version % of course % is published', OLD.number, OLD.course_id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'course_version_published_never_changes';
END $$;
CREATE TRIGGER course_version_published_never_changes BEFORE UPDATE OR DELETE ON catalogue_courseversion
  FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION catalogue_version_is_published();
"""
BACKWARD = """
DROP TRIGGER course_version_published_never_changes ON catalogue_courseversion;
DROP FUNCTION catalogue_version_is_published();
"""


class Migration(migrations.Migration):
    """Visits, hours and portfolios hold on to a version, so it stays. SHARE ROW EXCLUSIVE on the table, brief."""

    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

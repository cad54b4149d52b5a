from django.db import migrations

FORWARD = """
DROP TRIGGER course_is_listed_by_its_host ON accounts_unit;
CREATE TRIGGER course_is_listed_by_its_host AFTER UPDATE ON accounts_unit FOR EACH ROW
  WHEN (NEW.kind = 'host' AND (OLD.name, OLD.short_name, OLD.pinyin) IS DISTINCT FROM
                              (NEW.name, NEW.short_name, NEW.pinyin))
  EXECUTE FUNCTION catalogue_list_of_unit();
"""
BACKWARD = """
DROP TRIGGER course_is_listed_by_its_host ON accounts_unit;
CREATE TRIGGER course_is_listed_by_its_host AFTER UPDATE OF name, short_name, pinyin ON accounts_unit
  FOR EACH ROW WHEN (NEW.kind = 'host') EXECUTE FUNCTION catalogue_list_of_unit();
"""


class Migration(migrations.Migration):
    """The lines of a host's courses are written when its name changes. SHARE ROW EXCLUSIVE on units, brief."""

    dependencies = [("catalogue", "0013_listing_by_stage")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

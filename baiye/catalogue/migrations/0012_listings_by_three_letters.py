from django.db import migrations

FORWARD = """
UPDATE catalogue_courselisting SET grams = core_grams(words, sounds);
UPDATE catalogue_occupationlisting SET grams = core_grams(words, sounds);
"""


class Migration(migrations.Migration):
    """The lines of courses and occupations know three first letters in a row. ROW EXCLUSIVE, seconds for 50,000."""

    dependencies = [("catalogue", "0011_course_listing_is_kept"), ("core", "0009_grams_of_three")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]

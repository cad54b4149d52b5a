from django.db import migrations, models


class Migration(migrations.Migration):
    """What earlier rounds owe a pupil, and this one. Two columns with constant defaults: no row is rewritten."""

    dependencies = [("rounds", "0004_places_by_a_known_policy")]

    operations = [
        migrations.AddField("runpupil", "owed_before", models.PositiveIntegerField(db_default=0)),
        migrations.AddField("runpupil", "owed_after", models.PositiveIntegerField(db_default=0)),
    ]

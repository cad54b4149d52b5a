from django.db import migrations, models


class Migration(migrations.Migration):
    """An index alone says which hosts have a course for a stage. SHARE while it is made, brief."""

    dependencies = [("catalogue", "0012_listings_by_three_letters")]
    operations = [
        migrations.AddIndex(
            "courselisting",
            models.Index(fields=["host", "is_example", "grade_from", "grade_to"], name="courselisting_by_stage"),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table, filled as each run ends; runs that ended before it are computed anew. Locks nothing in use."""

    dependencies = [
        ("rounds", "0002_wishes_keep_their_promises"),
        ("schools", "0002_consent_and_notes"),
    ]

    operations = [
        migrations.CreateModel(
            name="RunPupil",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.PositiveSmallIntegerField()),
                ("wished", models.PositiveSmallIntegerField()),
                ("filled", models.PositiveSmallIntegerField()),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="run_lots", to="schools.pupil"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pupils", to="rounds.run"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "pupil"), name="run_pupil_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lte", models.F("wished")), ("wished__lte", models.F("filled"))),
                        name="run_pupil_counts_in_order",
                    ),
                ],
            },
        ),
    ]

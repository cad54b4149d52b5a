import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What the public register is searched by. New table: locks nothing else."""

    dependencies = [("registry", "0006_inspection_to_appeal"), ("core", "0007_grams")]
    operations = [
        migrations.CreateModel(
            name="Listing",
            fields=[
                ("words", models.TextField()),
                ("sounds", models.TextField()),
                ("grams", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                (
                    "host",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="listing",
                        serialize=False,
                        to="registry.host",
                    ),
                ),
                ("evidence", models.CharField(max_length=10)),
                ("kind", models.CharField(max_length=20)),
                ("street", models.CharField(blank=True, max_length=40)),
                ("trades", models.TextField(blank=True)),
                ("sort", models.TextField(blank=True)),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("is_accessible", models.BooleanField(default=False)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["grams"], name="listing_by_grams"
                    ),
                    models.Index(fields=["evidence", "sort", "host"], name="listing_in_order"),
                ],
            },
        ),
    ]

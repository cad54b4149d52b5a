import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


def searched(grams: str) -> tuple[list[tuple[str, models.Field]], models.Index]:
    """The columns and the index of `core.search.Searched`."""
    columns = [
        ("words", models.TextField()),
        ("sounds", models.TextField()),
        ("grams", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
    ]
    return columns, django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["grams"], name=grams)


def one_to_one(to: str, name: str = "listing", *, key: bool = False) -> models.OneToOneField:
    cascade = django.db.models.deletion.CASCADE
    return (
        models.OneToOneField(to, cascade, primary_key=True, serialize=False, related_name=name)
        if key
        else models.OneToOneField(to, cascade, related_name=name)
    )


COURSE, BY_COURSE = searched("courselisting_by_grams")
OCCUPATION, BY_OCCUPATION = searched("occupationlisting_by_grams")


class Migration(migrations.Migration):
    """What courses and occupations are searched by. New tables: locks nothing else."""

    dependencies = [
        ("catalogue", "0006_no_course_without_a_review"),
        ("core", "0007_grams"),
        ("registry", "0007_listing"),
    ]
    operations = [
        migrations.CreateModel(
            name="OccupationListing",
            fields=[*OCCUPATION, ("occupation", one_to_one("catalogue.occupation", key=True))],
            options={"abstract": False, "indexes": [BY_OCCUPATION]},
        ),
        migrations.CreateModel(
            name="CourseListing",
            fields=[
                *COURSE,
                ("course", one_to_one("catalogue.course", key=True)),
                ("version", one_to_one("catalogue.courseversion")),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.host"
                    ),
                ),
                ("is_example", models.BooleanField()),
                ("riasec", models.CharField(max_length=1)),
                ("grade_from", models.PositiveSmallIntegerField()),
                ("grade_to", models.PositiveSmallIntegerField()),
                ("occupation", models.TextField(blank=True)),
                ("sort", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    BY_COURSE,
                    models.Index(fields=["is_example", "sort", "course"], name="courselisting_in_order"),
                ],
            },
        ),
    ]

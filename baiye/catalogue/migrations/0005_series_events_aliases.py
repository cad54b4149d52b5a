import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """New tables for series, reported events and older codes; locks nothing that is in use."""

    dependencies = [
        ("accounts", "0002_only_staff_hold_grants"),
        ("catalogue", "0004_reviews"),
        ("core", "0005_files"),
        ("registry", "0003_a_hosts_life"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OccupationAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True)),
                ("valid_from", models.DateField()),
                ("source", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="ReportedEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=30)),
                ("held", models.CharField(blank=True, max_length=60)),
                ("hours", models.CharField(blank=True, max_length=40)),
                ("place", models.CharField(blank=True, max_length=120)),
                ("organiser", models.CharField(blank=True, max_length=120)),
                ("audience", models.CharField(blank=True, max_length=60)),
                ("attended", models.CharField(blank=True, max_length=40)),
                ("capacity", models.CharField(blank=True, max_length=40)),
                ("note", models.TextField(blank=True)),
                ("trust", models.CharField(max_length=1)),
                ("source", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=40, unique=True)),
                ("title", models.CharField(max_length=60)),
                ("about", models.CharField(blank=True, max_length=400)),
                ("glyph", models.CharField(max_length=1)),
                (
                    "riasec",
                    models.CharField(
                        choices=[
                            ("R", "动手"),
                            ("I", "探究"),
                            ("A", "创意"),
                            ("S", "助人"),
                            ("E", "经营"),
                            ("C", "条理"),
                        ],
                        max_length=1,
                    ),
                ),
                ("trust", models.CharField(blank=True, max_length=1)),
                ("source", models.TextField(blank=True)),
                ("published_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SeriesStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                ("note", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["place"],
            },
        ),
        migrations.AddField(
            model_name="occupationalias",
            name="occupation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="aliases", to="catalogue.occupation"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportedevent",
            constraint=models.UniqueConstraint(fields=("title", "held"), name="reported_event_once"),
        ),
        migrations.AddConstraint(
            model_name="reportedevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("trust__in", ["A", "B", "C"]), models.Q(("source", ""), _negated=True)),
                name="reported_event_from_a_usable_source",
            ),
        ),
        migrations.AddField(
            model_name="series",
            name="published_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="series",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="series", to="accounts.unit"
            ),
        ),
        migrations.AddField(
            model_name="seriesstep",
            name="course",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="series_steps",
                to="catalogue.course",
            ),
        ),
        migrations.AddField(
            model_name="seriesstep",
            name="reported",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="series_steps",
                to="catalogue.reportedcourse",
            ),
        ),
        migrations.AddField(
            model_name="seriesstep",
            name="series",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="catalogue.series"
            ),
        ),
        migrations.AddConstraint(
            model_name="occupationalias",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="occupation_alias_has_a_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at", None), ("published_by", None)),
                    models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                    _connector="OR",
                ),
                name="series_published_by_whom_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source", ""), ("trust", "")),
                    models.Q(("trust__in", ["A", "B", "C"]), models.Q(("source", ""), _negated=True)),
                    _connector="OR",
                ),
                name="series_reported_with_its_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("title", ""), _negated=True), models.Q(("glyph", ""), _negated=True)),
                name="series_has_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="seriesstep",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("series", "place"),
                name="series_step_has_its_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="seriesstep",
            constraint=models.UniqueConstraint(fields=("series", "course"), name="series_has_a_course_once"),
        ),
        migrations.AddConstraint(
            model_name="seriesstep",
            constraint=models.UniqueConstraint(fields=("series", "reported"), name="series_has_a_report_once"),
        ),
        migrations.AddConstraint(
            model_name="seriesstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("course", None), ("reported__isnull", False)),
                    models.Q(("course__isnull", False), ("reported", None)),
                    _connector="OR",
                ),
                name="series_step_is_a_course_or_a_report",
            ),
        ),
    ]

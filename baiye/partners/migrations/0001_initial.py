import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Pledges of hosts. No lock: a new table."""

    initial = True

    dependencies = [
        ("registry", "0006_inspection_to_appeal"),
        ("schools", "0002_consent_and_notes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Pledge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("places", "学生名额（人次）"),
                            ("half_days", "开放半天数"),
                            ("people", "带教人员（人）"),
                            ("equipment", "设备和材料"),
                        ],
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=60)),
                ("quantity", models.PositiveIntegerField()),
                ("note", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("handed_over_on", models.DateField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_because", models.CharField(blank=True, max_length=200)),
                (
                    "handed_over_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pledges", to="registry.host"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pledges", to="schools.term"
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("host", "term", "kind", "title"),
                        name="pledge_once_a_term",
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 1)), name="pledge_of_something"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "equipment"), models.Q(("title", ""), _negated=True)),
                            models.Q(models.Q(("kind", "equipment"), _negated=True), ("title", "")),
                            _connector="OR",
                        ),
                        name="pledge_equipment_has_a_name_and_only_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handed_over_by", None), ("handed_over_on", None)),
                            models.Q(
                                ("handed_over_by__isnull", False),
                                ("handed_over_on__isnull", False),
                                ("kind", "equipment"),
                            ),
                            _connector="OR",
                        ),
                        name="pledge_handed_over_by_whom_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at", None), ("withdrawn_because", ""), ("withdrawn_by", None)),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                models.Q(("withdrawn_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="pledge_withdrawn_by_whom_when_and_why",
                    ),
                ],
            },
        ),
    ]

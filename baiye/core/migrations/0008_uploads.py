import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Sheets that people hand in for import. No lock: a new table."""

    dependencies = [
        ("core", "0007_grams"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.UUIDField(unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("language", models.CharField(blank=True, max_length=10)),
                ("file_name", models.CharField(max_length=120)),
                ("file_sealed", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("checked_at", models.DateTimeField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("findings_sealed", models.BinaryField(default=b"")),
                ("refused", models.CharField(blank=True, max_length=400)),
                ("asked_at", models.DateTimeField(null=True)),
                ("stopped", models.CharField(blank=True, max_length=400)),
                ("applied_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["made_by", "kind", "-made_at"], name="upload_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("applied_at", None),
                            models.Q(("asked_at__isnull", False), ("checked_at__isnull", False), ("refused", "")),
                            _connector="OR",
                        ),
                        name="upload_applied_only_when_checked_and_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("applied_at", None), ("file_sealed", b""), _connector="OR"),
                        name="upload_emptied_once_applied",
                    ),
                ],
            },
        ),
    ]

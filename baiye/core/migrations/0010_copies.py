import datetime

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which channels carry a copy of a message and when it leaves; what people prefer.

    New columns are empty or have a default, so each table is locked for a moment only.
    """

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("core", "0009_grams_of_three"),
    ]
    operations = [
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("mail", models.BooleanField(default=True)),
                ("wecom", models.BooleanField(default=True)),
                ("sms", models.BooleanField(default=True)),
                ("quiet_from", models.TimeField(default=datetime.time(21, 0))),
                ("quiet_to", models.TimeField(default=datetime.time(7, 0))),
                ("digest", models.BooleanField(default=True)),
            ],
        ),
        migrations.AddField(
            model_name="delivery",
            name="leaves_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name="delivery",
            name="unit_path",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(model_name="delivery", name="withdrawn_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="message", name="copied_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="message",
            name="in_digest",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="gathered",
                to="core.message",
            ),
        ),
        migrations.AddField(model_name="message", name="needed_by", field=models.DateTimeField(null=True)),
        migrations.AlterField(
            model_name="delivery",
            name="channel",
            field=models.CharField(choices=[("sms", "短信"), ("mail", "邮件"), ("wecom", "企业微信")], max_length=10),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("failed_at__isnull", False)), fields=["-failed_at"], name="delivery_that_failed"
            ),
        ),
        migrations.AddIndex(model_name="delivery", index=models.Index(fields=["-made_at"], name="delivery_by_time")),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at", None),
                    models.Q(("delivered_at", None), ("failed_at", None)),
                    _connector="OR",
                ),
                name="delivery_withdrawn_only_before_it_left",
            ),
        ),
    ]

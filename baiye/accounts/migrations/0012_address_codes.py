import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Codes that prove an address for messages. A new table: locks nothing else."""

    dependencies = [("accounts", "0011_wecom")]
    operations = [
        migrations.CreateModel(
            name="AddressCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(choices=[("mail", "邮箱"), ("wecom", "企业微信账号")], max_length=10),
                ),
                ("address", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="address_codes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("tries__lte", 5)), name="address_code_five_tries"),
                    models.UniqueConstraint(
                        condition=models.Q(("used_at", None)),
                        fields=("user", "channel"),
                        name="address_code_one_open_each",
                    ),
                ],
            },
        ),
    ]

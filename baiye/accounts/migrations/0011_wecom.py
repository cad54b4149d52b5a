from django.db import migrations, models


class Migration(migrations.Migration):
    """By which userid WeCom knows a person. A column with a default: the table is locked for a moment."""

    dependencies = [("accounts", "0010_api_keys")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="wecom_id",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]

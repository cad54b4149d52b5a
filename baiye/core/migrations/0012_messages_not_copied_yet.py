from django.db import migrations, models


class Migration(migrations.Migration):
    """A job that copies a message finds it by its key, however many there are. SHARE while it is made."""

    dependencies = [("core", "0011_messages_before_are_copied")]
    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("copied_at", None)), fields=["key"], name="message_not_copied_yet"),
        ),
    ]

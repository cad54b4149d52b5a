from django.db import migrations


class Migration(migrations.Migration):
    """What was sent before counts as copied: no digest takes it up. Rewrites the messages there are, once."""

    dependencies = [("core", "0010_copies")]
    operations = [
        migrations.RunSQL("UPDATE core_message SET copied_at = sent_at WHERE copied_at IS NULL", migrations.RunSQL.noop)
    ]

"""An inspection loses two columns that nothing wrote: a note, and when scores came in. ACCESS EXCLUSIVE, brief."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_penalty_checks")]
    operations = [
        migrations.RemoveField("inspection", "note"),
        migrations.RemoveField("inspection", "saved_at"),
    ]

from django.db import migrations


class Migration(migrations.Migration):
    """Nobody was ever put in charge of a complaint: every handler may answer. ACCESS EXCLUSIVE, for a moment."""

    dependencies = [("incidents", "0002_reports_never_change")]

    operations = [migrations.RemoveField(model_name="complaint", name="owner")]

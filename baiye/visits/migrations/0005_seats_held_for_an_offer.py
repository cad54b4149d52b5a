from django.db import migrations, models


class Migration(migrations.Migration):
    """Seats held for somebody who was offered one: no path takes them.

    ACCESS EXCLUSIVE on visits_visit: a column with a constant default, brief, and a constraint that reads the table once.
    """

    dependencies = [("visits", "0004_seats_only_where_nothing_hinders")]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="offered",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.RemoveConstraint(model_name="visit", name="visit_never_oversold"),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken__lte", models.F("seats") - models.F("offered"))),
                name="visit_never_oversold",
            ),
        ),
    ]

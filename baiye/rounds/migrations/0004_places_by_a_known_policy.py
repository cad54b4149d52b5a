from django.db import migrations, models


class Migration(migrations.Migration):
    """A round's policy is one of four. Takes an exclusive lock on the rounds, of which there are a few dozen."""

    dependencies = [("rounds", "0003_what_a_run_gives_each_pupil")]

    operations = [
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(policy__in=["points", "floor", "rank_maximal", "dictatorship"]),
                name="round_places_by_a_known_policy",
            ),
        ),
    ]

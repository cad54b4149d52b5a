import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION visits_visit_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO visits_move (visit_id, at, was_starts_at, was_ends_at, was_venue_id)
  VALUES (OLD.id, clock_timestamp(), OLD.starts_at, OLD.ends_at, OLD.venue_id);
  RETURN NULL;
END $$;
CREATE TRIGGER visit_writes_down_where_it_was AFTER UPDATE OF starts_at, ends_at, venue_id ON visits_visit
  FOR EACH ROW WHEN ((OLD.starts_at, OLD.ends_at, OLD.venue_id) IS DISTINCT FROM (NEW.starts_at, NEW.ends_at, NEW.venue_id))
  EXECUTE FUNCTION visits_visit_moves();

CREATE FUNCTION visits_move_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.id, NEW.visit_id, NEW.at, NEW.was_starts_at, NEW.was_ends_at, NEW.was_venue_id)
       IS NOT DISTINCT FROM (OLD.id, OLD.visit_id, OLD.at, OLD.was_starts_at, OLD.was_ends_at, OLD.was_venue_id)
       AND (OLD.told_at IS NULL OR NEW.told_at = OLD.told_at) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'where visit % was is not rewritten', OLD.visit_id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'move_is_never_rewritten';
END $$;
CREATE TRIGGER move_is_never_rewritten BEFORE UPDATE OR DELETE ON visits_move
  FOR EACH ROW EXECUTE FUNCTION visits_move_stays();
"""
BACKWARD = """
DROP TRIGGER move_is_never_rewritten ON visits_move;
DROP TRIGGER visit_writes_down_where_it_was ON visits_visit;
DROP FUNCTION visits_move_stays, visits_visit_moves;
"""


class Migration(migrations.Migration):
    """Where a visit was before it moved, who was reminded of it, and links to calendars.

    New tables. SHARE ROW EXCLUSIVE on visits_visit while its trigger is made, brief.
    """

    dependencies = [
        ("registry", "0010_listing_when_it_changes"),
        ("visits", "0005_seats_held_for_an_offer"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Move",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("was_starts_at", models.DateTimeField()),
                ("was_ends_at", models.DateTimeField()),
                ("because", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="visits.visit"
                    ),
                ),
                (
                    "was_venue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.venue"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("told_at", None)), fields=["visit"], name="move_not_told")
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("moves", models.PositiveSmallIntegerField()),
                ("stage", models.CharField(max_length=2)),
                ("made_at", models.DateTimeField()),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reminders", to="visits.visit"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("visit", "moves", "stage"), name="reminder_made_once")],
            },
        ),
        migrations.CreateModel(
            name="CalendarLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("etag", models.CharField(blank=True, max_length=64)),
                ("changed_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)), fields=("user",), name="calendar_link_one_open_each"
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]

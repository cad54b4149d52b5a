from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION visits_move_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.id, NEW.visit_id, NEW.at, NEW.was_starts_at, NEW.was_ends_at, NEW.was_venue_id)
       IS NOT DISTINCT FROM (OLD.id, OLD.visit_id, OLD.at, OLD.was_starts_at, OLD.was_ends_at, OLD.was_venue_id)
       AND {said}(OLD.told_at IS NULL OR NEW.told_at = OLD.told_at) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'where visit % was is not rewritten', OLD.visit_id
    USING ERRCODE = 'check_violation', CONSTRAINT = 'move_is_never_rewritten';
END $$;
"""
ONCE = "(OLD.by_id IS NULL OR (NEW.by_id, NEW.because) = (OLD.by_id, OLD.because)) AND "


class Migration(migrations.Migration):
    """Who moved a visit and why is said once. One function, no lock."""

    dependencies = [("visits", "0007_papers_of_the_visits_own_venue")]
    operations = [migrations.RunSQL(FUNCTION.format(said=ONCE), FUNCTION.format(said=""))]

from django.db import migrations

OPEN = """
CREATE FUNCTION rounds_wish_list_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE opens timestamptz; shuts timestamptz; acted timestamptz;
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.changed_at, NEW.submitted_at) IS NOT DISTINCT FROM (OLD.changed_at, OLD.submitted_at) THEN
    RETURN NEW;
  END IF;
  SELECT starts_at, ends_at INTO opens, shuts FROM rounds_phase WHERE round_id = NEW.round_id AND kind = 'wish';
  IF NEW.from_paper THEN
    SELECT starts_at INTO shuts FROM rounds_phase WHERE round_id = NEW.round_id AND kind = 'place';
  END IF;
  acted := greatest(NEW.changed_at, NEW.submitted_at);
  IF opens IS NULL OR shuts IS NULL OR NEW.changed_at < opens OR acted >= shuts THEN
    RAISE EXCEPTION 'round % takes no wishes at %', NEW.round_id, acted
      USING ERRCODE = 'check_violation', CONSTRAINT = 'wish_list_changes_only_while_its_round_takes_wishes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER wish_list_changes_only_while_its_round_takes_wishes BEFORE INSERT OR UPDATE ON rounds_wishlist
  FOR EACH ROW EXECUTE FUNCTION rounds_wish_list_changes();
"""
COURSES = """
CREATE FUNCTION rounds_wishes_fit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM after_ w JOIN rounds_wishlist l ON l.id = w.wish_list_id
             JOIN rounds_round r ON r.id = l.round_id WHERE w.rank > r.wishes_max) THEN
    RAISE EXCEPTION 'more wishes than the round takes'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'wish_rank_within_its_rounds_maximum';
  END IF;
  IF EXISTS (SELECT 1 FROM after_ w JOIN rounds_wishlist l ON l.id = w.wish_list_id
             WHERE NOT EXISTS (SELECT 1 FROM rounds_roundvisit rv JOIN visits_visit v ON v.id = rv.visit_id
                               JOIN catalogue_courseversion cv ON cv.id = v.version_id
                               WHERE rv.round_id = l.round_id AND cv.course_id = w.course_id)) THEN
    RAISE EXCEPTION 'a wish for a course that is not in the round'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'wish_only_for_a_course_of_its_round';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER wish_fits_its_round_when_made AFTER INSERT ON rounds_wish
  REFERENCING NEW TABLE AS after_ FOR EACH STATEMENT EXECUTE FUNCTION rounds_wishes_fit();
CREATE TRIGGER wish_fits_its_round_when_changed AFTER UPDATE ON rounds_wish
  REFERENCING NEW TABLE AS after_ FOR EACH STATEMENT EXECUTE FUNCTION rounds_wishes_fit();
"""
BACKWARD = """
DROP TRIGGER wish_fits_its_round_when_changed ON rounds_wish;
DROP TRIGGER wish_fits_its_round_when_made ON rounds_wish;
DROP TRIGGER wish_list_changes_only_while_its_round_takes_wishes ON rounds_wishlist;
DROP FUNCTION rounds_wishes_fit, rounds_wish_list_changes;
"""


class Migration(migrations.Migration):
    """What the database itself holds about wishes, whatever path writes one.

    Locks: SHARE ROW EXCLUSIVE on rounds_wishlist and rounds_wish while the triggers are made, brief.
    """

    dependencies = [
        ("rounds", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("visits", "0001_initial"),
    ]
    operations = [migrations.RunSQL(OPEN + COURSES, BACKWARD)]

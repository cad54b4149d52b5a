from django.db import migrations

NEVER_HOURS = """
CREATE FUNCTION outreach_project_is_made() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE visit record;
BEGIN
  SELECT organised_by_id, counts_as INTO visit FROM visits_visit WHERE id = NEW.visit_id FOR SHARE;
  IF visit.organised_by_id IS NOT NULL OR visit.counts_as <> '' THEN
    RAISE EXCEPTION 'visit % counts as class hours and is no community project', NEW.visit_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'project_never_counts_as_class_hours';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.visit_id <> OLD.visit_id OR OLD.published_at IS NOT NULL
     AND NEW.published_at IS DISTINCT FROM OLD.published_at) THEN
    RAISE EXCEPTION 'project % stays the visit it was made from, and published', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'project_stays_what_was_published';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER project_never_counts_as_class_hours BEFORE INSERT OR UPDATE ON outreach_project
  FOR EACH ROW EXECUTE FUNCTION outreach_project_is_made();

CREATE FUNCTION outreach_visit_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM outreach_project WHERE visit_id = NEW.id) THEN
    RAISE EXCEPTION 'visit % is a community project and never counts as class hours', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'project_never_counts_as_class_hours';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER project_never_counts_as_class_hours BEFORE UPDATE OF organised_by_id, counts_as ON visits_visit
  FOR EACH ROW WHEN (NEW.organised_by_id IS NOT NULL OR NEW.counts_as <> '')
  EXECUTE FUNCTION outreach_visit_changes();
"""
WALK_INS = """
CREATE FUNCTION outreach_walk_in_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM outreach_project WHERE id = NEW.project_id AND takes_walk_ins) THEN
    RAISE EXCEPTION 'project % takes nobody who has not signed up', NEW.project_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'walk_in_only_where_one_may_walk_in';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER walk_in_only_where_one_may_walk_in BEFORE INSERT ON outreach_walkin
  FOR EACH ROW EXECUTE FUNCTION outreach_walk_in_is_counted();

CREATE FUNCTION outreach_walk_in_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.request, NEW.project_id, NEW.children, NEW.adults, NEW.counted_at, NEW.counted_by_id)
     IS DISTINCT FROM
     (OLD.id, OLD.request, OLD.project_id, OLD.children, OLD.adults, OLD.counted_at, OLD.counted_by_id)
     OR OLD.voided_at IS NOT NULL THEN
    RAISE EXCEPTION 'walk-in % changes only by being voided, once', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'walk_in_changes_only_by_being_voided';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER walk_in_changes_only_by_being_voided BEFORE UPDATE ON outreach_walkin
  FOR EACH ROW EXECUTE FUNCTION outreach_walk_in_changes();

CREATE FUNCTION outreach_walk_in_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'counts are voided, never deleted'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'walk_in_keeps_its_row';
END $$;
CREATE TRIGGER walk_in_keeps_its_row BEFORE DELETE OR TRUNCATE ON outreach_walkin
  FOR EACH STATEMENT EXECUTE FUNCTION outreach_walk_in_stays();
"""
STATIONS = """
CREATE FUNCTION outreach_station_is_proven() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM registry_host WHERE id = NEW.host_id AND kind = '就业服务' AND evidence = 'confirmed') THEN
    RAISE EXCEPTION 'host % is no proven station', NEW.host_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'station_only_of_a_proven_host';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER station_only_of_a_proven_host BEFORE INSERT OR UPDATE ON outreach_station
  FOR EACH ROW EXECUTE FUNCTION outreach_station_is_proven();
"""
BACKWARD = """
DROP TRIGGER station_only_of_a_proven_host ON outreach_station;
DROP TRIGGER walk_in_keeps_its_row ON outreach_walkin;
DROP TRIGGER walk_in_changes_only_by_being_voided ON outreach_walkin;
DROP TRIGGER walk_in_only_where_one_may_walk_in ON outreach_walkin;
DROP TRIGGER project_never_counts_as_class_hours ON visits_visit;
DROP TRIGGER project_never_counts_as_class_hours ON outreach_project;
DROP FUNCTION outreach_station_is_proven, outreach_walk_in_stays, outreach_walk_in_changes,
  outreach_walk_in_is_counted, outreach_visit_changes, outreach_project_is_made;
"""


class Migration(migrations.Migration):
    """What the database itself holds about projects, walk-ins and stations; the triggers' names are the sentences.

    Locks: SHARE ROW EXCLUSIVE on visits_visit and the new tables while the triggers are made, brief.
    """

    dependencies = [("outreach", "0002_projects_and_stations")]
    operations = [migrations.RunSQL(NEVER_HOURS + WALK_INS + STATIONS, BACKWARD)]

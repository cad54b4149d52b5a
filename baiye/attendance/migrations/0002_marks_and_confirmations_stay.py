from django.db import migrations

MARKS = """
CREATE FUNCTION attendance_mark_is_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM fresh f JOIN visits_seat s ON s.id = f.seat_id WHERE s.given_up_at IS NOT NULL) THEN
    RAISE EXCEPTION 'a mark on a seat that was given up'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'mark_only_on_a_held_seat';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER mark_only_on_a_held_seat AFTER INSERT ON attendance_mark
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION attendance_mark_is_made();

CREATE FUNCTION attendance_mark_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL
     OR (NEW.id, NEW.seat_id, NEW.kind, NEW.at, NEW.source, NEW.by_id, NEW.note, NEW.received_at)
     IS DISTINCT FROM (OLD.id, OLD.seat_id, OLD.kind, OLD.at, OLD.source, OLD.by_id, OLD.note, OLD.received_at) THEN
    RAISE EXCEPTION 'mark % changes only by being voided, once', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'mark_changes_only_by_being_voided';
  END IF;
  IF EXISTS (SELECT 1 FROM attendance_confirmation c JOIN visits_seat s ON s.visit_id = c.visit_id
             WHERE s.id = OLD.seat_id AND c.side = 'host') THEN
    RAISE EXCEPTION 'mark % is confirmed by the host', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'mark_not_voided_once_the_host_confirmed';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mark_changes_only_by_being_voided BEFORE UPDATE ON attendance_mark
  FOR EACH ROW EXECUTE FUNCTION attendance_mark_changes();
"""
STAY = """
CREATE FUNCTION attendance_row_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on %: what was said at the door stays', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER mark_keeps_its_row BEFORE DELETE OR TRUNCATE ON attendance_mark
  FOR EACH STATEMENT EXECUTE FUNCTION attendance_row_stays();
CREATE TRIGGER confirmation_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON attendance_confirmation
  FOR EACH STATEMENT EXECUTE FUNCTION attendance_row_stays();
"""
BACKWARD = """
DROP TRIGGER confirmation_never_changes ON attendance_confirmation;
DROP TRIGGER mark_keeps_its_row ON attendance_mark;
DROP TRIGGER mark_changes_only_by_being_voided ON attendance_mark;
DROP TRIGGER mark_only_on_a_held_seat ON attendance_mark;
DROP FUNCTION attendance_row_stays, attendance_mark_changes, attendance_mark_is_made;
"""


class Migration(migrations.Migration):
    """What was marked and confirmed at the door is never rewritten; the triggers' names are the sentences.

    Locks: SHARE ROW EXCLUSIVE on attendance_mark and attendance_confirmation while the triggers are made, brief.
    """

    dependencies = [("attendance", "0001_initial")]
    operations = [migrations.RunSQL(MARKS + STAY, BACKWARD)]

from django.db import migrations

FIXED = """
CREATE FUNCTION mentors_row_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% % stays as it is', TG_TABLE_NAME, OLD.id
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER check_never_changes BEFORE UPDATE OR DELETE ON mentors_check
  FOR EACH ROW EXECUTE FUNCTION mentors_row_is_fixed();
CREATE TRIGGER training_certificate_stays BEFORE UPDATE OR DELETE ON mentors_certificate
  FOR EACH ROW EXECUTE FUNCTION mentors_row_is_fixed();
CREATE TRIGGER appointment_stays BEFORE DELETE ON mentors_appointment
  FOR EACH ROW EXECUTE FUNCTION mentors_row_is_fixed();

CREATE FUNCTION mentors_appointment_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.ended_on IS NOT NULL
     OR (to_jsonb(NEW) - '{ended_on,ended_by_id,ended_because}'::text[])
        <> (to_jsonb(OLD) - '{ended_on,ended_by_id,ended_because}'::text[]) THEN
    RAISE EXCEPTION 'appointment % changes only by being ended, once', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'appointment_changes_only_by_being_ended';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER appointment_changes_only_by_being_ended BEFORE UPDATE ON mentors_appointment
  FOR EACH ROW EXECUTE FUNCTION mentors_appointment_changes();

CREATE FUNCTION mentors_check_is_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.checked_on > (now() AT TIME ZONE 'Asia/Shanghai')::date THEN
    RAISE EXCEPTION 'a check of the future'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'check_not_of_the_future';
  END IF;
  IF EXISTS (SELECT 1 FROM mentors_mentor WHERE id = NEW.mentor_id AND user_id = NEW.checker_id) THEN
    RAISE EXCEPTION 'nobody checks themselves'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'check_by_somebody_else';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_is_made BEFORE INSERT ON mentors_check
  FOR EACH ROW EXECUTE FUNCTION mentors_check_is_made();

CREATE FUNCTION mentors_minutes(p_training bigint, p_mentor bigint) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(extract(epoch FROM s.ends_at - s.starts_at)::integer / 60), 0)::integer
  FROM mentors_attendance a JOIN mentors_session s ON s.id = a.session_id
  WHERE s.training_id = p_training AND a.mentor_id = p_mentor
$$;
CREATE FUNCTION mentors_certificate_is_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.training_id IS NOT NULL AND mentors_minutes(NEW.training_id, NEW.mentor_id)
     < (SELECT minutes_needed FROM mentors_training WHERE id = NEW.training_id) THEN
    RAISE EXCEPTION 'the minutes attended are too few'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'training_certificate_only_for_the_minutes_attended';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER training_certificate_only_for_the_minutes_attended BEFORE INSERT ON mentors_certificate
  FOR EACH ROW EXECUTE FUNCTION mentors_certificate_is_made();
"""
HINDERS = """
CREATE FUNCTION mentors_hinders(p_mentor bigint, p_from date, p_until date) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  one record;
  last record;
BEGIN
  SELECT kinds, appointed_by_id, left_on INTO one FROM mentors_mentor WHERE id = p_mentor;
  IF one.left_on <= p_until THEN
    RETURN 'left';
  END IF;
  SELECT result, checked_on INTO last FROM mentors_check WHERE mentor_id = p_mentor
    ORDER BY checked_on DESC, id DESC LIMIT 1;
  IF NOT FOUND THEN
    RETURN 'check_missing';
  ELSIF last.result <> 'clear' THEN
    RETURN 'check_not_clear';
  ELSIF last.checked_on + 365 < p_until THEN
    RETURN 'check_out_of_date';
  END IF;
  IF NOT 'counsellor' = ANY (one.kinds) THEN
    RETURN NULL;
  END IF;
  IF one.appointed_by_id IS NULL THEN
    RETURN 'appointing_body';
  ELSIF NOT EXISTS (
    SELECT 1 FROM mentors_appointment a
    WHERE a.mentor_id = p_mentor AND a.unit_id = one.appointed_by_id
      AND a.from_on <= p_from AND a.until_on >= p_until AND (a.ended_on IS NULL OR a.ended_on > p_until)) THEN
    RETURN 'appointment';
  ELSIF NOT EXISTS (
    SELECT 1 FROM mentors_certificate c
    WHERE c.mentor_id = p_mentor AND c.issued_on <= p_from
      AND (c.valid_until IS NULL OR c.valid_until >= p_until)) THEN
    RETURN 'training';
  END IF;
  RETURN NULL;
END $$;
"""
BACKWARD = """
DROP FUNCTION mentors_hinders;
DROP TRIGGER training_certificate_only_for_the_minutes_attended ON mentors_certificate;
DROP TRIGGER check_is_made ON mentors_check;
DROP TRIGGER appointment_changes_only_by_being_ended ON mentors_appointment;
DROP TRIGGER appointment_stays ON mentors_appointment;
DROP TRIGGER training_certificate_stays ON mentors_certificate;
DROP TRIGGER check_never_changes ON mentors_check;
DROP FUNCTION mentors_certificate_is_made, mentors_minutes, mentors_check_is_made, mentors_appointment_changes,
  mentors_row_is_fixed;
"""


class Migration(migrations.Migration):
    """What was checked, certified or appointed stays; `mentors_hinders` says why an adult may not guide, or NULL.

    The codes of `mentors_hinders(mentor, from, until)` have their sentences in `mentors/hindrances.py`. New tables
    alone: nobody waits.
    """

    dependencies = [("mentors", "0001_initial")]
    operations = [migrations.RunSQL(FIXED + HINDERS, BACKWARD)]
